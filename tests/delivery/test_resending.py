"""Bringing a dead message back."""

import pytest
from sqlalchemy import update

from desk.delivery.worker import Report
from desk.domain.clock import micros
from desk.domain.facts import EventName
from desk.domain.refusals import Reason
from desk.models import Delivery, EventRow
from desk.operations.delivering import resend


@pytest.fixture
def dead(ask, courier, mail_server):
    """A message that was refused for good."""
    asked = ask()
    mail_server.will("RCPT", "550 5.1.1 No such mailbox here")
    assert courier.delivers() == Report(dead=1)
    return asked


def _resends(person, delivery, key=None):
    return resend(person._streams, person.office.id, delivery.id, person.asks("resend", key, delivery=delivery.id))


@pytest.mark.parametrize("name", ["Budi", "Agus"])
def test_a_supervisor_or_administrator_brings_it_back(dead, courier, mail_server, name):
    office = dead.office
    office.clock.tick(60)
    done = _resends(office.people[name], dead.delivery)

    due = micros(office.clock.now)
    assert done.facts == {"delivery": dead.delivery.id, "state": "pending", "due": due}
    assert (dead.delivery.state, dead.delivery.attempts, dead.delivery.last_error) == ("pending", 0, None)
    assert courier.delivers() == Report(sent=1)
    event = office.row(EventRow, name=EventName.MESSAGE_REQUEUED)
    assert (event.actor_id, event.transaction_id) == (office.people[name].id, dead.transaction)
    assert office.findings() == []


def test_it_goes_out_under_the_same_id(dead, courier, mail_server):
    key = dead.delivery.idempotency_key
    _resends(dead.office.budi, dead.delivery)
    courier.delivers()

    assert dead.delivery.idempotency_key == key
    assert mail_server.letters[0].id == f"<{courier.links.reference(key)}@kpknl.example.go.id>"


@pytest.mark.parametrize("name", ["Sari", "Ratna"])
def test_nobody_else_may(dead, name):
    with dead.office.refuses(Reason.FORBIDDEN):
        _resends(dead.office.people[name], dead.delivery)


def test_pressing_twice_under_one_key_is_one_request(dead):
    first = _resends(dead.office.budi, dead.delivery, key="once")
    again = _resends(dead.office.budi, dead.delivery, key="once")

    assert (again.event, again.repeated) == (first.event, True)


def test_only_a_dead_message_comes_back(ask, courier):
    asked = ask()
    with asked.office.refuses(Reason.NOT_POSSIBLE_NOW, state="pending"):
        _resends(asked.office.budi, asked.delivery)
    courier.delivers()
    with asked.office.refuses(Reason.NOT_POSSIBLE_NOW, state="sent"):
        _resends(asked.office.budi, asked.delivery)


def test_an_unknown_message(desk_office):
    for unknown in (5, (1 << 40) + 999, (2 << 40) + 1):
        with desk_office.refuses(Reason.UNKNOWN):
            resend(desk_office.streams, 1, unknown, desk_office.budi.asks("resend"))


def test_who_answered_meanwhile_is_not_written_to(dead):
    dead.office.answers(dead.invitation.id, 5)
    with dead.office.refuses(Reason.LINK_USED):
        _resends(dead.office.budi, dead.delivery)


def test_a_link_that_expired_is_not_sent(dead):
    dead.office.clock.now = dead.invitation.expires_at
    with dead.office.refuses(Reason.LINK_EXPIRED):
        _resends(dead.office.budi, dead.delivery)


def test_a_question_taken_back_is_not_sent(dead):
    dead.office.budi.reopens(dead.transaction)
    with dead.office.refuses(Reason.LINK_REVOKED):
        _resends(dead.office.budi, dead.delivery)


def test_a_question_decided_anew_has_a_message_of_its_own(ask, courier, mail_server):
    dead = ask()
    mail_server.will("RCPT", "554 5.7.1 Not taken today")
    assert courier.delivers() == Report(dead=1)
    old = dead.delivery
    dead.office.budi.reopens(dead.transaction)
    dead.office.clock.tick(60)
    dead.office.budi.completes(dead.transaction)

    with dead.office.refuses(Reason.LINK_REVOKED):
        _resends(dead.office.budi, old)
    dead.office.clock.tick(3600)
    assert courier.delivers() == Report(sent=1)


def test_an_erased_address_cannot_be_written_to(dead):
    with dead.office.streams.engine.begin() as connection:
        connection.execute(update(Delivery.__table__).values(address=None))
    with dead.office.refuses(Reason.NOT_POSSIBLE_NOW):
        _resends(dead.office.budi, dead.delivery)
