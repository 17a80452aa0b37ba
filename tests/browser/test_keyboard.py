"""Each face by keyboard alone, as for somebody who cannot touch or point; what came of it stands in the books."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from desk.domain.door import code_now
from desk.domain.facts import EventName
from desk.domain.points import PointKind
from desk.models import Counter, FloorMessage, InvitationRow, LooseResponse, ResponseRow, Visit, VoiceRow
from tests.browser.by_keys import Keys
from tests.browser.test_survey import address
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import PASSWORD, Web

__all__ = ["address"]
pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
OpenPage = Callable[..., Page]
EXPECTED = ("404", "422", "stream")


@pytest.fixture
def keys(open_page: OpenPage, address: str) -> Keys:
    """A keyboard before an empty browser."""
    _ = address
    return Keys(open_page(reduced_motion="reduce", expected_errors=EXPECTED))


def test_visitors_by_keys(keys: Keys, address: str, web: Web, desk_office: DeskOffice) -> None:
    desk_office.arrives("A")
    for face in (_kiosk, _door, _phone, _survey, _poster, _tablet, _complaint, _display, _pairing):
        face(keys, address, web, desk_office)
        keys.page.context.clear_cookies()
    keys.page.close()


def _kiosk(keys: Keys, address: str, web: Web, office: DeskOffice) -> None:
    """Two services with one number, and why one goes first; the warning gives the focus back."""
    page = keys.page
    page.clock.install()
    page.goto(f"{address}/offices/1/kiosk?language=en")
    assert keys.around() >= 6
    keys.past_the_masthead()
    keys.opens("Lelang", "**/kiosk/services/*")
    keys.opens("Another service as well", "**/kiosk?with=*")
    keys.opens("Kekayaan negara", "**/services/*?with=*")
    keys.to("I have priority", selector="summary")
    page.clock.fast_forward(46_000)
    expect(page.get_by_role("button", name="Yes, continue")).to_be_focused()
    keys.press("Enter")
    expect(page.locator("summary:focus")).to_have_count(1)
    keys.press("Space", "Tab", "ArrowDown")
    keys.opens("Take a number", "**/ticket")
    visit = office.rows(Visit)[-1]
    assert (visit.label, visit.priority_reason is not None) == ("A002", True)
    keys.opens("Done", "**/kiosk")
    assert len(office.rows(Visit)) == 2


def _door(keys: Keys, address: str, web: Web, office: DeskOffice) -> None:
    """Through the code at the door, on one's own phone with a keyboard."""
    code = code_now(office.streams.keys.links, office.id, seconds=30, at=office.clock.now).code
    keys.page.goto(f"{address}/offices/1/enter/{code}?language=en")
    keys.page.goto(f"{address}/offices/1/check-in?language=en")
    keys.past_the_masthead()
    keys.opens("Lelang", "**/check-in/services/*")
    keys.around()
    keys.past_the_masthead()
    keys.opens_and_leaves("Ask me afterwards")
    keys.opens("Take a number", "**/v/*")
    assert office.rows(Visit)[-1].label == "A003"


def _phone(keys: Keys, address: str, web: Web, office: DeskOffice) -> None:
    page = keys.page
    page.goto(f"{address}{web.status_path(office.rows(Visit)[0].id)}?language=en")
    keys.around()
    keys.past_the_masthead()
    keys.opens("I need more time", "**/more-time/*")
    keys.to("Yes, let A003 pass")
    keys.press("Enter")
    expect(page.locator("[data-flash] .message")).to_contain_text("A003")
    keys.opens("I am leaving", "**/departure*")
    keys.to("Yes, I am leaving")
    keys.press("Enter")
    expect(page.locator("[data-flash] .message")).to_contain_text("is given up")
    assert office.happened().count(EventName.VISITOR_LEFT) == 1


