"""Revision 0008 with rows on both databases: each has what its event says, older ones nothing."""

import json

import pytest
from sqlalchemy import text, update

from desk.cli import database
from desk.domain.audit import canonical
from desk.models import EventRow
from desk.models.engine import open_engine
from tests.migrations.test_first_revision import prepare_busy_office
from tests.reads.forging import unguard

BEFORE = "0007"


@pytest.fixture
def engine(fresh_database):
    """A migrated database with an office at work in it."""
    engine = open_engine(fresh_database(prepare_busy_office)).execution_options(desk_writes=True)
    yield engine
    engine.dispose()


def rows(engine):
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(text("SELECT * FROM transactions ORDER BY id")).mappings()]


def forget_the_promise(engine):
    """Let the first transaction be of a time when check-in did not say what was promised."""
    with engine.begin() as connection:
        unguard(connection)
        query = text("SELECT number, payload FROM events WHERE name = 'TransactionOpened' ORDER BY number")
        number, payload = connection.execute(query).tuples().first()
        old = {name: value for name, value in json.loads(payload).items() if name != "wait_promise_s"}
        connection.execute(update(EventRow).where(EventRow.number == number).values(payload=canonical(old)))


def test_down_and_up_again_with_rows(engine):
    url, before = engine.url.render_as_string(hide_password=False), rows(engine)
    assert [row["wait_promise_s"] for row in before] == [1800, 1800]
    forget_the_promise(engine)

    database.downgrade(url, BEFORE)
    bare = [{name: value for name, value in row.items() if name != "wait_promise_s"} for row in before]
    assert rows(engine) == bare

    database.upgrade(url)
    first, second = bare
    assert rows(engine) == [{**first, "wait_promise_s": None}, {**second, "wait_promise_s": 1800}]
