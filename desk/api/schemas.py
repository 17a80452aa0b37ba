"""The shapes of the API: what requests carry and what answers say. Times are ISO 8601 in UTC, spans are seconds."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from desk.domain.lifecycle import Action, Ending, Outcome, State
from desk.domain.reasons import (
    NEED_NOTE,
    BreakReason,
    CancelReason,
    DeclineReason,
    HandoffReason,
    PauseCause,
    PickReason,
    PriorityReason,
    ReopenReason,
    ReturnReason,
)
from desk.domain.texts import one_line, several_lines

Id = Annotated[int, Field(ge=1, le=(1 << 53) - 1, examples=[1099511627783])]
Name = Annotated[str, Field(max_length=200), AfterValidator(one_line)]
Email = Annotated[str, Field(max_length=254, pattern=r"^[!-?A-~]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$")]
Note = Annotated[str, Field(max_length=4000), AfterValidator(several_lines)]


def exactly_one(*names: str, common: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the schema of "exactly one of these fields is given and not null"."""
    null = {"type": "null"}
    return {
        "oneOf": [
            {
                "required": [chosen, *common],
                "properties": {name: {"not": null} if name == chosen else null for name in names},
            }
            for chosen in names
        ]
    }


def noted(reasons: type[StrEnum]) -> dict[str, Any]:
    """Return the schema of "these reasons say too little without a note"."""
    vague = sorted(reason.value for reason in reasons if reason in NEED_NOTE)
    note = {"type": "string", "pattern": r"^[A-Za-z0-9]"}
    return {
        "if": {"required": ["reason"], "properties": {"reason": {"enum": vague}}},
        "then": {"required": ["note"], "properties": {"note": note}},
    }


class Body(BaseModel):
    """What a request carries; a field that is not known is refused."""

    model_config = ConfigDict(extra="forbid")


class Empty(Body):
    """Nothing needs to be said."""


class VisitBody(Body):
    """A visitor who takes a number: one service, or several of one visit."""

    model_config = ConfigDict(json_schema_extra=exactly_one("service", "services"))

    service: Id | None = None
    services: Annotated[list[Id], Field(min_length=1, max_length=10)] | None = None
    priority_reason: PriorityReason | None = None
    language: Literal["id", "en"] = "id"
    name: Name | None = None
    email: Email | None = None
    consent: bool = False

    @model_validator(mode="after")
    def one_way(self) -> "VisitBody":
        """Demand exactly one of the two ways to name services."""
        if (self.service is None) == (self.services is None):
            raise ValueError("give either service or services")
        return self


class ReturningBody(Body):
    """A visitor who is here again for an open transaction."""

    priority_reason: PriorityReason | None = None
    language: Literal["id", "en"] = "id"


