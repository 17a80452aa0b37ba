"""Working days by quantity, the promised date, its standing, the reminder of a pause, and what asks to be looked at."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.hours import NEVER, Calendar, week_of
from desk.domain.looks import Look, look
from desk.domain.promises import percent_used, promise, reminder, standing, working_days
from desk.domain.refusals import Reason, Refused
from desk.domain.risk import Standing

JAKARTA = ZoneInfo("Asia/Jakarta")
NORM = [[5, 17], [10, 19], [15, 21]]  # the published norm for valuations: +2 per 5 objects
HOURS = Calendar(
    JAKARTA,
    ((date(2020, 1, 1), week_of(weekdays=range(5), hours=((480, 735), (780, 960)))),),
    {date(2026, 3, 19): "Hari Suci Nyepi", date(2026, 3, 20): "Cuti Bersama"},
)
MONDAY = datetime(2026, 3, 2, 3, tzinfo=UTC)  # 10.00


@pytest.mark.parametrize(
    ("quantity", "days"), [(1, 17), (5, 17), (6, 19), (10, 19), (15, 21), (16, 23), (20, 23), (21, 25), (10_000, 4015)]
)
def test_days_step_with_the_quantity(quantity, days):
    assert working_days(NORM, quantity) == days


@pytest.mark.parametrize(
    ("steps", "quantity", "reason"),
    [
        ([], 1, Reason.NO_COMPLETION_PROMISE),
        (NORM, 0, Reason.QUANTITY_OUT_OF_RANGE),
        (NORM, -3, Reason.QUANTITY_OUT_OF_RANGE),
        (NORM, 10_001, Reason.QUANTITY_OUT_OF_RANGE),
        ([[1, 3]], 2, Reason.QUANTITY_OUT_OF_RANGE),
    ],
)
def test_a_quantity_nothing_is_promised_for_is_refused(steps, quantity, reason):
    with pytest.raises(Refused) as caught:
        working_days(steps, quantity)
    assert caught.value.reason is reason


def test_the_day_of_completeness_does_not_count_and_the_last_day_holds_until_it_closes():
    made = promise(HOURS, [[1, 3]], quantity=1, complete_at=MONDAY)

    assert made.promised_at == datetime(2026, 3, 5, 9, tzinfo=UTC)  # Thursday 16.00
    assert made.allowed == timedelta(hours=5, minutes=15) + 3 * timedelta(hours=7, minutes=15)


def test_holidays_are_no_working_days():
    made = promise(HOURS, NORM, quantity=1, complete_at=MONDAY)

    assert made.promised_at.astimezone(JAKARTA).date() == date(2026, 3, 27)


def test_a_calendar_that_never_opens_promises_nothing():
    with pytest.raises(Refused) as caught:
        promise(Calendar(JAKARTA, ((date(2020, 1, 1), NEVER),)), NORM, quantity=1, complete_at=MONDAY)
    assert caught.value.reason is Reason.NO_OPEN_HOURS


@given(quantity=st.integers(1, 60), more=st.integers(0, 30), at=st.integers(0, 40 * 86_400))
def test_more_objects_and_later_papers_are_never_promised_earlier(quantity, more, at):
    first = promise(HOURS, NORM, quantity=quantity, complete_at=MONDAY)
    second = promise(HOURS, NORM, quantity=quantity + more, complete_at=MONDAY + timedelta(seconds=at))

    assert second.promised_at >= first.promised_at > MONDAY


@pytest.mark.parametrize(
    ("used", "expected", "percent"),
    [(0, Standing.ON_TIME, 0), (79, Standing.ON_TIME, 79), (80, Standing.AT_RISK, 80), (100, Standing.AT_RISK, 100),
     (101, Standing.BROKEN, 101)],
)  # fmt: skip
def test_how_a_promise_stands(used, expected, percent):
    hours = timedelta(hours=used), timedelta(hours=100)

    assert standing(*hours, risk_percent=80) is expected
    assert percent_used(*hours) == percent


@pytest.mark.parametrize(
    ("due", "remind"),
    [
        (datetime(2026, 3, 9, 5, tzinfo=UTC), datetime(2026, 3, 6, 1, tzinfo=UTC)),  # Monday: Friday 08.00
        (datetime(2026, 3, 23, 5, tzinfo=UTC), datetime(2026, 3, 18, 1, tzinfo=UTC)),  # over the holidays
        (datetime(2026, 3, 3, 5, tzinfo=UTC), None),  # tomorrow: today has begun already
    ],
)
def test_a_pause_reminds_as_the_working_day_before_begins(due, remind):
    assert reminder(HOURS, due, at=MONDAY) == remind


@pytest.mark.parametrize(
    ("due", "remind", "expected"),
    [(None, None, None), (-1, None, Look.OVERDUE), (0, None, Look.OVERDUE), (5, None, Look.DUE_TODAY),
     (30, None, None), (30, -1, Look.REMINDED), (30, 1, None), (-1, -2, Look.OVERDUE)],
)  # fmt: skip
def test_what_asks_to_be_looked_at(due, remind, expected):
    due_at, remind_at = (None if each is None else MONDAY + timedelta(hours=each) for each in (due, remind))

    assert look(due_at, remind_at, at=MONDAY, ends_at=MONDAY + timedelta(hours=14)) is expected
