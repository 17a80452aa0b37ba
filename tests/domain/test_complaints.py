"""Numbers as visitors type them, dates of complaints, and the life of a voice: tables of the pure rules."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.access import Actor, Role
from desk.domain.complaints import (
    PUBLIC_WORDS,
    TRANSITIONS,
    Deadlines,
    Said,
    Voice,
    VoiceChannel,
    VoiceKind,
    VoiceState,
    VoiceStep,
    act,
    is_late,
    must_escalate,
    read_number,
    read_visit_day,
    received,
    step,
)
from desk.domain.refusals import Reason, Refused

TODAY = date(2026, 3, 2)
SUPERVISOR = Actor.staff(4, Role.SUPERVISOR)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("A007", ("A", 7)),
        ("a7", ("A", 7)),
        ("A-007", ("A", 7)),
        (" b 12 ", ("B", 12)),
        ("AB.100", ("AB", 100)),
        ("7", None),
        ("A", None),
        ("A00", ("A", 0)),
        ("ABCD1", None),
        ("A1B", None),
        ("A٣", None),
        ("", None),
    ],
)
def test_numbers_as_typed(typed, read):
    assert read_number(typed) == read


@given(st.sampled_from(["A", "B", "AB", "ABC"]), st.integers(1, 999_999))
def test_every_number_that_is_printed_can_be_read(series, ordinal):
    assert read_number(f"{series}{ordinal:03d}") == (series, ordinal)


@pytest.mark.parametrize(
    ("typed", "fits"),
    [("2026-03-02", True), ("2026-03-03", False), ("2025-01-26", True), ("2025-01-25", False), ("x", False)],
)
def test_days_of_visits(typed, fits):
    assert (read_visit_day(typed, today=TODAY) is not None) is fits


@pytest.mark.parametrize(("kind", "state", "taken"), [*product(VoiceKind, VoiceState, VoiceStep)])
def test_every_state_with_every_step(kind, state, taken):
    after = TRANSITIONS.get((kind, state, taken))
    voice = Voice(1, kind, state)
    if after is None:
        with pytest.raises(Refused) as caught:
            step(voice, taken, actor=SUPERVISOR, words="sealed")
        assert caught.value.reason is Reason.NOT_POSSIBLE_NOW
        return
    assert step(voice, taken, actor=SUPERVISOR, words="sealed").payload["state"] == after
    if taken in PUBLIC_WORDS:
        with pytest.raises(Refused):
            step(voice, taken, actor=SUPERVISOR)


def test_only_the_owner_acts_once():
    voice = Voice(1, VoiceKind.SUGGESTION, VoiceState.RECEIVED, owner_id=7)
    owner = Actor.staff(7, Role.AGENT)
    assert act(voice, actor=owner, words="sealed").payload["state"] == "received"
    for wrong, actor, reason in (
        (voice, SUPERVISOR, Reason.FORBIDDEN),
        (Voice(1, voice.kind, voice.state), owner, Reason.FORBIDDEN),
        (Voice(1, voice.kind, voice.state, owner_id=7, is_done=True), owner, Reason.ALREADY_DONE),
    ):
        with pytest.raises(Refused) as caught:
            act(wrong, actor=actor, words="sealed")
        assert caught.value.reason is reason


def test_only_compliments_have_officers():
    for kind in VoiceKind:
        said = Said(kind, VoiceChannel.LINK, "id", anonymous=False, day=TODAY, words="sealed", officers=[3, 1])
        fact = received(said, acknowledge_on=None, answer_on=None)
        assert fact.payload["officers"] == ([1, 3] if kind is VoiceKind.COMPLIMENT else [])


def deadlines(**more):
    dates = {"acknowledge_on": TODAY, "answer_on": TODAY + timedelta(days=10)}
    return Deadlines(**dates, **{"is_acknowledged": False, "is_answered": False, **more})


@pytest.mark.parametrize(
    ("days", "more", "late"),
    [
        (0, {}, False),
        (1, {}, True),
        (1, {"is_acknowledged": True}, False),
        (10, {"is_acknowledged": True}, False),
        (11, {"is_acknowledged": True}, True),
        (99, {"is_answered": True}, False),
    ],
)
def test_late(days, more, late):
    assert is_late(deadlines(**more), today=TODAY + timedelta(days=days)) is late


@given(st.integers(0, 40), st.booleans())
def test_told_once_for_each_date(answered_after, acknowledges):
    """Looked at every day, the administrator is told at most twice, and only of what is late."""
    told, last = [], None
    for days in range(41):
        today = TODAY + timedelta(days=days)
        now = deadlines(
            is_acknowledged=acknowledges or days >= answered_after, is_answered=days >= answered_after,
            escalated_on=last,
        )  # fmt: skip
        if must_escalate(now, today=today):
            assert is_late(now, today=today)
            told.append(days)
            last = today
    assert told == [day for day in (1, 11) if day < answered_after and not (day == 1 and acknowledges)]
