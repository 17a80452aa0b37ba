"""Requests: only an open one is answered, declined, withdrawn or closed; only fulfilment waits for one that blocks."""

from collections.abc import Callable

import pytest

from desk.domain.access import SYSTEM, Actor, Role
from desk.domain.lifecycle import Outcome
from desk.domain.reasons import DeclineReason
from desk.domain.refusals import Reason, Refused
from desk.domain.requesting import Asked, RequestState, answer, close, decline, find_blocking, withdraw
from tests.domain.test_shifts import ONE

DEWI, SARI, BUDI = Actor.staff(2, Role.AGENT), Actor.staff(1, Role.AGENT), Actor.staff(9, Role.SUPERVISOR)
VERBS: dict[str, Callable[[Asked], object]] = {
    "answer": lambda request: answer(ONE, request, actor=DEWI, words="digest"),
    "decline": lambda request: decline(ONE, request, actor=DEWI, reason=DeclineReason.BUSY),
    "withdraw": lambda request: withdraw(ONE, request, actor=SARI),
    "close": lambda request: close(ONE, request),
}


def asked(state: RequestState = RequestState.ASKED, *, blocks: bool = False) -> Asked:
    """Return what Sari (1) asked Dewi (2)."""
    return Asked(7, ONE.id, 1, 2, blocks, state)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", RequestState)
def test_what_is_closed_stays_closed(verb, state):
    if state is RequestState.ASKED:
        assert VERBS[verb](asked(state))
        return
    with pytest.raises(Refused, match="request_closed"):
        VERBS[verb](asked(state))


@pytest.mark.parametrize("actor", [SARI, BUDI])
def test_nobody_else_answers(actor):
    for act in (
        lambda: answer(ONE, asked(), actor=actor, words="digest"),
        lambda: decline(ONE, asked(), actor=actor, reason=DeclineReason.BUSY),
    ):
        with pytest.raises(Refused, match="not_the_one_asked"):
            act()


def test_who_may_withdraw():
    for actor in (SARI, BUDI, SYSTEM):
        assert withdraw(ONE, asked(), actor=actor)
    with pytest.raises(Refused) as caught:
        withdraw(ONE, asked(), actor=DEWI)
    assert caught.value.reason is Reason.NOT_CUSTODIAN


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("state", RequestState)
@pytest.mark.parametrize("blocks", [False, True])
def test_only_fulfilment_waits_and_only_for_an_open_one_that_blocks(outcome, state, blocks):
    waits = outcome is Outcome.FULFILLED and state is RequestState.ASKED and blocks
    assert (find_blocking([asked(state, blocks=blocks)], outcome) is not None) is waits
