"""Who was asked in the message about another transaction of the visit counts by the channel of that message."""

from datetime import date

import pytest
from sqlalchemy import update

from desk.domain.sampling import person_digest
from desk.models import Delivery, InvitationRow, SurveyBlock
from desk.reports.asking import Question
from desk.reports.snapshot import snapshot
from desk.reports.survey_coverage import coverage
from tests.fixtures.office import KEYS

BY_EMAIL = {"email": "siti@example.id", "consent": True}
BY_PHONE = {"phone": "+6281234567890", "consent": True}


@pytest.fixture
def office(desk_office):
    """The office with Sari on duty."""
    desk_office.sari.signs_on(1)
    return desk_office


def serve_two(office, **said):
    """One visit with two matters; return them."""
    office.arrives("A", "B", **said)
    done = []
    for _ in range(2):
        done.append(office.sari.serves(counter=1))
        office.sari.completes(done[-1])
        office.clock.tick(1)
    return done


def went_out(office):
    with office.streams.engine.begin() as connection:
        connection.execute(update(Delivery).where(Delivery.state == "pending").values(state="sent"))


def routes(office):
    """Return how many were invited by which way."""
    with snapshot(office.engine) as connection:
        found = coverage(connection, office.id, Question(date(2026, 3, 1), date(2026, 3, 31)))
    assert sum(line.funnel.invited for line in found.routes) == found.total.invited
    return {str(line.key): line.funnel.invited for line in found.routes}


def test_by_the_channel_of_the_message(office):
    serve_two(office, **BY_EMAIL)
    serve_two(office, **BY_PHONE)
    serve_two(office)

    assert routes(office) == {"email": 2, "phone": 2, "link": 2}
    assert [row.reason for row in office.rows(InvitationRow)].count("same_visit") == 2


def test_by_the_message_that_took_the_place_of_one_taken_back(office):
    """Mail to the address came back meanwhile, so the rest of the visit is asked about on the phone."""
    first, _ = serve_two(office, **BY_EMAIL, phone=BY_PHONE["phone"])
    digest = person_digest(KEYS.links, office.id, BY_EMAIL["email"])
    with office.streams.engine.begin() as connection:
        values = {"office_id": office.id, "digest": digest, "kind": "bounced", "since": office.clock.now}
        connection.execute(SurveyBlock.__table__.insert(), values)
    office.budi.reopens(first)

    assert [row.channel for row in office.rows(Delivery)] == ["email", "phone"]
    assert routes(office) == {"email": 0, "phone": 1, "link": 0}


def test_by_the_message_that_waited_then_not_by_a_later_one(office):
    visit = office.arrives("A", "B", **BY_PHONE).facts["visit"]
    for _ in range(2):
        office.sari.completes(office.sari.serves(counter=1))
        office.clock.tick(1)
    went_out(office)
    with office.streams.engine.begin() as connection:
        (asked,) = office.rows(Delivery, visit_id=visit)
        later = {**asked._asdict(), "id": asked.id + 1000, "channel": "email", "queued_at": office.clock.tick(60)}
        connection.execute(Delivery.__table__.insert(), {**later, "idempotency_key": "survey-later"})

    assert routes(office) == {"email": 0, "phone": 2, "link": 0}
