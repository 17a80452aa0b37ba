"""How long an answer may be corrected, down and up with rows: what was promised is what the events say."""

from sqlalchemy import inspect, select

from desk.cli import database
from desk.models import InvitationRow
from tests.fixtures.office import DeskOffice, prepare_office

BEFORE = "0026"


def prepare_asked(url):
    """Somebody was asked, and may correct an answer for half an hour."""
    prepare_office(url)
    office = DeskOffice(url)
    office.sari.signs_on(1)
    office.arrives("A")
    office.sari.completes(office.sari.serves())
    office.engine.dispose()


def test_down_and_up_again_with_rows(fresh_database):
    url = fresh_database(prepare_asked)
    office = DeskOffice(url)
    columns = select(InvitationRow.id, InvitationRow.state, InvitationRow.privacy)
    with office.engine.connect() as connection:
        before = connection.execute(columns).all()
    assert office.row(InvitationRow).correction_s == 1800

    database.downgrade(url, BEFORE)
    assert "correction_s" not in {each["name"] for each in inspect(office.engine).get_columns("invitations")}
    database.upgrade(url)

    row = office.row(InvitationRow)
    assert [(row.id, row.state, row.privacy)] == before
    assert row.correction_s == 1800
    assert office.findings() == []
    office.engine.dispose()
