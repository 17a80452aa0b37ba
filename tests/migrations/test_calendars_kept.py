"""Calendars can be retired from 0046 on: a step back offers them all again, with the hours they have."""

from datetime import date

import pytest
from sqlalchemy import inspect, select

from desk.cli import database
from desk.domain.hours import ALWAYS
from desk.models import Calendar, Week
from desk.operations.settings import keeping_calendars, scheduling
from tests.fixtures.office import DeskOffice, prepare_office

BEFORE = "0045"


def prepare_retired(url):
    """An office that retired a calendar."""
    prepare_office(url)
    office = DeskOffice(url)
    asked = office.agus.asks("add")
    made = scheduling.add_calendar(office.streams, office.id, asked, name="Puasa", week=ALWAYS, since=date(2026, 3, 2))
    keeping_calendars.retire(office.streams, office.id, made.facts["calendar"], office.agus.asks("retire"))
    office.engine.dispose()


@pytest.fixture
def office(fresh_database):
    """That office."""
    office = DeskOffice(fresh_database(prepare_retired))
    yield office
    office.engine.dispose()


def test_down_and_up_again_with_rows(office):
    url = office.engine.url.render_as_string(hide_password=False)
    assert [each.retired for each in office.rows(Calendar)] == [False, False, True]
    with office.streams.reading() as connection:
        weeks = connection.execute(select(Week.__table__)).all()
    office.engine.dispose()
    database.downgrade(url, BEFORE)
    assert "retired" not in {each["name"] for each in inspect(office.engine).get_columns("calendars")}
    office.engine.dispose()
    database.upgrade(url)
    assert [each.retired for each in office.rows(Calendar)] == [False] * 3
    with office.streams.reading() as connection:
        assert connection.execute(select(Week.__table__)).all() == weeks
    assert office.findings() == []
