"""What is promised for work that goes on without the visitor: so many working days from complete documents.

The days step with the quantity of objects: `steps` are (objects up to, working days), ascending; above the last of them
the promise goes on in the same steps, as published norms do ("+2 per 5 objects"). The day on which the documents are
complete does not count, and the promise holds until the service closes on the last day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from desk.domain.access import FRONT_LINE, Actor, Role, require, require_custodian
from desk.domain.clock import micros
from desk.domain.custody import Step, Transaction, take
from desk.domain.facts import JSON, EventName, Fact
from desk.domain.hours import Calendar, add_working_days, hours_on, open_time, working_day_before
from desk.domain.lifecycle import Action, State
from desk.domain.reasons import CorrectionReason
from desk.domain.refusals import Reason, Refused
from desk.domain.risk import Standing

MOST_OBJECTS: Final = 10_000
Steps = Sequence[Sequence[int]]


@dataclass(frozen=True, slots=True)
class Promise:
    """By when it is promised, and how much office time lies between complete documents and then."""

    complete_at: datetime
    promised_at: datetime
    quantity: int
    days: int
    allowed: timedelta

    def payload(self) -> dict[str, JSON]:
        """Return the promise as an event carries it."""
        return {
            "complete": micros(self.complete_at),
            "promised": micros(self.promised_at),
            "quantity": self.quantity,
            "days": self.days,
            "promise_s": int(self.allowed.total_seconds()),
        }


NO_PROMISE: Final[dict[str, JSON]] = dict.fromkeys(("complete", "promised", "quantity", "days", "promise_s"))


def working_days(steps: Steps, quantity: int) -> int:
    """Return the working days promised for so many objects.

    Raises `Refused`: NO_COMPLETION_PROMISE without steps, QUANTITY_OUT_OF_RANGE for fewer than one or more than 10,000
    objects, or for more than the only step reaches.
    """
    if not steps:
        raise Refused(Reason.NO_COMPLETION_PROMISE)
    most = MOST_OBJECTS if len(steps) > 1 else steps[-1][0]
    if not 1 <= quantity <= most:
        raise Refused(Reason.QUANTITY_OUT_OF_RANGE, most=most)
    for up_to, days in steps:
        if quantity <= up_to:
            return days
    (before, fewer), (last, more) = steps[-2], steps[-1]
    further = -(-(quantity - last) // (last - before))
    return more + further * (more - fewer)


def promise(calendar: Calendar, steps: Steps, *, quantity: int, complete_at: datetime) -> Promise:
    """Return what is promised for documents that are complete at an instant.

    Raises as `working_days`, and `Refused(NO_OPEN_HOURS)` where the calendar has no such working day within its reach.
    """
    days = working_days(steps, quantity)
    last = add_working_days(calendar, complete_at.astimezone(calendar.zone).date(), days)
    hours = None if last is None else hours_on(calendar, last)
    if hours is None:
        raise Refused(Reason.NO_OPEN_HOURS)
    promised_at = hours[1]
    return Promise(complete_at, promised_at, quantity, days, open_time(calendar, complete_at, promised_at))


def standing(used: timedelta, allowed: timedelta, *, risk_percent: int) -> Standing:
    """Return how a promise stands: broken once more than it allows is used, at risk from `risk_percent` of it on."""
    if used > allowed:
        return Standing.BROKEN
    return Standing.AT_RISK if used * 100 >= allowed * risk_percent else Standing.ON_TIME


def percent_used(used: timedelta, allowed: timedelta) -> int:
    """Return which share of the allowed office time is used, in whole percent rounded down; above 100 when broken."""
    return 100 * used // allowed if allowed else 100


def documents(transaction: Transaction, made: Promise, *, actor: Actor, calendar: JSON, note: JSON = None) -> Fact:
    """The documents are complete: from now on the promise runs; `calendar` names the calendar and its version."""
    require(actor, FRONT_LINE)
    require_custodian(actor, transaction.holder_id)
    step = Step(Action.DOCUMENTS, EventName.DOCUMENTS_COMPLETED, counter_id=transaction.counter_id)
    return take(transaction, step, {**made.payload(), "calendar": calendar, "note": note})


def correct(
    transaction: Transaction,
    made: Promise | None,
    *,
    actor: Actor,
    reason: CorrectionReason,
    calendar: JSON = None,
    note: JSON = None,
) -> Fact:
    """A supervisor corrects what was recorded of the documents; no promise where they were not complete after all."""
    require(actor, frozenset({Role.SUPERVISOR}))
    if transaction.state is State.ENDED:
        raise Refused(Reason.NO_LONGER_POSSIBLE)
    facts = NO_PROMISE if made is None else made.payload()
    payload: dict[str, JSON] = {**facts, "calendar": calendar, "reason": reason.value, "note": note}
    return Fact(EventName.COMPLETENESS_CORRECTED, payload, transaction.id, transaction.visit_id)


def reminder(calendar: Calendar, due_at: datetime, *, at: datetime) -> datetime | None:
    """Return when to remind of a pause unless said otherwise: as the working day before it is due begins.

    None where that is over already.
    """
    day = working_day_before(calendar, due_at.astimezone(calendar.zone).date())
    hours = None if day is None else hours_on(calendar, day)
    return hours[0] if hours is not None and hours[0] > at else None
