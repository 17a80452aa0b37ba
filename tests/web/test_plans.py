"""No page reads through the years that lie behind an office, whoever opens it and whatever is asked of it.

On SQLite, whose planner is told to reckon with many years; PostgreSQL would look at the few rows of a test. What it
does with a million is measured by `bench.screens`.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine import Engine

from desk.domain.reasons import PickReason
from tests.fixtures.databases import FreshDatabase
from tests.fixtures.office import BACK_OFFICE, DeskOffice
from tests.fixtures.web import Web
from tests.reads.plans import prepare_years, walks

# Reports read the days they are asked for, by design (docs/performance.md); the bench measures them.
PAGES = {
    "Budi": (
        "floor", "floor/now", "gaps", "gaps/list", "today", "today/list?late=1&state=completed&q=A00", "trail",
        "access-log", "absences", "staff", "calendars", "handoff-reasons", "day/closing", "messages",
        "satisfaction", "follow-up-plan",
        "follow-ups", "follow-ups?view=overdue", "voices", "my/facilities", "survey-points",
    ),
    "Agus": ("questionnaires", "questionnaires/skm2017", "questionnaires/skm2017/versions/0",
             "survey-settings", "personal-data", "personal-data/register", "retention"),
    "Sari": ("counter", "counter/queue", "shift/handover", "reception", "reception?q=A001", "kiosk", "display",
             "display/board", "my/compliments", "voice"),
}  # fmt: skip


@pytest.fixture
def desk_office(sqlite_url: FreshDatabase) -> Iterator[DeskOffice]:
    """An office of years, on a day with something to show on every page."""
    office = DeskOffice(sqlite_url(prepare_years))
    for colleague, counter in ((office.sari, 1), (office.dewi, 2), (office.joko, BACK_OFFICE)):
        colleague.signs_on(counter)
    first, second, *_ = (office.arrives("A").facts["transaction"] for _ in range(3))
    office.sari.picks(second, reason=PickReason.FRAIL_NOW)
    office.sari.starts(second)
    office.sari.requests(second, office.dewi)
    office.dewi.calls(counter=2)
    office.dewi.starts(first)
    office.dewi.offers(first, office.joko)
    yield office
    office.engine.dispose()


@pytest.fixture
def asked() -> Iterator[list[tuple[str, Any]]]:
    """Every question that is put to a database meanwhile, with its values."""
    found: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if statement.startswith("SELECT"):
            found.append((statement, values))

    event.listen(Engine, "before_cursor_execute", note)
    yield found
    event.remove(Engine, "before_cursor_execute", note)


@pytest.mark.parametrize("who", PAGES)
def test_no_page_walks_through_history(
    web: Web, web_app: Flask, desk_office: DeskOffice, asked: list[tuple[str, Any]], who: str
) -> None:
    browser = web.as_(who)
    found = []
    for page in PAGES[who]:
        asked.clear()
        browser.get(f"/offices/{desk_office.id}/{page}")
        assert asked, page
        found += [f"{page}: {step}: {text}" for text, values in [*asked] for step in walks(desk_office, text, values)]
    assert found == []
