"""What the API answers. Times are ISO 8601 in UTC, spans are seconds."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from desk.api.bodies import Id
from desk.api.clock_answers import ClocksItem, PromiseItem
from desk.domain.lifecycle import Action, Ending, Outcome, State


class DoneAnswer(BaseModel):
    """What every change answers: the number of its last event in the office's stream, and when."""

    event: int
    at: datetime


class VisitAnswer(DoneAnswer):
    """The number issued; `status_url` is the visitor's own page, null in a repeat that comes after the visit."""

    visit: Id
    number: str
    transaction: Id
    transactions: list[Id] = []
    status_url: str | None


class CallAnswer(DoneAnswer):
    """Who was called, and why this one was next."""

    call: Id
    transaction: Id
    visit: Id
    number: str
    counter: Id
    why: dict[str, Any]
    passed_over: int


class RecallAnswer(DoneAnswer):
    """How many times the visitor has been called now."""

    transaction: Id
    call: Id | None
    times: int


class StepAnswer(DoneAnswer):
    """Where the transaction stands after the step."""

    transaction: Id
    state: State
    ending: Ending | None = None


class DocumentsAnswer(DoneAnswer):
    """By when it is promised now that the documents are complete, in so many working days."""

    transaction: Id
    state: State
    quantity: int
    days: int
    promised_at: datetime


class HandoffAnswer(DoneAnswer):
    """The handoff, and where its transaction stands; who covers an absent person has it in that person's place."""

    handoff: Id
    transaction: Id
    state: State
    receiver: Id | None = None
    counter: Id | None = None
    meant_for: Id | None = None


class NoteAnswer(DoneAnswer):
    """The note that was written (none where it was only seen what became of a handoff)."""

    transaction: Id
    note: Id | None = None


class DutyAnswer(DoneAnswer):
    """The duty that began."""

    duty: Id
    counter: Id


class DutyChangeAnswer(DoneAnswer):
    """The counter whose duty changed."""

    counter: Id
    state: str | None = None


class DepartureAnswer(DoneAnswer):
    """The waiting transactions that ended, or went back to where they rested."""

    visit: Id
    left: list[Id]


class DayClosingAnswer(DoneAnswer):
    """How many were still waiting or called when the day was closed."""

    day: str
    closed: int


class ClockAnswer(DoneAnswer):
    """The clock epoch that opened."""

    epoch: int


class OfficeItem(BaseModel):
    """An office; one that is retired gives out no numbers, and can be read as before."""

    id: Id
    code: str
    name: str
    zone: str
    retired: bool


class Offices(BaseModel):
    """The offices the token may see."""

    items: list[OfficeItem]


class ServiceItem(BaseModel):
    """A service with its published standard in Indonesian and English; one that nobody serves gives no numbers."""

    id: Id
    series: str
    name: dict[str, str]
    requirements: dict[str, str]
    procedure: dict[str, str]
    time: dict[str, str]
    fee: dict[str, str]
    product: dict[str, str]
    complaints: dict[str, str]
    wait_promise_s: int
    open_now: bool
    served: bool


class Services(BaseModel):
    """The services of an office."""

    items: list[ServiceItem]


class CounterItem(BaseModel):
    """A counter, and who is on duty there; without a name in English it is called there as in Indonesian."""

    id: Id
    number: int
    name: str
    name_en: str
    back_office: bool
    officer: Id | None
    state: str | None


class PriorityReasonItem(BaseModel):
    """A reason for priority that may be chosen."""

    code: str
    label: dict[str, str]


class PriorityReasons(BaseModel):
    """The reasons for priority."""

    items: list[PriorityReasonItem]


class Counters(BaseModel):
    """The counters of an office."""

    items: list[CounterItem]


class StaffItem(BaseModel):
    """Somebody a transaction can be handed to."""

    id: Id
    name: str
    roles: list[str]
    counter: Id | None


class Staff(BaseModel):
    """The people of an office."""

    items: list[StaffItem]


class SegmentItem(BaseModel):
    """Who was responsible in which state, half-open."""

    ordinal: int
    state: State
    holder: Id
    holder_name: str
    counter: str | None
    counter_en: str | None
    started_at: datetime
    ended_at: datetime | None
    seconds: float


class EventItem(BaseModel):
    """One event of the transaction.

    Of a confidential or anonymous answer only the day is told: `day_only` is true, `at` is when the day began.
    """

    number: int | None
    at: datetime
    day_only: bool
    name: str
    actor: str | None
    payload: dict[str, Any]


class HandoffItem(BaseModel):
    """One attempt to pass custody on."""

    id: Id
    giver: Id
    receiver: Id
    kind: str
    reason: str
    state: str
    note: str | None
    expects: str | None
    papers: list[str]
    walks_along: bool
    offered_at: datetime
    answered_at: datetime | None
    expires_at: datetime | None
    due_at: datetime | None


class TransactionItem(BaseModel):
    """One transaction with its custody, its events, and what can be done now."""

    id: Id
    office: Id
    visit: Id
    number: str
    service: Id
    state: State
    ending: Ending | None
    outcome: Outcome | None
    holder: Id | None
    counter: Id | None
    offer: Id | None
    opened_at: datetime
    ended_at: datetime | None
    seconds_by_state: dict[str, float]
    actions: list[Action]
    custody: list[SegmentItem]
    handoffs: list[HandoffItem]
    events: list[EventItem]
    clocks: ClocksItem
    promise: PromiseItem | None
