"""Signs of life are forgotten by a step back, and told anew after the way up."""

from datetime import UTC, datetime

from sqlalchemy import select

from desk.cli import database
from desk.models import Heartbeat
from desk.models.engine import open_engine
from desk.reads.watching import find_last_beat
from desk.watching.heartbeat import Heart
from tests.fixtures.office import prepare_office

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)


def test_down_and_up_again_with_rows(fresh_database):
    url = fresh_database(prepare_office)
    engine = open_engine(url)
    assert Heart(engine).beat(NOW)
    engine.dispose()

    database.downgrade(url, "0041")
    database.upgrade(url)

    with engine.connect() as connection:
        assert find_last_beat(connection) is None
    assert Heart(engine).beat(NOW)
    with engine.connect() as connection:
        (row,) = connection.execute(select(Heartbeat.__table__)).all()
        assert (row.at, row.started_at) == (NOW, NOW)
    engine.dispose()
