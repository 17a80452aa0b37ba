"""Gaps: where a transaction, or a visitor, is about to be forgotten. What counts as one, and what is done about it.

Thresholds are settings of the office. What is asked of the database are moments computed here, so that each finder
(`desk.reads.gap_finders`) reads only what is open and old enough.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Final

from desk.domain.hours import Calendar, instant_before
from desk.domain.refusals import Reason, Refused


class GapKind(StrEnum):
    """Every way in which somebody may be forgotten, the most urgent first."""

    CALLED_NOT_STARTED = "called_not_started"
    WAITS_FOR_ABSENT = "waits_for_absent"
    HOLDER_SHUT_OUT = "holder_shut_out"
    HEAD_SHUT_OUT = "head_shut_out"
    NOBODY_SERVES = "nobody_serves"
    HOLDER_DISABLED = "holder_disabled"
    HOLDER_ABSENT = "holder_absent"
    BACK_WITH_OFF_DUTY = "back_with_off_duty"
    OFFER_UNANSWERED = "offer_unanswered"
    REQUEST_OVERDUE = "request_overdue"
    PAUSE_PAST_DUE = "pause_past_due"
    HOLDER_SILENT = "holder_silent"
    BACK_AND_FORTH = "back_and_forth"
    MANY_HANDOFFS = "many_handoffs"
    DAY_LEFT_OPEN = "day_left_open"
    FOLLOW_UP_UNASSIGNED = "follow_up_unassigned"
    FOLLOW_UP_OVERDUE = "follow_up_overdue"
    COMPLAINT_LATE = "complaint_late"


class GapAction(StrEnum):
    """The next sensible thing to do about a gap."""

    SEAT = "seat"
    REASSIGN = "reassign"
    NAME_HEAD = "name_head"
    SAY_WHO_SERVES = "say_who_serves"
    WITHDRAW = "withdraw"
    RESUME = "resume"
    LOOK = "look"
    FOLLOW_UP = "follow_up"
    ANSWER = "answer"
    CLOSE_EARLIER_DAYS = "close_earlier_days"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From when on something is a gap: seconds, open seconds (`gap_silent_s`), handoffs, percent of a promise."""

    gap_offer_s: int = 300
    gap_called_s: int = 300
    gap_silent_s: int = 57_600
    gap_handoffs: int = 3
    risk_percent: int = 80

    def offered_before(self, at: datetime) -> datetime:
        """Return when an offer was made at the latest that should have been answered by now."""
        return at - timedelta(seconds=self.gap_offer_s)

    def called_before(self, at: datetime) -> datetime:
        """Return when a visitor was called at the latest who should be served by now."""
        return at - timedelta(seconds=self.gap_called_s)

    def silent_before(self, calendar: Calendar, at: datetime) -> datetime | None:
        """Return when a holder did something at the latest who is silent for too long; None if hours never suffice."""
        return instant_before(calendar, at, self.gap_silent_s)


# What a supervisor may set, in the unit it is stored in.
BOUNDS: Final[dict[str, tuple[int, int]]] = {
    "gap_offer_s": (60, 86_400),
    "gap_called_s": (60, 7_200),
    "gap_silent_s": (3_600, 1_440_000),
    "gap_handoffs": (1, 50),
    "risk_percent": (10, 99),
}
SETTINGS: Final = tuple(field.name for field in fields(Thresholds))


def changed(before: Thresholds, wanted: Thresholds) -> dict[str, tuple[int, int]]:
    """Return what differs, by setting, from and to.

    Raises `Refused`: INVALID for a value out of bounds, ALREADY_DONE where nothing differs.
    """
    values = {name: (getattr(before, name), getattr(wanted, name)) for name in SETTINGS}
    for name, (_, value) in values.items():
        least, most = BOUNDS[name]
        if not least <= value <= most:
            raise Refused(Reason.INVALID, field=name)
    found = {name: pair for name, pair in values.items() if pair[0] != pair[1]}
    if not found:
        raise Refused(Reason.ALREADY_DONE)
    return found


def went_back_and_forth(people: Sequence[int]) -> bool:
    """Tell whether a transaction came back to somebody who had just given it away: A → B → A.

    `people` are the givers in order and the last receiver; whoever follows themselves counts once.
    """
    chain = [person for person, _ in groupby(people)]
    return any(first == third for first, third in zip(chain, chain[2:], strict=False))
