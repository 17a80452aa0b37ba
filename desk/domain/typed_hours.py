"""Service hours as people read them, "08.00–12.15, 13.00–16.00"; typed, a hyphen does too. An empty day is closed."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from desk.domain.hours import MINUTES_A_DAY, Interval, Week, opens_at_all
from desk.domain.refusals import Reason, Refused

_SPAN: Final = re.compile(r"(\d{1,2})[.:](\d{2})\s*[-–—]\s*(\d{1,2})[.:](\d{2})")


def read_hours(text: str) -> tuple[Interval, ...]:
    """Return the intervals that somebody typed for one day.

    Raises `Refused`: HOURS_UNREADABLE, HOURS_REVERSED (an interval ends before it starts), HOURS_OVERLAP.
    """
    spans = tuple(_read_span(part.strip()) for part in re.split(r"[,;]", text) if part.strip())
    if any(first[1] > second[0] for first, second in pairwise(spans)):
        raise Refused(Reason.HOURS_OVERLAP)
    return spans


def _read_span(text: str) -> Interval:
    found = _SPAN.fullmatch(text)
    if found is None:
        raise Refused(Reason.HOURS_UNREADABLE)
    hours = [int(each) for each in found.groups()]
    if hours[1] > 59 or hours[3] > 59:
        raise Refused(Reason.HOURS_UNREADABLE)
    start, end = hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
    if max(start, end) > MINUTES_A_DAY:
        raise Refused(Reason.HOURS_UNREADABLE)
    if start >= end:
        raise Refused(Reason.HOURS_REVERSED)
    return start, end


def read_week(days: Sequence[str]) -> Week:
    """Return a typed week, Monday first; raises as `read_hours`, and `Refused(NO_OPEN_HOURS)` for one never open."""
    week = tuple(read_hours(each) for each in days)
    if len(week) != 7:
        raise Refused(Reason.HOURS_UNREADABLE)
    if not opens_at_all(week):
        raise Refused(Reason.NO_OPEN_HOURS)
    return week


def write_hours(day: Sequence[Sequence[int]], *, dash: str = "–") -> str:
    """Return the intervals of a day as people type them; nothing for a closed one."""
    return ", ".join(f"{_clock(start)}{dash}{_clock(end)}" for start, end in day)


def _clock(minutes: int) -> str:
    return "{:02d}.{:02d}".format(*divmod(minutes, 60))
