"""What SQLite's planner is told after an upgrade."""

import pytest
from sqlalchemy import text

from desk.models.planner import HISTORY, tell_planner
from tests.fixtures.office import DeskOffice, prepare_office


@pytest.fixture
def told(sqlite_url):
    """A database with something in it, after `tell_planner`; PostgreSQL gathers its own sizes."""
    office = DeskOffice(sqlite_url(prepare_office))
    office.arrives("A")
    with office.streams.setting_up() as connection:
        tell_planner(connection)
        yield connection
    office.engine.dispose()


def test_the_sizes_are_those_of_many_years(told):
    sizes = told.execute(text("SELECT stat FROM sqlite_stat1 WHERE tbl = 'transactions' AND idx = 'transactions'"))

    assert sizes.scalar_one().split()[0] == str(HISTORY)


def test_no_samples_are_kept_for_which_statements_would_be_planned_anew(told):
    assert told.execute(text("SELECT count(*) FROM sqlite_stat4")).scalar_one() == 0
