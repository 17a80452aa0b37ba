"""The waits of a transaction: with what each began, and how the first is told from those a handoff brought."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class Beginning(StrEnum):
    """With what a wait in a queue began."""

    CHECK_IN = "check_in"
    RETURN = "return"
    TRANSFER = "transfer"
    HANDOFF = "handoff"
    COMING_BACK = "coming_back"
    REINSTATEMENT = "reinstatement"


BY_HANDOFF: Final = frozenset({Beginning.TRANSFER, Beginning.HANDOFF})


@dataclass(frozen=True, slots=True)
class Waited:
    """One wait: from joining the queue until the last call, the end without one, or now."""

    began_by: Beginning
    joined_at: datetime
    called_at: datetime | None
    ended_at: datetime | None

    def length(self, *, at: datetime) -> timedelta:
        """Return how long it was up to `at`; never less than nothing, whatever the clock did."""
        return max((self.called_at or self.ended_at or at) - self.joined_at, timedelta(0))


@dataclass(frozen=True, slots=True)
class Waits:
    """The waits of one transaction in seconds: the first, those after a handoff, and all others."""

    first_s: float = 0.0
    handoff_s: float = 0.0
    further_s: float = 0.0


def split_waits(waits: Iterable[Waited], *, at: datetime) -> Waits:
    """Return the waits added up by what they began with."""
    first = handoff = further = timedelta(0)
    for each in waits:
        if each.began_by is Beginning.CHECK_IN:
            first += each.length(at=at)
        elif each.began_by in BY_HANDOFF:
            handoff += each.length(at=at)
        else:
            further += each.length(at=at)
    return Waits(first.total_seconds(), handoff.total_seconds(), further.total_seconds())
