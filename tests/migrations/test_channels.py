"""Phone numbers, receipts, posters and tablets: a step back forgets what only it knows; points come from events."""

from datetime import UTC, datetime

from sqlalchemy import inspect, text

from desk.cli import database
from desk.delivery.receipts import Receipt, Receipts, ReceiptStatus
from desk.domain.points import PointKind
from desk.models import Delivery, SurveyPoint, VisitContact, VisitorToken
from desk.models.engine import open_engine
from tests.fixtures.office import KEYS, DeskOffice, prepare_office

BEFORE = "0016"
WATI = "+6281234567890"


def prepare_channels(url):
    """One visitor left a number only, one a name too; a poster, and a tablet that was closed."""
    prepare_office(url)
    office = DeskOffice(url)
    office.sari.signs_on(1)
    for name in (None, "Wati"):
        office.arrives("A", phone=WATI, consent=True, name=name)
        office.sari.completes(office.sari.serves())
    office.budi.sets_up(PointKind.POSTER, service="B")
    office.budi.closes_point(office.budi.sets_up(PointKind.TABLET, counter=2))
    Receipts(office.engine, KEYS.links).take(Receipt("gw-1", ReceiptStatus.DELIVERED), datetime.now(UTC))
    office.engine.dispose()


def test_down_and_up_again_with_rows(fresh_database):
    url = fresh_database(prepare_channels)
    engine = open_engine(url)
    office = DeskOffice(url, engine=engine)
    points = office.rows(SurveyPoint)
    assert [(each.kind, each.closed_at is None) for each in points] == [("poster", True), ("tablet", False)]

    database.downgrade(url, BEFORE)
    inspector = inspect(engine)
    assert not {"survey_points", "gateway_receipts"} & set(inspector.get_table_names())
    assert "phone" not in {each["name"] for each in inspector.get_columns("visit_contacts")}
    with engine.connect() as connection:
        left = connection.execute(text("SELECT state, address FROM deliveries")).tuples().all()
        assert left == [("cancelled", None)] * 2
        assert connection.execute(text("SELECT name FROM visit_contacts")).scalars().all() == ["Wati"]
        (due,) = [each for each in inspector.get_indexes("deliveries") if each["name"] == "ix_deliveries_due"]
        assert due["column_names"] == ["due_at"]

    database.upgrade(url)
    assert office.rows(SurveyPoint) == points
    assert [row.phone for row in office.rows(VisitContact)] == [None]
    assert {row.state for row in office.rows(Delivery)} == {"cancelled"}
    assert [row.kind for row in office.rows(VisitorToken) if row.kind in ("poster", "tablet")] == []
    assert office.findings() == []
    engine.dispose()
