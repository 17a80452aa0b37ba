"""The whole path in a real browser against the real server and a real mail server: visitor, officers, supervisor.

The visitor takes a number at the kiosk with the phone in hand, is called by keyboard, served, handed over to a
colleague who accepts, finished, and asked by mail; the supervisor opens the transaction and sees all of it. In both
languages.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from desk.models import Office, Person
from desk.operations.accounts.passwords import hashed
from tests.fixtures.chromium import press_key
from tests.fixtures.mail import MailServer
from tests.fixtures.office import furnish
from tests.fixtures.real_server import RealServer

PASSWORD = "rahasia di loket"
WORDS = {
    "id": {
        "called": "Loket 1",
        "intact": "tanda tangan utuh",
        "thanks": "Terima kasih",
        "note": "Akta sudah diperiksa",
    },
    "en": {
        "called": "(Loket|Counter) 1",
        "intact": "signatures intact",
        "thanks": "Thank you",
        "note": "Deed has been checked",
    },
}


@dataclass
class Day:
    """The office of this test, and how its people come in."""

    server: RealServer
    open_page: Callable[..., Page]
    language: str
    office_id: int

    def at(self, path: str, **options: object) -> Page:
        """Open a page in a browser of its own, in the language of the test."""
        page = self.open_page(**options)
        page.goto(f"{self.server.url}{path}?language={self.language}")
        return page

    def signed_in(self, name: str) -> Page:
        """Return the browser of somebody who has signed in."""
        page = self.at("/sign-in")
        page.locator("#username").fill(f"{name.lower()}.kpknl")
        page.locator("#password").fill(PASSWORD)
        page.locator("main form .btn-primary").click()
        expect(page.locator("main h1")).to_be_visible()
        return page


@pytest.fixture
def day(walk_language: str, real_server: RealServer, mail_server: MailServer, open_page: Callable[..., Page]) -> Day:
    real_server.extra = {
        "DESK_SMTP_HOST": "127.0.0.1",
        "DESK_SMTP_PORT": str(mail_server.port),
        "DESK_MAIL_FROM": "loket@example.org",
        "DESK_BASE_URL": real_server.url,
    }
    streams = real_server.streams()
    office_id = furnish(streams)
    with streams.setting_up() as connection:
        connection.execute(update(Person).values(password_hash=hashed(PASSWORD), language=walk_language))
        connection.execute(update(Office).values(survey_delay_s=0))
    streams.engine.dispose()
    real_server.start()
    return Day(real_server, open_page, walk_language, office_id)


def test_a_visitor_is_served_by_two_officers_and_asked(day: Day, mail_server: MailServer) -> None:
    words = WORDS[day.language]
    office = f"/offices/{day.office_id}"

    display = day.at(f"{office}/display", viewport=(1920, 1080))
    sari = day.signed_in("Sari")
    sari.locator("form[action$='/counters/1/duties'] button").click()
    dewi = day.signed_in("Dewi")
    dewi.locator("form[action$='/counters/2/duties'] button").click()

    phone = take_a_number(day, office)
    expect(phone.locator("main")).to_contain_text("A001")

    expect(sari.locator("form[action$='/counters/1/calls'] button").first).to_be_visible()
    expect(sari.locator(".console-queue")).to_contain_text("A001")  # without a reload
    press_key(sari, "n")
    expect(sari.locator("main [role=status]").filter(has_text="A001")).to_be_visible()  # the page that answers has come
    expect(sari.locator(".console-now")).to_contain_text("A001")
    expect(display.locator("main")).to_contain_text("A001")
    expect(display.locator("main")).to_contain_text(re.compile(words["called"], re.IGNORECASE))
    expect(display.locator("main")).not_to_contain_text("Wati")
    expect(phone.locator("main")).to_contain_text(re.compile(words["called"], re.IGNORECASE))  # pushed as well

    press_key(sari, "s")
    expect(sari.locator("form[action$='/completion']").first).to_be_attached()
    hand_over(sari, "Dewi", words["note"])

    offer = dewi.locator(".console-inbox")
    expect(offer).to_contain_text(words["note"])  # pushed, without a reload
    offer.locator("form[action$='/acceptance'] button").click()
    now = dewi.locator(".console-now")
    expect(now).to_contain_text("A001")
    expect(now).to_contain_text(words["note"])
    finish(dewi)
    expect(now).not_to_contain_text("A001")

    mail_server.wait_for(1)
    survey = day.open_page()
    survey.goto(mail_server.letters[0].link)
    expect(survey.locator("input[type=radio]:checked")).to_have_count(0)
    survey.locator("input[type=radio][value='4']").check()
    survey.locator(".survey-actions button[value=next]").click()
    survey.locator("textarea").fill("Cepat & ramah")
    survey.locator(".survey-actions button[value=next]").click()
    survey.locator(".survey-actions button[value=send]").click()
    expect(survey.locator("main")).to_contain_text(words["thanks"])

    budi = day.signed_in("Budi")
    budi.goto(f"{day.server.url}{office}/today")
    budi.locator("table a", has_text="A001").click()
    main = budi.locator("main")
    for expected in ("Sari", "Dewi", words["note"], words["intact"], "Cepat & ramah"):
        expect(main).to_contain_text(expected)

    for each in (display, sari, dewi, phone, survey, budi):
        each.close()
    day.server.stop()
    assert day.server.command("doctor").returncode == 0
    log = day.server.log.read_text()
    assert "wati@example.org" not in log
    assert mail_server.letters[0].link.rsplit("/", 1)[1] not in log


def take_a_number(day: Day, office: str) -> Page:
    """Take a number for the first service at the kiosk and return the phone that opened the ticket's page."""
    kiosk = day.at(f"{office}/kiosk")
    kiosk.locator("a[href*='/kiosk/services/']").first.click()
    kiosk.locator("details", has=kiosk.locator("#email")).locator("summary").click()
    kiosk.locator("#name").fill("Wati")
    kiosk.locator("#email").fill("wati@example.org")
    kiosk.locator("#consent").check()
    kiosk.locator("form[action$='/visits'] button").click()
    expect(kiosk.locator("main")).to_contain_text("A001")
    ticket = kiosk.url.split("?")[0]
    phone = day.open_page(viewport=(390, 844), has_touch=True, is_mobile=True)
    phone.goto(f"{ticket.removesuffix('/ticket')}?language={day.language}")
    return phone


def hand_over(console: Page, colleague: str, note: str) -> None:
    """Fill in the form that hands the visitor over."""
    press_key(console, "h")
    form = console.locator("form[action$='/handoffs']").first
    receiver = form.locator("select").first
    value = receiver.locator("option", has_text=colleague).first.get_attribute("value")
    receiver.select_option(value=value)
    form.locator("select[name=reason], input[name=reason][value=specialist]").first.evaluate(
        "each => each.tagName === 'SELECT' ? (each.value = 'specialist') : (each.checked = true)"
    )
    form.locator("textarea").first.fill(note)
    form.locator("button").last.click()


def finish(console: Page) -> None:
    """Complete with the first outcome."""
    press_key(console, "c")
    form = console.locator("form[action$='/completion']").first
    form.locator("input[name=outcome][value=fulfilled], select[name=outcome]").first.evaluate(
        "each => each.tagName === 'SELECT' ? (each.value = 'fulfilled') : (each.checked = true)"
    )
    form.locator("button").last.click()
