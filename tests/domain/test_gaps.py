"""What counts as a gap, and when a promise is at risk: tables and properties of the pure judgements."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.gaps import BOUNDS, SETTINGS, Thresholds, changed, went_back_and_forth
from desk.domain.hours import NEVER, Calendar, instant_before, open_seconds, week_of
from desk.domain.refusals import Reason, Refused
from desk.domain.risk import Standing, standing
from tests.domain.test_hours import JAKARTA

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 08.00 in Jakarta
OFFICE = Calendar(JAKARTA, ((date(2020, 1, 1), week_of(weekdays=range(5), hours=((480, 720), (780, 960)))),))
SECONDS = st.integers(0, 10**6)


@pytest.mark.parametrize(
    ("minutes", "percent", "expected"),
    [
        (0, 80, Standing.ON_TIME),
        (23.9, 80, Standing.ON_TIME),
        (24, 80, Standing.AT_RISK),
        (29.9, 80, Standing.AT_RISK),
        (30, 80, Standing.BROKEN),
        (300, 80, Standing.BROKEN),
        (15, 50, Standing.AT_RISK),
        (29.8, 99, Standing.AT_RISK),
    ],
)
def test_a_promise_of_half_an_hour(minutes, percent, expected):
    due_at = MONDAY + timedelta(minutes=30)

    assert standing(MONDAY, due_at, at=MONDAY + timedelta(minutes=minutes), percent=percent) is expected


def test_a_promise_that_was_due_before_it_began_is_broken():
    assert standing(MONDAY, MONDAY - timedelta(hours=1), at=MONDAY, percent=80) is Standing.BROKEN


@given(SECONDS, SECONDS, SECONDS, st.integers(10, 99))
def test_a_promise_never_gets_better_by_waiting(promised, early, later, percent):
    worse = [Standing.ON_TIME, Standing.AT_RISK, Standing.BROKEN]
    due_at = MONDAY + timedelta(seconds=promised)
    first, second = sorted((early, later))
    before, after = (
        worse.index(standing(MONDAY, due_at, at=MONDAY + timedelta(seconds=each), percent=percent))
        for each in (first, second)
    )
    assert before <= after


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ([], False),
        ([1, 2], False),
        ([1, 2, 1], True),
        ([1, 2, 3], False),
        ([1, 2, 3, 2], True),
        ([1, 2, 3, 1], False),
        ([1, 1, 2], False),
        ([1, 1, 1], False),
        ([1, 2, 2, 1], True),
        ([3, 1, 2, 3, 4, 3], True),
    ],
)
def test_what_goes_back_and_forth(people, expected):
    assert went_back_and_forth(people) is expected


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (1, datetime(2026, 3, 1 + 5, 8, 0, tzinfo=UTC)),  # Friday 15.00
        (3, datetime(2026, 3, 6, 6, 0, tzinfo=UTC)),  # Friday 13.00, after the break
        (4, datetime(2026, 3, 6, 4, 0, tzinfo=UTC)),  # Friday 11.00, before it
        (7, datetime(2026, 3, 6, 1, 0, tzinfo=UTC)),
        (8, datetime(2026, 3, 5, 8, 0, tzinfo=UTC)),  # Thursday 15.00
        (16, datetime(2026, 3, 4, 7, 0, tzinfo=UTC)),
    ],
)
def test_so_many_open_hours_before_a_monday_morning(hours, expected):
    monday = datetime(2026, 3, 9, 1, 0, tzinfo=UTC)

    assert instant_before(OFFICE, monday, hours * 3600) == expected


@given(st.integers(0, 14 * 86_400), st.integers(1, 200_000))
def test_what_lies_between_is_what_was_asked_for(after, seconds):
    at = MONDAY + timedelta(seconds=after)
    found = instant_before(OFFICE, at, seconds)

    assert found is not None
    assert open_seconds(OFFICE, found, at) == pytest.approx(seconds)


def test_a_calendar_without_open_hours_makes_nobody_silent():
    closed = Calendar(JAKARTA, ((date(2020, 1, 1), NEVER),))

    assert Thresholds().silent_before(closed, MONDAY) is None


class TestThresholds:
    def test_moments(self):
        thresholds = Thresholds(gap_offer_s=60, gap_called_s=120)

        assert thresholds.offered_before(MONDAY) == MONDAY - timedelta(minutes=1)
        assert thresholds.called_before(MONDAY) == MONDAY - timedelta(minutes=2)

    def test_what_differs(self):
        assert changed(Thresholds(), Thresholds(gap_handoffs=5)) == {"gap_handoffs": (3, 5)}

    def test_nothing_differs(self):
        with pytest.raises(Refused) as caught:
            changed(Thresholds(), Thresholds())
        assert caught.value.reason is Reason.ALREADY_DONE

    @pytest.mark.parametrize("name", SETTINGS)
    @pytest.mark.parametrize("end", [0, 1])
    def test_out_of_bounds(self, name, end):
        value = BOUNDS[name][end] + (1 if end else -1)
        with pytest.raises(Refused) as caught:
            changed(Thresholds(), Thresholds(**{name: value}))
        assert (caught.value.reason, caught.value.details) == (Reason.INVALID, {"field": name})
