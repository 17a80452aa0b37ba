"""The kiosk's own keyboard: whoever has a finger only can type, and nobody with a keyboard or a phone is hindered."""

from collections.abc import Callable
from string import ascii_lowercase

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_kiosk import LYING, STANDING, address, in_sight, kiosk
from tests.browser.test_survey_points import is_clean
from tests.fixtures.office import DeskOffice

__all__ = ["address", "kiosk"]
pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
BELOW = """() => document.querySelector("[data-screen-keys]").getBoundingClientRect().top"""
SMALL = """() => [...document.querySelectorAll(".key")].map((e) => e.getBoundingClientRect())
    .filter((box) => Math.round(box.height) < 48 || box.width < 40)
    .length"""
WIDER = "document.documentElement.scrollWidth - innerWidth"


def board(page: Page) -> Locator:
    return page.get_by_role("region", name="Papan ketik di layar")


def press(page: Page, *names: str) -> None:
    for name in names:
        page.locator(f'[data-types="{name}"]').tap()


def test_a_code_is_typed_with_a_finger(kiosk: Callable[..., Page], desk_office: DeskOffice) -> None:
    page = kiosk(LYING, "/offices/1/kiosk/return")
    code = page.locator("#code")
    code.click()
    page.keyboard.type("ab")
    expect(board(page)).to_be_hidden()  # a mouse, or a real keyboard
    code.tap()
    expect(board(page)).to_be_visible()
    page.keyboard.type("c")
    press(page, "k", "2", "q", "backspace")
    expect(code).to_have_value("abck2")
    expect(code).to_be_focused()
    assert page.evaluate(SMALL) == 0
    types = {str(each.get_attribute("data-types")) for each in page.locator("[data-types]").all()}
    assert types - {"backspace", "done"} == {*"234567", *ascii_lowercase}, "only what codes have"
    is_clean(page)

    page.get_by_role("button", name="Lanjutkan").tap()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(board(page)).to_be_hidden()
    code.tap()
    for part in (code, page.locator(".field-error")):
        in_sight(part)
        assert part.evaluate("(e) => e.getBoundingClientRect().bottom") <= page.evaluate(BELOW)
    page.keyboard.press("Escape")
    expect(board(page)).to_be_hidden()


@pytest.mark.parametrize("size", [LYING, STANDING])
def test_address_and_name_are_typed_in_either_view(
    kiosk: Callable[..., Page], desk_office: DeskOffice, size: tuple[int, int]
) -> None:
    service = desk_office.services["B"]
    page = kiosk(size, f"/offices/1/kiosk/services/{service}?easy={int(size == STANDING)}")
    page.locator("summary").nth(1).tap()
    email, name = page.locator("#email"), page.locator("#name")
    email.tap()
    press(page, "a", "-", "1", "@", "b", ".go.id")
    expect(email).to_have_value("a-1@b.go.id")
    name.tap()
    in_sight(name)
    assert page.evaluate(SMALL) == 0
    press(page, "s", "i", "space", "shift", "t", "shift", "shift", "1", "w", "shift", ".", "space", "o")
    expect(name).to_have_value("Si T!W. O")  # large at the begin of a sentence, once, and locked
    page.locator('[data-types="x"]').focus()  # who goes through the keys by Tab
    page.keyboard.press("Enter")
    expect(name).to_have_value("Si T!W. Ox")
    expect(page.locator('[data-types="x"]')).to_be_focused()
    page.locator('[data-types="backspace"]').dispatch_event("pointerdown")
    expect(name).to_have_value("")  # as long as it is held
    page.locator('[data-types="backspace"]').dispatch_event("pointerup")
    is_clean(page)
    press(page, "done")
    expect(board(page)).to_be_hidden()
    name.tap()
    page.locator("h1" if size == LYING else ".service-take label.choice:visible").first.tap()
    expect(board(page)).to_be_hidden()
    email.tap()
    page.evaluate("document.dispatchEvent(new Event('kiosk:home'))")
    expect(board(page)).to_be_hidden()


def test_a_phone_has_a_keyboard_of_its_own(kiosk: Callable[..., Page], desk_office: DeskOffice) -> None:
    page = kiosk((360, 740), f"/offices/1/kiosk/services/{desk_office.services['B']}?easy=1")
    assert page.evaluate(WIDER) == 0
    page.goto(page.url.split("/kiosk")[0] + "/kiosk/return")
    page.locator("#code").tap()
    expect(page.locator("#code")).to_be_focused()
    expect(board(page)).to_be_hidden()
    assert page.locator("#code").get_attribute("inputmode") is None
