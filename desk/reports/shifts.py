"""Morning or afternoon: on which side of the middle of the counter's hours something happened.

The middle is that of the longest break of the day; without a break, of the hours from the first opening to the last
closing; on a day without hours, noon.
"""

from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import select

from desk.domain.clock import instant
from desk.domain.hours import Calendar, Interval
from desk.models import Office, Service
from desk.reads.calendars import get_calendar
from desk.reads.reader import Reader
from desk.reports.columns import Ints, Numbers
from desk.reports.statistics import Mask

MINUTE: Final = 60_000_000
QUARTER: Final = 15 * MINUTE  # no zone's offset changes within one
DAY: Final = 24 * 60 * MINUTE
EPOCH: Final = date(1970, 1, 1).toordinal()
NOON: Final = 12 * 60


class Shift(StrEnum):
    """A half of the counter's day."""

    MORNING = "morning"
    AFTERNOON = "afternoon"


def middle_of(intervals: tuple[Interval, ...]) -> int:
    """Return the minute of the day that parts morning and afternoon."""
    if not intervals:
        return NOON
    breaks = [(second[0] - first[1], first[1], second[0]) for first, second in pairwise(intervals)]
    longest = max(breaks, default=(0, 0, 0))
    return (longest[1] + longest[2]) // 2 if longest[0] else (intervals[0][0] + intervals[-1][1]) // 2


def wall_time(instants: Ints, zone: ZoneInfo) -> Ints:
    """Return instants as microseconds of the office's wall clock since its first of January 1970."""
    if not instants.size:
        return instants
    quarters = instants // QUARTER
    least = int(quarters.min())
    seen = np.zeros(int(quarters.max()) - least + 1, bool)
    seen[quarters - least] = True
    offsets = np.zeros(seen.size, np.int64)
    for place in np.flatnonzero(seen):
        offset = instant(int(least + place) * QUARTER).astimezone(zone).utcoffset()
        offsets[place] = 0 if offset is None else offset.total_seconds() * 1_000_000
    return instants + offsets[quarters - least]


def in_the_afternoon(reader: Reader, office_id: int, instants: Ints, services: Numbers) -> Mask:
    """Return which instants lie in the second half of the day of their service's counter hours."""
    if not instants.size:
        return np.zeros(0, bool)
    zone = ZoneInfo(reader.execute(select(Office.zone).where(Office.id == office_id)).scalar_one())
    wall = wall_time(instants, zone)
    days = wall // DAY
    first, last = int(days.min()), int(days.max())
    middles = np.full((int(services.max()) + 1, last - first + 1), NOON, np.int64)
    for service_id, calendar in _calendars(reader, office_id).items():
        if service_id < middles.shape[0]:
            middles[service_id] = [middle_of(calendar.intervals(_date(day))) for day in range(first, last + 1)]
    minutes = wall % DAY // MINUTE
    later: Mask = minutes >= middles[services, days - first]
    return later


def _date(day: int) -> date:
    return date.fromordinal(day + EPOCH)


def _calendars(reader: Reader, office_id: int) -> dict[int, Calendar]:
    query = select(Service.id, Service.calendar_id).where(Service.office_id == office_id)
    of = dict(reader.execute(query).tuples().all())
    known = {calendar_id: get_calendar(reader, calendar_id) for calendar_id in set(of.values())}
    return {service_id: known[calendar_id] for service_id, calendar_id in of.items()}
