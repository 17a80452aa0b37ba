"""When somebody is asked: after a delay, outside of the quiet hours, on working days where the office wants that.

Quiet hours are by the wall clock of the calendar's zone, half-open, and may cross midnight; equal ends are none.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final

from desk.domain.hours import LOOK_AHEAD_DAYS, Calendar, add_working_days, business_day, day_bounds, working_day

TURN: Final = timedelta(seconds=10)
_STEPS: Final = 2 * LOOK_AHEAD_DAYS  # at most one to the next day and one out of the quiet hours for each day


@dataclass(frozen=True, slots=True)
class Timing:
    """What an office has set; without `reminder_days` nobody is reminded."""

    delay: timedelta = timedelta(0)
    quiet_from: time = time(0)
    quiet_until: time = time(0)
    working_days: bool = False
    reminder_days: int = 0


def is_quiet(timing: Timing, at: datetime, calendar: Calendar) -> bool:
    """Tell whether an instant lies in the quiet hours."""
    now, begins, ends = at.astimezone(calendar.zone).time(), timing.quiet_from, timing.quiet_until
    if begins <= ends:
        return begins <= now < ends
    return now >= begins or now < ends


def send_at(timing: Timing, ended_at: datetime, calendar: Calendar) -> datetime:
    """Return when (UTC) the message about a transaction goes out; where no day suits within 400, after the delay."""
    return next_suitable(timing, ended_at + timing.delay, calendar)


def put_off_until(timing: Timing, at: datetime, calendar: Calendar) -> datetime | None:
    """Return when (UTC) a message that is due now may go out; None for now.

    What is taken now may have to wait for its turn for a moment: also then it must not be too late.
    """
    for moment in (at, at + TURN):
        suitable = next_suitable(timing, moment, calendar)
        if suitable > moment:
            return suitable
    return None


def remind_at(timing: Timing, sent_at: datetime, calendar: Calendar, *, expires_at: datetime) -> datetime | None:
    """Return when (UTC) the one reminder goes out; None where there is none, or the link will have expired by then."""
    if timing.reminder_days <= 0:
        return None
    at = next_suitable(timing, sent_at + timedelta(days=timing.reminder_days), calendar)
    return at if at < expires_at else None


def limit_of(calendar: Calendar, taken_back_at: datetime, days: int, *, starts_at: time = time(0)) -> datetime:
    """Return when (UTC) a reopened transaction that is still in work is decided about all the same.

    That is when so many working days after the business day of the first reopening are over (days without any to come).
    """
    day = business_day(taken_back_at, calendar.zone, starts_at=starts_at)
    last = add_working_days(calendar, day, days) or day + timedelta(days=days)
    return day_bounds(last, calendar.zone, starts_at=starts_at)[1]


def next_suitable(timing: Timing, at: datetime, calendar: Calendar) -> datetime:
    """Return the first instant (UTC) from this one on at which a message may go out; this one where no day suits."""
    found = at.astimezone(UTC)
    for _ in range(_STEPS):
        later = _later(timing, found, calendar)
        if later is None:
            return found
        found = later
    return at.astimezone(UTC)


def _later(timing: Timing, at: datetime, calendar: Calendar) -> datetime | None:
    """Return the next instant that may suit better than this one; None where this one suits."""
    today = at.astimezone(calendar.zone).date()
    if timing.working_days and not working_day(calendar, today):
        return day_bounds(today + timedelta(days=1), calendar.zone)[0]
    return _quiet_end(timing, at, calendar) if is_quiet(timing, at, calendar) else None


def _quiet_end(timing: Timing, at: datetime, calendar: Calendar) -> datetime:
    """Return when the quiet hours that an instant lies in are over by the wall clock."""
    today = at.astimezone(calendar.zone).date()
    for day in (today, today + timedelta(days=1)):
        for fold in (0, 1):  # a local time that comes twice: the one that is ahead
            local = datetime.combine(day, timing.quiet_until, calendar.zone).replace(fold=fold)
            if local.astimezone(UTC) > at:
                return local.astimezone(UTC)
    raise AssertionError("the end of tomorrow's quiet hours lies ahead")
