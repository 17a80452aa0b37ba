"""What an office has set about asking and whom it knows, up and down with rows; what is worked out of older ones."""

import pytest
from sqlalchemy import inspect, text, update

from desk.cli import database
from desk.models import Delivery, InvitationRow
from tests.fixtures.office import DeskOffice, prepare_office

BEFORE = "0012"
TABLES = {"survey_askings", "survey_blocks"}


def prepare_asked(url):
    """Somebody served and asked by a message that went out, somebody asked by the link, and one who left."""
    prepare_office(url)
    office = DeskOffice(url)
    office.sari.signs_on(1)
    for said in ({"email": "siti@example.id", "consent": True}, {}):
        office.arrives("A", **said)
        office.sari.completes(office.sari.serves())
        office.clock.tick(600)
    with office.streams.engine.begin() as connection:
        connection.execute(update(Delivery).values(state="sent", sent_at=office.clock.now))
        asked = update(InvitationRow).where(InvitationRow.reason == "by_email")
        connection.execute(asked.values(delivered_at=office.clock.now))
    office.leaves(office.arrives("B").facts["visit"])
    office.engine.dispose()


@pytest.fixture
def office(fresh_database):
    """That office."""
    office = DeskOffice(fresh_database(prepare_asked))
    yield office
    office.engine.dispose()


def rows(office, query):
    with office.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


INVITATIONS = "SELECT id, reason, service_id, officer_id, delivered_at FROM invitations ORDER BY id"


def test_down_and_up_again_with_rows(office):
    url = office.engine.url.render_as_string(hide_password=False)
    before = rows(office, INVITATIONS)
    sari, service = office.sari.id, office.services["A"]
    assert [row[1:4] for row in before] == [
        ("by_email", service, sari),
        ("by_link", service, sari),
        ("not_served", office.services["B"], None),
    ]
    assert len(rows(office, "SELECT * FROM survey_askings")) == 1

    database.downgrade(url, BEFORE)
    assert not TABLES & set(inspect(office.engine).get_table_names())
    assert "survey_percent" not in {each["name"] for each in inspect(office.engine).get_columns("offices")}
    assert rows(office, "SELECT count(*) FROM visitor_tokens WHERE kind = 'no_survey'") == [(0,)]
    assert len(rows(office, "SELECT id FROM invitations")) == 3

    database.upgrade(url)
    assert rows(office, INVITATIONS) == before
    # Who was asked before is not known again, and not reminded.
    assert rows(office, "SELECT * FROM survey_askings") == []
    assert rows(office, "SELECT reminder FROM deliveries") == [(0,)]
    assert office.findings() == []


def test_what_events_did_not_say_is_worked_out(office):
    """Events of an earlier version have neither service nor officer."""
    url = office.engine.url.render_as_string(hide_password=False)
    before = rows(office, INVITATIONS)
    database.downgrade(url, BEFORE)
    with office.engine.begin() as connection:
        connection.execute(text("UPDATE invitations SET state = state"))
    database.upgrade(url)

    assert rows(office, INVITATIONS) == before


def test_an_office_asks_as_before(office):
    columns = (
        "survey_link_on, survey_unserved, survey_percent, survey_rest_days, survey_monthly, survey_quiet_from,"
        " survey_quiet_until, survey_working_days, survey_reminder_days"
    )
    ((*values,),) = rows(office, f"SELECT {columns} FROM offices")

    assert [int(each) for each in values] == [1, 0, 100, 0, 0, 0, 0, 0, 0]
