"""The lobby display in Chromium: read from 10 m, nothing runs over, languages take turns, a day costs no memory."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from desk.reads.displays import Notices
from docs.gallery.board import CLOSED, EMPTY, LEFT, MANY, MESSAGES, URGENT, call, queues
from tests.browser.test_live import CUT
from tests.browser.wall import Wall, on_wall
from tests.fixtures.chromium import OpenPage

HEIGHT_MM = 535  # of the picture of a 43-inch screen
FAR_MM, NEAR_MM = 10_000 / 200, 3_000 / 200  # a capital is at least 1/200 of the distance it is read from
CAPITAL = """(wanted) => [...document.querySelectorAll(wanted)].filter((e) => e.checkVisibility()).map((e) => {
    const own = getComputedStyle(e), pen = document.createElement("canvas").getContext("2d")
    pen.font = `${own.fontWeight} ${own.fontSize} ${own.fontFamily}`
    return pen.measureText("H").actualBoundingBoxAscent / innerHeight })"""
# What stands outside of the screen or of its own box, and whatever could be scrolled.
OVER = """() => [...document.querySelectorAll(".board *, .masthead *")]
    .filter((e) => e.checkVisibility({visibilityProperty: true}))
    .filter((e) => !e.matches(".visually-hidden, .visually-hidden *, use, svg"))
    .filter((e) => { const box = e.getBoundingClientRect()
        const room = e.closest("li, section, .board-messages")?.getBoundingClientRect()
        return box.right > innerWidth + 1 || box.bottom > innerHeight + 1 || box.left < -1 || box.top < -1
            || (room && (box.bottom > room.bottom + 2 || box.right > room.right + 2)) })
    .map((e) => e.outerHTML.slice(0, 120))
    .concat(document.documentElement.scrollHeight > innerHeight ? ["the page scrolls"] : [])"""
WALLS = [(1920, 1080), (1366, 768), (3840, 2160), (1080, 1920)]
UPDATES = 1200


@pytest.fixture
def wall() -> Iterator[Wall]:
    with on_wall(Wall()) as wall:
        yield wall


@pytest.fixture
def open_page(wall: Wall, open_page: OpenPage) -> OpenPage:
    """Pages are closed before the server they listen to, or they would complain of the lost connection."""
    return open_page


def opened(page: Page, wall: Wall) -> Page:
    page.goto(wall.address)
    page.wait_for_function("() => document.documentElement.dataset.jsTongue")
    return page


def test_it_is_read_from_afar_and_nothing_runs_over(page: Page, wall: Wall):
    four = replace(EMPTY, calls=tuple(call(each, 90 + each, location=LEFT) for each in range(1, 5)), queues=queues(16))
    states: list[dict[str, Any]] = [
        {"board": EMPTY}, {"board": four}, {"board": MANY, "notices": Notices(MESSAGES)},
        {"numbered": frozenset({3, 4, 5, 12})}, {"board": replace(MANY, trial="trial-3")}, {"numbered": frozenset()},
    ]  # fmt: skip
    for width, height in WALLS:
        page.set_viewport_size({"width": width, "height": height})
        for state in states:
            for name, value in state.items():
                setattr(wall, name, value)
            opened(page, wall)
            assert page.evaluate(OVER) == [], (width, height, state)
            if (width, height) == WALLS[0] and not wall.board.trial:
                assert (
                    min([99, *page.evaluate(CAPITAL, ".board-calls .board-number, .board-sign")]) * HEIGHT_MM >= FAR_MM
                )
                near = page.evaluate(CAPITAL, ".board-list li, .board-location, .board-messages li, h2")
                assert min(near) * HEIGHT_MM >= NEAR_MM
        for covered in ({"closed": CLOSED, "notices": Notices()}, {"closed": {}, "notices": Notices((), URGENT)}):
            for name, value in covered.items():
                setattr(wall, name, value)
            opened(page, wall)
            assert page.evaluate(OVER) == []
    page.set_viewport_size({"width": 1920, "height": 1080})
    assert min(page.evaluate(CAPITAL, ".board-emergency p")) * HEIGHT_MM >= FAR_MM


def test_languages_messages_and_pages_take_turns(open_page: OpenPage, wall: Wall):
    wall.board, wall.notices, wall.turn_s = MANY, Notices(MESSAGES), 10
    page = open_page(viewport=(1920, 1080), reduced_motion="reduce")
    page.clock.install()
    opened(page, wall)
    heading, message = page.locator("#board-calls .tongues > *"), page.locator("[data-messages] > li")
    rows = page.locator(".board-waiting [data-paged] > :not([data-js-off])")
    seen = []
    for turn in range(10):
        seen += [rows.first.get_attribute("id"), rows.last.get_attribute("id")] if turn % 2 == 0 else []
        expect(heading.nth(turn % 2)).to_be_visible()
        expect(heading.nth(1 - turn % 2)).to_be_hidden()
        expect(message.nth(turn // 2 % 2)).to_be_visible()
        expect(message.nth(1 - turn // 2 % 2)).to_be_hidden()
        page.clock.run_for(10_000)
    assert {"queue-1", "queue-16"} <= set(seen), "every service has its turn"
    expect(page.locator(".board-waiting [data-page-mark]")).to_have_text(re.compile(r"^\d/\d$"))
    assert heading.first.evaluate("(e) => getComputedStyle(e).animationName") == "none"
    page.keyboard.press("p")
    page.clock.run_for(60_000)
    expect(heading.first).to_be_visible()
    page.keyboard.press("p")
    page.clock.run_for(10_000)
    expect(heading.first).to_be_hidden()


def test_a_bar_that_comes_leaves_no_row_cut(open_page: OpenPage, wall: Wall):
    """The bar that tells of no sound takes room from the lists, which are paged anew, and again when it goes."""
    wall.board, wall.notices = MANY, Notices(MESSAGES)
    page = opened(open_page(viewport=(1280, 720)), wall)
    mark = page.locator(".board-waiting [data-page-mark]").text_content()
    for hidden in (False, True):
        page.evaluate("(hidden) => { document.querySelector('[data-mute]').hidden = hidden }", hidden)
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert page.evaluate(OVER) == []
    assert page.locator(".board-waiting [data-page-mark]").text_content() == mark

    # Five services stand on one page: what was called before gives them its last lines.
    wall.shows(board=replace(MANY, serving=(), queues=queues(5)), notices=Notices(MESSAGES[:1]))
    expect(page.locator("#queue-5")).to_be_visible()
    expect(page.locator(".board-waiting [data-page-mark]")).to_have_text("")
    assert 2 <= page.locator("[data-gives] > :not([data-js-off])").count() < 4

    # What is old is said in place of the messages: the office's name, the clock and the headings stay in sight.
    page.evaluate("""() => { document.documentElement.classList.add('is-stale')
        document.querySelector('[data-stale-words]').hidden = false }""")
    expect(page.locator(".board-messages")).to_be_hidden()
    bar, heading = page.locator("[data-stale]").bounding_box(), page.locator("#board-calls").bounding_box()
    assert bar is not None and heading is not None and bar["y"] > heading["y"] + heading["height"]
    assert page.evaluate(OVER) == []


def test_a_restart_an_emergency_an_old_board_and_another_program(open_page: OpenPage, wall: Wall):
    page = open_page(expected_errors=(CUT, "503"))
    page.clock.install()
    opened(page, wall)
    page.evaluate("window.kept = true")
    wall.shows(board=replace(EMPTY, calls=(call(7, 2),)))
    expect(page.locator(".board-calls .board-number")).to_have_text("A007")
    wall.shows(notices=Notices((), URGENT))
    expect(page.locator(".board-emergency")).to_contain_text("Tinggalkan gedung")
    wall.shows(notices=Notices())
    expect(page.locator(".board-emergency")).to_have_count(0)
    wall.stream_status = wall.changes_status = 503
    wall.fragment_moved = True
    wall.cut()
    for _ in range(10):
        page.clock.run_for(13_000)
    expect(page.locator("[data-stale-words]")).to_be_visible()
    expect(page.locator("[data-stale-age]")).to_have_text(re.compile(r"^[12]:\d\d$"))
    assert page.evaluate(CAPITAL, "[data-stale-age]")[0] > 0.05
    wall.stream_status = wall.changes_status = 200  # the server is there again, as another program
    wall.fragment_moved, wall.program = False, "two"
    anew = page.locator('[data-board][data-program="two"]')
    for _ in range(40):
        page.clock.run_for(13_000)
        page.wait_for_timeout(50)
        if anew.count():
            break
    page.clock.run_for(5000)
    page.wait_for_function("() => !window.kept")  # the page was loaded anew
    expect(page.locator("[data-stale-words]")).to_be_hidden()


class LongDay(Wall):
    """A wall whose every answer brings the next change, up to a point at which it always shows the same."""

    until = 0

    def part(self) -> Any:
        if self.number < self.until:
            self.shows(board=self._later() if self.number + 1 < self.until else MANY)
        return super().part()

    def _later(self):
        n, last = self.number, tuple(call(each, 4) for each in range(self.number % 90, self.number % 90 + 4))
        calls = tuple(call(n // 40 + each, each + 1, location=LEFT) for each in range(n % 4))
        serving = tuple(call(300 + n // 10 + each, each + 9) for each in range(n % 14))
        return replace(MANY, calls=calls, serving=serving, last=last, queues=queues(5 + n % 12, waiting=n % 9))


def test_a_day_of_changes_costs_no_memory(page: Page):
    with on_wall(LongDay()) as wall:
        page.set_viewport_size({"width": 640, "height": 360})  # what is drawn is not what is measured
        opened(page, wall)
        page.evaluate("document.addEventListener('live:updated', () => { window.updates = (window.updates ?? 0) + 1 })")
        browser = page.context.new_cdp_session(page)
        browser.send("Performance.enable")
        before, after = (used_after(changes, page, wall, browser) for changes in (UPDATES // 6, UPDATES))
        assert page.evaluate("window.updates") > UPDATES * 0.9
        page.close()
    assert after["JSHeapUsedSize"] - before["JSHeapUsedSize"] < 500_000, json.dumps([before, after])
    assert after["Nodes"] - before["Nodes"] < 100, json.dumps([before, after])
    assert after["JSEventListeners"] - before["JSEventListeners"] <= 5, json.dumps([before, after])


def used_after(changes: int, page: Page, wall: LongDay, browser: CDPSession) -> dict[str, float]:
    """Return what is in use after so many changes, once everything unreachable was collected."""
    wall.until = changes
    wall.shows(board=EMPTY)
    page.wait_for_function(f"() => window.updates >= {changes * 0.9}", timeout=60_000)
    expect(page.locator('[id="served-33:1"]')).to_have_count(1, timeout=60_000)  # on no board but the last
    return used(browser)


def used(browser: CDPSession) -> dict[str, float]:
    """Return what is left in use after everything unreachable was collected."""
    for _ in range(2):
        browser.send("HeapProfiler.collectGarbage")
    return {each["name"]: each["value"] for each in browser.send("Performance.getMetrics")["metrics"]}
