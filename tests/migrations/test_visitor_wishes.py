"""A step back forgets how often somebody was let pass and what a number by phone needs; places in the queue stay."""

import pytest
from sqlalchemy import update

from desk.cli import database
from desk.models import Office, QueueEntry
from tests.fixtures.office import DeskOffice, prepare_office


def prepare_wishes(url):
    """Two who wait, of whom the first let the second pass; the code at the door changes."""
    prepare_office(url)
    office = DeskOffice(url)
    first = office.arrives("A").facts["transaction"]
    office.clock.tick(60)
    office.arrives("A")
    office.gives_way(first)
    with office.streams.setting_up() as connection:
        connection.execute(update(Office).values(phone_check_in="rotating", door_code_s=20, give_way_times=3))
    office.engine.dispose()


@pytest.fixture
def office(fresh_database):
    """That office."""
    office = DeskOffice(fresh_database(prepare_wishes))
    yield office
    office.engine.dispose()


def settings(office):
    with office.streams.reading() as connection:
        columns = (Office.phone_check_in, Office.door_code_s, Office.give_way_times)
        return tuple(connection.execute(Office.__table__.select().with_only_columns(*columns)).one())


def test_down_and_up_again_with_rows(office):
    url = office.engine.url.render_as_string(hide_password=False)
    first, _ = sorted(office.rows(QueueEntry), key=lambda row: row.id)
    assert (first.gave_way, settings(office)) == (1, ("rotating", 20, 3))
    office.engine.dispose()
    database.downgrade(url, "0049")
    database.upgrade(url)

    again, second = sorted(office.rows(QueueEntry), key=lambda row: row.id)
    assert (again.gave_way, again.own_rank_at, again.wish_id) == (None, None, None)
    assert again.rank_at == first.rank_at > second.rank_at
    assert settings(office) == ("open", 30, 2)
