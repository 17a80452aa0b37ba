"""Nothing in the database itself ties an anonymous answer to the event beside it: no transaction, no order of rows."""

import pytest
from sqlalchemy import text, update

from desk.domain.invitation import Privacy
from desk.models import LooseResponse, Office
from desk.operations.survey import keeping_loose
from tests.operations.test_questionnaires import ended

WRITTEN_BY = text(
    "SELECT e.number FROM loose_responses l JOIN events e ON e.office_id = l.office_id AND e.xmin = l.xmin"
    " WHERE e.name = 'InvitationUsed' AND l.id = :id"
)
PLACES = text("SELECT id FROM loose_responses ORDER BY ctid")
WRITERS = text("SELECT count(DISTINCT xmin::text) FROM loose_responses")


@pytest.fixture
def office(desk_office):
    """The office at work, asking anonymously."""
    desk_office.sari.signs_on()
    with desk_office.streams.setting_up() as connection:
        connection.execute(update(Office).values(survey_privacy=Privacy.ANONYMOUS.value))
    return desk_office


def answers(office, scores):
    """Visitors answer one after the other; return the ids of their answers in that order."""
    ids = []
    for score in scores:
        office.says(ended(office).id, score=str(score))
        ids += [row.id for row in office.rows(LooseResponse) if row.id not in ids]
    return ids


def read(office, query, **values):
    with office.engine.connect() as connection:
        return list(connection.execute(query, values).scalars())


def test_all_of_a_day_were_written_by_the_same_transaction(office, database_kind):
    ids = answers(office, (5, 4, 3, 2, 1))
    assert sorted(row.answers["score"] for row in office.rows(LooseResponse)) == [1, 2, 3, 4, 5]
    assert office.findings() == []
    if database_kind == "sqlite":
        (made,) = read(office, text("SELECT sql FROM sqlite_master WHERE name = 'loose_responses'"))
        assert "WITHOUT ROWID" in made
        return
    assert read(office, WRITERS) == [1]
    assert len({tuple(read(office, WRITTEN_BY, id=each)) for each in ids}) == 1
    assert read(office, PLACES) == sorted(ids)


def test_on_a_busy_day_each_is_hidden_among_many(office, database_kind, monkeypatch):
    monkeypatch.setattr(keeping_loose, "HIDDEN_AMONG", 3)
    ids = answers(office, (5, 4, 3, 2, 1, 5, 4))
    assert len(office.rows(LooseResponse)) == len(ids) == 7
    assert office.findings() == []
    if database_kind == "postgres":
        shares = text("SELECT count(*) FROM loose_responses GROUP BY xmin::text ORDER BY max(xmin::text::bigint) DESC")
        assert read(office, shares)[0] == 3


def test_other_days_and_batches_stay_as_they_are(office, database_kind):
    before = answers(office, (5, 4))
    office.takes_over_paper()
    office.clock.tick(86_400)
    answers(office, (3,))
    assert len(office.rows(LooseResponse)) == 4
    assert office.findings() == []
    if database_kind == "postgres":
        writers = text("SELECT DISTINCT xmin::text FROM loose_responses WHERE id = ANY(:ids)")
        assert len(read(office, writers, ids=before)) == 1
        assert read(office, WRITERS) == [3]
