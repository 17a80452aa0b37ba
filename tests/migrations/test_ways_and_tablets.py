"""Through what somebody began, and the time of a tablet, down and up with rows: answers keep what they say."""

from sqlalchemy import inspect, text, update

from desk.cli import database
from desk.domain.invitation import Channel
from desk.models import InvitationRow, Office
from desk.operations.survey.beginning import mark_begun
from tests.fixtures.office import DeskOffice, prepare_office

BEFORE = "0019"


def prepare_begun(url):
    """Somebody answered through the code on the ticket, and the office asks at its tablets for two minutes."""
    prepare_office(url)
    office = DeskOffice(url)
    office.sari.signs_on(1)
    office.arrives("A")
    office.sari.completes(office.sari.serves())
    invitation = office.row(InvitationRow).id
    mark_begun(office.streams, office.id, [invitation], Channel.TICKET)
    office.answers(invitation, channel=Channel.TICKET)
    with office.streams.engine.begin() as connection:
        connection.execute(update(Office).values(survey_tablet_s=120))
    office.engine.dispose()


def stored(office):
    with office.engine.connect() as connection:
        return tuple(
            connection.execute(text(f"SELECT {column} FROM {table}")).scalar_one()
            for table, column in (
                ("offices", "survey_tablet_s"), ("invitations", "begun_through"), ("responses", "channel")
            )
        )  # fmt: skip


def test_down_and_up_again_with_rows(fresh_database):
    url = fresh_database(prepare_begun)
    office = DeskOffice(url)
    assert stored(office) == (120, "ticket", "ticket")

    database.downgrade(url, BEFORE)
    for table, column in (("offices", "survey_tablet_s"), ("invitations", "begun_through")):
        assert column not in {each["name"] for each in inspect(office.engine).get_columns(table)}

    database.upgrade(url)
    assert stored(office) == (60, None, "ticket")
    assert office.findings() == []
    office.engine.dispose()
