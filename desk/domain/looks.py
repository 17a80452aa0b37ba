"""What asks to be looked at again: work and pauses that are due, due today, or of which somebody is to be reminded."""

from datetime import datetime
from enum import StrEnum


class Look(StrEnum):
    """Why somebody should look at it, the most urgent first."""

    OVERDUE = "overdue"
    DUE_TODAY = "due_today"
    REMINDED = "reminded"


def look(due_at: datetime | None, remind_at: datetime | None, *, at: datetime, ends_at: datetime) -> Look | None:
    """Return why to look again at an instant of the day that ends at `ends_at`; None while there is no need."""
    if due_at is not None and due_at <= at:
        return Look.OVERDUE
    if due_at is not None and due_at < ends_at:
        return Look.DUE_TODAY
    return Look.REMINDED if remind_at is not None and remind_at <= at else None
