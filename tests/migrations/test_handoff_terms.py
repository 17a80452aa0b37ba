"""The revision of handoff terms: up and down with rows; what older rows did not tell is filled in from their events."""

from sqlalchemy import text

from desk.cli import database
from tests.fixtures.office import DeskOffice, prepare_office


def prepare_handoffs(url):
    """An office in which waits began in every way that the first revision knew, and offers were answered."""
    prepare_office(url)
    office = DeskOffice(url)
    for colleague, counter in ((office.sari, 1), (office.dewi, 2)):
        colleague.signs_on(counter)
    for _ in range(5):
        office.arrives("A")
    office.dewi.accepts(office.sari.offers(office.sari.serves(), office.dewi))
    office.sari.withdraws(office.sari.offers(office.sari.serves(), office.dewi))
    office.sari.seats(office.sari.serves())
    office.sari.transfers(office.sari.serves(), "B")
    office.comes_back(office.sari.processes(office.sari.serves()).facts["transaction"])
    missed = office.sari.calls().facts["transaction"]
    office.sari.misses(missed)
    office.sari.reinstates(missed)
    office.engine.dispose()


def test_up_and_down_with_rows_fills_in_what_the_events_tell(fresh_database):
    url = fresh_database(prepare_handoffs)
    office = DeskOffice(url)
    began = "SELECT began_by, count(*) FROM queue_entries GROUP BY began_by ORDER BY began_by"
    with office.streams.reading() as connection:
        before = connection.execute(text(began)).all()
    office.engine.dispose()

    database.downgrade(url, "0001")
    database.upgrade(url)

    office = DeskOffice(url)
    assert office.findings() == []
    with office.streams.reading() as connection:
        assert connection.execute(text(began)).all() == before
        reasons = connection.execute(text("SELECT count(*) FROM handoff_reasons")).scalar_one()
    assert {row.began_by for row in before} >= {"check_in", "handoff", "transfer", "return", "coming_back"}
    assert reasons == 14
    office.engine.dispose()
