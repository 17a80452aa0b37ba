"""A visitor complains on a phone, a supervisor answers and resolves, the visitor reads the answer; axe is content."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from desk.models import FollowUpRow, VoiceRow
from tests.browser.test_every_page import ONLY_VIOLATIONS, SMALL, WIDE
from tests.browser.test_survey import AXE_TRIES, PHONE, OpenPage, address
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import Web

__all__ = ["address"]
PICTURES = os.environ.get("DESK_TEST_PICTURES")


def look(page: Page, name: str) -> None:
    """Let axe look at a page; keep a picture where asked to."""
    page.wait_for_load_state()  # without scripts a form may still be on its way to the next page
    assert page.evaluate(WIDE) == []
    assert page.evaluate(SMALL) == []
    found = Axe().run(page, options=ONLY_VIOLATIONS).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("script", [False, True], ids=["without JavaScript", "with JavaScript"])
def test_from_the_complaint_to_the_answer(
    open_page: OpenPage, address: str, web: Web, desk_office: DeskOffice, walk_language: str, script: bool
) -> None:
    desk_office.sari.signs_on()
    desk_office.arrives("A")
    desk_office.sari.completes(desk_office.sari.serves())
    phone: Page = open_page(expected_errors=(*AXE_TRIES, "422"), java_script_enabled=script, **PHONE)
    phone.goto(f"{address}/offices/1/voice?via=poster&language={walk_language}")
    if script:
        look(phone, "form")
    phone.locator(".voice-form button.btn-large").click()
    expect(phone.locator(".error-summary")).to_be_visible()
    if script:
        look(phone, "errors")
    phone.locator("label:has(input[value=complaint])").click()
    phone.locator("textarea[name=words]").fill("Saya menunggu dua jam tanpa kabar.")
    phone.locator("input[name=number]").fill("A001")
    phone.locator("input[name=day]").fill(desk_office.today.isoformat())
    phone.locator(".voice-form button.btn-large").click()
    expect(phone.locator(".voice-code")).to_be_visible()
    code = phone.locator(".voice-code").inner_text().replace(" ", "")
    if script:
        look(phone, "receipt")

    console: Page = open_page(expected_errors=AXE_TRIES)
    cookie = web.as_("Budi").client.get_cookie(web.app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    console.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": address}])
    console.goto(f"{address}/offices/1/follow-ups?language={walk_language}")
    look(console, "list")
    console.locator("table a").first.click()
    look(console, "follow-up")
    voice, follow_up = desk_office.row(VoiceRow).id, desk_office.row(FollowUpRow).id
    console.locator(f"main a[href$='/voices/{voice}']").click()
    look(console, "voice")
    console.locator("label:has(input[value=answered])").click()
    console.locator("textarea[name=words]").fill("Kami mohon maaf; loket ditambah pada jam sibuk.")
    console.locator("form[action$='/steps'] button").click()
    expect(console.locator("[data-flash]")).not_to_be_empty()
    console.locator(f"main a[href$='/follow-ups/{follow_up}']").click()
    console.locator("label:has(input[value=resolved])").click()
    console.locator("textarea[name=note]").fill("Sudah dibahas dengan petugas.")
    console.locator("form[action$='/steps'] button").click()
    expect(console.locator("[data-flash]")).not_to_be_empty()
    look(console, "closed")

    phone.goto(f"{address}/voice/{code}")
    expect(phone.locator("main")).to_contain_text("Kami mohon maaf")
    if script:
        look(phone, "answer")
    for page, path in ((console, "reports/follow-ups"), (console, "voices"), (console, "my/facilities")):
        page.goto(f"{address}/offices/1/{path}")
        look(page, path.replace("/", "-"))
    assert desk_office.findings() == []
