"""What was typed into a long form comes back where the session ended meanwhile or had to be confirmed."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import update

from desk.models import Service, StaffSession
from tests.browser.test_survey import address
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import PASSWORD, Web

__all__ = ["address"]
pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
NEW, NEWCOMER = "/offices/1/administration/services/new", "/offices/1/staff/new"
KEPT = "sessionStorage.getItem('desk.typed')"
TYPED = {"#name_id": "Legalisasi", "#name_en": "Legalization", "#requirements_id": "KTP asli\nSurat kuasa"}
AGAIN = "What you had typed is here again"


@pytest.fixture
def page(web: Web, web_app: Flask, desk_office: DeskOffice, address: str, open_page: Callable[..., Page]) -> Page:
    """The browser of Agus, who administers the office."""
    page = open_page(expected_errors=("401", "403", "422", "stream", "Failed to fetch", "net::ERR"))
    cookie = web.as_("Agus").client.get_cookie(web_app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": address}])
    return page


def sessions(office: DeskOffice, **values: Any) -> None:
    """Change every session as if it had been used so long ago."""
    with office.streams.setting_up() as connection:
        connection.execute(update(StaffSession).values(values))


def signs_in(page: Page, username: str) -> None:
    page.get_by_role("link", name="Sign in again").click()
    page.locator("#username").fill(username)
    page.locator("#password").fill(PASSWORD)
    page.locator("#password").press("Enter")


def types(page: Page, address: str) -> None:
    """Fill in a new service in part, and send it when the session is over."""
    page.goto(f"{address}{NEW}?language=en")
    for field, words in TYPED.items():
        page.locator(field).fill(words)
    page.locator("#series").fill("Z")


def test_a_form_comes_back_after_the_session_was_over(page: Page, desk_office: DeskOffice, address: str) -> None:
    types(page, address)
    sessions(desk_office, ended_at=desk_office.clock.now)
    page.locator("main form button.btn-primary, main form button.btn").first.click()
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    signs_in(page, "agus.kpknl")
    page.wait_for_url(f"**{NEW}*")
    expect(page.get_by_text(AGAIN)).to_be_visible()
    for field, words in TYPED.items():
        expect(page.locator(field)).to_have_value(words)
    expect(page.locator("#series")).to_have_value("Z")
    assert page.evaluate(KEPT) is None
    assert [row.series for row in desk_office.rows(Service)].count("Z") == 0, "nothing was stored before"


def test_nobody_else_who_signs_in_sees_it(page: Page, desk_office: DeskOffice, address: str) -> None:
    types(page, address)
    sessions(desk_office, ended_at=desk_office.clock.now)
    page.locator("main form button.btn-primary, main form button.btn").first.click()
    assert "Legalisasi" in page.evaluate(KEPT)
    signs_in(page, "budi.kpknl")
    expect(page.get_by_role("link", name="Budi")).to_be_visible()
    assert page.evaluate(KEPT) is None
    expect(page.get_by_text(AGAIN)).to_have_count(0)


def test_a_form_comes_back_after_they_showed_that_it_is_them(page: Page, desk_office: DeskOffice, address: str) -> None:
    page.goto(f"{address}{NEWCOMER}?language=en")
    page.locator("#name").fill("Wati Lestari")
    page.locator("#username").fill("wati.lestari")
    page.locator("input[name=roles][value=agent]").check()
    sessions(desk_office, proven_at=None)
    page.locator("main form[method=post] button").first.click()
    expect(page.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    for password in ("not this one, surely", PASSWORD):
        page.locator("#password").fill(password)
        page.locator("#password").press("Enter")
        page.wait_for_load_state()
    page.wait_for_url(f"**{NEWCOMER}*")
    expect(page.get_by_text(AGAIN)).to_be_visible()
    expect(page.locator("#name")).to_have_value("Wati Lestari")
    expect(page.locator("input[name=roles][value=agent]")).to_be_checked()
    page.reload()
    expect(page.get_by_text(AGAIN)).to_have_count(0)
    expect(page.locator("#name")).to_have_value("")
