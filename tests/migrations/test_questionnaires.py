"""Questionnaires and tallies, up and down with rows: what the events say comes back, and adds up as before."""

import json

import pytest
from sqlalchemy import inspect, text

from desk.cli import database
from desk.domain.shipped_questionnaires import SHIPPED
from desk.models import InvitationRow
from tests.fixtures.office import DeskOffice, prepare_office

BEFORE = "0009"
NEW = {"questionnaires", "response_revisions", "response_details", "loose_responses", "survey_tallies"}
FOLDED = ("responses", "response_revisions", "questionnaires", "invitations", "response_handlers")


def prepare_answers(url):
    """An office with an answer of 1 to 5, corrected, and one to the nine elements."""
    prepare_office(url)
    office = DeskOffice(url)
    office.sari.signs_on(1)
    office.says(serve(office, "A"), score="2", comment="Lama")
    office.corrects(office.rows(InvitationRow)[0].id, score="4", comment="Maaf")
    office.asks_with("skm2017", service="B")
    elements = {each.key: "3" for each in SHIPPED["skm2017"].questions if each.scored}
    office.says(serve(office, "B"), **elements, usia="60+")
    serve(office, "A")
    office.engine.dispose()


def serve(office, series):
    office.arrives(series)
    transaction = office.sari.serves()
    office.clock.tick(60)
    office.sari.completes(transaction)
    return office.row(InvitationRow, transaction_id=transaction).id


@pytest.fixture
def office(fresh_database):
    """That office."""
    office = DeskOffice(fresh_database(prepare_answers))
    yield office
    office.engine.dispose()


def rows(office, table):
    with office.engine.connect() as connection:
        found = connection.execute(text(f"SELECT * FROM {table}")).mappings()
        plain = [{name: parsed(value) for name, value in row.items()} for row in found]
    return sorted(plain, key=lambda row: json.dumps(row, sort_keys=True, default=str))


def parsed(value):
    """A JSON object as one, whichever way the driver gives it: the order of its keys says nothing."""
    return json.loads(value) if isinstance(value, str) and value.startswith("{") else value


def test_down_and_up_again_with_rows(office):
    url = office.engine.url.render_as_string(hide_password=False)
    before = {name: rows(office, name) for name in FOLDED}
    assert office.findings() == []

    database.downgrade(url, BEFORE)
    assert not NEW & set(inspect(office.engine).get_table_names())
    (left,) = rows(office, "responses")
    assert (left["score"], set(left) & {"answers", "satisfaction", "words_id"}) == (4, set())

    database.upgrade(url)
    assert {name: rows(office, name) for name in FOLDED} == before
    # The profile was in no event; all else adds up as before.
    assert rows(office, "response_details") == []
    assert office.findings() == []


def test_answers_of_the_first_days_are_answers_to_one_question(office):
    url = office.engine.url.render_as_string(hide_password=False)
    (unanswered,) = office.rows(InvitationRow, state="open")
    database.downgrade(url, BEFORE)
    old = (
        "INSERT INTO responses (office_id, id, invitation_id, transaction_id, score, received_at)"
        " VALUES (1, :id, :invitation, :transaction, 3, :at)"
    )
    said = {"id": unanswered.id + 1, "invitation": unanswered.id, "transaction": unanswered.transaction_id}
    said["at"] = 1_772_413_200_000_000
    with office.engine.execution_options(desk_writes=True).begin() as connection:
        connection.execute(text(old), said)
    database.upgrade(url)

    (found,) = [row for row in rows(office, "responses") if row["id"] == said["id"]]
    assert {name: found[name] for name in ("answers", "satisfaction", "channel", "service_id", "words_id")} == {
        "answers": {"score": 3}, "satisfaction": 5_000, "channel": "link", "service_id": None, "words_id": said["id"],
    }  # fmt: skip
    tallied = [row["service_id"] for row in rows(office, "survey_tallies") if row["counts"].get("score", {}).get("3")]
    assert tallied == [office.services["A"]], "the service is that of the transaction"