def _answers(keys: Keys) -> None:
    """A score, a word, and off it goes; without an answer the summary leads to the first."""
    page = keys.page
    keys.past_the_masthead()
    keys.to("", selector="button[value=next]")
    keys.press("Enter")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    keys.press("Tab", "Enter")
    expect(page.locator("input[type=radio]:focus")).to_have_count(1)
    keys.press("Space", "ArrowDown", "ArrowDown", "ArrowDown", "Enter")
    expect(page.locator("textarea")).to_be_visible()
    keys.to("", selector="textarea")
    keys.types("Ramah")
    keys.to("", selector="button[value=next]")
    keys.press("Enter")
    expect(page.locator("button[value=send]")).to_be_visible()
    keys.to("", selector="button[value=send]")
    keys.press("Enter")
    page.wait_for_url("**/thanks*")


def _survey(keys: Keys, address: str, web: Web, office: DeskOffice) -> None:
    """By the link that a visitor gets."""
    office.sari.signs_on(1)
    office.sari.completes(office.sari.serves())
    keys.page.goto(address + web.survey_path(office.rows(InvitationRow)[-1].id) + "?language=en")
    keys.around()
    _answers(keys)
    assert len(office.rows(ResponseRow)) == 1


def _poster(keys: Keys, address: str, web: Web, office: DeskOffice) -> None:
    token = office.point_token(office.budi.sets_up(PointKind.POSTER))
    keys.page.goto(f"{address}/p/{token}?language=en")
    keys.around()
    _answers(keys)
    assert office.row(LooseResponse).texts == {"comment": "Ramah"}


def _tablet(keys: Keys, address: str, web: Web, office: DeskOffice) -> None:
    office.arrives("B")
    office.sari.completes(office.sari.serves())
    keys.page.goto(f"{address}/tablet/{office.point_token(office.budi.sets_up(PointKind.TABLET, counter=1))}")
    keys.around()
    keys.to("", selector=".tap-answer:last-child")
    keys.press("Space")
    keys.page.wait_for_url("**/thanks*")
    assert office.rows(ResponseRow)[-1].channel == "tablet"


def _complaint(keys: Keys, address: str, web: Web, office: DeskOffice) -> None:
    keys.page.goto(f"{address}/offices/1/voice?language=en")
    keys.around()
    keys.past_the_masthead()
    keys.press("Tab", "Space", "Tab")
    keys.types("Antrean panjang")
    keys.opens("Send", "**/receipt*")
    assert len(office.rows(VoiceRow)) == 1


def _display(keys: Keys, address: str, web: Web, office: DeskOffice) -> None:
    """Sound by a key, and what moves is held by one."""
    keys.page.goto(f"{address}/offices/1/display?language=en")
    keys.to("sound")
    keys.press("Enter")
    expect(keys.page.locator("[data-mute]")).to_be_hidden()
    keys.press("p")
    expect(keys.page.locator("html.is-held")).to_have_count(1)


def _pairing(keys: Keys, address: str, web: Web, office: DeskOffice) -> None:
    keys.page.goto(f"{address}/pair?language=en")
    expect(keys.page.locator(".pairing-code")).to_be_visible()
    assert keys.around() >= 3


def test_staff_by_keys(keys: Keys, address: str, web: Web, desk_office: DeskOffice, web_app: Flask) -> None:
    for _ in range(2):
        desk_office.arrives("A")
    for face in (_sign_in, _account, _console, _reception):
        face(keys, address, desk_office)
    for name, faces in {"Budi": (_floor, _today), "Agus": (_settings,)}.items():
        cookie = web.as_(name).client.get_cookie(web_app.config["SESSION_COOKIE_NAME"])
        assert cookie is not None
        keys.page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": address}])
        for face in faces:
            face(keys, address, desk_office)
    keys.page.close()


def test_the_ring_is_seen_on_every_ground(open_page: OpenPage, address: str) -> None:
    """In the masthead, on paper and in the footer, in each scheme."""
    schemes: tuple[dict[str, str], ...] = ({}, {"color_scheme": "dark"}, {"contrast": "more"})
    for scheme in schemes:
        page = open_page(expected_errors=EXPECTED, **scheme)
        page.goto(f"{address}/sign-in?language=en")
        keys = Keys(page)
        for name in ("Desk", "English", "User name", "Sign in"):
            keys.to(name)
        page.close()


def _sign_in(keys: Keys, address: str, office: DeskOffice) -> None:
    keys.page.goto(f"{address}/sign-in?language=en")
    keys.around()
    keys.past_the_masthead()
    keys.to("User name")
    keys.types("sari.kpknl")
    keys.to("Password", selector="input")
    keys.types(PASSWORD)
    keys.press("Enter")
    keys.page.wait_for_url(lambda url: "/sign-in" not in url)


