"""Drafts and answers stay when the steps of drafts come and go; with them the changes that could be taken back go."""

from sqlalchemy import inspect, text

from desk.cli import database
from desk.domain.access import Actor, Role
from desk.domain.questionnaire_json import as_json
from desk.domain.shipped_questionnaires import SHIPPED
from desk.models import InvitationRow
from desk.models.engine import open_engine
from desk.operations.requests import Request
from desk.operations.survey import questionnaires
from tests.fixtures.office import DeskOffice, prepare_office

BEFORE = "0010"


def prepare_draft(url):
    """Somebody has answered, and the administrator has changed a draft once."""
    prepare_office(url)
    office = DeskOffice(url)
    office.asks_with("nps")
    office.sari.signs_on(1)
    office.arrives()
    office.sari.completes(office.sari.serves())
    office.says(office.row(InvitationRow).id, recommend="9")
    admin = Actor.staff(office.budi.id, Role.ADMIN)
    for revision, code in enumerate(("nps", "nps")):
        definition = {**as_json(SHIPPED[code]), "title": {"id": f"J{revision}", "en": "T"}}
        request = Request(admin, "save_draft", {"revision": revision})
        questionnaires.save_draft(office.streams, office.id, code, request, definition=definition, revision=revision)
    office.engine.dispose()


def rows(engine, table):
    with engine.connect() as connection:
        return connection.execute(text(f"SELECT * FROM {table} ORDER BY 1, 2")).tuples().all()


def test_down_and_up_with_a_draft_and_an_answer(fresh_database):
    engine = open_engine(url := fresh_database(prepare_draft))
    kept = {table: rows(engine, table) for table in ("questionnaire_drafts", "questionnaires", "responses")}
    assert all(kept.values())
    assert len(rows(engine, "questionnaire_steps")) == 1

    database.downgrade(url, BEFORE)
    assert "questionnaire_steps" not in inspect(engine).get_table_names()
    assert "ix_responses_questionnaire" not in {each["name"] for each in inspect(engine).get_indexes("responses")}

    database.upgrade(url)
    assert {table: rows(engine, table) for table in kept} == kept
    assert rows(engine, "questionnaire_steps") == []
    engine.dispose()
