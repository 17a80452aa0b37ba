"""The floor's tables and thresholds come to an office that is at work, and go again without harm."""

from sqlalchemy import inspect, text

from desk.cli import database
from desk.models.engine import open_engine
from tests.migrations.test_first_revision import prepare_busy_office

BEFORE = "0004"
TABLES = {"floor_messages", "floor_readings"}
DEFAULTS = {"gap_offer_s": 300, "gap_called_s": 300, "gap_silent_s": 57_600, "gap_handoffs": 3}


def _offices(engine):
    with engine.connect() as connection:
        return [dict(row._mapping) for row in connection.execute(text("SELECT * FROM offices ORDER BY id"))]


def test_up_and_down_with_an_office_at_work(fresh_database):
    url = fresh_database(prepare_busy_office)
    engine = open_engine(url)
    before = _offices(engine)
    assert before and all(DEFAULTS.items() <= office.items() for office in before)

    database.downgrade(url, BEFORE)
    assert set(inspect(engine).get_table_names()) & TABLES == set()
    kept = _offices(engine)
    assert not DEFAULTS.keys() & kept[0].keys()
    assert kept == [{name: office[name] for name in kept[0]} for office in before]

    database.upgrade(url)
    assert set(inspect(engine).get_table_names()) >= TABLES
    assert _offices(engine) == before
    engine.dispose()
