"""A morning with three counters, two displays, a kiosk and eight phones at once, on the real server.

Visitors and officers speak Indonesian and English. Everything is pressed twice, and the server falls in the middle:
each number is called, served, asked about once, and every screen shows the same at every step.
"""

import json
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import update

from desk.domain.facts import EventName
from desk.models import Office, Person
from desk.operations.accounts.passwords import hashed
from tests.browser.hall import LATE, PASSWORD, PHONE, Hall
from tests.fixtures.office import DeskOffice, furnish
from tests.fixtures.real_server import RealServer


@pytest.fixture
def hall(real_server: RealServer, open_page: Callable[..., Page]) -> Iterator[Hall]:
    streams = real_server.streams()
    office_id = furnish(streams)
    with streams.setting_up() as connection:
        connection.execute(update(Person).values(password_hash=hashed(PASSWORD)))
        connection.execute(update(Office).values(survey_delay_s=0))
    office = DeskOffice(str(streams.engine.url), office_id, engine=streams.engine)
    office.streams = streams
    for series in "AB":
        office.budi.adds_skill(office.joko, series)
    real_server.start()
    yield Hall(real_server, office, open_page)
    streams.engine.dispose()


def test_a_morning(hall: Hall) -> None:
    hall.puts_up_display(1, 2)
    hall.puts_up_display(2, 3)
    tablet = hall.tablet_at(2)
    for name, counter, language in (("Sari", 1, "id"), ("Dewi", 2, "en"), ("Joko", 3, "id")):
        hall.signs_on(name, counter, language)
    everybody_takes_a_number(hall)
    hall.agree()
    three_call_at_once(hall)
    one_wants_time_and_one_leaves(hall)
    one_is_handed_over_and_one_paused(hall)
    the_server_falls_and_comes_back(hall, tablet)
    everybody_is_served(hall)
    everybody_is_asked(hall)
    the_books_are_clean(hall)


def everybody_takes_a_number(hall: Hall) -> None:
    path = f"/offices/{hall.office.id}"
    kiosk = hall.opened(f"{path}/kiosk", has_touch=True)
    for series, language in (("A", "id"), ("B", "en"), ("A", "en")):
        tile(kiosk, hall, series).dblclick()
        kiosk.locator("form[action$='/visits'] .service-button button").dblclick()
        kiosk.wait_for_url("**/ticket*")
        hall.carries(kiosk.url.split("/v/")[1].split("/")[0], language)
        kiosk.locator(".kiosk-foot a.btn").press("Enter")
        kiosk.wait_for_url("**/kiosk*")
    for series, language in (("A", "id"), ("B", "en"), ("A", "id")):
        phone = hall.opened(f"{path}/check-in", language, **PHONE)
        tile(phone, hall, series).dblclick()
        phone.locator("form[action$='/visits'] .service-button button").dblclick()
        phone.wait_for_url("**/v/*")
        number = phone.locator("[data-standing]").get_attribute("data-number")
        hall.phones[number] = phone
    reception = hall.consoles[1].context.new_page()
    for series, language in (("B", "id"), ("A", "en")):
        reception.goto(f"{hall.server.url}{path}/reception")
        reception.locator(f"input[name=services][value='{hall.office.services[series]}']").check()
        reception.locator("form[action$='/reception/visits'] .actions button").first.dblclick()
        words = reception.locator(".slip-code").inner_text()
        hall.carries(re.sub(r"\s", "", words), language)
    reception.close()
    assert sorted(hall.phones) == ["A001", "A002", "A003", "A004", "A005", "B001", "B002", "B003"]


def three_call_at_once(hall: Hall) -> None:
    """All press in the same instant; every display says its calls one after the other, in the order they were made."""
    for console in hall.consoles.values():
        button(console, "calls").evaluate("(each) => { each.click(); each.click() }")
    for counter, console in hall.consoles.items():
        expect(console.locator(".card-called")).to_be_visible()
        assert hall.at(counter)
    hall.agree()
    for counters, display in hall.displays.items():
        wait_until_said(display, hall.called(counters))
    button(hall.consoles[1], "recalls").dblclick()
    expect(hall.consoles[1].locator("[data-flash]")).to_contain_text("2")
    wait_until_said(hall.displays[1, 2], [*hall.called((1, 2)), hall.at(1)])
    hall.agree()