def _account(keys: Keys, address: str, office: DeskOffice) -> None:
    page = keys.page
    page.goto(f"{address}/account?language=en")
    assert keys.around() > 10
    keys.past_the_masthead()
    keys.to("As this device is set")
    keys.press("ArrowDown", "ArrowDown", "Enter")
    expect(page.get_by_text("Kept on this device.")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--paper').trim()") == "#0c1719"


def _console(keys: Keys, address: str, office: DeskOffice) -> None:
    """Sit down, call, serve, hand over (and not), complete: with Tab, Space and Enter; there are single keys too."""
    page = keys.page
    page.goto(f"{address}/offices/1/counter?language=en")
    keys.past_the_masthead()
    for name, comes in {"Counter 1": "is free", "Call the next visitor": "A001", "Start": "is being served"}.items():
        keys.to(name)
        keys.press("Enter")
        expect(page.locator("main")).to_contain_text(comes)
        expect(page.locator("main")).to_be_focused()  # from there Tab goes on
    keys.around()
    keys.press("?")
    expect(page.get_by_role("dialog").get_by_role("checkbox")).to_be_focused()
    keys.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    keys.past_the_masthead()
    keys.opens_and_leaves("Hand over")
    keys.to("Complete", selector="summary")
    keys.press("Space", "Tab", "ArrowDown")
    keys.to("", selector="textarea")
    keys.types("Salinan menyusul")
    keys.to("Complete", selector="button")
    keys.press("Enter")
    expect(page.locator("[data-flash]")).to_contain_text("Completed")
    assert office.happened().count(EventName.TRANSACTION_COMPLETED) == 1


def _reception(keys: Keys, address: str, office: DeskOffice) -> None:
    page, before = keys.page, len(office.rows(Visit))
    page.goto(f"{address}/offices/1/reception?language=en")
    assert keys.around() > 10
    keys.past_the_masthead()
    keys.to("Issue the number")
    keys.press("Enter")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    keys.press("Tab", "Enter", "Space")
    keys.opens_and_leaves("Name, e-mail, language")
    keys.opens("Issue the number", "**/reception/visits/*")
    assert len(office.rows(Visit)) == before + 1
    keys.around()


def _floor(keys: Keys, address: str, office: DeskOffice) -> None:
    page = keys.page
    page.goto(f"{address}/offices/1/floor?language=en")
    assert keys.around() > 10
    keys.past_the_masthead()
    keys.to("Message to the floor", selector="summary")
    keys.press("Space")
    keys.to("", selector="#message-words")
    keys.types("Loket 3 dibuka pukul 13.00")
    keys.to("Send", selector="button")
    keys.press("Enter")
    expect(page.locator(".floor-told")).to_contain_text("Loket 3 dibuka")
    assert [row.words for row in office.rows(FloorMessage)] == ["Loket 3 dibuka pukul 13.00"]
    keys.past_the_masthead()
    keys.opens("Sari", "**/floor/officers/*")
    keys.around()


def _today(keys: Keys, address: str, office: DeskOffice) -> None:
    """The filter is in the address; the file of a transaction opens and is left again."""
    page = keys.page
    page.goto(f"{address}/offices/1/today?language=en")
    assert keys.around() > 10
    keys.past_the_masthead()
    keys.to("Number", selector="input")
    keys.types("A001")
    keys.press("Enter")
    page.wait_for_url("**q=A001*")
    keys.opens("A001", "**/transactions/*")
    assert keys.around() > 10


def _settings(keys: Keys, address: str, office: DeskOffice) -> None:
    page = keys.page
    page.goto(f"{address}/offices/1/counter-settings?language=en")
    assert keys.around() > 10
    keys.past_the_masthead()
    keys.to("Add a counter or a desk", selector="summary")
    keys.press("Space")
    keys.to("Add it", selector="button")
    keys.press("Enter")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    keys.press("Tab", "Enter")
    expect(page.locator("main :focus")).to_have_attribute("aria-invalid", "true")
    assert len(office.rows(Counter)) == 4
