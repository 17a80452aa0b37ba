"""Revision 0004 with rows on both databases: what was there stays, what is new is empty or has its default."""

import importlib.util
from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import inspect, text

from desk.models.engine import open_engine
from tests.migrations.test_first_revision import _catalog, prepare_busy_office

FILE = Path(__file__).parents[2] / "migrations" / "versions" / "0004_clocks_and_promises.py"
NEW_TABLES = {"calendar_openings", "service_calendars"}


@pytest.fixture
def engine(fresh_database):
    """An engine on a migrated database with an office at work in it."""
    engine = open_engine(fresh_database(prepare_busy_office)).execution_options(desk_writes=True)
    yield engine
    engine.dispose()


@pytest.fixture
def revision():
    """The module of the revision."""
    spec = importlib.util.spec_from_file_location("clocks_and_promises", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(engine, step):
    """Run one half of the revision as Alembic would."""
    with engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        step()


def rows(engine, query):
    with engine.connect() as connection:
        return connection.execute(text(query)).all()


def test_down_and_up_again_keeps_every_row(engine, revision):
    before = _catalog(engine)
    kept = rows(engine, "SELECT id, state, opened_at, ended_at, moved_by FROM transactions ORDER BY id")
    closures = rows(engine, "SELECT calendar_id, day, name FROM calendar_closures ORDER BY calendar_id, day")
    assert kept

    run(engine, revision.downgrade)
    assert not NEW_TABLES & set(inspect(engine).get_table_names())
    assert rows(engine, "SELECT id, state, opened_at, ended_at, moved_by FROM transactions ORDER BY id") == kept

    run(engine, revision.upgrade)
    assert _catalog(engine) == before
    assert rows(engine, "SELECT id, state, opened_at, ended_at, moved_by FROM transactions ORDER BY id") == kept
    assert rows(engine, "SELECT calendar_id, day, name FROM calendar_closures ORDER BY calendar_id, day") == closures
    assert set(rows(engine, "SELECT complete_at, visitor_s, remind_at FROM transactions")) == {(None, None, None)}
    assert {row.version for row in rows(engine, "SELECT version FROM calendars")} == {1}
    assert {row.risk_percent for row in rows(engine, "SELECT risk_percent FROM offices")} == {80}
