"""Limits, texts and habits of the console come to an office at work, and go again without harm."""

from sqlalchemy import inspect, text

from desk.cli import database
from desk.models.engine import open_engine
from tests.migrations.test_first_revision import prepare_busy_office

TABLES = {"snippets", "console_habits"}
LIMITS = {"no_show_calls": 1, "no_show_after_s": 0, "undo_s": 30}
SNIPPET = "INSERT INTO snippets (office_id, id, person_id, code, words) VALUES (1, 7, NULL, 'ktp', 'Fotokopi KTP')"
HABIT = "INSERT INTO console_habits (office_id, person_id, hand, strip, alerts) VALUES (1, 1, 'left', true, '[]')"


def _rows(engine, table):
    with engine.connect() as connection:
        return [dict(row._mapping) for row in connection.execute(text(f"SELECT * FROM {table} ORDER BY 1"))]


def test_up_and_down_with_an_office_at_work(fresh_database):
    url = fresh_database(prepare_busy_office)
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.execute(text(SNIPPET))
        connection.execute(text(HABIT))
        connection.execute(text("UPDATE services SET no_show_calls = 3 WHERE id = 1"))
        connection.execute(text("UPDATE queue_entries SET wishes = 2"))
        connection.execute(text("UPDATE calls SET taken_back_at = called_at"))
    before = _rows(engine, "transactions")
    calls = _rows(engine, "calls")

    database.downgrade(url, "0050")
    assert set(inspect(engine).get_table_names()) & TABLES == set()
    assert not LIMITS.keys() & _rows(engine, "offices")[0].keys()

    database.upgrade(url)
    assert set(inspect(engine).get_table_names()) >= TABLES
    assert all(LIMITS.items() <= office.items() for office in _rows(engine, "offices"))
    assert {row["no_show_calls"] for row in _rows(engine, "services")} == {None}
    assert _rows(engine, "transactions") == before
    assert _rows(engine, "calls") == [{**each, "taken_back_at": None} for each in calls] != []
    assert {row["wishes"] for row in _rows(engine, "queue_entries")} == {None}
    engine.dispose()
