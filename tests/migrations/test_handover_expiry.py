"""The setting of how long handovers wait comes to an office at work; offers from before keep no time to answer by."""

from sqlalchemy import inspect, text

from desk.cli import database
from desk.models import HandoffRow
from desk.models.engine import open_engine
from tests.fixtures.office import BACK_OFFICE, DeskOffice, prepare_office

BEFORE = "0008"


def prepare_handover(url):
    """Joko's work is offered to Dewi at the end of his shift."""
    prepare_office(url)
    office = DeskOffice(url)
    office.joko.signs_on(BACK_OFFICE)
    office.sari.signs_on(1)
    office.arrives()
    transaction = office.sari.serves()
    office.joko.accepts(office.sari.offers(transaction, office.joko))
    office.joko.hands_over_shift({transaction: office.dewi})
    office.engine.dispose()


def _offices(engine):
    with engine.connect() as connection:
        return [dict(row._mapping) for row in connection.execute(text("SELECT * FROM offices ORDER BY id"))]


def test_up_and_down_with_an_offer_that_waits(fresh_database):
    url = fresh_database(prepare_handover)
    engine = open_engine(url)
    before = _offices(engine)
    assert [row["handover_expires_s"] for row in before] == [14_400]

    database.downgrade(url, BEFORE)
    assert "handover_expires_s" not in {each["name"] for each in inspect(engine).get_columns("offices")}
    with engine.begin() as connection:  # as an offer was before: without a time
        connection.execute(text("UPDATE handoffs SET expires_at = NULL WHERE batch_id IS NOT NULL"))

    database.upgrade(url)
    assert _offices(engine) == before
    office = DeskOffice(url, engine=engine)
    office.clock.tick(30 * 86_400)
    assert office.expires_offers().facts["expired"] == []
    (offer,) = [row for row in office.rows(HandoffRow) if row.batch_id is not None]
    assert (offer.state, offer.expires_at) == ("offered", None)
    office.dewi.accepts(offer.id)
    engine.dispose()
