"""With a phone of 360 pixels: an app is set up and demanded, each way in is walked by keyboard; axe is content."""

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect
from sqlalchemy import update

from desk.models import Person
from tests.browser.test_survey import AXE_TRIES, OpenPage, address
from tests.browser.test_voices import look
from tests.fixtures.codes import codes_on
from tests.fixtures.office import DeskOffice
from tests.fixtures.openid_provider import PASSWORD as SECRET_THERE
from tests.fixtures.openid_provider import Provider
from tests.fixtures.second_factors import Phone
from tests.fixtures.web import PASSWORD, Web
from tests.web.test_openid import configure

__all__ = ["address"]
SMALL = {"viewport": (360, 740)}
# Nobody pushes here, and the provider has no icon.
COMPLAINTS = (*AXE_TRIES, "422", "stream", "favicon")


def signs_in(page: Page, address: str, name: str, language: str, *, onward: str) -> None:
    """Sign in with the keyboard."""
    page.goto(f"{address}/sign-in?language={language}")
    page.locator("input[name=username]").fill(f"{name}.kpknl")
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(onward)


def phone_for(page: Page, office: DeskOffice) -> Phone:
    """Scan the picture of the page, as an app does."""
    (uri,) = codes_on(page.content())
    assert uri.startswith("otpauth://totp/")
    secret = parse_qs(urlsplit(uri).query)["secret"][0]
    assert page.locator(".factor-key").inner_text().replace(" ", "") == secret
    return Phone(office, secret)


def types(page: Page, code: str) -> None:
    """Type a code into the field that is there, and send it by keyboard."""
    page.locator("input[name=code]").fill(code)
    page.keyboard.press("Enter")


def test_set_up_demanded_and_asked(
    open_page: OpenPage, address: str, desk_office: DeskOffice, walk_language: str
) -> None:
    office = desk_office
    page: Page = open_page(expected_errors=COMPLAINTS, **SMALL)
    signs_in(page, address, "agus", walk_language, onward="**/gaps")
    page.goto(f"{address}/account/second-factor")
    look(page, f"own-none-{walk_language}")
    page.locator("main a.btn").first.click()
    agus = phone_for(page, office)
    types(page, "12")
    expect(page.locator(".error-summary")).to_be_focused()
    look(page, f"app-{walk_language}")
    types(page, agus.code())
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    look(page, f"codes-{walk_language}")
    with page.expect_download() as saved:
        page.locator("a[download]").click()
    lines = saved.value.path().read_text().split()
    assert lines == page.locator(".recovery-codes code").all_inner_texts()
    page.locator(".actions a.btn:not([download])").click()
    look(page, f"own-{walk_language}")
    page.goto(f"{address}/offices/{office.id}/second-factor")
    page.locator("input[value=agent]").check()
    page.locator("main form .btn").first.click()
    expect(page.locator("[data-flash]")).not_to_be_empty()
    look(page, f"demand-{walk_language}")

    office.clock.tick(30)
    other: Page = open_page(expected_errors=COMPLAINTS, **SMALL)
    signs_in(other, address, "agus", walk_language, onward="**/second-factor")
    look(other, f"ask-{walk_language}")
    types(other, "000000" if agus.code() != "000000" else "000001")
    expect(other.locator(".error-summary")).to_be_focused()
    look(other, f"ask-wrong-{walk_language}")
    other.locator("main .link-list a").first.click()
    other.wait_for_url("**?with=recovery")
    look(other, f"ask-recovery-{walk_language}")
    types(other, lines[0])
    other.wait_for_url("**/gaps")

    officer: Page = open_page(expected_errors=COMPLAINTS, **SMALL)
    signs_in(officer, address, "sari", walk_language, onward="**/second-factor/app")
    look(officer, f"set-up-{walk_language}")
    types(officer, phone_for(officer, office).code())
    expect(officer.locator(".recovery-codes li")).to_have_count(10)
    officer.locator(".actions a.btn:not([download])").click()
    officer.wait_for_url("**/counter")
    for each in (page, other, officer):
        each.close()  # it would look for the server


def test_in_through_the_identity_provider(
    open_page: OpenPage, address: str, web: Web, provider: Provider, walk_language: str
) -> None:
    configure(web.app, issuer=provider.issuer, link="email")
    desk = web.app.extensions["desk"]
    object.__setattr__(desk.settings, "base_url", address)
    provider.leads_back_to(f"{address}/sign-in/openid/callback")
    with web.office.streams.setting_up() as connection:
        connection.execute(update(Person).where(Person.username == "budi.kpknl").values(email="budi@example.id"))
    page: Page = open_page(expected_errors=COMPLAINTS, **SMALL)
    page.goto(f"{address}/sign-in?language={walk_language}")
    look(page, f"sign-in-{walk_language}")
    page.locator("a[href^='/sign-in/openid']").focus()
    page.keyboard.press("Enter")
    page.locator("input[name=username]").fill("budi")
    page.locator("input[name=password]").fill(SECRET_THERE)
    page.keyboard.press("Enter")
    page.wait_for_url("**/today")
    page.goto(f"{address}/account")
    look(page, f"account-{walk_language}")
    page.close()
