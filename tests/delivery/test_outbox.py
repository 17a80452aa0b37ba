"""Taking messages under a lease: nobody takes what another has, and nothing that need not be sent goes out."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import OperationalError

from desk.delivery.backoff import MAX_ATTEMPTS
from desk.delivery.claim import LEASE, LEASES_ENDED, Claim, Dropped
from desk.delivery.worker import Report
from desk.models import Delivery, InvitationRow, VisitContact

LEASE_SECONDS = LEASE.total_seconds()
DELIVERIES = Delivery.__table__


def _write(office, statement):
    with office.streams.engine.begin() as connection:
        connection.execute(statement)


def test_a_claimed_message_is_nobody_elses(ask, hire, mail_server):
    asked = ask()
    one, other = hire(mail_server.settings(), name="one"), hire(mail_server.settings(), name="other")

    claim = one.claims()
    assert isinstance(claim, Claim)
    assert other.claims() is None
    assert (asked.delivery.state, asked.delivery.lease_owner) == ("sending", "one")
    assert asked.delivery.lease_until == asked.office.clock.now + LEASE


@pytest.mark.parametrize("workers", [2, 6])
def test_workers_at_once_take_each_message_once(ask, hire, mail_server, workers):
    waiting = {ask(f"tamu{number}@example.go.id").delivery.id for number in range(12)}
    couriers = [hire(mail_server.settings(), name=f"courier-{number}") for number in range(workers)]
    together = threading.Barrier(workers)

    def take_all(courier):
        together.wait()
        taken = []
        while len(taken) < len(waiting) and (claim := courier.claims()) is not None:
            taken.append(claim.id)
        return taken

    with ThreadPoolExecutor(workers) as pool:
        taken = [claimed for mine in pool.map(take_all, couriers) for claimed in mine]

    # A row that others hold is skipped, so one may see "nothing due" early; what is left is taken in the next pass.
    taken += take_rest(couriers[0])
    assert sorted(taken) == sorted(waiting)


def take_rest(courier):
    while (claim := courier.claims()) is not None:
        yield claim.id


def test_a_killed_worker_loses_nothing(ask, courier, hire, mail_server):
    asked = ask()
    courier.claims()
    after = hire(mail_server.settings(), name="after")

    asked.office.clock.tick(LEASE_SECONDS - 1)
    assert after.delivers() == Report()
    asked.office.clock.tick(1)
    assert after.delivers() == Report(sent=1)
    assert (asked.delivery.state, asked.delivery.attempts) == ("sent", 2)


def test_a_repeat_is_recognized_by_its_id(ask, courier, hire, mail_server):
    ask()
    courier.sends(courier.claims())
    courier.office.clock.tick(LEASE_SECONDS)

    assert hire(mail_server.settings(), name="after").delivers() == Report(sent=1)
    first, repeat = mail_server.letters
    assert first.id == repeat.id
    assert first.link == repeat.link


def test_ids_of_different_messages_differ(ask, courier, mail_server):
    ask("satu@example.go.id")
    ask("dua@example.go.id")
    courier.delivers()

    assert len({letter.id for letter in mail_server.letters}) == 2


def test_a_success_counts_although_the_lease_ran_out(ask, hire, mail_server):
    asked = ask()
    slow, quick = hire(mail_server.settings(), name="slow"), hire(mail_server.settings(), name="quick")
    claim = slow.claims()
    asked.office.clock.tick(LEASE_SECONDS)
    again = quick.claims()

    slow.outbox.sent(claim, asked.office.clock())
    quick.outbox.postponed(again, "451 Come back later", asked.office.clock())
    assert asked.delivery.state == "sent"


def test_a_failure_does_not_count_once_the_lease_ran_out(ask, hire, mail_server):
    asked = ask()
    slow, quick = hire(mail_server.settings(), name="slow"), hire(mail_server.settings(), name="quick")
    claim = slow.claims()
    asked.office.clock.tick(LEASE_SECONDS)
    quick.claims()

    slow.outbox.buried(claim, "550 No such mailbox")
    assert (asked.delivery.state, asked.delivery.lease_owner) == ("sending", "quick")


def test_a_message_that_workers_die_of_is_given_up(ask, courier):
    asked = ask()
    for _ in range(MAX_ATTEMPTS):
        assert isinstance(courier.claims(), Claim)
        asked.office.clock.tick(LEASE_SECONDS)

    assert courier.claims() == Dropped(asked.delivery.id, "dead", LEASES_ENDED)
    assert asked.delivery.last_error == LEASES_ENDED


def test_what_was_only_taken_together_with_it_loses_nothing(ask, courier):
    """A worker dies of one of five, again and again: that one is given up, the others go out with their first try."""
    asked = [ask(f"tamu{number}@example.go.id") for number in range(5)]
    office, poison = asked[0].office, asked[2].delivery.id
    for _ in range(MAX_ATTEMPTS + 2):
        while taken := [each for each in courier.outbox.claim_some(office.clock(), 25) if isinstance(each, Claim)]:
            for claim in taken:
                if claim.id == poison:
                    break
                courier.outbox.sent(claim, office.clock())
            else:
                continue
            break
        office.clock.tick(LEASE_SECONDS)

    assert [each.delivery.state for each in asked] == ["sent", "sent", "dead", "sent", "sent"]
    assert [each.delivery.attempts for each in asked] == [1, 1, MAX_ATTEMPTS, 1, 1]
    assert asked[2].delivery.last_error == LEASES_ENDED


def test_what_became_of_a_message_is_written_when_the_database_is_back(ask, courier, mail_server, monkeypatch):
    asked = ask()
    claim = courier.claims()
    courier.sends(claim)

    def away():
        raise OperationalError("", None, Exception("the database is away"))

    with monkeypatch.context() as patched:
        patched.setattr(courier.outbox._writers, "transaction", away)
        with pytest.raises(OperationalError):
            courier.outbox.sent(claim, asked.office.clock())
    assert asked.delivery.state == "sending"

    assert courier.delivers() == Report()
    assert asked.delivery.state == "sent"
    assert len(mail_server.letters) == 1


def test_a_question_taken_back_is_not_sent(ask, courier, mail_server):
    asked = ask(due=False)
    asked.office.budi.reopens(asked.transaction)
    asked.office.clock.tick(3600)

    assert courier.delivers() == Report()
    assert (asked.delivery.state, asked.delivery.address) == ("cancelled", None)


def test_a_question_taken_back_under_the_eyes_of_the_worker_is_cancelled(ask, courier, mail_server):
    asked = ask()
    _write(asked.office, update(InvitationRow.__table__).values(state="superseded"))

    assert courier.delivers() == Report(cancelled=1)
    assert (asked.delivery.state, asked.delivery.address) == ("cancelled", None)
    assert asked.delivery.last_error == "link_revoked"
    assert mail_server.letters == []


def test_after_reopening_only_the_new_message_goes_out(ask, courier, mail_server):
    asked = ask(due=False)
    asked.office.budi.reopens(asked.transaction)
    asked.office.clock.tick(10)
    asked.office.budi.completes(asked.transaction)
    asked.office.clock.tick(3600)

    assert courier.delivers() == Report(sent=1)
    assert [row.state for row in asked.office.rows(Delivery)] == ["cancelled", "sent"]


def test_a_message_of_an_earlier_decision_is_not_sent(ask, courier, mail_server):
    asked = ask()
    later = asked.office.clock.tick(60)
    _write(asked.office, update(InvitationRow.__table__).values(decided_at=later, generation=2))

    assert courier.delivers() == Report(cancelled=1)


def test_reopening_does_not_take_back_what_is_being_sent(ask, courier):
    asked = ask()
    claim = courier.claims()
    asked.office.budi.reopens(asked.transaction)
    courier.sends(claim)
    courier.outbox.sent(claim, asked.office.clock())

    assert (asked.invitation.state, asked.delivery.state) == ("open", "sent")


def test_who_answered_already_is_not_asked_again(ask, courier, mail_server):
    asked = ask()
    asked.office.answers(asked.invitation.id, 4)

    assert courier.delivers() == Report(cancelled=1)
    assert asked.delivery.last_error == "link_used"
    assert mail_server.letters == []


def test_a_link_that_has_expired_is_not_sent(ask, courier, mail_server):
    asked = ask()
    asked.office.clock.now = asked.invitation.expires_at

    assert courier.delivers() == Report(cancelled=1)
    assert asked.delivery.last_error == "link_expired"


def test_an_erased_address_cancels_the_message(ask, courier):
    asked = ask()
    _write(asked.office, update(DELIVERIES).values(address=None))

    assert courier.delivers() == Report(cancelled=1)
    assert asked.delivery.last_error == "no_longer_possible"


def test_a_message_whose_question_is_gone_holds_nobody_up(ask, courier):
    broken, whole = ask("satu@example.go.id"), ask("dua@example.go.id")
    _write(broken.office, update(DELIVERIES).where(DELIVERIES.c.id == broken.delivery.id).values(invitation_id=1))

    assert courier.delivers() == Report(sent=1, cancelled=1)
    assert whole.delivery.state == "sent"


def test_the_name_of_the_visitor_is_no_part_of_the_outbox(ask, courier, mail_server):
    asked = ask(name="Wati Lestari")
    courier.delivers()

    assert asked.office.row(VisitContact).name == "Wati Lestari"
    assert b"Wati Lestari" not in mail_server.letters[0].raw


def test_claiming_uses_the_index_of_what_is_due(ask, courier, database_kind):
    ask()
    statement = (
        "SELECT id FROM deliveries WHERE state IN ('pending', 'sending') AND due_at <= 1 ORDER BY due_at LIMIT 1"
    )
    with courier.engine.connect() as connection:
        if database_kind == "postgres":
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        explain = "EXPLAIN " if database_kind == "postgres" else "EXPLAIN QUERY PLAN "
        plan = str(connection.execute(text(explain + statement)).all())

    assert "ix_deliveries_due" in plan


def test_taking_back_and_sending_at_the_same_instant_exclude_each_other(ask, courier):
    """Whichever comes first: a message is sent for an open question, or cancelled with a question taken back."""
    asked = [ask(f"tamu{number}@example.go.id") for number in range(8)]
    together = threading.Barrier(2)

    def reopen_all():
        for each in asked:
            together.wait()
            each.office.budi.reopens(each.transaction)

    def claim_all():
        claims = []
        for _ in asked:
            together.wait()
            claims.append(courier.claims())
        return [claim.id for claim in claims if isinstance(claim, Claim)]

    with ThreadPoolExecutor(2) as pool:
        reopening, claiming = pool.submit(reopen_all), pool.submit(claim_all)
        reopening.result()
        taken = claiming.result()

    for each in asked:
        expected = ("sending", "open") if each.delivery.id in taken else ("cancelled", "superseded")
        assert (each.delivery.state, each.invitation.state) == expected


def test_several_are_taken_and_settled_together(ask, hire, mail_server):
    """One claim, one after the other, written together; each keeps its own outcome."""
    asked = [ask(f"tamu{number}@example.go.id") for number in range(5)]
    mail_server.will("RCPT", "550 5.1.1 No such mailbox", "451 4.2.0 Later")
    courier = hire(mail_server.settings())
    courier.outbox._together = 10

    assert courier.delivers() == Report(sent=3, postponed=1, dead=1)
    assert [each.delivery.state for each in asked] == ["dead", "pending", "sent", "sent", "sent"]
    assert [each.invitation.delivered_at is not None for each in asked] == [False, False, True, True, True]


def test_what_was_claimed_and_not_tried_is_given_back(ask, hire, mail_server):
    """The server goes away with the first of three: the others are due at once, with no attempt counted."""
    asked = [ask(f"tamu{number}@example.go.id") for number in range(3)]
    mail_server.will("MAIL", "421 4.3.2 Closing")
    courier = hire(mail_server.settings())

    assert courier.delivers().postponed == 1
    assert [(each.delivery.state, each.delivery.attempts) for each in asked] == [
        ("pending", 0),
        ("pending", 0),
        ("pending", 0),
    ]
    assert [each.delivery.due_at <= each.office.clock.now for each in asked] == [False, True, True]
    assert courier.delivers() == Report(sent=2)


def test_what_was_sent_and_not_yet_written_goes_out_once_more_under_its_id(ask, hire, mail_server):
    """A worker dies with three sent and none written: each is repeated once, and known again by its id."""
    asked = [ask(f"tamu{number}@example.go.id") for number in range(3)]
    victim, after = hire(mail_server.settings(), name="victim"), hire(mail_server.settings(), name="after")
    for claim in victim.outbox.claim_some(asked[0].office.clock(), 25):
        victim.sends(claim)

    asked[0].office.clock.tick(LEASE_SECONDS)
    assert after.delivers() == Report(sent=3)
    assert len(mail_server.letters) == 6
    assert len({letter.id for letter in mail_server.letters}) == 3
