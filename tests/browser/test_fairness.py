"""The fairness register and the comparison in Chromium: axe finds nothing, nothing is too wide, pictures are drawn."""

from collections.abc import Iterator
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask

from tests.browser.test_gallery import RULES
from tests.fixtures.databases import FreshDatabase
from tests.fixtures.office import DeskOffice
from tests.fixtures.served import served
from tests.fixtures.web import Web
from tests.reports.random_weeks import office_of_weeks, prepare_weeks

DAYS = f"period=own&since={date(2026, 3, 2)}&until={date(2026, 3, 12)}"


@pytest.fixture
def database_kind() -> str:
    """One database is enough for the looks."""
    return "sqlite"


@pytest.fixture
def desk_office(fresh_database: FreshDatabase) -> Iterator[DeskOffice]:
    """The office with random days behind it."""
    office = office_of_weeks(fresh_database(prepare_weeks))
    yield office
    office.engine.dispose()


@pytest.fixture
def address(web_app: Flask) -> Iterator[str]:
    """The application on a port of this machine."""
    with served(web_app) as found:
        yield found


def test_the_pages_are_clean_in_both_languages(open_page, address: str, web: Web, desk_office: DeskOffice):
    cookie = web.as_("Budi").client.get_cookie(web.app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    page = open_page(expected_errors=("404", "Applying inline style", "EventSource", "stream"))
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": address}])
    found = []
    for language in ("id", "en"):
        for report in ("fairness", "priority", "waits", "consistency"):
            for width in (390, 1280):
                page.set_viewport_size({"width": width, "height": 800})
                page.goto(f"{address}/offices/{desk_office.id}/reports/{report}?{DAYS}&language={language}")
                assert page.evaluate("document.documentElement.scrollWidth") <= width, (report, width)
            violations = Axe().run(page, options=RULES).response["violations"]
            found += [(report, each["id"], [node["html"] for node in each["nodes"]]) for each in violations]
    assert found == []
    assert page.locator(".chart canvas").count() == 2
