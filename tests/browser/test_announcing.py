"""Displays say each call once and one after the other, be it through a cut of the network, a reload or a restart."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from desk.announcing.shelf import Shelf
from desk.domain.announcing import Counter, announcement
from tests.browser.test_live import CUT, eventually
from tests.fixtures.chromium import OpenPage
from tests.fixtures.office import Clock, DeskOffice, furnish
from tests.fixtures.real_server import RealServer

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
# What the page plays, as it plays it: when each recording starts on the clock of the audio, how long it is, how loud.
LISTEN = """window.heard = []
const start = AudioBufferSourceNode.prototype.start
AudioBufferSourceNode.prototype.start = function (at) {
    window.heard.push({at, long: this.buffer.duration}); return start.call(this, at) }
const connect = AudioNode.prototype.connect
AudioNode.prototype.connect = function (to) {
    if (this instanceof AudioBufferSourceNode) window.gain = to.gain.value; return connect.call(this, to) }"""
SAID_OUT = "() => !document.querySelector('[data-js-new]')"


@pytest.fixture
def open_page(real_server: RealServer, open_page: OpenPage) -> OpenPage:
    """Pages are closed before the server they listen to, or they would complain of the lost connection."""
    return open_page


@pytest.fixture
def office(real_server: RealServer) -> DeskOffice:
    streams = real_server.streams()
    office_id, clock = furnish(streams), Clock(datetime.now(UTC) - timedelta(hours=1))
    office = DeskOffice(real_server.database_url, office_id, clock=clock)
    office.streams = streams
    office.sari.signs_on(1)
    office.dewi.signs_on(2)
    for _ in range(6):
        office.arrives("A")
    real_server.start()
    return office


def heard(page: Page, folder: Any) -> list[str]:
    """Return which numbers were said, in their order, by the length of what was played; nothing may overlap."""
    played = page.evaluate("window.heard")
    for one, other in pairwise(played):
        assert other["at"] >= one["at"] + one["long"]
    every = [(f"A00{n}>{c}", short) for n in range(1, 7) for c in (1, 2) for short in (False, True)]
    known = {(said, short): _seconds(folder, said, is_short=short) for said, short in every}
    return [min(known, key=lambda one: abs(known[one] - each["long"]))[0] for each in played]


def _seconds(folder: Any, said: str, *, is_short: bool) -> float:
    label, counter = said.split(">")
    pieces = announcement("id", label, Counter(int(counter)), is_short=is_short)
    return (len(Shelf(folder).join("id", pieces)) - 44) / 32_000


def test_calls_are_said_in_order_and_once(open_page: OpenPage, real_server: RealServer, office: DeskOffice) -> None:
    page = open_page(expected_errors=(CUT, "ERR_INTERNET_DISCONNECTED", "ERR_CONNECTION_REFUSED", "503"))
    page.add_init_script(LISTEN)
    page.goto(f"{real_server.url}/offices/1/display?language=id")
    expect(page.get_by_role("heading", name="Layar ini tidak bersuara")).to_be_visible()
    page.keyboard.press("Enter")  # any key of a remote control
    expect(page.locator("[data-mute]")).to_be_hidden()
    first = office.sari.calls(counter=1).facts["transaction"]
    second = office.dewi.calls(counter=2).facts["transaction"]  # at the same time: it waits its turn
    _eventually_said(page, real_server, ["A001>1", "A002>2"])
    assert page.evaluate("window.gain") == pytest.approx(0.64)

    _through_a_cut(page, real_server, office, first)
    page.reload()
    expect(page.locator("[data-mute]")).to_be_visible()  # the browser asks for a press again
    page.locator("[data-mute] button").click()
    expect(page.locator("[data-mute]")).to_be_hidden()
    real_server.stop()
    real_server.start()
    office.dewi.recalls(second)
    _eventually_said(page, real_server, ["A002>2"])  # and nothing that was said before the reload


def test_no_call_is_lost_to_a_cut_network(open_page: OpenPage, real_server: RealServer, office: DeskOffice) -> None:
    page = open_page(expected_errors=(CUT, "ERR_INTERNET_DISCONNECTED", "ERR_FAILED"))
    page.add_init_script(LISTEN)
    page.goto(f"{real_server.url}/offices/1/display?language=id")
    page.keyboard.press("Enter")
    expect(page.locator("[data-mute]")).to_be_hidden()
    first, second = (each.calls(counter=n).facts["transaction"] for n, each in ((1, office.sari), (2, office.dewi)))
    page.wait_for_function("() => performance.getEntriesByType('resource').some((e) => /A002/.test(e.name))")
    page.context.set_offline(True)  # what is said later was fetched with the call
    _eventually_said(page, real_server, ["A001>1", "A002>2"])
    page.context.set_offline(False)

    page.route("**/announcements/**", lambda route: route.abort())
    for officer, before, counter, label in ((office.sari, first, 1, "A003"), (office.dewi, second, 2, "A004")):
        officer.starts(before)
        officer.completes(before)
        served = officer.calls(counter=counter).facts["transaction"]
        expect(page.locator(".board-calls [data-js-new]")).to_contain_text(label, timeout=20_000)
        amber = "() => [...document.querySelectorAll('.board-calls li')].map((e) => getComputedStyle(e).color)"
        colors = page.evaluate(amber)
        assert len(colors) == 1 or colors.count(colors[0]) == 1, "one call at a time catches the eye"
        if counter == 1:
            officer.starts(served)
    page.wait_for_function(SAID_OUT, timeout=20_000)
    mark = page.locator(".board-calls li").first.get_attribute("data-call")
    assert mark not in page.evaluate("Object.values(sessionStorage).join()"), "its words were not heard"
    page.unroute("**/announcements/**")
    _eventually_said(page, real_server, ["A001>1", "A002>2", "A004>2"])  # A003 was there already


def _through_a_cut(page: Page, server: RealServer, office: DeskOffice, served: int) -> None:
    """A call that is made while the network is away is said as soon as it is back."""
    page.context.set_offline(True)
    office.sari.starts(served)
    office.sari.completes(served)
    office.sari.calls(counter=1)
    page.context.set_offline(False)
    _eventually_said(page, server, ["A001>1", "A002>2", "A003>1"])


def _eventually_said(page: Page, server: RealServer, wanted: list[str]) -> None:
    eventually(page, lambda: len(page.evaluate("window.heard")) >= len(wanted), 40_000)
    page.wait_for_function(SAID_OUT, timeout=20_000)
    assert heard(page, server.data / "voice") == wanted
