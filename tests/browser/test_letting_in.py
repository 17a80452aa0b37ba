"""The sheet of one-time codes: asked for on a phone, on paper without what is for the screen; axe is content."""

from playwright.sync_api import Page, expect
from sqlalchemy import update

from desk.models import Person
from tests.browser.test_second_factor import COMPLAINTS, SMALL, signs_in
from tests.browser.test_survey import OpenPage, address
from tests.browser.test_voices import look
from tests.fixtures.office import DeskOffice

__all__ = ["address"]


def test_the_sheet_is_printed_without_what_is_for_the_screen(
    open_page: OpenPage, address: str, desk_office: DeskOffice, walk_language: str
) -> None:
    office = desk_office
    page: Page = open_page(expected_errors=COMPLAINTS, **SMALL)
    signs_in(page, address, "agus", walk_language, onward="**/gaps")
    with office.streams.setting_up() as connection:
        connection.execute(update(Person).where(Person.id != office.agus.id).values(password_hash=None))
    page.goto(f"{address}/offices/{office.id}/staff/invitations")
    look(page, f"letting-in-{walk_language}")
    page.locator(f"select[name='by-{office.sari.id}']").select_option("")
    page.locator("main form button.btn-primary").click()
    expect(page.locator(".strip")).to_have_count(4)
    look(page, f"let-in-{walk_language}")
    expect(page.locator("[data-print]")).to_be_visible()
    page.emulate_media(media="print")
    for gone in ("nav", "main h1", "main table", "[data-print]"):
        expect(page.locator(gone).first).to_be_hidden()
    expect(page.locator(".strip code").first).to_be_visible()
