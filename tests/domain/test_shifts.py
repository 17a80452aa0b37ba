"""The end of a shift names each transaction once, and leaves no visitor sitting overnight."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.custody import Transaction
from desk.domain.lifecycle import State
from desk.domain.reasons import Priority
from desk.domain.refusals import Refused
from desk.domain.shifts import HANDED_OVER, Parcel, check_parcels

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
ONE = Transaction(
    id=1, office_id=1, visit_id=1, service_id=1, state=State.PROCESSING, holder_id=1, counter_id=None, segment=1,
    opened_at=AT, arrived_at=AT, priority=Priority.NORMAL,
)  # fmt: skip
STATES = st.dictionaries(st.integers(1, 6), st.sampled_from(sorted(HANDED_OVER)), min_size=1)
PARCELS = st.lists(st.builds(Parcel, st.integers(1, 6), st.none() | st.integers(1, 9)), max_size=7)


def held(states):
    """Return transactions in these states."""
    return [replace(ONE, id=number, state=state) for number, state in states.items()]


@given(STATES, PARCELS)
def test_what_passes_is_whole_and_leaves_nobody_sitting(states, parcels):
    try:
        leaving = check_parcels(parcels, held(states))
    except Refused:
        return
    assert sorted(each.transaction_id for each in parcels) == sorted(states)
    staying = states.keys() - {each.transaction_id for each in leaving}
    assert State.WAITING not in {states[each] for each in staying}


@given(STATES, st.data())
def test_a_receiver_for_each_always_passes(states, data):
    parcels = [Parcel(each, data.draw(st.integers(1, 9))) for each in data.draw(st.permutations(sorted(states)))]
    assert check_parcels(parcels, held(states)) == parcels


def test_nothing_is_nothing_to_hand_over():
    with pytest.raises(Refused, match="nothing_to_hand_over"):
        check_parcels([], [])
