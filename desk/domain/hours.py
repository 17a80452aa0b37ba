"""Business days, service hours and working days of an office, in its own time zone.

Calendars are effective-dated: the week in force on a date is the latest one that began on or before it. Minutes of the
day run from 0 to 1440 (midnight to midnight), intervals are half-open.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

MINUTES_A_DAY: Final = 24 * 60
LOOK_AHEAD_DAYS: Final = 400

Interval = tuple[int, int]
Week = tuple[tuple[Interval, ...], ...]
Openings = tuple[tuple[datetime, datetime], ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a service is open: weeks by the date they take effect, dates closed all day, dates with special hours."""

    zone: ZoneInfo
    weeks: tuple[tuple[date, Week], ...]
    closed: Mapping[date, str] = field(default_factory=dict)
    special: Mapping[date, tuple[Interval, ...]] = field(default_factory=dict)
    _hours: dict[date, Openings] = field(default_factory=dict, init=False, repr=False, compare=False)

    def intervals(self, day: date) -> tuple[Interval, ...]:
        """Return the open intervals of a local date, in minutes from its midnight; special hours win over a closure."""
        if day in self.special:
            return self.special[day]
        if day in self.closed:
            return ()
        week = next((week for since, week in reversed(self.weeks) if since <= day), None)
        return () if week is None else week[day.weekday()]

    def hours(self, day: date) -> Openings:
        """Return the open intervals of a local date as instants; they are worked out once for each date."""
        found = self._hours.get(day)
        if found is None:
            found = self._hours[day] = tuple(_hours(self, day))
        return found


ALWAYS: Final[Week] = (((0, MINUTES_A_DAY),),) * 7
NEVER: Final[Week] = ((),) * 7


def week_of(*, weekdays: range, hours: tuple[Interval, ...]) -> Week:
    """Return a week with the same hours on each of the weekdays (Monday is 0) and closed on the others."""
    return tuple(hours if day in weekdays else () for day in range(7))


def checked(week: Week) -> Week:
    """Return the week; raise `ValueError` unless it has seven days of ascending intervals within the day."""
    if len(week) != 7:
        raise ValueError("a week has seven days")
    for day in week:
        if any(not 0 <= start < end <= MINUTES_A_DAY for start, end in day):
            raise ValueError("an interval starts before it ends and stays within the day")
        if any(first[1] > second[0] for first, second in pairwise(day)):
            raise ValueError("intervals of a day follow one another")
    return week


def business_day(at: datetime, zone: ZoneInfo, *, starts_at: time = time(0)) -> date:
    """Return the business day an instant belongs to: the local date, counted from `starts_at` instead of midnight."""
    today = at.astimezone(zone).date()
    # Where the clocks go back over midnight, tomorrow may have begun already.
    for day in (today + timedelta(days=1), today):
        if at >= _moment(datetime.combine(day, starts_at), zone):
            return day
    return today - timedelta(days=1)


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Tell whether the service is open at an instant."""
    today = at.astimezone(calendar.zone).date()
    return any(
        opens <= at < closes for day in (today, today + timedelta(days=1)) for opens, closes in calendar.hours(day)
    )


def next_opening(calendar: Calendar, at: datetime) -> datetime | None:
    """Return the next instant (UTC) at which the service is or becomes open; None if not within 400 days."""
    if is_open(calendar, at):
        return at
    today = at.astimezone(calendar.zone).date()
    for offset in range(LOOK_AHEAD_DAYS):
        day = today + timedelta(days=offset)
        for opens, _ in calendar.hours(day):
            if opens > at:
                return opens
    return None


def open_seconds(calendar: Calendar, since: datetime, until: datetime) -> float:
    """Return how many seconds of [since, until) lie in service hours."""
    return open_time(calendar, since, until).total_seconds()


def open_time(calendar: Calendar, since: datetime, until: datetime) -> timedelta:
    """Return how much of [since, until) lies in service hours, to the microsecond."""
    total = timedelta(0)
    if until <= since:
        return total
    for opens, closes in openings(calendar, since, until):
        total += max(timedelta(0), min(closes, until) - max(opens, since))
    return total


def openings(calendar: Calendar, since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the open intervals (UTC) of every local date that [since, until] touches, and of the one after."""
    day, last = since.astimezone(calendar.zone).date(), until.astimezone(calendar.zone).date() + timedelta(days=1)
    while day <= last:
        yield from calendar.hours(day)
        day += timedelta(days=1)


