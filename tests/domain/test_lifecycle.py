"""The life cycle: every pair of state and action is either in the table or refused, and the table says no more."""

import pytest

from desk.domain.lifecycle import (
    ANSWERS_OFFER,
    AT_COUNTER_STATES,
    ENDINGS,
    FIRST_STATE,
    KEEPS_OFFER,
    OF_SLIPS,
    OPEN_STATES,
    PRESENT_STATES,
    RESTING_STATES,
    TRANSITIONS,
    Action,
    Ending,
    Rest,
    State,
    possible,
    target,
    undoable,
)
from desk.domain.refusals import Reason, Refused

RESTS = [None, *sorted(RESTING_STATES)]
PAIRS = [(state, action) for state in State for action in Action]
# The table written out once more, by hand, from the design: what may be done in each state.
MAY = {
    State.WAITING: "call offer transfer hand_to_pool force force_processing accept_serving accept_waiting "
    "accept_processing decline withdraw expire keep_calling keep_serving cancel leave close_day "
    "give_way undo_give_way",
    State.CALLED: "recall uncall start return transfer force force_processing cancel no_show leave close_day",
    State.SERVING: "unstart return transfer offer hand_to_pool force force_processing process documents pause complete "
    "cancel leave",
    State.PROCESSING: "offer hand_to_pool take_from_pool force accept_processing decline withdraw expire documents "
    "pause keep_serving come_back complete cancel reinstate",
    State.PAUSED: "offer hand_to_pool take_from_pool force accept_paused decline withdraw expire resume "
    "resume_serving come_back cancel reinstate",
    State.ENDED: "reopen reinstate keep_serving",
}


@pytest.mark.parametrize("resting", RESTS)
@pytest.mark.parametrize(("state", "action"), PAIRS)
def test_every_pair_leads_where_the_table_says_or_is_refused(state, action, resting):
    if action not in MAY[state].split():
        with pytest.raises(Refused) as caught:
            target(state, action, resting=resting)
        assert caught.value.reason is Reason.NOT_POSSIBLE_NOW
        assert caught.value.details == {"state": state, "action": action}
        return
    after = TRANSITIONS[state, action]
    expected = (resting or State.ENDED) if isinstance(after, Rest) else after
    assert target(state, action, resting=resting) is expected


def test_the_table_says_no_more_than_the_design():
    assert {(state, Action(action)) for state, actions in MAY.items() for action in actions.split()} == set(TRANSITIONS)


def test_every_action_is_possible_somewhere():
    assert {action for _, action in TRANSITIONS} == set(Action)


def reachable(start):
    """Return the states that steps from `start` lead to, itself included."""
    found, frontier = {start}, [start]
    while frontier:
        state = frontier.pop()
        for action in Action:
            for resting in RESTS:
                if (state, action) in TRANSITIONS and (after := target(state, action, resting=resting)) not in found:
                    found.add(after)
                    frontier.append(after)
    return found


def test_every_state_is_reached_from_the_check_in():
    assert reachable(FIRST_STATE) == set(State)


@pytest.mark.parametrize("state", State)
def test_every_state_leads_to_an_end(state):
    assert State.ENDED in reachable(state)


def test_only_reopening_reinstatement_and_undoing_leave_the_end():
    assert {action for state, action in TRANSITIONS if state is State.ENDED} == {
        Action.REOPEN,
        Action.REINSTATE,
        Action.KEEP_SERVING,
    }


@pytest.mark.parametrize("action", [Action.NO_SHOW, Action.LEAVE, Action.CLOSE_DAY])
@pytest.mark.parametrize("resting", sorted(RESTING_STATES))
def test_what_ends_the_wait_only_returns_to_where_the_work_was(action, resting):
    states = [state for state in State if (state, action) in TRANSITIONS]

    assert states
    assert {target(state, action, resting=resting) for state in states} == {resting}
    assert {target(state, action, resting=None) for state in states} == {State.ENDED}


def test_every_end_has_its_name():
    ends = {action for (_, action), after in TRANSITIONS.items() if after is State.ENDED or isinstance(after, Rest)}

    assert ends == set(ENDINGS)
    assert set(ENDINGS.values()) == set(Ending)


def test_the_groups_of_states():
    assert set(State) - {State.ENDED} == OPEN_STATES
    assert AT_COUNTER_STATES < PRESENT_STATES < OPEN_STATES
    assert RESTING_STATES == OPEN_STATES - PRESENT_STATES


class TestPossible:
    """What a page offers is read from the same table."""

    @pytest.mark.parametrize("state", State)
    def test_without_an_offer_all_but_its_answers(self, state):
        expected = {action for before, action in TRANSITIONS if before is state} - ANSWERS_OFFER - OF_SLIPS

        assert possible(state, offered=False) == expected

    @pytest.mark.parametrize("state", State)
    def test_with_an_offer_neither_another_nor_a_call(self, state):
        found = possible(state, offered=True)

        assert not found & {Action.OFFER, Action.CALL, Action.TRANSFER}
        assert found <= {action for before, action in TRANSITIONS if before is state}

    def test_an_offer_can_be_answered_wherever_it_can_be_open(self):
        offering = {
            target(state, Action.OFFER, resting=None) for state, action in TRANSITIONS if action is Action.OFFER
        }

        for state in offering:
            answers = possible(state, offered=True)
            assert {Action.DECLINE, Action.WITHDRAW, Action.EXPIRE} <= answers
            assert any(action.startswith("accept") for action in answers)

    def test_steps_that_keep_an_offer_lead_to_where_it_can_be_answered(self):
        for action in KEEPS_OFFER:
            for state in RESTING_STATES:
                if (state, action) in TRANSITIONS:
                    after = target(state, action, resting=state)
                    assert possible(after, offered=True) & ANSWERS_OFFER or after is State.SERVING


@pytest.mark.parametrize(
    ("ending", "missed", "expected"),
    [
        (Ending.COMPLETED, False, {Action.REOPEN}),
        (Ending.COMPLETED, True, {Action.REOPEN}),
        (Ending.NO_SHOW, True, {Action.REINSTATE}),
        (Ending.CANCELLED, False, set()),
        (Ending.LEFT, False, set()),
        (Ending.CLOSED_UNSERVED, False, set()),
        (None, True, {Action.REINSTATE}),
        (None, False, set()),
    ],
)
def test_an_end_is_undone_as_it_came(ending, missed, expected):
    assert undoable(ending, missed=missed) == expected
