"""Days that are a period of the regulation, and days that are none."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.skm_period import LENGTHS, Period, period_between


@given(st.integers(2000, 2100), st.sampled_from(LENGTHS), st.integers(1, 12))
def test_a_period_is_found_by_its_days_and_by_no_others(year, months, number):
    period = Period(year, months, min(number, 12 // months))

    assert period_between(period.first, period.last) == period
    assert period_between(period.first, period.last - timedelta(days=1)) is None
    assert period_between(period.first + timedelta(days=1), period.last) is None


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 2, 1), date(2026, 4, 30)),  # three months, no quarter
        (date(2026, 1, 1), date(2027, 12, 31)),
        (date(2026, 3, 31), date(2026, 3, 1)),
        (date(9999, 12, 1), date(9999, 12, 31)),
    ],
)
def test_other_days_are_no_period(first, last):
    assert period_between(first, last) is None
