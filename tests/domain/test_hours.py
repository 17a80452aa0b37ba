"""Business days, service hours and working days: every edge, and the two days a year on which clocks are turned."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.domain.hours import (
    ALWAYS,
    LOOK_AHEAD_DAYS,
    NEVER,
    Calendar,
    add_working_days,
    business_day,
    checked,
    day_bounds,
    instant_after,
    instant_before,
    is_open,
    next_opening,
    open_seconds,
    week_of,
    working_day,
)

JAKARTA, MAKASSAR, JAYAPURA = (ZoneInfo(f"Asia/{city}") for city in ("Jakarta", "Makassar", "Jayapura"))
BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 3, 2)
# Counters 8.00 to 16.00 with a break on Fridays, as offices of the state publish them.
OFFICE = tuple(
    ((480, 690), (795, 960)) if day == 4 else ((480, 735), (780, 960)) if day < 5 else () for day in range(7)
)


def calendar(week=OFFICE, zone=JAKARTA, closed=None, since=date(2020, 1, 1)):
    return Calendar(zone, ((since, week),), closed or {})


def at(day, hour, minute=0, second=0.0, zone=JAKARTA, fold=0):
    whole = datetime.combine(day, time(hour, minute), tzinfo=zone).replace(fold=fold)
    return whole.astimezone(UTC) + timedelta(seconds=second)


class TestOpen:
    @pytest.mark.parametrize(
        ("hour", "minute", "second", "expected"),
        [
            (7, 59, 59.999999, False),
            (8, 0, 0, True),
            (12, 14, 59.999999, True),
            (12, 15, 0, False),
            (12, 59, 59.999999, False),
            (13, 0, 0, True),
            (15, 59, 59.999999, True),
            (16, 0, 0, False),
        ],
    )
    def test_intervals_are_half_open(self, hour, minute, second, expected):
        assert is_open(calendar(), at(MONDAY, hour, minute, second)) is expected

    def test_the_break_of_a_friday_is_another(self):
        friday = MONDAY + timedelta(days=4)

        assert not is_open(calendar(), at(friday, 12))
        assert not is_open(calendar(), at(friday, 13, 14))
        assert is_open(calendar(), at(friday, 13, 15))

    @pytest.mark.parametrize("days", [5, 6])
    def test_not_at_the_weekend(self, days):
        assert not is_open(calendar(), at(MONDAY + timedelta(days=days), 10))

    def test_not_on_a_closed_date_and_only_there(self):
        closed = calendar(closed={MONDAY: "Hari Raya Nyepi"})

        assert not is_open(closed, at(MONDAY, 10))
        assert is_open(closed, at(MONDAY + timedelta(days=1), 10))

    def test_around_the_clock_means_every_instant(self):
        always = calendar(ALWAYS)

        for hour in range(24):
            assert is_open(always, at(MONDAY, hour))
        assert is_open(always, at(MONDAY, 23, 59, 59.999999))

    def test_never_means_never(self):
        assert not is_open(calendar(NEVER), at(MONDAY, 10))
        assert next_opening(calendar(NEVER), at(MONDAY, 10)) is None

    def test_in_the_offices_own_zone(self):
        instant = at(MONDAY, 15, 30, zone=JAKARTA)

        assert is_open(calendar(zone=JAKARTA), instant)
        assert not is_open(calendar(zone=MAKASSAR), instant)
        assert not is_open(calendar(zone=JAYAPURA), instant)

    def test_the_week_that_is_in_force(self):
        evenings = week_of(weekdays=range(7), hours=((1080, 1200),))
        changed = Calendar(JAKARTA, ((MONDAY - timedelta(days=7), OFFICE), (MONDAY, evenings)))

        assert is_open(changed, at(MONDAY - timedelta(days=3), 10))
        assert not is_open(changed, at(MONDAY, 10))
        assert is_open(changed, at(MONDAY, 18))
        assert not is_open(changed, at(MONDAY - timedelta(days=8), 10)), "before the first week it is closed"


class TestNextOpening:
    @pytest.mark.parametrize(
        ("now", "expected"),
        [
            (at(MONDAY, 9), at(MONDAY, 9)),
            (at(MONDAY, 7), at(MONDAY, 8)),
            (at(MONDAY, 12, 15), at(MONDAY, 13)),
            (at(MONDAY, 16), at(MONDAY + timedelta(days=1), 8)),
            (at(MONDAY + timedelta(days=4), 16), at(MONDAY + timedelta(days=7), 8)),
        ],
    )
    def test_now_or_the_next_interval(self, now, expected):
        assert next_opening(calendar(), now) == expected

    def test_over_closed_dates(self):
        closed = {MONDAY + timedelta(days=day): "Libur" for day in range(4)}

        assert next_opening(calendar(closed=closed), at(MONDAY, 9)) == at(MONDAY + timedelta(days=4), 8)

    def test_not_beyond_the_look_ahead(self):
        late = calendar(since=MONDAY + timedelta(days=LOOK_AHEAD_DAYS))

        assert next_opening(late, at(MONDAY, 9)) is None
        assert next_opening(late, at(MONDAY + timedelta(days=1), 9)) is not None


class TestOpenSeconds:
    @pytest.mark.parametrize(
        ("since", "until", "expected"),
        [
            (at(MONDAY, 9), at(MONDAY, 9), 0),
            (at(MONDAY, 10), at(MONDAY, 9), 0),
            (at(MONDAY, 9), at(MONDAY, 9, 0, 0.25), 0.25),
            (at(MONDAY, 0), at(MONDAY, 23, 59), 7.25 * 3600),
            (at(MONDAY, 12), at(MONDAY, 13, 30), (15 + 30) * 60),
            (at(MONDAY, 15), at(MONDAY + timedelta(days=1), 9), 2 * 3600),
            (at(MONDAY + timedelta(days=4), 15), at(MONDAY + timedelta(days=7), 9), 2 * 3600),
        ],
    )
    def test_only_service_hours_count(self, since, until, expected):
        assert open_seconds(calendar(), since, until) == expected

    def test_around_the_clock_everything_counts(self):
        assert open_seconds(calendar(ALWAYS), at(MONDAY, 9), at(MONDAY + timedelta(days=30), 9)) == 30 * 86_400


@st.composite
def weeks(draw):
    """Weeks of up to three intervals a day, at any minute, also touching each other and midnight."""
    days = []
    for _ in range(7):
        edges = sorted(draw(st.sets(st.one_of(st.integers(0, 1440), st.integers(0, 240)), max_size=6)))
        days.append(tuple((edges[i], edges[i + 1]) for i in range(0, len(edges) - 1, 2)))
    return tuple(days)


ZONES = [
    JAKARTA,
    JAYAPURA,
    BERLIN,
    ZoneInfo("Australia/Lord_Howe"),  # turns by half an hour
    ZoneInfo("America/Santiago"),  # skips midnight
    ZoneInfo("America/Asuncion"),
    ZoneInfo("Africa/Cairo"),
]
# In 2024 each of these turned its clocks on some of these days, Indonesia never.
TURNS = [
    date(2024, 3, 31),
    date(2024, 10, 27),
    date(2024, 4, 7),
    date(2024, 10, 6),
    date(2024, 9, 8),
    date(2024, 3, 24),
]
TURNS += [date(2024, 4, 26), date(2024, 11, 1), date(2026, 3, 2)]


@settings(max_examples=40)
@given(week=weeks(), zone=st.sampled_from(ZONES), day=st.sampled_from(TURNS), offset=st.integers(-1440, 1440))
def test_what_is_open_and_how_long_agree_minute_by_minute(week, zone, day, offset):
    """Also in the hour that clocks skip and in the one that they repeat."""
    hours = Calendar(zone, ((date(2020, 1, 1), checked(week)),))
    since = datetime.combine(day, time(0), tzinfo=UTC) + timedelta(minutes=offset)
    minutes = [since + timedelta(minutes=minute) for minute in range(1500)]

    expected = 60 * sum(is_open(hours, minute) for minute in minutes)

    assert open_seconds(hours, since, minutes[-1] + timedelta(minutes=1)) == expected


@given(week=weeks(), zone=st.sampled_from(ZONES), day=st.sampled_from(TURNS), offset=st.integers(-1440, 1440))
def test_the_next_opening_is_open_and_nothing_before_it_is(week, zone, day, offset):
    hours = Calendar(zone, ((date(2020, 1, 1), checked(week)),))
    now = datetime.combine(day, time(0), tzinfo=UTC) + timedelta(minutes=offset)

    found = next_opening(hours, now)

    if found is None:
        assert all(not each for each in week)
        return
    assert is_open(hours, found)
    assert open_seconds(hours, now, found) == 0


@given(week=weeks(), zone=st.sampled_from(ZONES), day=st.sampled_from(TURNS), seconds=st.floats(1, 300_000))
def test_so_much_later_exactly_so_much_was_open(week, zone, day, seconds):
    """Also over the nights on which clocks are turned; a moment earlier it was less."""
    hours, begun = calendar(week, zone), at(day, 11, 30, zone=zone)
    until = instant_after(hours, begun, seconds)
    if until is None:
        assert open_seconds(hours, begun, begun + timedelta(days=LOOK_AHEAD_DAYS - 2)) < seconds
        return
    assert open_seconds(hours, begun, until) == pytest.approx(seconds, abs=1e-5)
    assert open_seconds(hours, begun, until - timedelta(milliseconds=1)) < seconds - 1e-4
    assert instant_after(hours, begun, seconds + 60) != until


class TestInstantAfter:
    @pytest.mark.parametrize(
        ("begun", "hours", "expected"),
        [
            ((MONDAY, 9), 3, (MONDAY, 12)),
            ((MONDAY, 12), 0.25, (MONDAY, 12, 15)),
            ((MONDAY, 12), 1.25, (MONDAY, 14)),
            ((MONDAY, 15, 30), 4, (MONDAY + timedelta(days=1), 11, 30)),
            ((MONDAY, 0), 4, (MONDAY, 12)),
            ((MONDAY + timedelta(days=4), 16), 1, (MONDAY + timedelta(days=7), 9)),
        ],
    )
    def test_only_open_hours_count(self, begun, hours, expected):
        assert instant_after(calendar(), at(*begun), hours * 3600) == at(*expected)

    def test_a_closure_does_not_count(self):
        closed = calendar(closed={MONDAY + timedelta(days=1): "Nyepi"})
        assert instant_after(closed, at(MONDAY, 15), 7200) == at(MONDAY + timedelta(days=2), 9)

    def test_without_open_hours_never(self):
        assert instant_after(calendar(NEVER), at(MONDAY, 9), 1) is None

    def test_there_and_back(self):
        assert instant_before(calendar(), instant_after(calendar(), at(MONDAY, 9), 50_000), 50_000) == at(MONDAY, 9)


@given(week=weeks(), day=st.dates(date(2024, 1, 1), date(2027, 1, 1)), minute=st.integers(0, 1439))
def test_where_clocks_are_never_turned_the_minute_of_the_day_decides(week, day, minute):
    hours = Calendar(JAKARTA, ((date(2020, 1, 1), checked(week)),))

    expected = any(start <= minute < end for start, end in week[day.weekday()])

    assert is_open(hours, at(day, minute // 60, minute % 60, 59.999999)) is expected


class TestTurnedClocks:
    SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)  # 2.00 becomes 3.00, 3.00 becomes 2.00

    def test_a_day_around_the_clock_has_23_or_25_hours(self):
        always = calendar(ALWAYS, BERLIN)

        assert open_seconds(always, *day_bounds(self.SPRING, BERLIN)) == 23 * 3600
        assert open_seconds(always, *day_bounds(self.AUTUMN, BERLIN)) == 25 * 3600

    def test_hours_that_are_skipped_are_not_served(self):
        night = calendar(week_of(weekdays=range(7), hours=((120, 180),)), BERLIN)

        assert open_seconds(night, *day_bounds(self.SPRING, BERLIN)) == 0
        assert next_opening(night, at(self.SPRING, 0, zone=BERLIN)) == at(
            self.SPRING + timedelta(days=1), 2, zone=BERLIN
        )

    def test_closing_at_a_time_that_is_skipped_is_closing_when_it_is_skipped(self):
        night = calendar(week_of(weekdays=range(7), hours=((60, 150),)), BERLIN)

        assert open_seconds(night, *day_bounds(self.SPRING, BERLIN)) == 3600
        assert is_open(night, at(self.SPRING, 1, 59, zone=BERLIN))
        assert not is_open(night, at(self.SPRING, 3, zone=BERLIN))

    def test_of_a_time_that_comes_twice_the_first_is_meant(self):
        night = calendar(week_of(weekdays=range(7), hours=((120, 150),)), BERLIN)

        assert open_seconds(night, *day_bounds(self.AUTUMN, BERLIN)) == 1800
        assert is_open(night, at(self.AUTUMN, 2, 15, zone=BERLIN))
        assert not is_open(night, at(self.AUTUMN, 2, 15, zone=BERLIN, fold=1))


class TestBusinessDay:
    @pytest.mark.parametrize(
        ("instant", "starts_at", "expected"),
        [
            (at(MONDAY, 0), time(0), MONDAY),
            (at(MONDAY, 23, 59, 59.999999), time(0), MONDAY),
            (at(MONDAY, 0, 0, -0.000001), time(0), MONDAY - timedelta(days=1)),
            (at(MONDAY, 3, 59, 59.999999), time(4), MONDAY - timedelta(days=1)),
            (at(MONDAY, 4), time(4), MONDAY),
            (at(MONDAY, 6, 59, zone=JAKARTA), time(0), MONDAY),
        ],
    )
    def test_it_turns_at_the_offices_midnight_or_when_it_is_set_to(self, instant, starts_at, expected):
        assert business_day(instant, JAKARTA, starts_at=starts_at) == expected

    @given(
        instant=st.integers(1_704_067_200, 1_798_761_600).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
        zone=st.sampled_from([*ZONES, ZoneInfo("America/St_Johns"), ZoneInfo("Pacific/Apia")]),
        starts_at=st.times().map(lambda each: each.replace(second=0, microsecond=0)),
    )
    def test_it_lies_within_its_bounds(self, instant, zone, starts_at):
        begins, ends = day_bounds(business_day(instant, zone, starts_at=starts_at), zone, starts_at=starts_at)

        assert begins <= instant < ends

    @settings(max_examples=50)
    @given(
        turn=st.sampled_from([*TURNS, date(2009, 11, 1), date(2011, 12, 30)]),
        zone=st.sampled_from([*ZONES, ZoneInfo("America/St_Johns"), ZoneInfo("Pacific/Apia")]),
        starts_at=st.integers(0, 1439),
    )
    def test_it_never_goes_back(self, turn, zone, starts_at):
        """A day that began again would give out its numbers again."""
        first = datetime.combine(turn, time(0), tzinfo=UTC) - timedelta(hours=14)
        starts = time(*divmod(starts_at, 60))

        days = [business_day(first + timedelta(minutes=10 * step), zone, starts_at=starts) for step in range(300)]

        assert days == sorted(days)

    @given(day=st.dates(date(2024, 1, 1), date(2026, 12, 31)), zone=st.sampled_from(ZONES))
    def test_days_follow_one_another_without_a_gap(self, day, zone):
        assert day_bounds(day, zone)[1] == day_bounds(day + timedelta(days=1), zone)[0]


class TestWorkingDays:
    def test_the_start_does_not_count(self):
        assert add_working_days(calendar(), MONDAY, 1) == MONDAY + timedelta(days=1)
        assert add_working_days(calendar(), MONDAY, 17) == MONDAY + timedelta(days=23)

    def test_none_is_the_day_itself_even_if_closed(self):
        sunday = MONDAY - timedelta(days=1)

        assert add_working_days(calendar(), sunday, 0) == sunday

    def test_never_open_has_none(self):
        assert add_working_days(calendar(NEVER), MONDAY, 1) is None
        assert add_working_days(calendar(), MONDAY, -1) is None

    @settings(max_examples=50)
    @given(
        week=weeks(),
        start=st.dates(date(2025, 1, 1), date(2026, 12, 31)),
        days=st.integers(0, 60),
        closed=st.sets(st.integers(0, 120), max_size=40),
    )
    def test_as_counting_on_the_fingers(self, week, start, days, closed):
        hours = calendar(week, closed={start + timedelta(days=day): "Libur" for day in closed})
        following = (start + timedelta(days=day) for day in range(1, 700))
        open_days = [day for day in following if working_day(hours, day)]

        found = add_working_days(hours, start, days)

        if days == 0:
            assert found == start
        elif any(week):
            assert found == open_days[days - 1]
        else:
            assert found is None


class TestWeeks:
    @pytest.mark.parametrize(
        "week",
        [
            ((),) * 6,
            ((),) * 8,
            (((480, 480),),) * 7,
            (((500, 480),),) * 7,
            (((-1, 480),),) * 7,
            (((480, 1441),),) * 7,
            (((480, 720), (719, 960)),) * 7,
            (((780, 960), (480, 720)),) * 7,
        ],
    )
    def test_what_makes_no_sense_is_refused(self, week):
        with pytest.raises(ValueError, match=r"week|interval"):
            checked(week)

    def test_intervals_may_touch(self):
        week = (((0, 720), (720, 1440)),) * 7

        assert checked(week) == week
