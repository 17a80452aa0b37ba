"""The main walks with a browser that lacks what came after 2021: each works, and nothing is said to be lost."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from desk.domain.facts import EventName
from desk.domain.points import PointKind
from desk.domain.tokens import TokenKind, derive
from desk.models import ResponseRow
from tests.browser.test_console import Desk, desk, said
from tests.browser.test_devices import pair_display
from tests.fixtures.chromium import press_key
from tests.fixtures.old_browser import LATER_FEATURES

__all__ = ["desk"]
OpenPage = Callable[..., Page]
pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
NETWORK = ("net::ERR", "Failed to load resource", "Applying inline style")
LACKS = "() => !AbortSignal.timeout && !HTMLFormElement.prototype.requestSubmit && !crypto.subtle"
GROUND = "(e) => getComputedStyle(e).backgroundColor"


@pytest.fixture
def open_older(open_page: OpenPage) -> OpenPage:
    """Opens a page in such a browser."""

    def opened(**options: object) -> Page:
        page = open_page(expected_errors=NETWORK, **options)
        page.add_init_script(LATER_FEATURES)
        return page

    return opened


def answer_without_has(route: Route) -> None:
    """Answer with a sheet as a browser takes it that knows no `:has`: each rule that names it is dropped as a whole."""
    answer = route.fetch()
    route.fulfill(response=answer, body=re.sub(r"[^{}]*:has\([^{}]*\{[^{}]*\}", "", answer.text()))


def test_a_console_calls_serves_and_completes(desk: Desk) -> None:
    page = desk.page
    page.add_init_script(LATER_FEATURES)
    for _ in range(2):
        desk.office.arrives("A")
    page.reload()
    assert page.evaluate(LACKS)
    press_key(page, "n")
    said(page, "A001 is called")
    page.locator(".verb-first").first.click()
    said(page, "is being served")
    press_key(page, "c")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    said(page, "Completed")
    assert desk.happened(EventName.TRANSACTION_COMPLETED) == 1
    page.close()


def test_a_phone_is_told_when_its_place_changes(desk: Desk, open_older: OpenPage) -> None:
    visits = [desk.office.arrives("A", language="id").facts["visit"] for _ in range(2)]
    phone = open_older(viewport=(360, 740), has_touch=True, is_mobile=True)
    phone.goto(f"{desk.server.url}/v/{derive(desk.office.streams.keys.links, TokenKind.STATUS, visits[1])}")
    assert phone.evaluate(LACKS)
    expect(phone.locator(".figures").first).to_contain_text("2")
    phone.locator("[data-alert-press]").tap()
    expect(phone.locator("[data-alert-press]")).to_have_attribute("aria-pressed", "true")
    desk.office.sari.serves(counter=1)
    expect(phone.locator(".figures").first).to_contain_text("1")
    desk.office.dewi.calls(counter=2)
    expect(phone.locator(".go-to")).to_be_visible()
    expect(phone.locator("[data-stale-words]")).to_be_hidden()
    assert phone.title().startswith("●")
    phone.close()


def test_a_display_is_paired_and_shows_a_call(desk: Desk, open_older: OpenPage, open_page: OpenPage) -> None:
    display = open_older()
    display.route("**/static/css/*.css*", answer_without_has)
    display.goto(f"{desk.server.url}/device?language=id")
    code = display.locator(".pairing-code").inner_text().split()[-1]
    admin = open_page(expected_errors=NETWORK)
    pair_display(admin, desk.server.url, "?language=id", code)
    expect(display.locator(".board")).to_be_visible(timeout=15_000)
    assert display.evaluate(LACKS)
    desk.office.arrives("A")
    desk.office.sari.calls(counter=1)
    row = display.locator(".board-calls [data-js-new]")
    expect(row).to_contain_text("A001")
    assert row.evaluate(GROUND) != display.locator(".board-calls").evaluate(GROUND)  # it stands out
    expect(display.locator("[data-announcement]")).to_contain_text("A001")
    expect(display.locator("[data-stale-words]")).to_be_hidden()
    display.close()
    admin.close()


def test_a_tablet_sends_the_answer_that_was_touched(desk: Desk, open_older: OpenPage) -> None:
    office = desk.office
    tablet = open_older(viewport=(1024, 768), has_touch=True)
    tablet.goto(f"{desk.server.url}/tablet/{office.point_token(office.budi.sets_up(PointKind.TABLET, counter=1))}")
    assert tablet.evaluate(LACKS)
    office.arrives("A", language="id")
    office.sari.completes(office.sari.serves(counter=1))
    tablet.locator(".tap-answer").nth(4).tap(timeout=30_000)
    tablet.wait_for_url("**/thanks")
    assert office.row(ResponseRow).score == 5
    tablet.close()
