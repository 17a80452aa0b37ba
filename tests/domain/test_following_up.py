"""Whom a follow-up goes to, what is low, and its life cycle: tables and properties of the pure rules."""

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.access import Actor, Role
from desk.domain.following_up import (
    CLOSED,
    NEED_NOTE,
    TRANSITIONS,
    FollowUp,
    FollowUpRules,
    FollowUpState,
    FollowUpStep,
    address_apart,
    assign,
    choose,
    id_apart,
    is_low,
    step,
)
from desk.domain.questionnaires import satisfaction
from desk.domain.refusals import Reason, Refused
from desk.domain.shipped_questionnaires import SHIPPED

BUDI, TUTI, AGUS = 4, 7, 9
SUPERVISOR = Actor.staff(BUDI, Role.SUPERVISOR)
LOADS = st.dictionaries(st.integers(1, 30), st.integers(0, 20), max_size=8)


def made(state=FollowUpState.OPEN, **more):
    return FollowUp(1, state, BUDI, frozenset(more.pop("barred", ())), **more)


class TestLow:
    @pytest.mark.parametrize(
        ("score", "percent", "expected"),
        [(1, 34, True), (2, 34, True), (3, 34, False), (1, 0, True), (2, 0, False), (2, 24, False), (2, 25, True)],
    )
    def test_a_score_of_five(self, score, percent, expected):
        questionnaire, answers = SHIPPED["one"], {"score": score}
        value = satisfaction(questionnaire, answers)
        assert is_low(questionnaire, answers, value, FollowUpRules(follow_up_percent=percent)) is expected

    @pytest.mark.parametrize("mark", [1, 2])
    @pytest.mark.parametrize("switch", [True, False])
    def test_the_lowest_mark_of_an_element(self, mark, switch):
        questionnaire = SHIPPED["skm2017"]
        answers = {each.key: 4 for each in questionnaire.questions if each.scored} | {"waktu": mark}
        rules = FollowUpRules(follow_up_lowest=switch)
        assert is_low(questionnaire, answers, satisfaction(questionnaire, answers), rules) is (switch and mark == 1)

    def test_a_one_of_another_questionnaire_is_no_element(self):
        questionnaire = SHIPPED["ces"]
        answers = {"ease": 1}
        assert not is_low(questionnaire, answers, None, FollowUpRules())

    def test_nothing_scored_is_not_low(self):
        assert not is_low(SHIPPED["one"], {}, None, FollowUpRules())


class TestChoosing:
    @given(LOADS, st.sets(st.integers(1, 30)))
    def test_outside_the_chain_and_nobody_has_less(self, loads, barred):
        chosen = choose(loads, barred)
        free = {each: load for each, load in loads.items() if each not in barred}
        if chosen is None:
            assert not free
        else:
            assert chosen in free
            assert (free[chosen], chosen) == min((load, each) for each, load in free.items())

    @given(LOADS, st.sets(st.integers(1, 30)))
    def test_the_order_in_which_they_come_says_nothing(self, loads, barred):
        assert choose(dict(reversed(loads.items())), barred) == choose(loads, barred)


class TestSteps:
    @pytest.mark.parametrize("taken", FollowUpStep)
    @pytest.mark.parametrize("state", FollowUpState)
    def test_every_state_with_every_step(self, state, taken):
        after = TRANSITIONS.get((state, taken))
        if after is None:
            with refused(Reason.NOT_POSSIBLE_NOW):
                step(made(state), taken, actor=SUPERVISOR, words="sealed")
        else:
            fact = step(made(state), taken, actor=SUPERVISOR, words="sealed", due_on=date(2026, 3, 5))
            assert fact.payload["state"] == after
            assert (fact.payload["due"] is not None) is (taken is FollowUpStep.REOPENED)

    @pytest.mark.parametrize("taken", sorted(NEED_NOTE))
    def test_notes_that_are_needed(self, taken):
        state = next(each for each, step_ in TRANSITIONS if step_ is taken)
        with refused(Reason.WORDS_MISSING):
            step(made(state), taken, actor=SUPERVISOR)

    def test_whoever_had_a_hand_in_it(self):
        for taken in FollowUpStep:
            with refused(Reason.IN_THE_CHAIN):
                step(made(barred=[BUDI]), taken, actor=SUPERVISOR, words="sealed")

    @pytest.mark.parametrize("taken", FollowUpStep)
    def test_an_unanswered_complaint_is_neither_resolved_nor_unjustified(self, taken):
        follow_up = made(awaits_answer=True)
        if taken in (FollowUpStep.RESOLVED, FollowUpStep.NOT_JUSTIFIED):
            with refused(Reason.ANSWER_FIRST):
                step(follow_up, taken, actor=SUPERVISOR, words="sealed")

    @pytest.mark.parametrize("state", sorted(CLOSED))
    def test_a_closed_one_is_given_to_nobody(self, state):
        with refused(Reason.NOT_POSSIBLE_NOW):
            assign(made(state), TUTI, actor=SUPERVISOR, supervisors={BUDI, TUTI})

    def test_the_administrator_gives_it_on(self):
        actor = Actor.staff(AGUS, Role.ADMIN)
        assert assign(made(), TUTI, actor=actor, supervisors={BUDI, TUTI}).payload["to"] == TUTI
        for wrong, reason in ((BUDI, Reason.ALREADY_DONE), (AGUS, Reason.INVALID)):
            with refused(reason):
                assign(made(), wrong, actor=actor, supervisors={BUDI, TUTI})
        with refused(Reason.IN_THE_CHAIN):
            assign(made(barred=[TUTI]), TUTI, actor=actor, supervisors={BUDI, TUTI})
        with refused(Reason.FORBIDDEN):
            assign(made(), TUTI, actor=Actor.staff(1, Role.AGENT), supervisors={TUTI})


def test_the_documentation_has_the_table():
    page = (Path(__file__).parents[2] / "docs" / "voices.md").read_text(encoding="utf-8")
    table = page.partition("<!-- follow-up table -->")[2].partition("<!-- end -->")[0].strip().splitlines()
    rows = [
        f"| {state} | " + " | ".join(TRANSITIONS.get((state, taken), "") for taken in FollowUpStep) + " |"
        for state in FollowUpState
    ]
    assert table[2:] == rows
    assert table[0] == "| state | " + " | ".join(FollowUpStep) + " |"


class refused:  # noqa: N801
    """Expect a refusal for this reason."""

    def __init__(self, reason):
        self.reason = reason

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        assert isinstance(error, Refused), "nothing was refused"
        assert error.reason is self.reason
        return True


@pytest.mark.parametrize("follow_up", [1 << 40 | 1, 1 << 40 | 1144, 1 << 40 | 1145, (1 << 53) - 1])
def test_an_address_apart_leads_back_and_tells_no_number(follow_up):
    address = address_apart(b"key", follow_up)
    assert re.fullmatch("k[0-9a-f]{16}", address)
    assert id_apart(b"key", address) == follow_up
    assert id_apart(b"another key", address) != follow_up
    assert str(follow_up) not in address and f"{follow_up:x}" not in address