def spliced(spans: Sequence[tuple[date, Calendar]]) -> Calendar:
    """Return the one calendar that follows each of these from its date on, until the next begins.

    The first also holds for all dates before its own. Raises `IndexError` without any.
    """
    first = spans[0][1]
    if len(spans) == 1:
        return first
    bounds = [date.min, *(since for since, _ in spans[1:]), date.max]
    weeks: list[tuple[date, Week]] = []
    closed: dict[date, str] = {}
    special: dict[date, tuple[Interval, ...]] = {}
    for (_, calendar), (begins, ends) in zip(spans, pairwise(bounds), strict=True):
        weeks += _weeks_within(calendar, begins, ends)
        closed |= {day: name for day, name in calendar.closed.items() if begins <= day < ends}
        special |= {day: hours for day, hours in calendar.special.items() if begins <= day < ends}
    return Calendar(first.zone, tuple(weeks), closed, special)


def _weeks_within(calendar: Calendar, begins: date, ends: date) -> list[tuple[date, Week]]:
    """Return the weeks in force in [begins, ends); closed at first where none is in force yet."""
    before = [week for since, week in calendar.weeks if since <= begins]
    following = [(since, week) for since, week in calendar.weeks if begins < since < ends]
    return [(begins, before[-1] if before else NEVER), *following]


def instant_before(calendar: Calendar, at: datetime, seconds: float) -> datetime | None:
    """Return the instant (UTC) that lies so many open seconds before `at`; None if not within 400 days."""
    day, left = at.astimezone(calendar.zone).date() + timedelta(days=1), seconds
    for offset in range(LOOK_AHEAD_DAYS):
        for opens, closes in reversed(calendar.hours(day - timedelta(days=offset))):
            span = max(0.0, (min(closes, at) - opens).total_seconds())
            if span >= left:
                return min(closes, at) - timedelta(seconds=left)
            left -= span
    return None


def instant_after(calendar: Calendar, at: datetime, seconds: float) -> datetime | None:
    """Return the instant (UTC) by which so many open seconds have passed since `at`; None if not within 400 days."""
    day, left = at.astimezone(calendar.zone).date(), seconds
    for offset in range(LOOK_AHEAD_DAYS):
        for opens, closes in calendar.hours(day + timedelta(days=offset)):
            begins = max(opens, at)
            span = max(0.0, (closes - begins).total_seconds())
            if span >= left:
                return begins + timedelta(seconds=left)
            left -= span
    return None


def working_day(calendar: Calendar, day: date) -> bool:
    """Tell whether the service opens at all on a local date."""
    return bool(calendar.intervals(day))


def add_working_days(calendar: Calendar, start: date, days: int) -> date | None:
    """Return the date `days` working days after `start` (which does not count); None if not within the look-ahead."""
    day, left = start, days
    for _ in range(days * 7 + LOOK_AHEAD_DAYS):
        if left == 0:
            return day
        day += timedelta(days=1)
        left -= working_day(calendar, day)
    return None


def working_day_before(calendar: Calendar, day: date) -> date | None:
    """Return the last working day before a date; None if there is none within 400 days."""
    days = (day - timedelta(days=offset) for offset in range(1, LOOK_AHEAD_DAYS))
    return next((each for each in days if working_day(calendar, each)), None)


def hours_on(calendar: Calendar, day: date) -> tuple[datetime, datetime] | None:
    """Return when (UTC) the service first opens and last closes on a local date; None when it stays closed."""
    found = calendar.hours(day)
    return (found[0][0], found[-1][1]) if found else None


def opens_at_all(week: Week) -> bool:
    """Tell whether a week has any open hour."""
    return any(week)


def day_bounds(day: date, zone: ZoneInfo, *, starts_at: time = time(0)) -> tuple[datetime, datetime]:
    """Return the instants (UTC) at which a business day begins and ends."""
    following = day + timedelta(days=1)
    return _moment(datetime.combine(day, starts_at), zone), _moment(datetime.combine(following, starts_at), zone)


def _hours(calendar: Calendar, day: date) -> Iterator[tuple[datetime, datetime]]:
    """Yield the open intervals of a local date as instants; none that lies in an hour the clocks skip."""
    midnight = datetime.combine(day, time(0))
    for start, end in calendar.intervals(day):
        opens, closes = (_moment(midnight + timedelta(minutes=each), calendar.zone) for each in (start, end))
        if opens < closes:
            yield opens, closes


def _moment(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant (UTC) of a local time: of one that comes twice the first, of one that is skipped the next."""
    while True:
        at = local.replace(tzinfo=zone).astimezone(UTC)
        if at.astimezone(zone).replace(tzinfo=None) == local:
            return at
        local += timedelta(minutes=1)
