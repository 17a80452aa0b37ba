"""The facilities of offices that were opened without any: they get them once, and what was chosen stays."""

import pytest
from sqlalchemy import delete, select, update

from desk.cli import database
from desk.models import Facility
from desk.wording.facilities import SEEDED
from tests.fixtures.office import DeskOffice, prepare_office

BEFORE = "0021"


def prepare_bare(url):
    """Three offices: without a facility, with all of them retired, with one of its own."""
    prepare_office(url)
    office = DeskOffice(url)
    bare, retired, own = office, office.another("kanwil"), office.another("lain")
    with office.engine.begin() as connection:
        connection.execute(delete(Facility).where(Facility.office_id == bare.id))
        connection.execute(update(Facility).where(Facility.office_id == retired.id).values(retired=True))
        kept = (Facility.office_id == own.id) & (Facility.code != "toilet")
        connection.execute(delete(Facility).where(kept))
    office.engine.dispose()


@pytest.fixture
def office(fresh_database):
    """The first of them."""
    office = DeskOffice(fresh_database(prepare_bare))
    yield office
    office.engine.dispose()


def facilities(office):
    row = Facility.__table__.c
    query = select(row.office_id, row.code, row.name_id, row.name_en, row.retired, row.owner_id)
    with office.streams.reading() as connection:
        return [tuple(each) for each in connection.execute(query.order_by(row.office_id, row.position))]


def first(office_id):
    return [(office_id, *each, False, None) for each in SEEDED]


def test_down_and_up_again_with_rows(office):
    url = office.engine.url.render_as_string(hide_password=False)
    before = facilities(office)
    assert [len([row for row in before if row[0] == office.id + more]) for more in (0, 1, 2)] == [0, 6, 1]

    database.downgrade(url, BEFORE)
    assert facilities(office) == before
    database.upgrade(url)
    assert facilities(office) == first(office.id) + before

    database.downgrade(url, BEFORE)
    database.upgrade(url)
    assert facilities(office) == first(office.id) + before
    assert office.findings() == []
