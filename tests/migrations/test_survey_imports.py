"""Batches of answers, down and up with rows: the events tell them again."""

from sqlalchemy import inspect, text

from desk.cli import database
from desk.domain.access import Actor, Role
from desk.domain.shipped_questionnaires import SHIPPED
from desk.domain.tallies import Origin
from desk.models.engine import open_engine
from desk.operations.requests import Request
from desk.operations.survey import taking_over
from desk.operations.survey.taking_over import Sheet
from tests.fixtures.office import DeskOffice, prepare_office

BEFORE = "0014"


def prepare_batches(url):
    """An office with two batches, one of them taken back."""
    prepare_office(url)
    office = DeskOffice(url)
    actor = Actor.staff(office.budi.id, Role.SUPERVISOR)
    for number in range(2):
        sheet = Sheet({"waktu": 3}, {}, office.today)
        done = taking_over.take_over(
            office.streams, office.id, Request(actor, f"take_{number}"), questionnaire=SHIPPED["skm2017"],
            origin=Origin.PAPER, sheets=[sheet],
        )  # fmt: skip
    taking_over.take_back(office.streams, office.id, done.facts["import"], Request(actor, "back"))
    office.engine.dispose()


def rows(engine):
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(text("SELECT * FROM survey_imports ORDER BY id")).mappings()]


def test_down_and_up_again_with_rows(fresh_database):
    url = fresh_database(prepare_batches)
    engine = open_engine(url)
    before = rows(engine)
    assert [row["undone_at"] is None for row in before] == [True, False]

    database.downgrade(url, BEFORE)
    assert not inspect(engine).has_table("survey_imports")
    database.upgrade(url)

    assert rows(engine) == before
    engine.dispose()
