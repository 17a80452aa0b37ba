"""A tablet at a counter and a poster's form, as a finger meets them."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from desk.domain.points import PointKind
from desk.domain.tokens import TokenKind, derive
from desk.models import LooseResponse, ResponseRow
from tests.browser.test_every_page import ONLY_VIOLATIONS, SMALL, WIDE
from tests.browser.test_survey import AXE_TRIES, PHONE, address
from tests.fixtures.codes import codes_in
from tests.fixtures.office import DeskOffice

__all__ = ["address"]
TABLET = {"viewport": (1024, 768), "has_touch": True}
OpenPage = Callable[..., Page]


def is_clean(page: Page) -> None:
    assert page.evaluate(WIDE) == []
    assert page.evaluate(SMALL) == []
    violations = Axe().run(page, options=ONLY_VIOLATIONS).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in violations] == []


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_tablet_asks_when_somebody_was_served_and_thanks(
    open_page: OpenPage, address: str, desk_office: DeskOffice, language: str
) -> None:
    desk_office.sari.signs_on(1)
    path = f"/tablet/{desk_office.point_token(desk_office.budi.sets_up(PointKind.TABLET, counter=1))}"
    page = open_page(expected_errors=(*AXE_TRIES, "stream", "404", "ERR_INTERNET_DISCONNECTED"), **TABLET)
    page.goto(address + path)
    is_clean(page)
    expect(page.locator("h1")).to_be_visible()
    assert page.locator(".tap-answer").count() == 0

    desk_office.arrives("A", language=language)
    desk_office.sari.completes(desk_office.sari.serves(counter=1))
    expect(page.locator(".tap-answer")).to_have_count(5, timeout=30_000)  # by itself, nobody reloads it
    assert page.locator("html").get_attribute("lang") == language
    is_clean(page)
    page.context.set_offline(True)
    page.locator(".tap-answer").last.tap()
    expect(page.locator("[data-unreachable]")).to_be_visible()
    is_clean(page)
    page.context.set_offline(False)
    page.wait_for_url("**/thanks")
    is_clean(page)
    row = desk_office.row(ResponseRow)
    assert (row.score, row.channel) == (5, "tablet")
    page.wait_for_url(f"**{path}", timeout=20_000)  # by itself again
    assert page.evaluate("Object.keys(localStorage).length") == 0
    page.close()


def test_a_poster_is_answered_on_a_phone(open_page: OpenPage, address: str, desk_office: DeskOffice) -> None:
    path = f"/p/{desk_office.point_token(desk_office.budi.sets_up(PointKind.POSTER))}"
    page = open_page(expected_errors=AXE_TRIES, **PHONE)
    page.goto(address + path)
    is_clean(page)
    page.locator("form#survey label:has(input[type=radio][value='4'])").tap()
    page.locator("form#survey .survey-actions button[value=next]").tap()
    page.locator("textarea").fill("Ramah")
    page.locator("form#survey .survey-actions button[value=next]").tap()
    page.locator("form#survey .survey-actions button[value=send]").tap()
    page.wait_for_url("**/thanks")
    is_clean(page)
    row = desk_office.row(LooseResponse)
    assert (row.answers, row.texts, row.origin) == ({"score": 4}, {"comment": "Ramah"}, "poster")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_reads_the_codes_of_a_ticket_and_a_receipt_off_the_screen(
    open_page: OpenPage, address: str, desk_office: DeskOffice, scheme: str
) -> None:
    """As they are shown, with all that styles do to them."""
    visit = desk_office.arrives("C").facts["visit"]
    token = derive(desk_office.streams.keys.links, TokenKind.STATUS, visit)
    page = open_page(color_scheme=scheme, **PHONE)
    page.goto(f"{address}/v/{token}/ticket")
    assert _scanned(page) == [f"/v/{token}?via=ticket"]

    page.goto(f"{address}/offices/1/voice")
    page.locator("label:has(input[value=complaint])").click()
    page.locator("textarea[name=words]").fill("Antrean panjang")
    page.locator(".voice-form button.btn-large").click()
    page.wait_for_url("**/receipt*")
    code = urlsplit(page.url).path.split("/")[2]
    assert _scanned(page) == [f"/voice/{code}"]


def _scanned(page: Page) -> list[str]:
    """Return the paths that the codes in a picture of the page lead to."""
    found = [urlsplit(each) for each in codes_in(page.screenshot(full_page=True))]
    return [f"{each.path}?{each.query}" if each.query else each.path for each in found]
