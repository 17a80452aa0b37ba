"""The legs of answers, down and up with rows: older answers keep the shares of their officers and have no legs."""

from sqlalchemy import inspect

from desk.cli import database
from desk.models import InvitationRow, LegTally, ResponseHandler, ResponseLeg
from tests.fixtures.office import DeskOffice, prepare_office

BEFORE = "0025"


def prepare_answer(url):
    """Somebody was served by Sari and answered."""
    prepare_office(url)
    office = DeskOffice(url)
    office.sari.signs_on(1)
    office.arrives("A")
    transaction = office.sari.serves()
    office.clock.tick(60)
    office.sari.completes(transaction)
    office.says(office.row(InvitationRow).id, score="4")
    office.engine.dispose()


def test_down_and_up_again_with_rows(fresh_database):
    url = fresh_database(prepare_answer)
    office = DeskOffice(url)
    assert (office.row(ResponseLeg).share, office.row(LegTally).answers) == (10_000, 1)
    shares = office.rows(ResponseHandler)

    database.downgrade(url, BEFORE)
    assert not {"response_legs", "leg_tallies"} & set(inspect(office.engine).get_table_names())
    database.upgrade(url)

    assert office.rows(ResponseLeg) == office.rows(LegTally) == []
    assert office.rows(ResponseHandler) == shares
    # An answer of before is corrected without legs, as it was counted.
    office.corrects(office.row(InvitationRow).id, score="5")
    assert office.rows(LegTally) == []
    assert [each for each in office.findings() if each.kind == "tally"] == []
    office.engine.dispose()
