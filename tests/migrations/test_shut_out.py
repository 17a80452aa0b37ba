"""Whom somebody shut out stays disabled after a step back, and nobody is shut out by the step ahead."""

from sqlalchemy import text

from desk.cli import database
from desk.models.engine import open_engine
from tests.migrations.test_first_revision import prepare_busy_office


def test_up_and_down_with_an_office_at_work(fresh_database):
    url = fresh_database(prepare_busy_office)
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE people SET is_shut_out = true, disabled_at = 7 WHERE id = 1"))

    database.downgrade(url, "0052")
    database.upgrade(url)

    with engine.connect() as connection:
        rows = connection.execute(text("SELECT id, disabled_at, is_shut_out FROM people ORDER BY id")).all()
    assert rows[0][:2] == (1, 7) and len(rows) > 1
    assert not any(row.is_shut_out for row in rows)
    engine.dispose()
