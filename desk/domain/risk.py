"""Whether a promise is kept, at risk or broken: the one place where the floor judges it.

A promise runs from when it began to when it is due, be it a wait of minutes or work of days; whoever knows of working
days gives the due time that follows from them.
"""

from datetime import datetime
from enum import StrEnum


class Standing(StrEnum):
    """How a promise that still runs stands."""

    ON_TIME = "on_time"
    AT_RISK = "at_risk"
    BROKEN = "broken"


def standing(began_at: datetime, due_at: datetime, *, at: datetime, percent: int) -> Standing:
    """Return how a promise stands: broken once it is due, at risk from `percent` of its time on."""
    if at >= due_at:
        return Standing.BROKEN
    return Standing.AT_RISK if (at - began_at) * 100 >= (due_at - began_at) * percent else Standing.ON_TIME
