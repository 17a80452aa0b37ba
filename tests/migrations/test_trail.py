"""The revision of the trail, up and down with rows: who signs next is read from the events; nothing else changes."""

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from desk.cli import database
from desk.models.engine import open_engine
from tests.fixtures.office import KEYS
from tests.migrations.test_first_revision import prepare_busy_office

REVISION, BEFORE = "0007", "0006"


@pytest.fixture
def engine(fresh_database):
    """A migrated database with rows in it."""
    engine = open_engine(fresh_database(prepare_busy_office))
    yield engine
    engine.dispose()


def streams(engine):
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(text("SELECT * FROM streams")).mappings()]


def test_down_and_up_again_with_rows(engine):
    url = engine.url.render_as_string(hide_password=False)
    (before,) = streams(engine)
    assert before["key_id"] == KEYS.signing

    database.downgrade(url, BEFORE)
    assert not inspect(engine).has_table("trail_checks")
    (between,) = streams(engine)
    assert between == {name: value for name, value in before.items() if name != "key_id"}

    database.upgrade(url)
    assert streams(engine) == [before], "who signs next is what the last event says"


def test_one_verification_at_a_time(engine):
    engine = engine.execution_options(desk_writes=True)
    insert = text("INSERT INTO trail_checks (office_id, asked_at, number, mac) VALUES (1, :at, 0, '')")
    with engine.begin() as connection:
        connection.execute(insert, {"at": 1})
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(insert, {"at": 2})
