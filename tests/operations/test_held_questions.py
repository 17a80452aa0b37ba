"""A question whose message has gone out, of a transaction that is opened again: it is timed by the next end."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from desk.domain.access import SYSTEM
from desk.domain.facts import EventName
from desk.models import Delivery, InvitationRow, Office
from desk.operations.requests import Request
from desk.operations.survey import reminding
from desk.operations.survey.making_up import offices_with_taken_back
from tests.fixtures.office import BACK_OFFICE
from tests.operations.asked import CONSENTING, invitation_of

DAY = 86_400
# Seven working days after Monday 2 March are over when the 9th is, in Jakarta.
LIMIT = datetime(2026, 3, 9, 17, tzinfo=UTC)


@pytest.fixture
def office(desk_office):
    """Sari at counter 1, Joko at his desk; the office reminds after three days."""
    desk_office.sari.signs_on(1)
    desk_office.joko.signs_on(BACK_OFFICE)
    with desk_office.streams.setting_up() as connection:
        connection.execute(update(Office).values(survey_reminder_days=3))
    return desk_office


@pytest.fixture
def asked(office):
    """The id of a transaction about which a message went out."""
    office.arrives("A", **CONSENTING)
    transaction = office.sari.serves()
    office.sari.completes(transaction)
    went_out(office)
    return transaction


def went_out(office):
    with office.streams.engine.begin() as connection:
        sent = {"state": "sent", "sent_at": office.clock.now}
        connection.execute(update(Delivery).where(Delivery.state == "pending").values(**sent))


def reminded(office):
    if office.id not in reminding.offices_with_silent(office.streams):
        return []
    return reminding.remind_due(office.streams, office.id, Request(SYSTEM, "remind")).facts["reminded"]


def test_nobody_is_reminded_while_it_is_open_again_and_after_the_end_the_days_count_anew(office, asked):
    office.clock.tick(DAY)
    office.budi.reopens(asked)
    office.clock.tick(4 * DAY)
    assert reminded(office) == []

    office.budi.completes(asked)
    office.clock.tick(3 * DAY - 1)
    assert reminded(office) == []
    office.clock.tick(1)

    (reminder,) = reminded(office)
    assert office.row(Delivery, id=reminder).due_at == office.clock.now
    assert [each.kind for each in office.rows(Delivery)] == ["survey", "reminder"]
    assert office.findings() == []


def test_the_link_works_on_and_is_timed_by_the_new_end(office, asked):
    first = invitation_of(office, asked)
    office.clock.tick(DAY)
    office.budi.reopens(asked)
    held = invitation_of(office, asked)
    assert (held.state, held.generation, held.held_at) == ("open", 1, office.clock.now)
    assert held.expires_at > first.expires_at

    office.clock.tick(2 * DAY)
    office.budi.completes(asked)

    now = invitation_of(office, asked)
    assert (now.state, now.generation, now.held_at, now.retimed_at) == ("open", 1, None, office.clock.now)
    assert now.expires_at == office.clock.now + timedelta(days=14)
    assert len(office.rows(Delivery)) == 1, "nobody is asked twice"
    assert office.findings() == []


def test_an_answer_meanwhile_is_the_answer_and_no_end_asks_again(office, asked):
    office.budi.reopens(asked)
    office.clock.tick(DAY)
    assert office.answers(invitation_of(office, asked).id, 2)

    office.budi.completes(asked)
    office.clock.tick(4 * DAY)

    assert invitation_of(office, asked).state == "answered"
    assert reminded(office) == []
    assert office.rows_of_event(EventName.INVITATION_RETIMED) == []
    assert office.findings() == []


def test_left_in_work_it_is_timed_by_the_limit(office, asked):
    office.budi.reopens(asked)
    office.clock.now = LIMIT - timedelta(minutes=1)
    assert office.makes_up() == []
    assert invitation_of(office, asked).held_at is not None
    office.clock.now = LIMIT
    assert offices_with_taken_back(office.streams) == [office.id]

    office.makes_up()

    row = invitation_of(office, asked)
    assert (row.held_at, row.retimed_at, row.expires_at) == (None, LIMIT, LIMIT + timedelta(days=14))
    assert offices_with_taken_back(office.streams) == []
    office.clock.tick(3 * DAY)
    assert len(reminded(office)) == 1
    office.budi.completes(asked)
    assert len(office.rows_of_event(EventName.INVITATION_RETIMED)) == 1
    assert office.findings() == []


def test_reopening_again_and_again_holds_it_until_the_first_limit_only(office, asked):
    for _ in range(2):
        office.budi.reopens(asked)
        office.clock.tick(DAY)
        office.budi.completes(asked)
    assert len(office.rows_of_event(EventName.INVITATION_HELD)) == 2
    office.clock.now = LIMIT
    office.budi.reopens(asked)

    assert invitation_of(office, asked).held_at is None
    assert len(reminded(office)) == 1


def test_a_reminder_that_waits_is_stopped_and_one_that_went_out_is_the_only_one(office, asked):
    office.clock.tick(3 * DAY)
    assert len(reminded(office)) == 1
    office.budi.reopens(asked)
    assert [(each.state, each.address is None) for each in office.rows(Delivery)] == [
        ("sent", False),
        ("cancelled", True),
    ]
    office.budi.completes(asked)
    office.clock.tick(3 * DAY)
    assert len(reminded(office)) == 1
    went_out(office)

    office.budi.reopens(asked)
    office.budi.completes(asked)
    office.clock.tick(3 * DAY)

    assert reminded(office) == []


def test_one_matter_of_the_visit_that_is_open_again_stops_the_reminder_of_all(office):
    visit = office.arrives("A", "B", **CONSENTING).facts["visit"]
    first = office.sari.serves()
    office.sari.completes(first)
    second = office.sari.serves()
    office.sari.completes(second)
    assert [each.visit_id for each in office.rows(InvitationRow)] == [visit, visit]
    went_out(office)
    office.budi.reopens(second)
    office.clock.tick(4 * DAY)
    assert reminded(office) == []

    office.budi.completes(second)
    office.clock.tick(3 * DAY)

    assert len(reminded(office)) == 1