def one_wants_time_and_one_leaves(hall: Hall) -> None:
    """On their phones; the others see the place that this leaves them."""
    early, late = [number for number, row in hall.books().items() if row.state == "waiting"][:2]
    ahead = hall.phones[early]
    ahead.locator("a[href*='/more-time/']").first.tap()
    ahead.locator("main form .btn").first.dblclick()
    expect(ahead.locator("[data-flash] .message")).to_be_visible()
    behind = hall.phones[late]
    behind.locator("a.btn-danger").tap()
    behind.locator("button.btn-danger").dblclick()
    expect(behind.locator("[data-flash] .message")).to_contain_text(late)
    hall.agree()


def one_is_handed_over_and_one_paused(hall: Hall) -> None:
    sari, dewi, joko = hall.consoles.values()
    finish(hall, 2)
    finish(hall, 3)
    handed = start(hall, 1)
    form = opened_form(sari, "handoffs")
    to = form.locator("select[name=to]")
    to.select_option(value=to.locator("option[value^=officer-]", has_text="Dewi").first.get_attribute("value"))
    form.locator("select[name=reason]").select_option("specialist")
    form.locator("button").last.dblclick()
    button(dewi.locator(".console-inbox"), "acceptance").dblclick()
    expect(dewi.locator(".card-serving")).to_contain_text(handed)
    hall.beckoned.add(handed)
    hall.agree()
    button(joko, "calls").dblclick()
    start(hall, 3)
    form = opened_form(joko, "pauses")
    form.locator("select[name=cause]").select_option(index=1)
    form.locator("button").last.dblclick()
    expect(joko.locator("#desk [id^=held-]")).to_have_count(1)
    hall.agree()


def the_server_falls_and_comes_back(hall: Hall, tablet: Page) -> None:
    """In the middle of everything: each face says so, loses nothing, does nothing twice, and goes on by itself."""
    sari, dewi, joko = hall.consoles.values()
    kiosk = hall.opened(f"/offices/{hall.office.id}/kiosk", has_touch=True)
    tapped, asked = (hall.called((counter,))[0] for counter in (2, 3))
    expect(tablet.locator(".survey-about")).to_contain_text(tapped)
    survey = hall.phones[asked]
    survey.locator("a[href*='/s/']").first.tap()
    survey.locator("main label:has(input[type=radio])").last.tap()
    form = opened_form(dewi, "completion")
    form.locator("textarea").fill("Sudah lengkap")

    hall.server.kill()
    tile(kiosk, hall, "A").tap()
    tablet.locator(".tap-answer").last.dblclick()
    for each in (kiosk, tablet):
        expect(each.locator("[data-unreachable]")).to_be_visible()
    form.locator("button").last.dblclick()
    button(sari, "calls").dblclick()
    for console in (sari, dewi):
        expect(console.locator("[data-unsent]")).to_be_visible()
    survey.locator(".survey-actions button[value=next]").dblclick()
    expect(survey.locator("[data-offline] p")).to_be_visible()
    waiting = [number for number, row in hall.books().items() if row.state == "waiting"]
    for each in (*hall.displays.values(), hall.phones[waiting[0]], joko):
        expect(each.locator("[data-stale-words]")).to_be_visible(timeout=LATE)

    hall.server.start()
    kiosk.wait_for_url("**/kiosk/services/*")
    expect(tablet.locator(".tap-answer")).to_have_count(0, timeout=LATE)  # it thanks, and waits for the next
    expect(dewi.locator("[data-unsent]")).to_be_hidden()  # what was typed is sent by itself
    button(sari, "calls").dblclick()  # a call of a while ago is not: it asks to be pressed again
    for each in (*hall.displays.values(), *(hall.phones[number] for number in waiting), joko):
        expect(each.locator("[data-stale-words]")).to_be_hidden(timeout=LATE)
    expect(sari.locator(".card-called")).to_be_visible()
    expect(sari.locator("[data-unsent]")).to_be_hidden()
    survey.locator(".survey-actions button[value=next]").tap()
    expect(survey.locator("textarea")).to_be_visible()
    survey.goto(f"{hall.server.url}/v/{hall.token(asked)}")
    kiosk.close()
    tablet.close()
    hall.agree()


