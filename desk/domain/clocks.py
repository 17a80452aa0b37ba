"""The two clocks of a transaction, read from its custody segments and the service's calendar, never stored as counters.

The visitor's clock runs as long as the transaction is open. The office's clock runs in service hours only, by the
calendar of the service in force in each segment, and stops in a pause unless its cause counts for the office. A segment
that ends before it starts (the clock of the office was set right meanwhile) counts nothing.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Final

from desk.domain.hours import Calendar, openings
from desk.domain.lifecycle import State
from desk.domain.reasons import PauseCause

NOTHING: Final = timedelta(0)
# A pause over closing time never counts: it lies in hours in which the clock does not run anyway.
CHOOSABLE_CAUSES: Final = (PauseCause.SYSTEM, PauseCause.VISITOR, PauseCause.OTHER_AGENCY)
DEFAULT_COUNTING: Final = frozenset({PauseCause.SYSTEM})


@dataclass(frozen=True, slots=True)
class Stretch:
    """A custody segment as the clocks see it; `ended_at` is None while it lasts."""

    service_id: int
    state: State
    cause: PauseCause | None
    started_at: datetime
    ended_at: datetime | None = None

    def since(self, since: datetime | None, *, at: datetime) -> tuple[datetime, datetime]:
        """Return the part of it from `since` on, up to `at` where it lasts; empty where it ends before it begins."""
        ended_at = at if self.ended_at is None else self.ended_at
        return (self.started_at if since is None else max(self.started_at, since)), ended_at


@dataclass(frozen=True, slots=True)
class ClockRules:
    """The calendar of each service, the causes that do not stop the office's clock, when a promise is at risk."""

    calendars: Mapping[int, Calendar]
    counting: frozenset[PauseCause]
    risk_percent: int


@dataclass(frozen=True, slots=True)
class Clocks:
    """What both clocks show."""

    visitor: timedelta
    office: timedelta


class OpenTime:
    """The open time of one calendar between two instants, added up once so that any part of it is found at once."""

    def __init__(self, calendar: Calendar, since: datetime, until: datetime) -> None:
        found = list(openings(calendar, since, until))
        self._opens = [opens for opens, _ in found]
        self._closes = [closes for _, closes in found]
        self._sums = list(accumulate((closes - opens for opens, closes in found), initial=NOTHING))

    def between(self, since: datetime, until: datetime) -> timedelta:
        """Return the open time of [since, until), which must lie within what was added up."""
        return NOTHING if until <= since else self._before(until) - self._before(since)

    def _before(self, at: datetime) -> timedelta:
        index = bisect_right(self._opens, at)
        if index == 0:
            return NOTHING
        return self._sums[index - 1] + min(self._closes[index - 1], at) - self._opens[index - 1]


class Ruler:
    """Reads the clocks of many transactions at one instant; the open time of each calendar is added up only once."""

    def __init__(self, rules: ClockRules, stretches: Collection[Stretch], *, at: datetime) -> None:
        """Prepare for these stretches, of which there must be one at least."""
        self._calendars, self._counting = rules.calendars, rules.counting
        self._at = at
        self._first = min(each.started_at for each in stretches)
        # After the clock was set right, what has ended may lie ahead of now.
        self._last = max(self._first, at, *(each.ended_at for each in stretches if each.ended_at is not None))
        self._known: dict[int, OpenTime] = {}

    def read(self, stretches: Collection[Stretch]) -> Clocks:
        """Return both clocks of one transaction."""
        spans = (each.since(None, at=self._at) for each in stretches)
        visitor = sum((max(NOTHING, end - start) for start, end in spans), NOTHING)
        return Clocks(visitor, self.office_time(stretches))

    def office_time(self, stretches: Iterable[Stretch], *, since: datetime | None = None) -> timedelta:
        """Return what the office's clock adds up to, from `since` on."""
        running = (each for each in stretches if self._runs(each))
        return sum((self._open(each, *each.since(since, at=self._at)) for each in running), NOTHING)

    def _runs(self, stretch: Stretch) -> bool:
        return stretch.state is not State.PAUSED or stretch.cause in self._counting

    def _open(self, stretch: Stretch, start: datetime, end: datetime) -> timedelta:
        if end <= start:
            return NOTHING
        calendar = self._calendars[stretch.service_id]
        known = self._known.get(id(calendar))
        if known is None:
            known = self._known[id(calendar)] = OpenTime(calendar, self._first, self._last)
        return known.between(start, end)


def counting_causes(codes: Iterable[str]) -> frozenset[PauseCause]:
    """Return the causes that count for the office as it has chosen them; closing time never does."""
    return frozenset(cause for cause in CHOOSABLE_CAUSES if cause.value in set(codes))
