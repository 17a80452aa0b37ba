"""What was kept of requests that could be tried out is emptied; the rows of answers no longer say who wrote them."""

import json

from sqlalchemy import delete, insert, text

from desk.cli import database
from desk.domain.access import VISITOR
from desk.domain.clock import micros
from desk.models import LooseResponse, Remembered, SurveyTally
from desk.operations.requests import Request
from tests.fixtures.office import DeskOffice, prepare_office

BEFORE = "0022"
KEPT = {
    "answer": {"invitation": 7, "responses": []},
    "answer_poster": {"point": 8},
    "leave": {"visit": 9},
}


def prepare_answers(url):
    """Answers from paper, written one after the other, and three requests of visitors as they were remembered."""
    prepare_office(url)
    office = DeskOffice(url)
    for score in (1, 2, 3):
        office.takes_over_paper(u1=score)
    with office.engine.begin() as connection:
        connection.execute(delete(Remembered))
        for verb, facts in KEPT.items():
            row = {"office_id": office.id, "scope": "visitor:", "key": verb, "at": micros(office.clock.now)}
            said = {"office_id": office.id, "event": 1, "at": 1, "facts": facts}
            digest = Request(VISITOR, verb, facts).digest
            connection.execute(insert(Remembered), {**row, "request_hash": digest, "answer": json.dumps(said)})
    office.engine.dispose()


def test_down_and_up_again_with_rows(fresh_database, database_kind):
    url = fresh_database(prepare_answers)
    office = DeskOffice(url)
    database.downgrade(url, BEFORE)
    before = office.rows(LooseResponse), office.rows(SurveyTally)
    digests = {row.key: row.request_hash for row in office.rows(Remembered)}
    assert all(digests.values())
    if database_kind == "postgres":
        assert len(writers(office)) == 3

    database.upgrade(url)

    after = {row.key: row.request_hash for row in office.rows(Remembered)}
    assert after == {"answer": "", "answer_poster": "", "leave": digests["leave"]}
    assert (office.rows(LooseResponse), office.rows(SurveyTally)) == before
    if database_kind == "postgres":
        assert len(writers(office)) == 1
    assert office.findings() == []
    office.engine.dispose()


def writers(office):
    """Return which transactions wrote the answers."""
    with office.engine.connect() as connection:
        return set(connection.execute(text("SELECT xmin::text FROM loose_responses")).scalars())
