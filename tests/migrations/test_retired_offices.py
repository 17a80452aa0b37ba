"""A step back opens every office again, and no office is retired by the step ahead."""

from sqlalchemy import text

from desk.cli import database
from desk.models.engine import open_engine
from tests.migrations.test_first_revision import prepare_busy_office


def test_up_and_down_with_an_office_at_work(fresh_database):
    url = fresh_database(prepare_busy_office)
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE offices SET retired_at = 1772413200000000"))
        before = connection.execute(text("SELECT id, code, name, zone FROM offices ORDER BY id")).all()

    database.downgrade(url, "0054")
    with engine.connect() as connection:
        columns = connection.execute(text("SELECT * FROM offices")).keys()
        assert "retired_at" not in columns

    database.upgrade(url)
    with engine.connect() as connection:
        after = connection.execute(text("SELECT id, code, name, zone FROM offices ORDER BY id")).all()
        assert after == before and len(after) >= 1
        assert set(connection.execute(text("SELECT retired_at FROM offices")).scalars()) == {None}
    engine.dispose()
