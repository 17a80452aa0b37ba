"""The visitor's page on a phone, as one walks through it: waiting, more time, no network, the call, leaving."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import update

from desk.domain.devices import DeviceKind, DeviceWish, code_of, secret_of
from desk.domain.tokens import TokenKind, derive
from desk.models import Office, Visit
from desk.operations.settings.devices import begin_pairing, pair
from tests.browser.test_every_page import ONLY_VIOLATIONS, SMALL, WIDE
from tests.browser.test_survey import AXE_TRIES, address
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import Web

__all__ = ["address"]
# The phone's own ways to be noticed, written down instead of heard.
HEARD = """() => { window.heard = []
    const mark = (what) => (...given) => { window.heard.push(what); return what === "shake" ? true : undefined }
    navigator.vibrate = mark("shake")
    const start = OscillatorNode.prototype.start
    OscillatorNode.prototype.start = function (...given) { mark("ring")(); return start.apply(this, given) } }"""
WORDS = {
    "id": {"time": "Saya perlu waktu", "second": "tempat Anda sesudahnya", "undo": "Kembali ke tempat saya semula",
           "offline": "tidak ada jaringan", "left": "sudah dilepas"},
    "en": {"time": "I need more time", "second": "your place afterwards", "undo": "Take my earlier place again",
           "offline": "has no network", "left": "is given up"},
}  # fmt: skip


KEPT = "Object.keys(localStorage).filter((each) => each.startsWith('desk.visit.')).length"


def until(page: Page, condition: str) -> None:
    """Wait within the page, which forbids what the driver would wait with."""
    page.evaluate(
        f"() => new Promise((done) => {{ (function look() {{ {condition} ? done() : setTimeout(look, 50) }})() }})"
    )


# Answers the first questions of the page that has no network, then lets them through.
PROXY = """() => { const real = window.fetch; window.asked = 0
    const bad = () => Promise.resolve(new Response("", {status: 502}))
    window.fetch = (...given) => (window.asked += 1) > 2 ? real(...given) : bad() }"""


def clean(page: Page) -> None:
    """Nothing is wider than the phone, too small for a finger, or hidden from who cannot see."""
    page.wait_for_load_state()
    for width in (320, 360):
        page.set_viewport_size({"width": width, "height": 740})
        assert [*page.evaluate(WIDE), *page.evaluate(SMALL)] == []
    assert Axe().run(page, options=ONLY_VIOLATIONS).response["violations"] == []


def token_of(office: DeskOffice, place: int) -> str:
    """Return what stands in the link of one of the visits, in the order in which they came."""
    return derive(office.streams.keys.links, TokenKind.STATUS, office.rows(Visit)[place].id)


@pytest.fixture
def phone_page(
    web_app: Flask, web: Web, address: str, desk_office: DeskOffice, open_page: Callable[..., Page], walk_language: str
) -> Page:
    """The page of the first of three who wait, on a phone."""
    _ = web_app, web
    for _ in range(3):
        desk_office.arrives("A", language=walk_language)
        desk_office.clock.tick(60)
    errors = (*AXE_TRIES, "ERR_INTERNET_DISCONNECTED", "Failed to fetch", "/stream", "favicon", "worker.js")
    page = open_page(viewport=(360, 740), has_touch=True, is_mobile=True, expected_errors=errors)
    page.add_init_script(f"({HEARD})()")
    page.goto(f"{address}/v/{token_of(desk_office, 0)}")
    return page


def test_a_walk_with_the_phone(phone_page: Page, desk_office: DeskOffice, walk_language: str) -> None:
    page, words = phone_page, WORDS[walk_language]
    figures = page.locator(".figures").first
    expect(figures).to_contain_text("1")
    clean(page)

    # One tap: it rings as a trial, and says that it is on.
    press = page.locator("[data-alert-press]")
    press.tap()
    expect(press).to_have_attribute("aria-pressed", "true")
    assert set(page.evaluate("window.heard")) == {"ring", "shake"}

    # More time: the place is shown before, and can be taken back.
    page.get_by_role("link", name=words["time"]).tap()
    expect(page.locator(".figures")).to_contain_text(words["second"])
    clean(page)
    page.locator("form .btn-primary, form button.btn:not(.btn-quiet)").first.tap()
    expect(page.locator("[data-flash] .message")).to_contain_text("A002")
    expect(page.locator(".figures").first).to_contain_text("2")
    page.get_by_role("link", name=words["undo"]).tap()  # beside what else may be wished
    expect(page.get_by_role("button", name=words["undo"])).to_be_visible()
    clean(page)
    page.get_by_role("button", name=words["undo"]).tap()
    expect(page.locator(".figures").first).to_contain_text("1")

    # No network: the worker's page says so, with what was last known; and then it is back.
    until(page, "navigator.serviceWorker.controller !== null")
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("h1")).to_contain_text(words["offline"])
    expect(page.locator("[data-number]")).to_have_text("A001")
    assert page.evaluate("Object.keys(localStorage).join()").count(page.url.rsplit("/", 1)[1].split("?")[0]) == 0
    clean(page)
    # A proxy that answers in our place says nothing of a network that is back.
    page.evaluate(PROXY)
    page.context.set_offline(False)
    until(page, "window.asked >= 2")
    expect(page.locator(".my-number")).to_be_visible(timeout=15_000)

    # Called: the title, the sound, the shaking, still wished since the first tap; and where to go.
    expect(press).to_have_attribute("aria-pressed", "true")
    page.locator(".my-number").tap()
    expect(page.locator("[data-alert-silent]")).to_be_hidden()
    page.evaluate("window.heard.length = 0")
    page.set_viewport_size({"width": 360, "height": 640})
    page.locator("footer").scroll_into_view_if_needed()
    desk_office.sari.signs_on()
    called = desk_office.sari.calls().facts["transaction"]
    expect(page.locator(".go-to")).to_be_in_viewport()
    expect(page.locator("[data-news]")).to_be_hidden()
    page.locator("footer").scroll_into_view_if_needed()
    expect(page.locator("[data-news]")).to_be_in_viewport()
    clean(page)
    page.set_viewport_size({"width": 360, "height": 640})
    page.locator("[data-news]").tap()
    expect(page.locator("[data-news]")).to_be_hidden()
    assert page.title().startswith("●")
    assert set(page.evaluate("window.heard")) == {"ring", "shake"}
    clean(page)
    assert page.locator("[data-bring]:visible").count() == page.locator("[data-bring]").count()
    for _ in range(3):
        desk_office.sari.recalls(called)
        desk_office.clock.tick(120)
    desk_office.sari.misses(called)
    expect(page.locator(".go-to")).to_have_count(0)
    expect(page.locator("[data-bring]:visible")).to_have_count(0)

    # Leaving, with the second number: nothing of it stays on the phone.
    page.goto(page.url.rsplit("/", 1)[0] + "/" + token_of(desk_office, 1))
    until(page, f"{KEPT} > 0")
    page.locator("a.btn-danger").tap()
    expect(page.locator("button.btn-danger")).to_be_visible()
    clean(page)
    page.locator("button.btn-danger").tap()
    expect(page.locator("[data-flash] .message")).to_contain_text(words["left"])
    until(page, f"{KEPT} === 0")
    assert page.locator("[data-alert]").count() == 0


def test_ringing_stays_on_from_page_to_page(phone_page: Page, desk_office: DeskOffice, walk_language: str) -> None:
    """After more time and in another language it is on; where the sound waits for a touch, the page says so on top."""
    page, press = phone_page, phone_page.locator("[data-alert-press]")
    press.tap()
    page.get_by_role("link", name=WORDS[walk_language]["time"]).tap()
    page.locator("form .btn-primary, form button.btn:not(.btn-quiet)").first.tap()
    expect(page.locator("[data-flash] .message")).to_be_visible()
    expect(press).to_have_attribute("aria-pressed", "true")
    page.locator(".language a").first.click()
    expect(press).to_have_attribute("aria-pressed", "true")

    # A tab that comes back with what it kept was not touched yet.
    again = page.context.new_page()
    store = page.locator("[data-standing]").get_attribute("data-store")
    again.add_init_script(f"({HEARD})(); sessionStorage.setItem('desk.alert.{store}', 'yes')")
    again.goto(page.url)
    page.close()
    press, silent = again.locator("[data-alert-press]"), again.locator("[data-alert-silent]")
    expect(silent).to_be_in_viewport()
    expect(press).to_have_attribute("aria-pressed", "true")
    expect(again.locator("[data-alert-says]")).to_have_text(silent.inner_text())
    clean(again)
    press.tap()  # a touch, which turns nothing off that was said to be on
    expect(silent).to_be_hidden()
    expect(press).to_have_attribute("aria-pressed", "true")
    again.evaluate("window.heard.length = 0")
    desk_office.sari.signs_on()
    desk_office.sari.completes(desk_office.sari.serves())  # of the one who was let pass
    called = desk_office.sari.calls().facts["transaction"]
    expect(again.locator(".go-to")).to_be_visible()
    assert set(again.evaluate("window.heard")) == {"ring", "shake"}
    desk_office.sari.starts(called)
    desk_office.sari.completes(called)
    expect(again.locator("[data-standing]")).to_have_attribute("data-standing", "over")
    assert again.evaluate("Object.keys(sessionStorage).filter((each) => each.startsWith('desk.alert.'))") == []
    again.close()


def test_the_screen_at_the_door(
    web_app: Flask, address: str, desk_office: DeskOffice, open_page: Callable[..., Page]
) -> None:
    """On a paired screen: readable on every wall, and without contact the code is gone, since it is over soon."""
    _ = web_app
    keys = desk_office.streams.keys.links
    code, wish = code_of(keys, begin_pairing(desk_office.streams)), DeviceWish(DeviceKind.DOOR, "Layar pintu")
    device = pair(desk_office.streams, desk_office.id, code, wish, desk_office.agus.asks("pair")).facts["device"]
    with desk_office.streams.setting_up() as connection:
        connection.execute(update(Office).values(phone_check_in="rotating"))
    page = open_page(viewport=(1280, 720), expected_errors=(*AXE_TRIES, "/stream", "404", "Failed to load"))
    page.context.add_cookies([{"name": "desk-device", "value": secret_of(keys, device), "url": address}])
    page.goto(f"{address}/offices/{desk_office.id}/door/screen")
    for size in ((1920, 1080), (1280, 720), (1080, 1920)):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        box = page.locator(".door .qr").bounding_box()
        assert box is not None and min(box["width"], box["height"]) > 200
        assert box["x"] + box["width"] <= size[0] and box["y"] + box["height"] <= size[1]
        assert page.evaluate(WIDE) == []
    assert Axe().run(page, options=ONLY_VIOLATIONS).response["violations"] == []
    page.evaluate("document.documentElement.classList.add('is-stale')")
    expect(page.locator(".door .qr")).to_be_hidden()
    expect(page.locator(".door-lost").first).to_be_visible()
