"""Questions that a reopening holds, down and up with rows: events tell since when, and when they were timed anew."""

from sqlalchemy import inspect, update

from desk.cli import database
from desk.models import Delivery, InvitationRow
from tests.fixtures.office import DeskOffice, prepare_office

BEFORE = "0032"
NAMES = {"held_at", "retimed_at"}


def prepare_held(url):
    """Of four questions that went out one is held, one was timed anew, one was and is held again, one was left."""
    prepare_office(url)
    office = DeskOffice(url)
    office.sari.signs_on(1)
    held, retimed, again, _ = (_asked(office) for _ in range(4))
    with office.streams.engine.begin() as connection:
        connection.execute(update(Delivery).values(state="sent", sent_at=office.clock.now))
    for transaction in (held, retimed, again):
        office.budi.reopens(transaction)
    office.clock.tick(60)
    for transaction in (retimed, again):
        office.budi.completes(transaction)
    office.clock.tick(60)
    office.budi.reopens(again)
    office.engine.dispose()


def _asked(office):
    office.arrives("A", email="siti@example.id", consent=True)
    transaction = office.sari.serves()
    office.sari.completes(transaction)
    return transaction


def test_down_and_up_again_with_rows(fresh_database):
    url = fresh_database(prepare_held)
    office = DeskOffice(url)
    before = office.rows(InvitationRow)
    assert [(row.held_at is None, row.retimed_at is None) for row in before] == [
        (False, True), (True, False), (False, False), (True, True),
    ]  # fmt: skip

    database.downgrade(url, BEFORE)
    assert not NAMES & {each["name"] for each in inspect(office.engine).get_columns("invitations")}

    database.upgrade(url)
    assert office.rows(InvitationRow) == before
    assert office.findings() == []
    office.engine.dispose()
