"""Every refusal of every rule, without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from desk.domain import duty, handoffs, intake, queueing, working
from desk.domain.access import KIOSK, SYSTEM, VISITOR, Actor, Role
from desk.domain.custody import Transaction, Wait
from desk.domain.discipline import Candidate, Choice, Why, WhyCode
from desk.domain.handoffs import Handoff, HandoffKind, HandoffState, Offer, Terms
from desk.domain.intake import Arrival, CheckInChannel
from desk.domain.lifecycle import AT_COUNTER_STATES, Ending, Outcome, State
from desk.domain.queueing import DutyState, Post
from desk.domain.reasons import (
    NEED_NOTE,
    BreakReason,
    CancelReason,
    DeclineReason,
    HandoffReason,
    PauseCause,
    PickReason,
    Priority,
    PriorityReason,
    ReopenReason,
    ReturnReason,
)
from desk.domain.refusals import Reason, Refused

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
TODAY = date(2026, 3, 2)
SARI, DEWI = Actor.staff(1, Role.AGENT), Actor.staff(2, Role.AGENT)
BUDI, RATNA = Actor.staff(4, Role.SUPERVISOR), Actor.staff(5, Role.AUDITOR)
WAIT = Wait(5, NOW, NOW)
POST = Post(31, 1, 7, back_office=False, state=DutyState.AVAILABLE, busy=False)
HERS = replace(POST, officer_id=2, counter_id=8)
TERMS = Terms(HandoffReason.SPECIALIST)
OFFER = Offer(2, HandoffKind.OFFICER, TERMS)
HANDOFF = Handoff(41, 21, 1, 2, HandoffState.OFFERED, NOW + timedelta(minutes=10))


def standing(state, **more):
    """Return a transaction that Sari holds in this state."""
    ended = state is State.ENDED
    values = {
        "state": state,
        "holder_id": None if ended else 1,
        "counter_id": 7 if state in AT_COUNTER_STATES else None,
        "ending": Ending.COMPLETED if ended else None,
        "ended_at": NOW if ended else None,
        "entry_id": 22,
        **more,
    }
    return Transaction(
        id=21, office_id=1, visit_id=20, service_id=5, segment=3, opened_at=NOW, arrived_at=NOW, **values
    )


def choice(**more):
    candidate = Candidate(22, 21, 20, 5, "A001", NOW, NOW, **more)
    return Choice(candidate, Why(WhyCode.LONGEST_WAIT), ())


def call(transaction, reason=None, **more):
    return queueing.call(transaction, choice(**more), post=POST, reason=reason)


def seat(transaction, actor):
    return queueing.return_to_queue(transaction, WAIT, actor=actor, head_id=4, reason=ReturnReason.NOT_READY)


def reinstate(transaction, actor=SARI, missed_on=TODAY, today=TODAY):
    return queueing.reinstate(transaction, WAIT, actor=actor, head_id=4, missed_on=missed_on, today=today)


def transfer(transaction, actor, wait=WAIT):
    return handoffs.transfer(transaction, wait, actor=actor, head_id=4, terms=TERMS)


def accept(transaction, handoff=HANDOFF, actor=DEWI, post=HERS, *, busy=False):
    return handoffs.accept(transaction, handoff, actor=actor, post=post, visit_busy=busy, at=NOW)


def decline(handoff=HANDOFF, actor=DEWI):
    reason = DeclineReason.BUSY
    return handoffs.decline(standing(State.PROCESSING), handoff, actor=actor, reason=reason, wait=None, note=None)


def reopen(transaction, actor=SARI, at=NOW):
    return working.reopen(transaction, actor=actor, reason=ReopenReason.COMPLAINT, at=at, days=14)


def resume_serving(actor=SARI, post=POST, *, busy=False, same_day=True):
    return working.resume_serving(standing(State.PAUSED), actor=actor, post=post, visit_busy=busy, same_day=same_day)


def sign_on(actor=SARI, mine=None, theirs=None):
    return duty.sign_on(actor=actor, counter_id=7, back_office=False, mine=mine, theirs=theirs)


def sign_off(post=POST, waiting=0, offers=0):
    return duty.sign_off(post, waiting_for_me=waiting, offers_made=offers)


REFUSALS = {
    "call one that is offered": (lambda: call(standing(State.WAITING, offer_id=41)), Reason.OFFER_OPEN),
    "call one that is called": (lambda: call(standing(State.CALLED)), Reason.ALREADY_CALLED),
    "call one that is served": (lambda: call(standing(State.SERVING)), Reason.ALREADY_SERVING),
    "call one of a busy visit": (lambda: call(standing(State.WAITING), visit_busy=True), Reason.VISIT_BUSY),
    "call one handed to another": (lambda: call(standing(State.WAITING), addressee_id=2), Reason.ADDRESSED_TO_ANOTHER),
    "call one that has ended": (lambda: call(standing(State.ENDED)), Reason.NOT_POSSIBLE_NOW),
    "recall by another": (
        lambda: queueing.recall(standing(State.CALLED), actor=DEWI, times=2),
        Reason.NOT_CUSTODIAN,
    ),
    "recall one that waits": (
        lambda: queueing.recall(standing(State.WAITING), actor=SARI, times=2),
        Reason.NOT_POSSIBLE_NOW,
    ),
    "start twice": (lambda: queueing.start(standing(State.SERVING), actor=SARI), Reason.ALREADY_DONE),
    "start by another": (lambda: queueing.start(standing(State.CALLED), actor=DEWI), Reason.NOT_CUSTODIAN),
    "start by a supervisor": (lambda: queueing.start(standing(State.CALLED), actor=BUDI), Reason.NOT_CUSTODIAN),
    "start by nobody": (lambda: queueing.start(standing(State.CALLED), actor=SYSTEM), Reason.FORBIDDEN),
    "start what a colleague serves": (
        lambda: queueing.start(standing(State.SERVING), actor=DEWI),
        Reason.NOT_POSSIBLE_NOW,
    ),
    "seat by another": (lambda: seat(standing(State.CALLED), DEWI), Reason.NOT_CUSTODIAN),
    "seat one that waits": (lambda: seat(standing(State.WAITING), SARI), Reason.NOT_POSSIBLE_NOW),
    "miss by another": (lambda: queueing.miss(standing(State.CALLED), actor=DEWI), Reason.NOT_CUSTODIAN),
    "miss one that is served": (lambda: queueing.miss(standing(State.SERVING), actor=SARI), Reason.NOT_POSSIBLE_NOW),
    "leave by another officer": (lambda: queueing.leave(standing(State.SERVING), actor=DEWI), Reason.NOT_CUSTODIAN),
    "leave from the counter by the visitor": (
        lambda: queueing.leave(standing(State.CALLED), actor=VISITOR),
        Reason.NOT_CUSTODIAN,
    ),
    "leave by an auditor": (lambda: queueing.leave(standing(State.WAITING), actor=RATNA), Reason.FORBIDDEN),
    "leave what is worked on": (
        lambda: queueing.leave(standing(State.PROCESSING), actor=SARI),
        Reason.NOT_POSSIBLE_NOW,
    ),
    "close one that is served": (lambda: queueing.close_unserved(standing(State.SERVING)), Reason.NOT_POSSIBLE_NOW),
    "reinstate by an auditor": (lambda: reinstate(standing(State.ENDED), RATNA), Reason.FORBIDDEN),
    "reinstate what never missed": (
        lambda: reinstate(standing(State.PROCESSING), missed_on=None),
        Reason.NOT_POSSIBLE_NOW,
    ),
    "reinstate what was completed": (lambda: reinstate(standing(State.ENDED)), Reason.NOT_POSSIBLE_NOW),
    "reinstate the next day": (
        lambda: reinstate(standing(State.ENDED, ending=Ending.NO_SHOW), today=TODAY + timedelta(days=1)),
        Reason.NO_LONGER_POSSIBLE,
    ),
    "come back to what waits": (
        lambda: queueing.come_back(standing(State.WAITING), WAIT, visit_id=9, priority=Priority.NORMAL),
        Reason.NOT_POSSIBLE_NOW,
    ),
    "a due time that is over": (lambda: queueing.due_micros(NOW, at=NOW), Reason.DUE_IN_THE_PAST),
    "offer by an auditor": (
        lambda: handoffs.offer(standing(State.SERVING), OFFER, actor=RATNA, wait=WAIT),
        Reason.FORBIDDEN,
    ),
    "offer by another": (
        lambda: handoffs.offer(standing(State.SERVING), OFFER, actor=DEWI, wait=WAIT),
        Reason.NOT_CUSTODIAN,
    ),
    "offer twice": (
        lambda: handoffs.offer(standing(State.PROCESSING, offer_id=41), OFFER, actor=SARI, wait=None),
        Reason.OFFER_OPEN,
    ),
    "offer to oneself": (
        lambda: handoffs.offer(standing(State.SERVING), replace(OFFER, receiver_id=1), actor=SARI, wait=WAIT),
        Reason.TO_ONESELF,
    ),
    "offer one that is called": (
        lambda: handoffs.offer(standing(State.CALLED), OFFER, actor=SARI, wait=WAIT),
        Reason.NOT_POSSIBLE_NOW,
    ),
    "transfer by an auditor": (lambda: transfer(standing(State.WAITING), RATNA), Reason.FORBIDDEN),
    "transfer by another": (lambda: transfer(standing(State.SERVING), DEWI), Reason.NOT_CUSTODIAN),
    "transfer what is offered": (lambda: transfer(standing(State.WAITING, offer_id=41), SARI), Reason.OFFER_OPEN),
    "transfer to the same queue": (lambda: transfer(standing(State.WAITING), SARI), Reason.ALREADY_WAITING),
    "transfer back from the counter": (lambda: transfer(standing(State.SERVING), SARI), Reason.RETURN_INSTEAD),
    "transfer back when called": (lambda: transfer(standing(State.CALLED), SARI), Reason.RETURN_INSTEAD),
    "transfer what is worked on": (lambda: transfer(standing(State.PROCESSING), SARI), Reason.NOT_POSSIBLE_NOW),
    "accept what is not offered to one": (lambda: accept(standing(State.WAITING), actor=BUDI), Reason.NOT_THE_RECEIVER),
    "accept by nobody": (lambda: accept(standing(State.WAITING), actor=KIOSK), Reason.FORBIDDEN),
    "accept off duty": (lambda: accept(standing(State.WAITING), post=None), Reason.NOT_ON_DUTY),
    "accept what has ended": (lambda: accept(standing(State.ENDED)), Reason.NOT_POSSIBLE_NOW),
    "decline by another": (lambda: decline(actor=SARI), Reason.NOT_THE_RECEIVER),
    "withdraw by another": (
        lambda: handoffs.withdraw(standing(State.PROCESSING), HANDOFF, actor=DEWI, wait=None),
        Reason.NOT_CUSTODIAN,
    ),
    "expire before its time": (
        lambda: handoffs.expire(standing(State.PROCESSING), HANDOFF, wait=None, at=NOW),
        Reason.NOT_POSSIBLE_NOW,
    ),
    "expire what never expires": (
        lambda: handoffs.expire(standing(State.PROCESSING), replace(HANDOFF, expires_at=None), wait=None, at=NOW),
        Reason.NOT_POSSIBLE_NOW,
    ),
    "process by another": (
        lambda: working.process(standing(State.SERVING), actor=DEWI, due=None),
        Reason.NOT_CUSTODIAN,
    ),
    "process one that waits": (
        lambda: working.process(standing(State.WAITING), actor=SARI, due=None),
        Reason.NOT_POSSIBLE_NOW,
    ),
    "pause by another": (
        lambda: working.pause(standing(State.SERVING), actor=DEWI, cause=PauseCause.SYSTEM, due=1),
        Reason.NOT_CUSTODIAN,
    ),
    "pause without an end": (
        lambda: working.pause(standing(State.SERVING), actor=SARI, cause=PauseCause.SYSTEM, due=None),
        Reason.INVALID,
    ),
    "resume by another": (lambda: working.resume(standing(State.PAUSED), actor=DEWI), Reason.NOT_CUSTODIAN),
    "resume what is not paused": (
        lambda: working.resume(standing(State.PROCESSING), actor=SARI),
        Reason.NOT_POSSIBLE_NOW,
    ),
    "serve on by another": (lambda: resume_serving(actor=BUDI), Reason.NOT_CUSTODIAN),
    "serve on another day": (lambda: resume_serving(same_day=False), Reason.NO_LONGER_POSSIBLE),
    "serve on somebody elsewhere": (lambda: resume_serving(busy=True), Reason.VISIT_BUSY),
    "serve on off duty": (lambda: resume_serving(post=None), Reason.NOT_ON_DUTY),
    "serve on in the back office": (
        lambda: resume_serving(post=replace(POST, back_office=True)),
        Reason.NOT_AT_A_COUNTER,
    ),
    "serve on during a break": (lambda: resume_serving(post=replace(POST, state=DutyState.BREAK)), Reason.ON_BREAK),
    "serve on while busy": (lambda: resume_serving(post=replace(POST, busy=True)), Reason.COUNTER_BUSY),
    "complete twice": (
        lambda: working.complete(standing(State.ENDED), actor=SARI, outcome=Outcome.FULFILLED),
        Reason.ALREADY_DONE,
    ),
    "complete by another": (
        lambda: working.complete(standing(State.SERVING), actor=DEWI, outcome=Outcome.FULFILLED),
        Reason.NOT_CUSTODIAN,
    ),
    "complete what is paused": (
        lambda: working.complete(standing(State.PAUSED), actor=SARI, outcome=Outcome.FULFILLED),
        Reason.NOT_POSSIBLE_NOW,
    ),
    "cancel by an auditor": (
        lambda: working.cancel(standing(State.WAITING), actor=RATNA, reason=CancelReason.DUPLICATE),
        Reason.FORBIDDEN,
    ),
    "cancel by another": (
        lambda: working.cancel(standing(State.PROCESSING), actor=DEWI, reason=CancelReason.DUPLICATE),
        Reason.NOT_CUSTODIAN,
    ),
    "cancel what has ended": (
        lambda: working.cancel(standing(State.ENDED), actor=BUDI, reason=CancelReason.DUPLICATE),
        Reason.NOT_POSSIBLE_NOW,
    ),
    "reopen by an auditor": (lambda: reopen(standing(State.ENDED), RATNA), Reason.FORBIDDEN),
    "reopen what is open": (lambda: reopen(standing(State.SERVING)), Reason.NOT_POSSIBLE_NOW),
    "reopen what was cancelled": (
        lambda: reopen(standing(State.ENDED, ending=Ending.CANCELLED)),
        Reason.NOT_POSSIBLE_NOW,
    ),
    "reopen too late": (
        lambda: reopen(standing(State.ENDED), at=NOW + timedelta(days=14, microseconds=1)),
        Reason.NO_LONGER_POSSIBLE,
    ),
    "reopen what has no time": (lambda: reopen(standing(State.ENDED, ended_at=None)), Reason.NO_LONGER_POSSIBLE),
    "reopen by nobody": (lambda: reopen(standing(State.ENDED), SYSTEM), Reason.FORBIDDEN),
    "sign on by an auditor": (lambda: sign_on(RATNA), Reason.FORBIDDEN),
    "sign on by nobody": (lambda: sign_on(SYSTEM), Reason.FORBIDDEN),
    "sign on twice": (lambda: sign_on(mine=POST), Reason.ALREADY_ON_DUTY),
    "sign on where a colleague is": (lambda: sign_on(theirs=POST), Reason.COUNTER_TAKEN),
    "sign off when off": (lambda: sign_off(None), Reason.NOT_ON_DUTY),
    "sign off while busy": (lambda: sign_off(replace(POST, busy=True)), Reason.STILL_RESPONSIBLE),
    "sign off with somebody waiting": (lambda: sign_off(waiting=1), Reason.STILL_RESPONSIBLE),
    "sign off with somebody offered": (lambda: sign_off(offers=1), Reason.STILL_RESPONSIBLE),
    "break when off": (lambda: duty.begin_break(None, reason=BreakReason.REST), Reason.NOT_ON_DUTY),
    "break twice": (
        lambda: duty.begin_break(replace(POST, state=DutyState.BREAK), reason=BreakReason.REST),
        Reason.ALREADY_DONE,
    ),
    "break while busy": (
        lambda: duty.begin_break(replace(POST, busy=True), reason=BreakReason.REST),
        Reason.COUNTER_BUSY,
    ),
    "end a break when off": (lambda: duty.end_break(None), Reason.NOT_ON_DUTY),
    "end no break": (lambda: duty.end_break(POST), Reason.ALREADY_DONE),
    "priority without a reason": (
        lambda: intake.start_visit(Arrival(TODAY, "A", 1, CheckInChannel.KIOSK, Priority.PRIORITY), at=NOW),
        Reason.PRIORITY_REASON_MISSING,
    ),
}
CLOSED = [each for each in HandoffState if each is not HandoffState.OFFERED]


@pytest.mark.parametrize("name", REFUSALS)
def test_refused(name):
    act, reason = REFUSALS[name]
    with pytest.raises(Refused) as caught:
        act()
    assert caught.value.reason is reason


@pytest.mark.parametrize("state", CLOSED)
@pytest.mark.parametrize(
    "answer",
    [
        lambda handoff: accept(standing(State.WAITING), handoff),
        decline,
        lambda handoff: handoffs.withdraw(standing(State.PROCESSING), handoff, actor=SARI, wait=None),
        lambda handoff: handoffs.expire(standing(State.PROCESSING), handoff, wait=None, at=NOW + timedelta(days=1)),
    ],
    ids=["accept", "decline", "withdraw", "expire"],
)
def test_a_closed_offer_is_not_answered_again(state, answer):
    with pytest.raises(Refused) as caught:
        answer(replace(HANDOFF, state=state, answered_at=NOW, answered_by="Dewi"))
    assert (caught.value.reason, caught.value.details) == (
        Reason.OFFER_CLOSED,
        {"state": state, "at": NOW, "by": "Dewi"},
    )


@pytest.mark.parametrize("note", [None, "", " \t\n"])
@pytest.mark.parametrize("reason", sorted(NEED_NOTE))
def test_reasons_that_say_too_little_need_words(reason, note):
    with pytest.raises(Refused) as caught:
        queueing.require_note(reason, note)
    assert caught.value.reason is Reason.NOTE_MISSING
    queueing.require_note(reason, "Pak Joko tahu")


@pytest.mark.parametrize("reason", [PickReason.VULNERABLE, DeclineReason.BUSY, CancelReason.DUPLICATE])
def test_other_reasons_do_not(reason):
    queueing.require_note(reason, None)


class TestAcceptance:
    """Where an accepted visitor goes."""

    @pytest.mark.parametrize(
        ("state", "change", "busy", "expected"),
        [
            (State.WAITING, {}, False, State.SERVING),
            (State.WAITING, {"busy": True}, False, State.WAITING),
            (State.WAITING, {"state": DutyState.BREAK}, False, State.WAITING),
            (State.WAITING, {}, True, State.WAITING),
            (State.WAITING, {"back_office": True}, False, State.PROCESSING),
            (State.WAITING, {"back_office": True, "busy": True}, True, State.PROCESSING),
            (State.PROCESSING, {}, False, State.PROCESSING),
            (State.PAUSED, {}, True, State.PAUSED),
        ],
    )
    def test_by_how_the_receiver_stands(self, state, change, busy, expected):
        post = replace(HERS, **change)

        payload = accept(standing(state, offer_id=41), post=post, busy=busy).payload

        assert (payload["after"], payload["holder"], payload["handoffs"]) == (expected, 2, 1)
        assert payload["counter"] == (8 if expected is State.SERVING else None)

    @pytest.mark.parametrize("state", [State.PROCESSING, State.PAUSED])
    def test_work_without_the_visitor_needs_no_duty(self, state):
        assert accept(standing(state), post=None).payload["after"] == state


def test_an_overtaken_offer_is_withdrawn_and_says_so():
    fact, after = handoffs.supersede(standing(State.PROCESSING, offer_id=41), 41)

    assert (fact.payload["handoff"], fact.payload["superseded"], after.offer_id) == (41, True, None)


def test_a_visit_starts_with_its_number_and_why_it_has_priority():
    arrival = Arrival(TODAY, "A", 7, CheckInChannel.PHONE, Priority.PRIORITY, PriorityReason.ELDERLY)

    payload = intake.start_visit(arrival, at=NOW).payload

    assert (payload["label"], payload["priority_reason"], payload["day"]) == ("A007", "elderly", "2026-03-02")


@pytest.mark.parametrize(("minutes", "expected"), [(0, None), (5, NOW + timedelta(minutes=5))])
def test_minutes_asked_for(minutes, expected):
    assert queueing.pause_until(NOW, minutes=minutes) == expected
