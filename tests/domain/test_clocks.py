"""Both clocks: additive, monotone, equal to counting minutes one by one, wherever clocks are turned or zones change."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.domain.clocks import ClockRules, OpenTime, Ruler, Stretch, counting_causes
from desk.domain.hours import ALWAYS, Calendar, open_time, spliced, week_of
from desk.domain.lifecycle import State
from desk.domain.reasons import PauseCause

JAKARTA = ZoneInfo("Asia/Jakarta")
# What happened there: an hour forward and back, a midnight that did not come, half an hour, a zone that moved.
TURNS = {
    "Asia/Jakarta": datetime(2026, 3, 2, tzinfo=UTC),
    "Europe/Berlin": datetime(2026, 3, 29, tzinfo=UTC),
    "Europe/Berlin back": datetime(2026, 10, 25, tzinfo=UTC),
    "America/Sao_Paulo": datetime(2017, 10, 15, tzinfo=UTC),
    "America/Sao_Paulo back": datetime(2018, 2, 18, tzinfo=UTC),
    "Asia/Pyongyang": datetime(2015, 8, 14, tzinfo=UTC),
    "Asia/Pyongyang back": datetime(2018, 5, 4, tzinfo=UTC),
    "Australia/Lord_Howe": datetime(2026, 10, 3, tzinfo=UTC),
    "Australia/Lord_Howe back": datetime(2026, 4, 4, tzinfo=UTC),
    "Pacific/Apia": datetime(2011, 12, 30, tzinfo=UTC),
}
MINUTE = timedelta(minutes=1)


def zone_of(name):
    return ZoneInfo(name.split(" ")[0])


@st.composite
def days(draw):
    """Return the hours of a day: at most three intervals, on whole half hours so that edges meet the turns often."""
    edges = sorted(draw(st.sets(st.integers(0, 48), max_size=6)))
    edges = edges[: len(edges) // 2 * 2]
    return tuple((30 * start, 30 * end) for start, end in zip(edges[::2], edges[1::2], strict=True))


weeks = st.tuples(*[days()] * 7)


def counted(calendar, since, until):
    """Count the open minutes by a wall clock that never goes back: open where the latest time it showed is open."""
    at, total = since - timedelta(days=3), 0
    latest = at.astimezone(calendar.zone).replace(tzinfo=None)
    while at < until:
        latest = max(latest, at.astimezone(calendar.zone).replace(tzinfo=None))
        minute = latest.hour * 60 + latest.minute
        is_open = any(start <= minute < end for start, end in calendar.intervals(latest.date()))
        total += is_open and at >= since
        at += MINUTE
    return timedelta(minutes=total)


@pytest.mark.parametrize("turn", TURNS)
@given(week=weeks, start=st.integers(-1500, 1500), length=st.integers(0, 2000))
@settings(max_examples=8, deadline=None)
def test_open_time_is_what_counting_minutes_gives(turn, week, start, length):
    calendar = Calendar(zone_of(turn), ((date(2000, 1, 1), week),))
    since = TURNS[turn] + start * MINUTE
    until = since + length * MINUTE

    expected = counted(calendar, since, until)
    assert open_time(calendar, since, until) == expected
    assert OpenTime(calendar, since, until).between(since, until) == expected


@pytest.mark.parametrize("turn", TURNS)
@given(week=weeks, seconds=st.lists(st.integers(-200_000, 200_000), min_size=2, max_size=6))
@settings(max_examples=25, deadline=None)
def test_clocks_are_additive_over_splits_and_monotone(turn, week, seconds):
    calendar = Calendar(zone_of(turn), ((date(2000, 1, 1), week),))
    instants = sorted(TURNS[turn] + timedelta(seconds=each) for each in seconds)
    whole = [Stretch(1, State.PROCESSING, None, instants[0], instants[-1])]
    parts = [Stretch(1, State.PROCESSING, None, *pair) for pair in pairwise(instants)]
    rules = ClockRules({1: calendar}, frozenset(), 80)

    together = Ruler(rules, parts, at=instants[-1]).read(parts)
    assert Ruler(rules, whole, at=instants[-1]).read(whole) == together
    assert together.visitor == instants[-1] - instants[0]
    assert timedelta(0) <= together.office <= together.visitor
    running = [Stretch(1, State.PROCESSING, None, instants[0])]
    shown = [Ruler(rules, running, at=at).read(running) for at in instants]
    assert all(one.office <= other.office and one.visitor <= other.visitor for one, other in pairwise(shown))
    assert shown[-1] == together


NINE_TO_FIVE = Calendar(JAKARTA, ((date(2020, 1, 1), week_of(weekdays=range(5), hours=((540, 1020),))),))
OPEN = Calendar(JAKARTA, ((date(2020, 1, 1), ALWAYS),))
NINE = datetime(2026, 3, 2, 2, tzinfo=UTC)  # Monday 09.00 in Jakarta


def read(stretches, counting=frozenset(), at=NINE + timedelta(days=9)):
    rules = ClockRules({1: NINE_TO_FIVE, 2: OPEN}, counting, 80)
    clocks = Ruler(rules, stretches, at=at).read(stretches)
    return clocks.visitor / timedelta(hours=1), clocks.office / timedelta(hours=1)


def stretch(start, end, state=State.PROCESSING, cause=None, service=1):
    return Stretch(service, state, cause, NINE + timedelta(hours=start), NINE + timedelta(hours=end))


@pytest.mark.parametrize(
    ("cause", "counting", "office"),
    [
        (PauseCause.VISITOR, {"system"}, 2),
        (PauseCause.OTHER_AGENCY, {"system"}, 2),
        (PauseCause.SYSTEM, {"system"}, 5),
        (PauseCause.SYSTEM, set(), 2),
        (PauseCause.VISITOR, {"visitor"}, 5),
        (PauseCause.CLOSING_TIME, {"closing_time", "system"}, 2),
    ],
)
def test_a_pause_stops_the_office_unless_its_cause_counts(cause, counting, office):
    stretches = [stretch(0, 1), stretch(1, 4, State.PAUSED, cause), stretch(4, 5)]

    assert read(stretches, counting_causes(counting)) == (5, office)


def test_each_segment_goes_by_the_calendar_of_its_own_service():
    assert read([stretch(0, 2), stretch(2, 24, service=2), stretch(24, 26)]) == (26, 26)
    assert read([stretch(0, 2), stretch(2, 24), stretch(24, 26)]) == (26, 10)


def test_a_reopened_transaction_does_not_count_the_time_between():
    assert read([stretch(0, 1), stretch(48, 50)]) == (3, 3)


def test_a_segment_that_ends_before_it_starts_counts_nothing():
    assert read([stretch(0, 1), stretch(1, -2), stretch(-2, 0)], at=NINE) == (3, 1)


def test_used_since_an_instant_within_a_segment():
    stretches = [stretch(0, 3), stretch(3, 6, State.PAUSED, PauseCause.VISITOR), stretch(6, 25)]
    ruler = Ruler(ClockRules({1: NINE_TO_FIVE}, frozenset(), 80), stretches, at=NINE)

    assert ruler.office_time(stretches, since=NINE + timedelta(hours=2)) == timedelta(hours=4)


class TestSplicing:
    """A service that keeps another calendar from a date on."""

    def test_each_date_is_as_in_the_calendar_of_its_time(self):
        monday, change = date(2026, 3, 2), date(2026, 3, 5)
        first = Calendar(JAKARTA, NINE_TO_FIVE.weeks, {monday: "Rapat", change: "Pindah"})
        second = Calendar(JAKARTA, OPEN.weeks, {date(2026, 3, 6): "Libur"}, {monday: ((0, 60),)})
        both = spliced([(date.min, first), (change, second)])

        for day in (monday + timedelta(days=each) for each in range(-10, 30)):
            assert both.intervals(day) == (first if day < change else second).intervals(day)

    def test_closed_where_the_later_one_has_no_week_yet(self):
        later = Calendar(JAKARTA, ((date(2026, 4, 1), ALWAYS),))
        both = spliced([(date.min, OPEN), (date(2026, 3, 5), later)])

        assert [bool(both.intervals(date(2026, *day))) for day in ((3, 4), (3, 5), (3, 31), (4, 1))] == [1, 0, 0, 1]

    def test_special_hours_win_over_a_closure(self):
        day = date(2026, 3, 2)
        assert Calendar(JAKARTA, OPEN.weeks, {day: "Libur"}, {day: ((480, 600),)}).intervals(day) == ((480, 600),)
