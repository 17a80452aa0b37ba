"""The network goes in the middle of the work and comes back, on each face: it says so within the page, keeps what was
typed, goes on by itself, and nothing is done twice. The books are asked each time.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, Route, expect

from desk.domain.devices import DeviceKind, DeviceWish
from desk.domain.door import code_now
from desk.domain.facts import EventName
from desk.domain.points import PointKind
from desk.models import Counter, FloorMessage, InvitationRow, ResponseRow, Visit, VoiceRow
from desk.operations.settings.devices import pair
from tests.browser.test_survey import address
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import PASSWORD, Web

__all__ = ["address"]
pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
OpenPage = Callable[..., Page]
NETWORK = ("net::ERR", "Failed to fetch", "stream", "404", "422", "502", "worker.js", "favicon")
STALE = 12_000


@dataclass
class Town:
    """The office, its address, and a browser for whoever comes."""

    web: Web
    app: Flask
    office: DeskOffice
    address: str
    open_page: OpenPage
    pages: list[Page] = field(default_factory=list)

    def at(self, path: str, who: str | None = None, *, is_timed: bool = False) -> Page:
        """Open a page in a browser of its own, as somebody of the staff or as a visitor."""
        page = self.open_page(expected_errors=NETWORK, has_touch=True)
        self.pages.append(page)
        if who is not None:
            cookie = self.web.as_(who).client.get_cookie(self.app.config["SESSION_COOKIE_NAME"])
            assert cookie is not None
            page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.address}])
        if is_timed:
            page.clock.install()
        page.goto(f"{self.address}{path}{'&' if '?' in path else '?'}language=en")
        return page

    def happened(self, name: EventName) -> int:
        return self.office.happened().count(name)


@pytest.fixture
def town(web: Web, web_app: Flask, desk_office: DeskOffice, address: str, open_page: OpenPage) -> Iterator[Town]:
    """Sari sits at counter 1, two wait."""
    desk_office.sari.signs_on(1)
    for _ in range(2):
        desk_office.arrives("A")
    town = Town(web, web_app, desk_office, address, open_page)
    yield town
    for page in town.pages:
        page.close()


@contextmanager
def cut(page: Page) -> Iterator[None]:
    """The network is away in this block, and the page stays what it was."""
    page.wait_for_load_state()
    before = page.url
    page.context.set_offline(True)
    yield
    assert page.url == before
    page.context.set_offline(False)


def until(page: Page, condition: Callable[[], bool]) -> None:
    """Let the clock of the page go on, with answers coming between, until the condition holds."""
    for _ in range(60):
        if condition():
            return
        page.clock.run_for(1000)
        page.wait_for_timeout(30)
    raise AssertionError(f"{page.url}: it did not become fresh")


def is_sent_later(page: Page, button: Locator, leads_to: str) -> None:
    """Press without a network, and once more by impatience: it waits, says so, and is sent."""
    with cut(page):
        button.click()
        expect(page.locator("[data-unreached]")).to_contain_text("Not sent yet")
        button.click(force=True)
    page.wait_for_url(leads_to)


def test_visitors(town: Town) -> None:
    for face in (_kiosk, _door, _phone, _survey, _tablet, _complaint):
        face(town)


def _kiosk(town: Town) -> None:
    page, before = town.at("/offices/1/kiosk"), len(town.office.rows(Visit))
    page.locator("a.service").first.click()
    page.wait_for_url("**/kiosk/services/*")
    with cut(page):
        page.get_by_role("button", name="Take a number").click()
        expect(page.get_by_role("dialog", name="The queue system cannot be reached")).to_be_visible()
    page.wait_for_url("**/ticket")
    assert len(town.office.rows(Visit)) == before + 1


def _door(town: Town) -> None:
    office, before = town.office, len(town.office.rows(Visit))
    code = code_now(office.streams.keys.links, office.id, seconds=30, at=office.clock.now).code
    page = town.at(f"/offices/1/enter/{code}")
    page.goto(f"{town.address}/offices/1/check-in?language=en")
    with cut(page):  # a link waits too, and another one may be chosen meanwhile
        page.locator("a.service").last.click()
        expect(page.locator("[data-unreached]")).to_contain_text("The page opens as soon as")
        page.locator("a.service").first.click()
    page.wait_for_url("**/check-in/services/1*")
    page.locator("summary", has_text="Ask me afterwards").click()
    page.locator("input[name=email]").fill("wati@example")  # which is none
    is_sent_later(page, page.get_by_role("button", name="Take a number"), "**/visits")
    expect(page.locator("input[name=email]")).to_have_value("wati@example")
    page.locator("input[name=email]").fill("")
    with cut(page):
        page.get_by_role("button", name="Take a number").click()
        page.locator("[data-unreached-stop]").click()  # one may think better of it
        expect(page.locator("[data-unreached]")).to_be_hidden()
    assert len(office.rows(Visit)) == before
    is_sent_later(page, page.get_by_role("button", name="Take a number"), "**/v/*")
    assert len(office.rows(Visit)) == before + 1


def _phone(town: Town) -> None:
    page = town.at(town.web.status_path(town.office.rows(Visit)[0].id))
    with cut(page):
        page.get_by_role("link", name="I need more time").click()
        expect(page.locator("[data-unreached]")).to_contain_text("cannot be reached")
        expect(page.locator(".figures").first).to_be_visible()
    page.wait_for_url("**/more-time/*")
    is_sent_later(page, page.get_by_role("button", name="Yes, let"), "**/v/*")
    expect(page.locator("[data-flash] .message")).to_contain_text("A002")
    assert town.happened(EventName.VISITOR_GAVE_WAY) == 1


def _survey(town: Town) -> None:
    """Every step waits for the network, and goes by itself with what was chosen last."""
    office = town.office
    office.sari.completes(office.sari.serves())
    page = town.at(town.web.survey_path(office.rows(InvitationRow)[-1].id))
    lost = page.locator("[data-offline] p")
    with cut(page):
        page.locator("label:has(input[type=radio][value='4'])").click()
        page.locator(".survey-actions button[value=next]").click()
        expect(lost).to_be_visible()
        page.locator("label:has(input[type=radio][value='5'])").click()
    page.locator("textarea").fill("Ramah")
    page.locator(".survey-actions button[value=next]").click()
    with cut(page):
        page.locator("button[value=send]").click()
        expect(lost).to_be_visible()
    page.wait_for_url("**/thanks*")
    assert office.row(ResponseRow).score == 5


def _tablet(town: Town) -> None:
    office = town.office
    page = town.at(f"/tablet/{office.point_token(office.budi.sets_up(PointKind.TABLET, counter=1))}")
    with cut(page):
        expect(page.locator("h1")).to_be_visible()
        office.sari.completes(office.sari.serves())
    answers = page.locator(".tap-answer")
    expect(answers).to_have_count(5, timeout=20_000)  # by itself
    with cut(page):
        answers.last.click()
        expect(page.locator("[data-unreachable]")).to_be_visible()
    page.wait_for_url("**/thanks*")
    assert [row.channel for row in office.rows(ResponseRow)] == ["link", "tablet"]


def _complaint(town: Town) -> None:
    page = town.at("/offices/1/voice")
    page.locator("label:has(input[value=complaint])").click()
    page.locator("textarea[name=words]").fill("Antrean panjang")
    with cut(page):
        page.get_by_role("button", name="Send").click()
        expect(page.locator("[data-unreached]")).to_be_visible()
        expect(page.locator("textarea[name=words]")).to_have_value("Antrean panjang")
    page.wait_for_url("**/receipt*")
    assert len(town.office.rows(VoiceRow)) == 1


def test_staff(town: Town) -> None:
    for face in (_sign_in, _console, _reception, _floor, _today, _settings):
        face(town)


def _sign_in(town: Town) -> None:
    page = town.at("/sign-in")
    page.locator("#username").fill("sari.kpknl")
    page.locator("#password").fill(PASSWORD)
    is_sent_later(page, page.get_by_role("button", name="Sign in", exact=True), "**/counter*")


def _console(town: Town) -> None:
    page = town.at("/offices/1/counter", "Sari")
    with cut(page):
        page.keyboard.type("nn")
        expect(page.locator("[data-unsent]")).to_contain_text("Not sent yet")
    expect(page.locator("[data-flash]")).to_contain_text("is called")
    assert town.happened(EventName.TRANSACTION_CALLED) == 1


def _reception(town: Town) -> None:
    """A number waits for the network; where only the answer is lost, the form that is sent again gets the same one."""
    page, before = town.at("/offices/1/reception", "Sari"), len(town.office.rows(Visit))
    button = page.get_by_role("button", name="Issue the number")
    page.locator("input[name=services]").first.check()
    is_sent_later(page, button, "**/reception/visits/*")
    assert len(town.office.rows(Visit)) == before + 1

    def lose(route: Route) -> None:
        """The server does it, and nobody hears of it."""
        route.fetch(max_redirects=0)
        route.abort()

    page.goto(f"{town.address}/offices/1/reception")
    page.locator("input[name=services]").last.check()
    page.route("**/reception/visits", lose, times=1)
    button.click()
    page.wait_for_url("chrome-error://**")
    page.go_back()
    button.click()
    page.wait_for_url("**/reception/visits/*")
    assert len(town.office.rows(Visit)) == before + 2


def _floor(town: Town) -> None:
    """What is old has its hour, what was written waits, and what happened meanwhile comes by itself."""
    page = town.at("/offices/1/floor", "Budi", is_timed=True)
    page.locator("summary", has_text="Message to the floor").click()
    page.locator("#message-words").fill("Loket 3 dibuka pukul 13.00")
    with cut(page):
        page.clock.run_for(STALE)
        expect(page.locator("[data-stale-words]")).to_contain_text("No connection since")
        expect(page.locator("[data-stale-since]")).not_to_be_empty()
        town.office.dewi.signs_on(2)
    until(page, page.locator(f"#place-{town.office.counters[2]}", has_text="Dewi").is_visible)
    expect(page.locator("[data-stale-words]")).to_be_hidden()
    with cut(page):
        page.get_by_role("button", name="Send").click()
        expect(page.locator("[data-unreached]")).to_be_visible()
        expect(page.locator("#message-words")).to_have_value("Loket 3 dibuka pukul 13.00")
    expect(page.locator(".floor-told")).to_contain_text("Loket 3 dibuka")
    assert len(town.office.rows(FloorMessage)) == 1


def _today(town: Town) -> None:
    page = town.at("/offices/1/today", "Budi", is_timed=True)
    with cut(page):
        page.clock.run_for(STALE)
        expect(page.locator("[data-stale-words]")).to_be_visible()
        town.office.arrives("B")
        label = town.office.rows(Visit)[-1].label
    until(page, page.locator("main table", has_text=label).is_visible)
    with cut(page):
        page.locator("main table a", has_text=label).first.click()
        expect(page.locator("[data-unreached]")).to_be_visible()
    page.wait_for_url("**/transactions/*")


def _settings(town: Town) -> None:
    """A form that stood so long that there is much to lose asks first, also of a network that seems to be there."""
    page, before = town.at("/offices/1/counter-settings", "Agus", is_timed=True), len(town.office.rows(Counter))
    page.locator("summary", has_text="Add a counter or a desk").click()
    page.locator("input[name$=number]").last.fill("9")
    page.locator("input[name$=name]").last.fill("Loket 9")
    page.clock.fast_forward(60_000)
    page.route("**/healthz", lambda route: route.fulfill(status=502, body="restarting"), times=1)
    page.get_by_role("button", name="Add it").click()
    expect(page.locator("[data-unreached]")).to_contain_text("Not sent yet")
    expect(page.locator("input[name$=name]").last).to_have_value("Loket 9")
    page.clock.fast_forward(5_000)
    expect(page.locator("main")).to_contain_text("9 · Counter 9")
    assert len(town.office.rows(Counter)) == before + 1


def test_screens(town: Town) -> None:
    """A display tells how old it is, and shows what was called meanwhile; a screen that is to be paired goes on."""
    office = town.office
    page = town.at("/offices/1/display", is_timed=True)
    with cut(page):
        page.clock.run_for(STALE)
        expect(page.locator("[data-stale-words]")).to_be_visible()
        expect(page.locator("[data-stale-age]")).not_to_be_empty()
        office.sari.calls()
    until(page, page.locator(".board-number", has_text="A001").first.is_visible)
    expect(page.locator("[data-stale-words]")).to_be_hidden()
    page.close()

    page = town.at("/pair", is_timed=True)
    code = page.locator(".pairing-code").inner_text().split()[-1]
    with cut(page):
        page.clock.run_for(2 * STALE)
        expect(page.locator("[data-stale-words]")).to_be_visible()
        expect(page.locator(".pairing-code")).to_contain_text(code)
        wish = DeviceWish(DeviceKind.DISPLAY, "Layar lobi")
        pair(office.streams, office.id, code, wish, office.agus.asks("pair"))
    until(page, lambda: "/display" in page.url)
