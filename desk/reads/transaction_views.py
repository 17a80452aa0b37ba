"""The parts of one transaction's file: plain values, ready to be shown."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from desk.domain.counter_names import CounterName
from desk.domain.invitation import InvitationState, Privacy
from desk.domain.lifecycle import UNDOING, Action, Ending, State, possible, undoable
from desk.domain.questionnaires import Words
from desk.domain.waits import Waits
from desk.reads.requests import RequestView


@dataclass(frozen=True, slots=True)
class Segment:
    """Who was responsible in which state, half-open; `seconds` up to now where it has not ended."""

    ordinal: int
    state: str
    holder_id: int
    holder: str
    counter: CounterName | None
    started_at: datetime
    ended_at: datetime | None
    seconds: float
    cause: str | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of the transaction, with the words that go with it.

    Of a confidential or anonymous answer only the day is told (`day_only`): `at` is when it began, `number` is None.
    """

    number: int | None
    at: datetime
    name: str
    actor_kind: str
    actor: str | None
    payload: dict[str, Any]
    note: str | None
    erased_at: datetime | None = None  # when the words went that were written with it
    day_only: bool = False


@dataclass(frozen=True, slots=True)
class HandoffView:
    """One attempt to pass custody on; `meant_for` is the absent person whom the receiver covers."""

    id: int
    giver_id: int
    giver: str
    receiver_id: int
    receiver: str
    meant_for: str | None
    kind: str
    reason: str
    state: str
    offered_at: datetime
    answered_at: datetime | None
    expires_at: datetime | None
    due_at: datetime | None
    answer_reason: str | None
    note: str | None
    expects: str | None
    papers: tuple[str, ...]
    walks_along: bool
    pool: str | None
    erased_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CallView:
    """One call: why this one was next and who was passed over."""

    id: int
    called_at: datetime
    times: int
    counter: CounterName
    officer: str
    why: dict[str, Any]
    passed_over: list[dict[str, Any]]
    picked: str | None


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One answered question in words; `value` is the number on its scale, `is_own` tells of the visitor's own words."""

    question: Words
    answer: Words
    value: int | None = None
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class AskedView:
    """The decision to ask, and the answer if there is one.

    Of a confidential or anonymous answer no more is here than that it was given (`is_answered`).
    """

    decision: str
    reason: str
    state: str
    score: int | None
    comment: str | None
    privacy: Privacy = Privacy.LINKED
    is_answered: bool = False
    answers: tuple[AnswerLine, ...] = ()
    channel: str | None = None
    standing: str | None = None
    revised_at: datetime | None = None
    erased_at: datetime | None = None  # when comment, further own words and profile went
    expires_at: datetime | None = None
    at_limit: bool = False  # decided while a reopened transaction was in work for too long

    def revocable_at(self, at: datetime) -> bool:
        """Tell whether there is a link that works."""
        return self.state == InvitationState.OPEN and self.expires_at is not None and at < self.expires_at


@dataclass(frozen=True, slots=True)
class Contact:
    """What a visitor left of themselves; nothing of it is shown unless somebody asks for it."""

    name: str | None
    email: str | None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class TransactionFile:
    """One transaction as a supervisor, or the ombudsman, would want to see it."""

    id: int
    office_id: int
    number: str
    visit_id: int
    service_id: int
    service_id_name: str
    service_en_name: str
    state: str
    ending: str | None
    outcome: str | None
    holder_id: int | None
    holder: str | None
    counter_id: int | None
    offer_id: int | None
    priority: str
    priority_reason: str | None
    opened_at: datetime
    arrived_at: datetime
    served_at: datetime | None
    ended_at: datetime | None
    due_at: datetime | None
    wait_promise_s: int
    last_wait: str | None  # the action that ended it
    first_wait_s: float
    waits: Waits
    segments: list[Segment]
    events: list[Happening]
    handoffs: list[HandoffView]
    calls: list[CallView]
    asked: AskedView | None
    requests: list[RequestView]

    @property
    def actions(self) -> list[str]:
        """What the life cycle allows now, as it ended."""
        ending = None if self.ending is None else Ending(self.ending)
        fitting = undoable(ending, missed=self.last_wait == Action.NO_SHOW)
        return sorted(possible(State(self.state), offered=self.offer_id is not None) - (UNDOING - fitting))

    @property
    def seconds_by_state(self) -> dict[str, float]:
        """How long it was in each state; the sum is the time it was open."""
        sums: dict[str, float] = {}
        for segment in self.segments:
            sums[segment.state] = sums.get(segment.state, 0.0) + segment.seconds
        return sums
