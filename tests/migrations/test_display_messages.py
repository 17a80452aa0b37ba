"""Messages on displays and where counters are go with a step back, and may be said anew after the way up."""

from datetime import UTC, datetime

from sqlalchemy import inspect, select

from desk.cli import database
from desk.domain.displays import MessageWish
from desk.models import Counter, DisplayMessage, DisplayWording, Office
from desk.operations.settings import counters, displaying, planned
from tests.fixtures.office import DeskOffice, prepare_office

WISH = MessageWish("Hanya tarif resmi.", "Official fees only.", datetime(2026, 3, 2, tzinfo=UTC))


def prepare_messages(url):
    """An office with a message, an emergency that was ended, one that is on, and a counter that is somewhere."""
    prepare_office(url)
    office = DeskOffice(url)
    says(office)
    displaying.raise_emergency(office.streams, office.id, "Awas.", "Mind.", office.budi.asks("raise", "one"))
    displaying.end_emergency(office.streams, office.id, office.agus.asks("end"))
    displaying.raise_emergency(office.streams, office.id, "Keluar.", "Leave.", office.agus.asks("raise", "two"))
    where = {"location_id": "Kiri", "location_en": "Left"}
    stands = {"kind": counters.KIND, "subject": office.counters[1], "values": where}
    planned.change(office.streams, office.id, office.agus.asks("change"), **stands)
    office.engine.dispose()


def says(office):
    displaying.add_message(office.streams, office.id, WISH, office.agus.asks("add"))


def test_down_and_up_again_with_rows(fresh_database):
    url = fresh_database(prepare_messages)
    office = DeskOffice(url)
    assert [(row.urgent, row.retired) for row in office.rows(DisplayMessage)] == [
        (False, False), (True, True), (True, False),
    ]  # fmt: skip
    assert len(office.rows(DisplayWording)) == 4
    assert office.row(Counter, number=1).location_en == "Left"
    assert office.findings() == []
    database.downgrade(url, "0047")
    tables = inspect(office.engine)
    assert not {"display_messages", "display_wordings"} & set(tables.get_table_names())
    assert "location_id" not in {each["name"] for each in tables.get_columns("counters")}
    assert "display_turn_s" not in {each["name"] for each in tables.get_columns("offices")}
    database.upgrade(url)
    assert office.rows(DisplayMessage) == office.rows(DisplayWording) == []
    assert office.row(Counter, number=1).location_id == ""
    with office.streams.reading() as connection:
        spoken = connection.execute(select(Office.display_languages, Office.display_turn_s)).one()
    assert tuple(spoken) == ("both", 10)
    says(office)
    assert office.row(DisplayMessage).words_en == "Official fees only."
    assert office.findings() == []
    office.engine.dispose()
