"""The share of each handler: whole, exact, and of work only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.handlers import WHOLE, Held, shares
from desk.domain.lifecycle import State

STRETCHES = st.builds(
    Held,
    st.integers(1, 4),
    st.sampled_from([each for each in State if each is not State.ENDED]),
    st.integers(0, 10**12),
)


@pytest.mark.parametrize(
    ("chain", "expected"),
    [
        ([], {}),
        ([Held(1, State.WAITING, 99), Held(1, State.PAUSED, 99), Held(1, State.CALLED, 9)], {}),
        ([Held(1, State.WAITING, 99), Held(2, State.SERVING, 1)], {2: WHOLE}),
        ([Held(1, State.SERVING, 30), Held(2, State.PROCESSING, 10), Held(1, State.SERVING, 60)], {1: 9_000, 2: 1_000}),
        ([Held(1, State.SERVING, 0), Held(2, State.SERVING, 0)], {1: 5_000, 2: 5_000}),
        ([Held(3, State.SERVING, 1), Held(2, State.SERVING, 1), Held(1, State.SERVING, 1)],
         {1: 3_334, 2: 3_333, 3: 3_333}),
    ],
)  # fmt: skip
def test_by_time_at_work(chain, expected):
    assert shares(chain) == expected


@given(st.lists(STRETCHES))
def test_they_are_whole_and_near_the_truth(chain):
    found = shares(chain)
    work = {each.holder_id for each in chain if each.state in (State.SERVING, State.PROCESSING)}

    assert found.keys() == work
    assert sum(found.values()) == (WHOLE if work else 0)
    total = sum(each.length for each in chain if each.state in (State.SERVING, State.PROCESSING))
    for holder in work if total else ():
        mine = sum(
            each.length
            for each in chain
            if each.holder_id == holder and each.state in (State.SERVING, State.PROCESSING)
        )
        assert abs(found[holder] - WHOLE * mine / total) < 1 + 1e-6  # fmt: skip
