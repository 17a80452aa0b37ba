"""Every step of a transaction has one shape: custody is closed and opened at the same instant, or goes on."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from desk.domain.clock import micros
from desk.domain.custody import KEEP, Step, Transaction, Wait, take
from desk.domain.facts import EventName
from desk.domain.lifecycle import (
    AT_COUNTER_STATES,
    ENDINGS,
    PRESENT_STATES,
    RESTING_STATES,
    TRANSITIONS,
    Action,
    State,
    target,
)
from desk.domain.refusals import Reason, Refused

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
SARI, DEWI, JOKO, BUDI = 1, 2, 3, 4
WAIT = Wait(9, NOW, NOW - timedelta(minutes=15), addressee_id=DEWI, not_before=NOW + timedelta(minutes=5))
WAYS = list(product([None, *sorted(RESTING_STATES)], [KEEP, SARI, DEWI], [None, WAIT]))


def standing(state, resting=None):
    """Return a transaction that Sari holds in this state."""
    ended = state is State.ENDED
    return Transaction(
        id=21,
        office_id=1,
        visit_id=20,
        service_id=5,
        state=state,
        holder_id=None if ended else SARI,
        counter_id=7 if state in AT_COUNTER_STATES else None,
        segment=3,
        opened_at=NOW,
        arrived_at=NOW,
        entry_id=22 if state in PRESENT_STATES - {State.SERVING} else None,
        resting=resting,
        resting_holder_id=None if resting is None else JOKO,
    )


@pytest.mark.parametrize(("state", "action"), TRANSITIONS)
def test_the_shape_of_every_step(state, action):
    for resting, holder, wait in WAYS:
        check_shape(state, action, resting, holder, wait)


def check_shape(state, action, resting, holder, wait):
    before = standing(state, resting)
    payload = take(before, Step(action, EventName.NOTE_ADDED, holder, counter_id=8, wait=wait)).payload
    after = target(state, action, resting=resting)

    assert (payload["before"], payload["after"]) == (state, after)
    assert (payload["holder"] is None) == (after is State.ENDED) or state is State.ENDED
    assert (payload["counter"] is not None) == (after in AT_COUNTER_STATES)
    moved = (after, payload["holder"], payload["counter"]) != (state, before.holder_id, before.counter_id)
    assert payload["closes"] == (3 if moved and state is not State.ENDED else None)
    assert payload["segment"] == (4 if moved and after is not State.ENDED else None)
    assert payload["ending"] == (ENDINGS[action] if after is State.ENDED else None)
    assert payload["served_first"] == (after is State.SERVING)
    assert (payload["joins"] is None) == (wait is None)
    assert payload["service"] == (9 if wait else 5)


@pytest.mark.parametrize(("state", "action"), TRANSITIONS)
def test_work_that_rests_is_never_forgotten(state, action):
    """Where it was last processed or paused, and by whom, stays known until it rests again."""
    for resting, holder, wait in WAYS:
        check_rest(state, action, resting, holder, wait)


def check_rest(state, action, resting, holder, wait):
    payload = take(standing(state, resting), Step(action, EventName.NOTE_ADDED, holder, wait=wait)).payload
    after = target(state, action, resting=resting)

    if after in RESTING_STATES:
        assert payload["rest"] == [after, payload["holder"]]
    elif resting is not None:
        assert payload["rest"] == [resting, JOKO]
    else:
        assert payload["rest"] is None


@pytest.mark.parametrize("resting", sorted(RESTING_STATES))
@pytest.mark.parametrize("action", [Action.NO_SHOW, Action.LEAVE, Action.CLOSE_DAY])
def test_a_wait_that_ends_gives_the_work_back_to_its_custodian(resting, action):
    payload = take(standing(State.CALLED, resting), Step(action, EventName.NOTE_ADDED, DEWI)).payload

    assert (payload["after"], payload["holder"]) == (resting, JOKO)


@pytest.mark.parametrize(
    ("state", "action", "wait", "expected"),
    [
        (State.WAITING, Action.CALL, None, {"id": 22, "place": "called"}),
        (State.CALLED, Action.RECALL, None, {"id": 22, "place": "called"}),
        (State.CALLED, Action.START, None, {"id": 22, "place": "over", "ended_by": "start"}),
        (State.CALLED, Action.RETURN, None, {"id": 22, "place": "waiting", "not_before": micros(NOW)}),
        (State.WAITING, Action.OFFER, WAIT, {"id": 22, "place": "over", "ended_by": "offer"}),
        (State.WAITING, Action.LEAVE, None, {"id": 22, "place": "over", "ended_by": "leave"}),
        (State.SERVING, Action.RETURN, WAIT, None),
        (State.PROCESSING, Action.COMPLETE, None, None),
    ],
)
def test_what_becomes_of_the_wait(state, action, wait, expected):
    step = Step(action, EventName.NOTE_ADDED, wait=wait, not_before=NOW)

    assert take(standing(state), step).payload["entry"] == expected


def test_a_wait_is_told_in_microseconds():
    assert WAIT.payload() == {
        "service": 9,
        "arrived": micros(NOW),
        "rank": micros(NOW - timedelta(minutes=15)),
        "addressee": DEWI,
        "not_before": micros(NOW + timedelta(minutes=5)),
    }
    assert replace(WAIT, not_before=None).payload()["not_before"] is None


def test_a_step_the_life_cycle_does_not_have_is_refused():
    with pytest.raises(Refused) as caught:
        take(standing(State.ENDED), Step(Action.CALL, EventName.TRANSACTION_CALLED))
    assert caught.value.reason is Reason.NOT_POSSIBLE_NOW


def test_only_the_first_service_counts_as_the_first():
    served = replace(standing(State.CALLED), served_at=NOW)

    assert not take(served, Step(Action.START, EventName.SERVICE_STARTED)).payload["served_first"]


def test_who_is_responsible_while_it_waits():
    assert standing(State.WAITING).queue_holder(BUDI) == BUDI
    assert standing(State.WAITING, State.PAUSED).queue_holder(BUDI) == JOKO


def test_what_a_verb_tells_stands_beside_the_common_part():
    fact = take(standing(State.CALLED), Step(Action.START, EventName.SERVICE_STARTED), {"why": "so"})

    assert fact.payload["why"] == "so"
    assert (fact.transaction_id, fact.visit_id) == (21, 20)