def everybody_is_served(hall: Hall) -> None:
    joko = hall.consoles[3]
    button(joko.locator("#desk"), "resumption").dblclick()
    expect(joko.locator("#desk form[action$='/resumption']")).to_have_count(0)
    joko.locator("#desk a.number-inline").first.click()
    opened_form(joko, "completion").locator("button").last.dblclick()
    expect(joko.locator("#desk [id^=held-]")).to_have_count(0)
    while any(row.state == "waiting" for row in hall.books().values()) or any(map(hall.at, (1, 2))):
        for counter in (1, 2):
            if hall.at(counter) is None and any(row.state == "waiting" for row in hall.books().values()):
                button(hall.consoles[counter], "calls").dblclick()
                expect(hall.consoles[counter].locator(".card-called")).to_be_visible()
            if hall.at(counter) is not None:
                finish(hall, counter)
    hall.agree()


def everybody_is_asked(hall: Hall) -> None:
    tapped = hall.called((2,))[0]
    for number, row in hall.books().items():
        phone = hall.phones[number]
        if row.ending != "completed":
            continue
        if number == tapped:
            phone.reload()
            if not phone.locator("a[href*='/s/']").count():
                continue  # by the tablet, where the tap came in time; else it was told to use the phone
        phone.locator("a[href*='/s/']").first.tap()
        phone.locator("main label:has(input[type=radio])").last.tap()
        for go in ("next", "next", "send"):
            phone.locator(f".survey-actions button[value={go}]").dblclick()
        phone.wait_for_url("**/thanks*")


def the_books_are_clean(hall: Hall) -> None:
    happened = hall.office.happened()
    for name, times in {
        EventName.VISIT_STARTED: 8,
        EventName.TRANSACTION_CALLED: 7,
        EventName.CALL_REPEATED: 1,
        EventName.SERVICE_STARTED: 7,
        EventName.VISITOR_GAVE_WAY: 1,
        EventName.VISITOR_LEFT: 1,
        EventName.HANDOFF_OFFERED: 1,
        EventName.HANDOFF_ACCEPTED: 1,
        EventName.TRANSACTION_PAUSED: 1,
        EventName.TRANSACTION_COMPLETED: 7,
        EventName.RESPONSE_RECEIVED: 7,
    }.items():
        assert happened.count(name) == times, name
    for page in (*hall.displays.values(), *hall.phones.values(), *hall.consoles.values()):
        page.close()
    hall.server.stop()
    for command in (("doctor",), ("audit", "verify")):
        assert hall.server.command(*command).returncode == 0


# What officers do.


def start(hall: Hall, counter: int) -> str:
    """Begin to serve whoever is called to a counter; return the number."""
    button(hall.consoles[counter], "start").dblclick()
    expect(hall.consoles[counter].locator(".card-serving")).to_be_visible()
    number = hall.at(counter)
    assert number is not None
    return number


def finish(hall: Hall, counter: int) -> None:
    """Serve whoever is at a counter to the end."""
    console = hall.consoles[counter]
    if console.locator(".card-called").count():
        start(hall, counter)
    opened_form(console, "completion").locator("button").last.dblclick()
    expect(console.locator(".card-serving")).to_have_count(0)


def button(where: Page | Locator, ends: str) -> Locator:
    """Return the button of a form that posts to such an address."""
    return where.locator(f"form[action$='/{ends}'] button").first


def opened_form(console: Page, ends: str) -> Locator:
    """Return a form of the console, opened."""
    form = console.locator(f"form[action$='/{ends}']").first
    console.locator("details", has=form).last.locator("summary").first.click()
    expect(form).to_be_visible()
    return form


def wait_until_said(display: Page, numbers: list[str]) -> None:
    display.wait_for_function(
        "(wanted) => JSON.stringify(window.said) === wanted", arg=json.dumps(numbers, separators=(",", ":"))
    )


def tile(page: Page, hall: Hall, series: str) -> Locator:
    return page.locator(f"a[href*='/services/{hall.office.services[series]}']").first
