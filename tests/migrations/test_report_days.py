"""The revision of the report days: up and down with rows in it; going back loses nothing that cannot be made anew."""

from sqlalchemy import inspect

from desk.cli import database
from desk.models import ReportDay
from desk.models.engine import open_engine
from desk.reports.keeping import refresh_office
from tests.fixtures.databases import FreshDatabase
from tests.fixtures.office import DeskOffice, prepare_office


def test_down_and_up_again_with_rows(fresh_database: FreshDatabase) -> None:
    office = DeskOffice(fresh_database(prepare_office))
    office.sari.signs_on(1)
    office.arrives("A")
    office.clock.tick(60)
    office.sari.completes(office.sari.serves())
    refresh_office(office.engine, office.id, clock=office.clock)
    before = [(row.kind, row.day, row.rows, row.data) for row in office.rows(ReportDay)]
    assert {row[0] for row in before} == {"transactions", "legs", "calls"}
    office.engine.dispose()

    database.downgrade(office.url, "0001")
    engine = open_engine(office.url)
    assert not {"report_days", "report_heads"} & set(inspect(engine).get_table_names())
    engine.dispose()

    database.upgrade(office.url)
    office = DeskOffice(office.url, clock=office.clock)
    refresh_office(office.engine, office.id, clock=office.clock)
    assert [(row.kind, row.day, row.rows, row.data) for row in office.rows(ReportDay)] == before
    assert office.findings() == []
    office.engine.dispose()