class CallBody(Body):
    """Nothing for the next visitor; a transaction and a reason for a particular one."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {"properties": {"transaction": {"type": "null"}, "reason": {"type": "null"}}},
                {
                    "required": ["transaction", "reason"],
                    "properties": {"transaction": {"not": {"type": "null"}}, "reason": {"not": {"type": "null"}}},
                },
            ],
            **noted(PickReason),
        }
    )

    transaction: Id | None = None
    reason: PickReason | None = None
    note: Note | None = None

    @model_validator(mode="after")
    def reasoned(self) -> "CallBody":
        """A particular visitor needs a reason, the next one must not have one."""
        if (self.transaction is None) != (self.reason is None):
            raise ValueError("a particular transaction and a reason belong together")
        return self


class BreakBody(Body):
    """Why the officer is away for a while."""

    reason: BreakReason


class ReturnBody(Body):
    """Why the visitor sits down again, and for how long they are not to be called."""

    model_config = ConfigDict(json_schema_extra=noted(ReturnReason))

    reason: ReturnReason
    minutes: Annotated[int, Field(ge=0, le=240)] = 0
    note: Note | None = None


class HandoffBody(Body):
    """To whom (exactly one of officer, counter, service), why, and by when."""

    model_config = ConfigDict(
        json_schema_extra={**exactly_one("officer", "counter", "service", common=("reason",)), **noted(HandoffReason)}
    )

    officer: Id | None = None
    counter: Id | None = None
    service: Id | None = None
    reason: HandoffReason
    note: Note | None = None
    due_at: datetime | None = None

    @model_validator(mode="after")
    def one_receiver(self) -> "HandoffBody":
        """Demand exactly one receiver and a zone in the due time."""
        if sum(each is not None for each in (self.officer, self.counter, self.service)) != 1:
            raise ValueError("give exactly one of officer, counter and service")
        if self.due_at is not None and self.due_at.tzinfo is None:
            raise ValueError("due_at needs a time zone")
        return self


class RefusalBody(Body):
    """Why the offer is declined."""

    model_config = ConfigDict(json_schema_extra=noted(DeclineReason))

    reason: DeclineReason
    note: Note | None = None


class ProcessingBody(Body):
    """When the work is to be finished."""

    due_at: datetime | None = None

    @model_validator(mode="after")
    def zoned(self) -> "ProcessingBody":
        """Demand a zone in the due time."""
        if self.due_at is not None and self.due_at.tzinfo is None:
            raise ValueError("due_at needs a time zone")
        return self


class PauseBody(Body):
    """What is waited for, and when to look again."""

    cause: PauseCause
    due_at: datetime
    note: Note | None = None

    @model_validator(mode="after")
    def zoned(self) -> "PauseBody":
        """Demand a zone in the due time."""
        if self.due_at.tzinfo is None:
            raise ValueError("due_at needs a time zone")
        return self


class ResumptionBody(Body):
    """Whether the visitor stayed and is served again."""

    serving: bool = False


class CompletionBody(Body):
    """What it brought the visitor."""

    outcome: Outcome
    note: Note | None = None


class CancellationBody(Body):
    """Why the transaction is called off."""

    model_config = ConfigDict(json_schema_extra=noted(CancelReason))

    reason: CancelReason
    note: Note | None = None


class ReopeningBody(Body):
    """Why a completed transaction is opened again."""

    model_config = ConfigDict(json_schema_extra=noted(ReopenReason))

    reason: ReopenReason
    note: Note | None = None


class DoneAnswer(BaseModel):
    """What every change answers: the number of its last event in the office's stream, and when."""

    event: int
    at: datetime


class VisitAnswer(DoneAnswer):
    """The number issued; `status_url` is the visitor's own page."""

    visit: Id
    number: str
    transaction: Id
    transactions: list[Id] = []
    status_url: str


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


class HandoffAnswer(DoneAnswer):
    """The handoff, and where its transaction stands."""

    handoff: Id
    transaction: Id
    state: State
    receiver: Id | None = None
    counter: Id | None = None


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
    """An office."""

    id: Id
    code: str
    name: str
    zone: str


class Offices(BaseModel):
    """The offices the token may see."""

    items: list[OfficeItem]


class ServiceItem(BaseModel):
    """A service with its published standard, every text in Indonesian and English."""

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


class Services(BaseModel):
    """The services of an office."""

    items: list[ServiceItem]


class CounterItem(BaseModel):
    """A counter, and who is on duty there."""

    id: Id
    number: int
    name: str
    back_office: bool
    officer: Id | None
    state: str | None


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


class BoardCall(BaseModel):
    """A number at a counter."""

    number: str
    counter: str
    state: State
    called_at: datetime | None


class BoardQueue(BaseModel):
    """How many wait for a service, and since when the first of them."""

    service: Id
    waiting: int
    longest_since: datetime | None


class Board(BaseModel):
    """What a lobby display shows; no names."""

    office: Id
    event: int
    now: list[BoardCall]
    queues: list[BoardQueue]


class SegmentItem(BaseModel):
    """Who was responsible in which state, half-open."""

    ordinal: int
    state: State
    holder: Id
    holder_name: str
    counter: str | None
    started_at: datetime
    ended_at: datetime | None
    seconds: float


class EventItem(BaseModel):
    """One event of the transaction."""

    number: int
    at: datetime
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
