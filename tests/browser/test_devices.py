"""A display is paired by the code on its screen, shows the calls of its counter, and leaves when it is unpaired."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from desk.domain.access import SYSTEM
from desk.models import Person
from desk.operations.accounts.passwords import hashed
from desk.operations.requests import Request
from desk.operations.settings.retiring_offices import bring_back, retire
from tests.browser.test_survey import AXE_TRIES
from tests.browser.test_survey_points import is_clean
from tests.fixtures.office import Clock, DeskOffice, furnish
from tests.fixtures.real_server import RealServer
from tests.fixtures.web import PASSWORD

OpenPage = Callable[..., Page]
CLOSED = {"id": "Kantor ini tutup untuk seterusnya", "en": "This office is closed for good"}
pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


def test_a_display_is_paired_called_and_unpaired(
    open_page: OpenPage, real_server: RealServer, walk_language: str
) -> None:
    streams = real_server.streams()
    office_id, clock = furnish(streams), Clock(datetime.now(UTC) - timedelta(hours=1))
    desk_office = DeskOffice(real_server.database_url, office_id, clock=clock)
    desk_office.streams = streams
    with streams.setting_up() as connection:
        connection.execute(update(Person).values(password_hash=hashed(PASSWORD)))
    real_server.start()
    address, more = real_server.url, f"?language={walk_language}"
    display = open_page(expected_errors=AXE_TRIES)
    display.goto(f"{address}/device{more}")  # what a kiosk browser starts with
    expect(display.locator(".pairing-code")).to_be_visible()
    is_clean(display)
    code = display.locator(".pairing-code").inner_text().split()[-1]
    admin = open_page(expected_errors=AXE_TRIES)
    pair_display(admin, address, more, code)
    expect(display.locator(".board")).to_be_visible(timeout=15_000)
    desk_office.sari.signs_on(1)
    desk_office.dewi.signs_on(2)
    desk_office.arrives("A")
    desk_office.arrives("A")
    desk_office.sari.calls(counter=1)
    expect(display.locator(".board-number")).to_have_text(["A001"], timeout=10_000)
    admin.locator("input[name=counters]").nth(1).check()
    admin.locator("form:has(input[name=counters]) button").click()
    expect(display.locator(".board-quiet")).to_be_visible(timeout=10_000)
    desk_office.dewi.calls(counter=2)
    expect(display.locator(".board-number")).to_have_text(["A002"], timeout=10_000)
    admin.locator("form[action$=unpairing] button").click()
    display.wait_for_url("**/pair*", timeout=10_000)
    expect(display.locator(".message-warning").first).to_be_visible(timeout=10_000)
    display.close()
    admin.close()


def pair_display(admin: Page, address: str, more: str, code: str) -> None:
    """Agus signs in and types the code that stands on a display."""
    admin.goto(f"{address}/sign-in{more}&next=/offices/1/devices")
    admin.fill("input[name=username]", "agus.kpknl")
    admin.fill("input[name=password]", PASSWORD)
    admin.locator("form:has(input[name=password]) button:not([type=button])").click()
    admin.fill("input[name=code]", code.lower())
    admin.locator("label:has(input[name=kind][value=display])").click()
    admin.locator("form:has(input[name=code]) input[name=name]").fill("Layar lobi")
    admin.locator("form:has(input[name=code]) button").click()
    admin.wait_for_url("**/devices/*")
    is_clean(admin)


def test_screens_of_an_office_that_is_retired_say_so_and_come_back(
    open_page: OpenPage, real_server: RealServer, walk_language: str
) -> None:
    streams = real_server.streams()
    office_id = furnish(streams)
    furnish(streams, "kanwil")
    with streams.setting_up() as connection:
        connection.execute(update(Person).values(password_hash=hashed(PASSWORD)))
    real_server.start()
    address, more = real_server.url, f"?language={walk_language}"
    refusals = (*AXE_TRIES, "410")
    paired, plain, kiosk = (open_page(expected_errors=refusals) for _ in range(3))
    paired.goto(f"{address}/device{more}")
    code = paired.locator(".pairing-code").inner_text().split()[-1]
    admin = open_page(expected_errors=AXE_TRIES)
    pair_display(admin, address, more, code)
    expect(paired.locator(".board")).to_be_visible(timeout=15_000)
    plain.goto(f"{address}/offices/{office_id}/display{more}")
    kiosk.goto(f"{address}/offices/{office_id}/kiosk{more}")

    retire(streams, office_id, Request(SYSTEM, "retire_office", {}))
    for page in (paired, plain, kiosk):
        expect(page.locator("h1")).to_have_text(CLOSED[walk_language], timeout=30_000)
    is_clean(paired)
    bring_back(streams, office_id, Request(SYSTEM, "bring_office_back", {}))
    expect(paired.locator(".board")).to_be_visible(timeout=30_000)
    for page in (paired, plain, kiosk, admin):
        page.close()
