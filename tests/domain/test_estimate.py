"""The range of a wait: never negative, never shorter with more people before, silent where too little is known."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.estimate import FEWEST, LATELY, Called, Pace, WaitRange, back_by, pace_of, wait_range

NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)
PACES = st.builds(Pace, st.floats(1, 3_600), st.integers(FEWEST, 30))
PEOPLE = st.integers(0, 200)


def calls(*minutes: float, counters: int = 2, waited: float = 60) -> list[Called]:
    """Return calls so many minutes ago, each of somebody who had waited so many."""
    return [
        Called(NOW - timedelta(minutes=each), number % counters, NOW - timedelta(minutes=each + waited))
        for number, each in enumerate(minutes)
    ]


@given(PEOPLE, PEOPLE, PACES)
def test_more_people_before_never_make_a_shorter_wait(one: int, other: int, pace: Pace) -> None:
    fewer, more = wait_range(min(one, other), pace), wait_range(max(one, other), pace)
    if more is None:
        return
    assert fewer is not None
    assert 0 <= fewer.lower <= fewer.upper
    assert fewer.lower <= more.lower and fewer.upper <= more.upper


@given(PEOPLE, st.floats(1, 3_600), st.integers(FEWEST, 29))
def test_the_range_holds_the_mean_and_is_narrower_the_more_is_known(before: int, seconds: float, observed: int) -> None:
    little, much = wait_range(before, Pace(seconds, observed)), wait_range(before, Pace(seconds, observed + 1))
    if little is None or much is None:
        return
    mean = (before + 1) * seconds / 60
    assert little.lower <= mean <= little.upper
    assert little.upper >= much.upper and little.lower <= much.lower


@given(st.integers(0, 240), st.integers(0, 240), st.integers(0, 3_599))
def test_whoever_goes_away_is_back_in_time(lower: int, more: int, seconds: int) -> None:
    at = NOW + timedelta(seconds=seconds)
    due = back_by(WaitRange(lower, lower + more), at=at)
    if lower < 30:
        assert due is None
    else:
        assert due is not None and at < due <= at + timedelta(minutes=lower - 10)
        assert due.minute % 5 == due.second == 0


def test_the_formula_by_hand() -> None:
    """Ten intervals of 4 minutes known, 4 before: 20 minutes, shape 10 / 3; quantiles 0.40 and 1.73 of the mean."""
    pace = pace_of(calls(*range(0, 44, 4)), counters=2, at=NOW)

    assert pace == Pace(240.0, 10)
    assert wait_range(4, pace) == WaitRange(5, 35)
    assert wait_range(0, Pace(30.0, 30)) == WaitRange(0, 5)
    assert wait_range(40, Pace(240.0, 30)) == WaitRange(105, 240)


def test_half_the_counters_take_twice_as_long() -> None:
    found = pace_of(calls(*range(0, 44, 4), counters=2), counters=1, at=NOW)
    assert found is not None and found.seconds == 480


@pytest.mark.parametrize(
    ("known", "counters"),
    [
        (calls(0, 5, 10, 15, 20), 2),  # four intervals
        (calls(*range(0, 44, 4)), 0),  # nobody serves it now
        (calls(*range(0, 44, 4), counters=1), 4),  # another house than before
        (calls(*range(0, 44, 4), waited=3), 2),  # the queue was empty before each call
        (calls(*(LATELY.total_seconds() / 60 + each for each in range(1, 44, 4))), 2),  # long ago
    ],
)
def test_too_little_is_known(known: list[Called], counters: int) -> None:
    assert pace_of(known, counters=counters, at=NOW) is None
    assert wait_range(3, None) is None


def test_what_is_too_far_away_is_not_told() -> None:
    assert wait_range(200, Pace(600.0, 30)) is None
