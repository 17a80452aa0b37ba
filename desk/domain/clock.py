"""Instants: aware UTC datetimes at the edges, whole microseconds since 1970 in events and in the database."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
# A clock behind the stream by less than this is the ordinary jitter between machines: clamped, not recorded.
TOLERANCE: Final = timedelta(seconds=2)


def micros(at: datetime) -> int:
    """Return the microseconds since 1970-01-01T00:00Z; raise `ValueError` for a naive datetime."""
    if at.tzinfo is None:
        raise ValueError("a naive datetime is not an instant")
    return (at - EPOCH) // MICROSECOND


def instant(value: int) -> datetime:
    """Return the aware UTC datetime of so many microseconds since 1970."""
    return EPOCH + timedelta(0, 0, value)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the clock says in an office: never earlier than what was already recorded."""

    at: datetime
    behind: timedelta
    newly_behind: bool


def read_clock(now: datetime, *, latest: datetime, known_behind: bool) -> Reading:
    """Clamp `now` to `latest`, the time of the office's newest event.

    `newly_behind` says that a step back beyond the tolerance must be recorded: once per step, not once per event.
    """
    if now >= latest:
        return Reading(now, timedelta(0), newly_behind=False)
    behind = latest - now
    return Reading(latest, behind, newly_behind=behind > TOLERANCE and not known_behind)
