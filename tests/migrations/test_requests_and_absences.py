"""The revision of requests and absences, up and down with rows: what was there before stays as it was."""

from datetime import timedelta

import pytest
from sqlalchemy import inspect, text

from desk.cli import database
from desk.models.engine import open_engine
from desk.operations.stream import Streams
from tests.fixtures.office import KEYS, Clock, DeskOffice, furnish

NEW = {"requests", "absences", "absence_reasons"}
OLD = text("SELECT id, giver_id, receiver_id, reason, state, offered_at FROM handoffs ORDER BY id")


def prepare_covered_office(url):
    """Migrate, and let there be an offer to a deputy, a request, and an absence."""
    database.upgrade(url)
    engine = open_engine(url)
    furnish(Streams(engine, KEYS, clock=Clock()))
    engine.dispose()
    office = DeskOffice(url)
    office.sari.signs_on(1)
    office.arrives("A")
    transaction = office.sari.serves()
    office.sari.processes(transaction)
    office.dewi.plans_absence(office.joko, first=0)
    office.sari.requests(transaction, office.budi)
    office.sari.hands_over_shift({transaction: office.dewi})
    office.engine.dispose()


@pytest.fixture
def covered_url(fresh_database):
    """A migrated database with rows in every new table and column."""
    return fresh_database(prepare_covered_office)


def test_down_and_up_again_keeps_the_offers(covered_url):
    engine = open_engine(covered_url)
    with engine.connect() as connection:
        before = connection.execute(OLD).all()
        covered = connection.execute(text("SELECT meant_for_id, batch_id FROM handoffs")).all()
    assert len(before) == 1
    assert None not in covered[0]
    assert set(inspect(engine).get_table_names()) >= NEW

    database.downgrade(covered_url, "0002")

    assert not set(inspect(engine).get_table_names()) & NEW
    with engine.connect() as connection:
        assert connection.execute(OLD).all() == before

    database.upgrade(covered_url)

    with engine.connect() as connection:
        assert connection.execute(OLD).all() == before
        assert connection.execute(text("SELECT meant_for_id, batch_id FROM handoffs")).all() == [(None, None)]
    engine.dispose()


def test_the_new_tables_take_rows_after_going_down_and_up(covered_url):
    database.downgrade(covered_url, "0002")
    database.upgrade(covered_url)
    office = DeskOffice(covered_url)
    office.clock.tick(timedelta(days=1).total_seconds())
    assert office.joko.plans_absence(office.budi).facts["absence"]
    office.engine.dispose()
