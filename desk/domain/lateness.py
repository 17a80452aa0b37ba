"""Late cases: who is told of one, in two levels.

What makes a case late stands in `desk.domain.complaints` and `desk.domain.following_up`; who had a hand in the matter
is told at neither level; when a case goes up is a setting of the office.
"""

from collections.abc import Collection
from enum import IntEnum

from desk.domain.facts import EventName, Fact


class Level(IntEnum):
    """Whom a late case is put before."""

    SUPERVISORS = 1
    ADMINISTRATORS = 2


def whom_to_tell(
    level: Level, supervisors: Collection[int], administrators: Collection[int], barred: Collection[int]
) -> list[int]:
    """Return who is told at a level: those outside the chain; without such a supervisor the administrators at once."""
    outside = sorted(set(administrators) - set(barred))
    if level is Level.ADMINISTRATORS:
        return outside
    return sorted(set(supervisors) - set(barred)) or outside


def raised(case_id: int, kind: str) -> Fact:
    """Return the event that a case which stayed late goes up; `kind` is "follow_up" or "voice"."""
    return Fact(EventName.CASE_RAISED, {"case": case_id, "kind": kind})


def told(case_id: int, kind: str, level: Level, to_id: int) -> Fact:
    """Return the event that a message about a late case was queued to a member of staff."""
    return Fact(EventName.CASE_TOLD, {"case": case_id, "kind": kind, "level": int(level), "to": to_id})
