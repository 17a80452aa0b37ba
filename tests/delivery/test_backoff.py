from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.delivery.backoff import LONGEST_WAIT, MAX_ATTEMPTS, is_last, wait_after


@pytest.mark.parametrize(
    ("attempt", "minutes"), [(1, 1), (2, 2), (3, 4), (9, 256), (10, 360), (MAX_ATTEMPTS, 360), (10_000, 360)]
)
def test_the_wait_doubles_up_to_six_hours(attempt, minutes):
    assert wait_after(attempt, chance=lambda: 0.0) == timedelta(minutes=minutes)


@given(st.integers(1, 50), st.floats(0, 1, exclude_max=True))
def test_chance_shortens_it_by_at_most_half(attempt, chance):
    whole = wait_after(attempt, chance=lambda: 0.0)

    assert whole / 2 <= wait_after(attempt, chance=lambda: chance) <= whole <= LONGEST_WAIT


def test_sixteen_attempts_span_22_to_45_hours():
    waits = [wait_after(attempt, chance=lambda: 0.0) for attempt in range(1, MAX_ATTEMPTS)]

    assert timedelta(hours=44) < sum(waits, timedelta()) < timedelta(hours=45)
    assert [is_last(attempt) for attempt in (MAX_ATTEMPTS - 1, MAX_ATTEMPTS)] == [False, True]
