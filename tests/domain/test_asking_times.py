"""When a message goes out: after the delay, not in the quiet hours, on working days, whatever the clocks do."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.asking_times import Timing, is_quiet, limit_of, remind_at, send_at
from desk.domain.hours import ALWAYS, NEVER, Calendar, week_of, working_day

JAKARTA, BERLIN = ZoneInfo("Asia/Jakarta"), ZoneInfo("Europe/Berlin")
WEEKDAYS = week_of(weekdays=range(5), hours=((8 * 60, 16 * 60),))
NIGHT = {"quiet_from": time(21), "quiet_until": time(7)}
HOLIDAY = date(2026, 3, 19)  # a Thursday; Friday and Saturday follow


def calendar(zone=JAKARTA, week=WEEKDAYS, closed=()):
    return Calendar(zone, ((date(2000, 1, 1), week),), dict.fromkeys(closed, "libur"))


def local(zone, *parts, fold=0):
    return datetime(*parts, tzinfo=zone).replace(fold=fold).astimezone(UTC)


def jakarta(*parts):
    return local(JAKARTA, *parts)


class TestSendAt:
    @pytest.mark.parametrize(
        ("timing", "ended", "expected"),
        [
            (Timing(), jakarta(2026, 3, 2, 10), jakarta(2026, 3, 2, 10)),
            (Timing(timedelta(minutes=5)), jakarta(2026, 3, 2, 10), jakarta(2026, 3, 2, 10, 5)),
            (Timing(**NIGHT), jakarta(2026, 3, 2, 20, 59), jakarta(2026, 3, 2, 20, 59)),
            (Timing(**NIGHT), jakarta(2026, 3, 2, 21), jakarta(2026, 3, 3, 7)),
            (Timing(**NIGHT), jakarta(2026, 3, 3, 6, 59), jakarta(2026, 3, 3, 7)),
            (Timing(quiet_from=time(12), quiet_until=time(13)), jakarta(2026, 3, 2, 12, 30), jakarta(2026, 3, 2, 13)),
            # Friday evening: Saturday is none of the service's days, Monday is.
            (Timing(**NIGHT, working_days=True), jakarta(2026, 3, 6, 22), jakarta(2026, 3, 9, 7)),
            (Timing(working_days=True), jakarta(2026, 3, 7, 10), jakarta(2026, 3, 9)),
            (Timing(timedelta(hours=3), working_days=True), jakarta(2026, 3, 6, 22), jakarta(2026, 3, 9)),
        ],
    )
    def test_cases(self, timing, ended, expected):
        assert send_at(timing, ended, calendar()) == expected

    def test_holidays_of_the_calendar_are_no_working_days(self):
        closed = calendar(closed=(HOLIDAY, HOLIDAY + timedelta(days=1)))

        assert send_at(Timing(working_days=True), jakarta(2026, 3, 19, 9), closed) == jakarta(2026, 3, 23)

    def test_a_service_that_never_opens_does_not_hold_a_message_for_ever(self):
        ended = jakarta(2026, 3, 2, 10)

        assert send_at(Timing(working_days=True), ended, calendar(week=NEVER)) == ended

    def test_quiet_hours_that_end_in_an_hour_the_clocks_skip(self):
        timing = Timing(quiet_from=time(22), quiet_until=time(2, 30))
        at = send_at(timing, local(BERLIN, 2026, 3, 28, 23), calendar(BERLIN, ALWAYS))

        assert at.astimezone(BERLIN).hour == 3

    def test_quiet_hours_that_end_in_an_hour_that_comes_twice(self):
        timing = Timing(quiet_from=time(22), quiet_until=time(2, 30))
        every_day = calendar(BERLIN, ALWAYS)

        first = send_at(timing, local(BERLIN, 2026, 10, 25, 1), every_day)
        second = send_at(timing, local(BERLIN, 2026, 10, 25, 2, 10, fold=1), every_day)

        assert (first, second) == (
            local(BERLIN, 2026, 10, 25, 2, 30),
            local(BERLIN, 2026, 10, 25, 2, 30, fold=1),
        )


moments = st.integers(0, 4 * 366 * 86_400).map(lambda each: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=each))
clocks = st.times().map(lambda at: at.replace(second=0, microsecond=0))
zones = st.sampled_from(
    [JAKARTA, BERLIN, ZoneInfo("America/St_Johns"), ZoneInfo("Pacific/Apia"), ZoneInfo("Asia/Jayapura")]
)
timings = st.builds(
    Timing,
    st.timedeltas(timedelta(0), timedelta(days=7)),
    clocks,
    clocks,
    working_days=st.booleans(),
    reminder_days=st.integers(0, 30),
)


@given(timings, moments, zones)
def test_never_before_the_delay_never_quiet_always_on_a_working_day_and_as_soon_as_possible(timing, ended, zone):
    days = calendar(zone)
    at = send_at(timing, ended, days)

    def suits(moment):
        is_day = not timing.working_days or working_day(days, moment.astimezone(zone).date())
        return is_day and not is_quiet(timing, moment, days)

    assert at >= ended + timing.delay
    assert suits(at)
    # Nothing suits before: where the message was put off, the minute before would not have done.
    assert (
        at == ended + timing.delay
        or not suits(at - timedelta(minutes=1))
        or at - timedelta(minutes=1) < ended + timing.delay
    )


@given(timings, moments, moments, zones)
def test_who_ends_later_is_not_asked_earlier(timing, one, other, zone):
    days = calendar(zone)
    first, second = sorted((one, other))

    assert send_at(timing, first, days) <= send_at(timing, second, days)


@given(timings, moments, st.timedeltas(timedelta(0), timedelta(days=90)), zones)
def test_a_reminder_comes_once_so_many_days_later_and_never_with_a_dead_link(timing, sent, valid, zone):
    days, expires = calendar(zone), sent + valid
    at = remind_at(timing, sent, days, expires_at=expires)

    if timing.reminder_days == 0:
        assert at is None
    if at is not None:
        assert sent + timedelta(days=timing.reminder_days) <= at < expires
        assert not is_quiet(timing, at, days)


class TestLimitOf:
    @pytest.mark.parametrize(
        ("taken_back", "days", "expected"),
        [
            (jakarta(2026, 3, 2, 10), 1, jakarta(2026, 3, 4)),
            (jakarta(2026, 3, 2, 0), 7, jakarta(2026, 3, 12)),
            (jakarta(2026, 3, 7, 10), 1, jakarta(2026, 3, 10)),
            (jakarta(2026, 3, 18, 10), 1, jakarta(2026, 3, 21)),
        ],
    )
    def test_so_many_working_days_are_over(self, taken_back, days, expected):
        assert limit_of(calendar(closed=[HOLIDAY]), taken_back, days) == expected

    def test_a_business_day_begins_when_the_office_says(self):
        night = jakarta(2026, 3, 3, 2)
        assert limit_of(calendar(), night, 1, starts_at=time(4)) == jakarta(2026, 3, 4, 4)

    def test_where_no_day_is_to_come_it_still_ends(self):
        assert limit_of(calendar(week=NEVER), jakarta(2026, 3, 2, 10), 7) == jakarta(2026, 3, 10)
