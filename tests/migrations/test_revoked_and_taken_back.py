"""Links that were revoked and questions that were taken back, down and up with rows: the events tell what was."""

from datetime import timedelta

from sqlalchemy import inspect

from desk.cli import database
from desk.models import InvitationRow
from tests.fixtures.office import DeskOffice, prepare_office

BEFORE = "0028"
NAMES = {"taken_back_at", "decided_by", "revoked_at", "revoked_by"}


def prepare_undone(url):
    """One link is revoked; one question was taken back twice; one was decided about at the limit; one stands."""
    prepare_office(url)
    office = DeskOffice(url)
    office.sari.signs_on(1)
    revoked, twice, late, _ = (_served(office) for _ in range(4))
    office.budi.revokes(revoked)
    for transaction in (twice, late):
        office.sari.reopens(transaction)
    office.clock.tick(60)
    office.sari.completes(twice)
    office.sari.reopens(twice)
    office.clock.now += timedelta(days=12)
    office.sari.completes(twice)
    office.makes_up()
    office.engine.dispose()


def _served(office):
    office.arrives("A")
    transaction = office.sari.serves()
    office.sari.completes(transaction)
    return transaction


def test_down_and_up_again_with_rows(fresh_database):
    url = fresh_database(prepare_undone)
    office = DeskOffice(url)
    before = office.rows(InvitationRow)
    assert [(row.state, row.decided_by) for row in before] == [
        ("revoked", "end"), ("open", "end"), ("open", "limit"), ("open", "end"),
    ]  # fmt: skip
    assert [row.taken_back_at is None for row in before] == [True, False, False, True]

    database.downgrade(url, BEFORE)
    assert not NAMES & {each["name"] for each in inspect(office.engine).get_columns("invitations")}
    with office.engine.connect() as connection:
        states = connection.exec_driver_sql("SELECT state FROM invitations ORDER BY id").scalars().all()
    assert states == ["none", "open", "open", "open"]

    database.upgrade(url)
    assert office.rows(InvitationRow) == before
    assert office.findings() == []
    office.engine.dispose()


def test_an_office_begins_with_seven_working_days(desk_office):
    with desk_office.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT survey_reopened_days FROM offices").scalars().all() == [7]
