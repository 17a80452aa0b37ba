"""What still lies in the files is forgotten by a step back, and to be cleared after the way up."""

import pytest

from desk.cli import database
from desk.models import Wiping
from desk.operations.keeping.privacy import Wish, erase_person
from desk.operations.keeping.wiping import wipe
from desk.reads.kept_of_person import Sought
from tests.fixtures.office import DeskOffice, prepare_office


def prepare_erasure(url):
    """An erasure whose files were cleared."""
    prepare_office(url)
    office = DeskOffice(url)
    office.sari.signs_on(1)
    office.arrives("A", name="Wati", email="wati@example.id", consent=True)
    office.sari.completes(office.sari.serves())
    wish = Wish(Sought("wati@example.id"))
    erase_person(office.streams, office.id, wish, office.budi.asks("erase_person", wish=str(wish)))
    assert wipe(office.streams, office.engine)
    office.engine.dispose()


@pytest.fixture
def office(fresh_database):
    """That office."""
    office = DeskOffice(fresh_database(prepare_erasure))
    yield office
    office.engine.dispose()


def test_down_and_up_again_with_rows(office):
    url = office.engine.url.render_as_string(hide_password=False)
    row = office.row(Wiping)
    assert row.asked == row.done >= 1
    office.engine.dispose()
    database.downgrade(url, "0033")
    database.upgrade(url)
    row = office.row(Wiping)
    assert (row.asked, row.done, row.done_at) == (1, 0, None)
    assert wipe(office.streams, office.engine)
    assert office.row(Wiping).done == 1
    assert office.findings() == []
