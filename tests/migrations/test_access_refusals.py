"""The counts of refused accesses come to an office at work, and go again without harm."""

from sqlalchemy import inspect, text

from desk.cli import database
from desk.models.engine import open_engine
from tests.migrations.test_first_revision import prepare_busy_office

COUNT = "INSERT INTO access_refusals VALUES (1, 7200000000, 3, 'not_allowed', 'GET /x', '', 4, 7300000000)"


def _rows(engine, table):
    with engine.connect() as connection:
        return [dict(row._mapping) for row in connection.execute(text(f"SELECT * FROM {table} ORDER BY 1"))]


def test_up_and_down_with_an_office_at_work(fresh_database):
    url = fresh_database(prepare_busy_office)
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.execute(text(COUNT))
    before = _rows(engine, "people")

    database.downgrade(url, "0055")
    assert not inspect(engine).has_table("access_refusals")

    database.upgrade(url)
    assert _rows(engine, "access_refusals") == []
    assert _rows(engine, "people") == before != []
    with engine.begin() as connection:
        connection.execute(text(COUNT))
    (row,) = _rows(engine, "access_refusals")
    assert (row["count"], row["kind"]) == (4, "not_allowed")
    engine.dispose()
