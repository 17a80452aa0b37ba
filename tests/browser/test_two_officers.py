"""Two officers in two browsers hand on to each other, warm and cold, declined and expired; in both languages."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import update

from desk.domain.access import KIOSK, SYSTEM
from desk.models import Person
from desk.operations import handing_off, intake
from desk.operations.accounts.passwords import hashed
from desk.operations.intake import CheckIn
from desk.operations.requests import Request
from desk.operations.stream import Streams
from tests.fixtures.chromium import press_key
from tests.fixtures.office import furnish
from tests.fixtures.real_server import RealServer

PASSWORD = "rahasia di loket"
WORDS = {
    "id": {"warm": "Pengguna jasa ikut serta", "declined": "Sari menolak: Bukan tugas saya",
           "expired": "Sari tidak menjawab tepat waktu", "slip": "Lembar disposisi", "counter": "Loket 2"},
    "en": {"warm": "The visitor walks along", "declined": "Sari declined: Not within my duties",
           "expired": "Sari did not answer in time", "slip": "Handoff slip", "counter": "(Loket|Counter) 2"},
}  # fmt: skip


@dataclass
class Day:
    """The office of this test, and how its people come in."""

    server: RealServer
    streams: Streams
    open_page: Callable[..., Page]
    language: str
    office_id: int

    def at(self, path: str) -> Page:
        """Open a page in a browser of its own, in the language of the test."""
        page = self.open_page(expected_errors=("Applying inline style",))  # axe tries, the policy refuses
        page.goto(f"{self.server.url}{path}?language={self.language}")
        return page

    def on_duty(self, name: str, counter: int) -> Page:
        """Return the console of an officer who has just signed on."""
        page = self.at("/sign-in")
        page.locator("#username").fill(f"{name.lower()}.kpknl")
        page.locator("#password").fill(PASSWORD)
        page.locator("main form .btn-primary").click()
        page.locator(f"form[action$='/counters/{counter}/duties'] button").click()
        return page

    def arrives(self) -> None:
        """Somebody takes a number for the first service."""
        request = Request(KIOSK, "check_in", {"at": str(self.streams.clock())})
        intake.check_in(self.streams, self.office_id, CheckIn((1,)), request)

    def an_hour_passes(self) -> None:
        """The worker finds, an hour later, what nobody answered."""
        later = Streams(self.streams.engine, self.streams.keys, clock=lambda: datetime.now(UTC) + timedelta(hours=1))
        handing_off.expire_due(later, self.office_id, Request(SYSTEM, "expire"))


@pytest.fixture
def day(walk_language: str, real_server: RealServer, open_page: Callable[..., Page]) -> Iterator[Day]:
    streams = real_server.streams()
    office_id = furnish(streams)
    with streams.setting_up() as connection:
        connection.execute(update(Person).values(password_hash=hashed(PASSWORD), language=walk_language))
    real_server.start()
    yield Day(real_server, streams, open_page, walk_language, office_id)
    streams.engine.dispose()


def test_two_officers_hand_on_to_each_other(day: Day) -> None:
    words = WORDS[day.language]
    display = day.at(f"/offices/{day.office_id}/display")
    sari, dewi = day.on_duty("Sari", 1), day.on_duty("Dewi", 2)
    day.arrives()

    # Warm: the visitor walks along, and the colleague takes over by the number.
    call_and_start(sari)
    hand_over(sari, "officer", "Dewi", expects="Mohon dicek kuasanya", papers="Surat kuasa\nKTP", warm=True)
    inbox = dewi.locator(".console-inbox")
    for expected in ("Mohon dicek kuasanya", "Surat kuasa · KTP", words["warm"]):
        expect(inbox).to_contain_text(expected)
    clean(dewi)
    inbox.locator("summary", has=dewi.locator("svg")).filter(
        has_text=re.compile("Terima bersama|Take over with")
    ).click()
    inbox.locator("#taking-number").fill("a1")
    inbox.locator("form[action$='/handoffs/takings'] button").click()
    now = dewi.locator(".console-now")
    expect(now).to_contain_text("A001")
    expect(now).to_contain_text("Surat kuasa")
    expect(display.locator(".board-calls")).to_contain_text(re.compile(words["counter"]))
    clean(dewi)

    # Declined: the giver is told, and sees it off.
    hand_over(dewi, "officer", "Sari")
    offer = sari.locator(".console-inbox [id^=offer-]").first
    offer.locator("details summary").click()
    offer.locator("select[name=reason]").select_option("not_mine")
    offer.locator("form[action$='/refusal'] button").click()
    news = dewi.locator("li[id^=news-]")
    expect(news).to_contain_text(words["declined"])
    clean(dewi)
    news.locator("form button").click()
    expect(news).to_have_count(0)

    # Cold: the work goes on without the visitor, and nobody answers.
    call_and_start(dewi)
    press_key(dewi, "p")
    dewi.locator("form[action$='/processing'] button").last.click()
    dewi.locator("#desk a", has_text="A001").first.click()
    hand_over(dewi, "officer", "Sari", expects="Mohon ditelaah")
    expect(sari.locator(".console-inbox")).to_contain_text("Mohon ditelaah")
    sari.locator(".console-inbox a[href$='/slip']").first.click()
    expect(sari.locator("h1")).to_contain_text(words["slip"])
    expect(sari.locator("main")).to_contain_text("Mohon ditelaah")
    clean(sari)
    day.an_hour_passes()
    expect(dewi.locator("li[id^=news-]")).to_contain_text(words["expired"])

    for each in (display, sari, dewi):
        each.close()
    day.server.stop()
    assert day.server.command("doctor").returncode == 0


def call_and_start(console: Page) -> None:
    """Call whoever is next, and begin to serve."""
    expect(console.locator(".console-queue")).to_contain_text("A001")
    console.locator("form[action$='/calls'] button").first.click()
    console.locator("form[action$='/start'] button").first.click()
    expect(console.locator("form[action$='/completion']").first).to_be_attached()


def hand_over(console: Page, kind: str, name: str, *, expects: str = "", papers: str = "", warm: bool = False) -> None:
    """Fill in the form that hands on."""
    form = console.locator("form[action$='/handoffs']").first
    console.locator("details", has=form).last.locator("summary").first.click()
    receiver = form.locator("select[name=to]")
    value = receiver.locator(f"option[value^={kind}-]", has_text=name).first.get_attribute("value")
    receiver.select_option(value=value)
    form.locator("select[name=reason]").select_option("specialist")
    form.locator("textarea[name=expects]").fill(expects)
    form.locator("textarea[name=papers]").fill(papers)
    if warm:
        form.locator("input[name=walks_along]").check()
    form.locator("button").last.click()
    expect(console.locator(".console-inbox")).to_contain_text("A001")


def clean(page: Page) -> None:
    """Let axe look at a page."""
    found = Axe().run(page, options={"preload": False})  # it would look for the style sheets in the wrong place
    assert found.violations_count == 0, found.generate_report()
