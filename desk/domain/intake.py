"""Checking in: one visit with one number, and a transaction for each service the visitor came for."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from desk.domain.access import Actor, require_custodian
from desk.domain.clock import micros
from desk.domain.custody import Transaction, Wait
from desk.domain.facts import JSON, EventName, Fact
from desk.domain.lifecycle import AT_COUNTER_STATES, FIRST_STATE
from desk.domain.numbering import label
from desk.domain.reasons import Priority
from desk.domain.refusals import Reason, Refused
from desk.domain.services import is_full


class CheckInChannel(StrEnum):
    """Where a number was taken."""

    KIOSK = "kiosk"
    STAFF = "staff"
    PHONE = "phone"
    API = "api"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A visitor who takes a number."""

    day: date
    series: str
    ordinal: int
    channel: CheckInChannel
    priority: Priority = Priority.NORMAL
    priority_reason: str | None = None  # the code of a reason of the office
    came_back: bool = False
    language: str = "id"
    beyond_quota: bool = False

    @property
    def label(self) -> str:
        """The number as printed."""
        return label(self.series, self.ordinal)


def start_visit(arrival: Arrival, *, at: datetime) -> Fact:
    """One person is here, with one number for the whole visit."""
    if arrival.priority is Priority.PRIORITY and arrival.priority_reason is None:
        raise Refused(Reason.PRIORITY_REASON_MISSING)
    return Fact(
        EventName.VISIT_STARTED,
        {
            "day": arrival.day.isoformat(),
            "series": arrival.series,
            "ordinal": arrival.ordinal,
            "label": arrival.label,
            "channel": arrival.channel.value,
            "priority": arrival.priority.value,
            "priority_reason": None if arrival.priority_reason is None else str(arrival.priority_reason),
            "came_back": arrival.came_back,
            "language": arrival.language,
            "arrived": micros(at),
            # Said only where somebody at the front gave a number although the day's were given out.
            **({"beyond_quota": True} if arrival.beyond_quota else {}),
        },
    )


def require_at_counter(transaction: Transaction, *, actor: Actor) -> None:
    """Raise `Refused` unless this visitor is at a counter, and the officer's own (or the actor supervises)."""
    if transaction.state not in AT_COUNTER_STATES:
        raise Refused(Reason.NOT_POSSIBLE_NOW, state=transaction.state)
    require_custodian(actor, transaction.holder_id)


def require_room(quota: int, issued: int, *, service_id: int, letter: str) -> None:
    """Raise `Refused(QUOTA_REACHED)` where a service has given out the numbers of the day."""
    if is_full(quota, issued):
        raise Refused(Reason.QUOTA_REACHED, most=quota, letter=letter, service=service_id)


def open_transaction(
    visit_id: int, wait: Wait, *, head_id: int, priority: Priority, wait_promise_s: int, added_to: int | None = None
) -> Fact:
    """A service for the visitor begins to wait; the named head of the service's queue is responsible until a call.

    `wait_promise_s` is the longest wait that the service promises now: it stays what this visitor was promised.
    `added_to` is the transaction at the counter beside which an officer opened it.
    """
    joins: JSON = wait.payload()
    return Fact(
        EventName.TRANSACTION_OPENED,
        {
            "after": FIRST_STATE.value,
            "holder": head_id,
            "service": wait.service_id,
            "priority": priority.value,
            "segment": 1,
            "wait_promise_s": wait_promise_s,
            "joins": joins,
            **({} if added_to is None else {"added_to": added_to}),
        },
        visit_id=visit_id,
    )
