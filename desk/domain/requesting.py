"""Requests: what leaves custody where it is. One question to somebody about a transaction, with due time and answer.

A request serves consultation, sub-tasks and escalation alike: asked → answered, declined, withdrawn, or closed when
the transaction ends. One that blocks keeps the transaction from being completed as fulfilled.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from desk.domain.access import FRONT_LINE, Actor, acting_person, require, require_custodian
from desk.domain.custody import Transaction
from desk.domain.facts import JSON, EventName, Fact
from desk.domain.lifecycle import Outcome, State
from desk.domain.reasons import DeclineReason
from desk.domain.refusals import Reason, Refused


class RequestKind(StrEnum):
    """What is asked for."""

    CONSULTATION = "consultation"
    SUB_TASK = "sub_task"
    ESCALATION = "escalation"


class RequestState(StrEnum):
    """Where a request stands."""

    ASKED = "asked"
    ANSWERED = "answered"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as the rules see it."""

    id: int
    transaction_id: int
    asker_id: int
    asked_id: int
    blocks: bool
    state: RequestState


@dataclass(frozen=True, slots=True)
class Question:
    """What the asker says: to whom, of which kind, by when, whether completion waits for it; words stand apart.

    `meant_for` is the absent person whom `asked_id` covers, `queue` the service whose head is asked.
    """

    asked_id: int
    kind: RequestKind
    blocks: bool
    due: int
    words: JSON
    meant_for: int | None = None
    queue: int | None = None


def ask(transaction: Transaction, question: Question, *, actor: Actor, supervises: bool) -> Fact:
    """Ask somebody about an open transaction; custody stays where it is.

    `supervises` tells whether the person meant is a supervisor, to whom alone an escalation may go.
    """
    require(actor, FRONT_LINE)
    _require_open(transaction)
    require_custodian(actor, transaction.holder_id)
    asker_id = acting_person(actor)
    if question.asked_id == asker_id:
        raise Refused(Reason.REQUEST_TO_ONESELF)
    if question.words is None:
        raise Refused(Reason.WORDS_MISSING)
    if question.kind is RequestKind.ESCALATION and not supervises:
        raise Refused(Reason.NOT_A_SUPERVISOR)
    return _fact(
        EventName.REQUEST_MADE,
        transaction,
        {
            "asker": asker_id,
            "asked": question.asked_id,
            "meant_for": question.meant_for,
            "queue": question.queue,
            "kind": question.kind.value,
            "blocks": question.blocks,
            "due": question.due,
            "note": question.words,
        },
    )


def answer(transaction: Transaction, request: Asked, *, actor: Actor, words: JSON) -> Fact:
    """The one who was asked answers, in words."""
    _require_mine(request, actor)
    if words is None:
        raise Refused(Reason.WORDS_MISSING)
    return _fact(EventName.REQUEST_ANSWERED, transaction, {"request": request.id, "note": words})


def decline(
    transaction: Transaction, request: Asked, *, actor: Actor, reason: DeclineReason, note: JSON = None
) -> Fact:
    """The one who was asked says no, with a reason."""
    _require_mine(request, actor)
    return _fact(EventName.REQUEST_DECLINED, transaction, {"request": request.id, "reason": reason.value, "note": note})


def withdraw(transaction: Transaction, request: Asked, *, actor: Actor) -> Fact:
    """Whoever asked, has custody or supervises takes an unanswered request back."""
    _require_asked(request)
    if actor.person_id != request.asker_id:
        require_custodian(actor, transaction.holder_id)
    return _fact(EventName.REQUEST_WITHDRAWN, transaction, {"request": request.id})


def close(transaction: Transaction, request: Asked) -> Fact:
    """The transaction ended: nobody needs the answer any more."""
    _require_asked(request)
    return _fact(EventName.REQUEST_CLOSED, transaction, {"request": request.id})


def reopen(transaction: Transaction, request: Asked) -> Fact:
    """The end of the transaction was a slip: what it closed waits for its answer as before."""
    if request.state is not RequestState.CLOSED:
        raise Refused(Reason.NOT_POSSIBLE_NOW, state=request.state)
    return _fact(EventName.REQUEST_REOPENED, transaction, {"request": request.id})


def find_blocking(requests: Sequence[Asked], outcome: Outcome) -> Asked | None:
    """Return the open request that keeps a transaction from this outcome; None when it may be completed so."""
    if outcome is not Outcome.FULFILLED:
        return None
    return next((each for each in requests if each.blocks and each.state is RequestState.ASKED), None)


def _fact(name: EventName, transaction: Transaction, payload: dict[str, JSON]) -> Fact:
    return Fact(name, payload, transaction_id=transaction.id, visit_id=transaction.visit_id)


def _require_open(transaction: Transaction) -> None:
    if transaction.state is State.ENDED:
        raise Refused(Reason.TRANSACTION_ENDED)


def _require_mine(request: Asked, actor: Actor) -> None:
    _require_asked(request)
    if acting_person(actor) != request.asked_id:
        raise Refused(Reason.NOT_THE_ONE_ASKED)


def _require_asked(request: Asked) -> None:
    if request.state is not RequestState.ASKED:
        raise Refused(Reason.REQUEST_CLOSED, state=request.state)
