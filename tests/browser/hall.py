"""A whole hall in one browser: consoles, displays, a kiosk, phones; and what the books say of it.

The books are the rows of the database. `agree` has every screen show what they say, each in its own words.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page, expect
from sqlalchemy import select

from desk.domain.devices import DeviceKind, DeviceWish, code_of, secret_of
from desk.domain.lifecycle import State
from desk.domain.points import PointKind
from desk.domain.tokens import TokenKind, derive
from desk.models import Call, TransactionRow, Visit
from desk.operations.settings.devices import begin_pairing, pair
from tests.fixtures.office import DeskOffice
from tests.fixtures.real_server import RealServer

PASSWORD = "rahasia di loket"
PHONE = {"viewport": (360, 740), "has_touch": True, "is_mobile": True}
LATE = 20_000  # milliseconds, on a machine that does much else
# What a display has announced, in this order.
SAID = """window.said = []; addEventListener("DOMContentLoaded", () => {
    const region = document.querySelector("[data-announcement]")
    new MutationObserver(() => { const words = region.textContent.trim()
        if (words) window.said.push(words.match(/[A-Z]\\d+/)[0]) }).observe(region,
        {childList: true, characterData: true, subtree: true}) })"""
STATES = {
    State.WAITING: ("Menunggu", "Waiting"),
    State.CALLED: ("Dipanggil", "Called"),
    State.SERVING: ("Sedang dilayani", "Being served"),
    State.PAUSED: ("Dijeda", "Paused"),
}


@dataclass
class Hall:
    """The office of a morning, everybody's screens in it, and the people at them."""

    server: RealServer
    office: DeskOffice
    open_page: Callable[..., Page]
    consoles: dict[int, Page] = field(default_factory=dict)  # by counter
    displays: dict[tuple[int, ...], Page] = field(default_factory=dict)  # by the counters they show
    phones: dict[str, Page] = field(default_factory=dict)  # by number
    beckoned: set[str] = field(default_factory=set)  # whom a colleague took over, for two minutes

    def opened(self, path: str, language: str = "id", **options: Any) -> Page:
        """Open a page in a browser of its own."""
        page = self.open_page(locale=language, expected_errors=NETWORK, **options)
        page.set_default_timeout(LATE)
        page.goto(f"{self.server.url}{path}{'&' if '?' in path else '?'}language={language}")
        return page

    def puts_up_display(self, *counters: int) -> None:
        """Pair a display that shows these counters, and turn it on."""
        keys = self.office.streams.keys.links
        wish = DeviceWish(
            DeviceKind.DISPLAY, f"Layar {counters}", counters=tuple(map(self.office.counters.get, counters))
        )
        code = code_of(keys, begin_pairing(self.office.streams))
        device = pair(self.office.streams, self.office.id, code, wish, self.office.agus.asks("pair")).facts["device"]
        page = self.open_page(viewport=(1920, 1080), expected_errors=NETWORK)
        page.context.add_cookies([{"name": "desk-device", "value": secret_of(keys, device), "url": self.server.url}])
        page.add_init_script(SAID)
        page.goto(f"{self.server.url}/offices/{self.office.id}/display")
        self.displays[counters] = page

    def signs_on(self, name: str, counter: int, language: str) -> Page:
        """Somebody signs in and sits down at a counter."""
        page = self.opened(f"/sign-in?next=/offices/{self.office.id}/counter", language)
        page.locator("#username").fill(f"{name.lower()}.kpknl")
        page.locator("#password").fill(PASSWORD)
        page.locator("main form .btn-primary").dblclick()
        page.locator(f"form[action$='/counters/{counter}/duties'] button").dblclick()
        expect(page.locator(".duty-bar h1")).to_contain_text(str(counter))
        self.consoles[counter] = page
        return page

    def carries(self, token: str, language: str) -> str:
        """A visitor opens the page of a number on a phone; return the number."""
        phone = self.opened(f"/v/{token}", language, **PHONE)
        number = phone.locator("[data-standing]").get_attribute("data-number")
        assert number is not None
        self.phones[number] = phone
        return number

    def tablet_at(self, counter: int) -> Page:
        """Put up a tablet that asks whoever was served at a counter."""
        point = self.office.budi.sets_up(PointKind.TABLET, counter=counter)
        page = self.open_page(viewport=(1024, 768), has_touch=True, expected_errors=NETWORK)
        page.goto(f"{self.server.url}/tablet/{self.office.point_token(point)}")
        return page

    def token(self, number: str) -> str:
        """Return what opens the page of a number."""
        visit = self.office.row(Visit, label=number).id
        return derive(self.office.streams.keys.links, TokenKind.STATUS, visit)

    # What the books say.

    def books(self) -> dict[str, Any]:
        """Return by number the transaction as it stands now."""
        query = select(Visit.label, TransactionRow.__table__).join(Visit, Visit.id == TransactionRow.visit_id)
        with self.office.streams.reading() as connection:
            return {row.label: row for row in connection.execute(query)}

    def at(self, counter: int) -> str | None:
        """Return the number at a counter."""
        return next((n for n, row in self.books().items() if self._place(row) == counter), None)

    def called(self, counters: tuple[int, ...]) -> list[str]:
        """Return the numbers that were called to these counters, in the order of the calls."""
        query = select(Visit.label, Call.counter_id).join(Visit, Visit.id == Call.visit_id).order_by(Call.id)
        wanted = {self.office.counters[each] for each in counters}
        with self.office.streams.reading() as connection:
            return [row.label for row in connection.execute(query) if row.counter_id in wanted]

    def _place(self, row: Any) -> int | None:
        """Return the counter at which a transaction is called or served."""
        if State(row.state) not in (State.CALLED, State.SERVING):
            return None
        return next(number for number, counter_id in self.office.counters.items() if counter_id == row.counter_id)

    # What the screens say.

    def agree(self) -> None:
        """Every display, phone and console shows what the books say."""
        books = self.books()
        for counters, display in self.displays.items():
            here = {n: str(self._place(row)) for n, row in books.items() if self._place(row) in counters}
            self._display_shows(display, here)
        for number, phone in self.phones.items():
            self._phone_shows(number, phone, books[number])
        for counter, console in self.consoles.items():
            mine = self.at(counter)
            if mine is None:
                expect(console.locator(".console-now .card-called, .console-now .card-serving")).to_have_count(0)
            else:
                expect(console.locator(".console-now .ticket").first).to_contain_text(mine)

    def _display_shows(self, display: Page, here: dict[str, str]) -> None:
        """Each number that is called or served here stands once, with its counter."""
        shown = display.locator(".board-calls li, .board-counters li")
        expect(shown).to_have_count(len(here))
        for number, counter in here.items():
            row = shown.filter(has=display.get_by_text(number, exact=True))
            expect(row).to_have_count(1)
            expect(row.locator("b")).to_have_text(counter)

    def _phone_shows(self, number: str, phone: Page, row: Any) -> None:
        matter = phone.locator(f"#matter-{row.id}")
        if row.ending is None:
            expect(matter.locator(".tag")).to_contain_text(STATES[State(row.state)][phone_language(phone) == "en"])
        else:
            expect(phone.locator("[data-standing]")).to_have_attribute("data-standing", "over")
        expect(phone.locator(".go-to")).to_have_count(
            1 if row.state == State.CALLED or (row.state == State.SERVING and number in self.beckoned) else 0
        )


def phone_language(phone: Page) -> str | None:
    return phone.locator("html").get_attribute("lang")


NETWORK = ("net::ERR", "Failed to load resource", "Failed to fetch", "stream", "favicon", "mark.svg", "worker.js")
