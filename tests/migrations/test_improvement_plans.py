"""The follow-up plan and what was published, up and down with rows: what the events say comes back, words do not."""

import json

from sqlalchemy import inspect, text

from desk.cli import database
from desk.domain.improvement import Status
from desk.models.engine import open_engine
from tests.fixtures.office import DeskOffice, prepare_office
from tests.operations.test_improving import carries, comes_on, plans, publishes
from tests.web.test_satisfaction import answered

BEFORE = "0015"
TABLES = ("improvements", "improvement_places", "improvement_steps", "survey_publications")
WORDS = {"words", "cells"}  # stand in no event


def prepare_plan(url):
    """An office with a measure that was taken along and came on, and a period that was published."""
    prepare_office(url)
    office = DeskOffice(url)
    office.sari.signs_on(1)
    office.asks_with("skm2017", service="A")
    answered(office, 5)
    going, other = plans(office, office.budi), plans(office, office.budi, element="sarana")
    comes_on(office, office.budi, going, Status.UNDER_WAY, "Mulai")
    comes_on(office, office.budi, other, Status.DROPPED, "Tidak ada anggaran")
    carries(office, office.budi)
    publishes(office)
    office.engine.dispose()


def rows(engine, table):
    with engine.connect() as connection:
        found = [dict(row) for row in connection.execute(text(f"SELECT * FROM {table}")).mappings()]
    plain = [{name: parsed(value) for name, value in row.items() if name not in WORDS} for row in found]
    return sorted(json.dumps(row, sort_keys=True) for row in plain)


def parsed(value):
    """A JSON object as one, whichever way the driver gives it."""
    return json.loads(value) if isinstance(value, str) and value.startswith("{") else value


def test_down_and_up_again_with_rows(fresh_database):
    url = fresh_database(prepare_plan)
    engine = open_engine(url)
    before = {name: rows(engine, name) for name in TABLES}
    assert [len(found) for found in before.values()] == [2, 3, 5, 1]

    database.downgrade(url, BEFORE)
    assert not set(TABLES) & set(inspect(engine).get_table_names())

    database.upgrade(url)
    assert {name: rows(engine, name) for name in TABLES} == before
    office = DeskOffice(url)
    assert office.findings() == []
    office.engine.dispose()
    engine.dispose()
