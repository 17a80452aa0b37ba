"""Handing custody on: offered → accepted, declined, expired or withdrawn. Until somebody accepts, it is the giver's."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from desk.domain.access import FRONT_LINE, Actor, acting_person, require, require_custodian
from desk.domain.custody import Step, Transaction, Wait, take, without_offer
from desk.domain.facts import JSON, EventName, Fact
from desk.domain.lifecycle import Action, State
from desk.domain.queueing import DutyState, Post
from desk.domain.reasons import DeclineReason, HandoffReason
from desk.domain.refusals import Reason, Refused


class HandoffState(StrEnum):
    """Where one attempt to pass custody on stands."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class HandoffKind(StrEnum):
    """To whom custody is passed on."""

    OFFICER = "officer"
    COUNTER = "counter"
    QUEUE = "queue"


@dataclass(frozen=True, slots=True)
class Handoff:
    """One offer as the rules see it."""

    id: int
    transaction_id: int
    giver_id: int
    receiver_id: int
    state: HandoffState
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """What the giver says: to whom, why, by when."""

    receiver_id: int
    kind: HandoffKind
    reason: HandoffReason
    counter_id: int | None = None
    due: int | None = None
    expires: int | None = None
    note: JSON = None


def offer(transaction: Transaction, proposal: Offer, *, actor: Actor, wait: Wait | None) -> Fact:
    """Offer custody to a colleague.

    From `serving` (or `waiting`) the visitor sits down again under an entry addressed to the receiver (`wait`) and the
    giver's counter is free; custody stays with the giver.
    """
    require(actor, FRONT_LINE)
    require_custodian(actor, transaction.holder_id)
    if transaction.offered:
        raise Refused(Reason.OFFER_OPEN)
    if proposal.receiver_id == transaction.holder_id:
        raise Refused(Reason.TO_ONESELF if actor.person_id == transaction.holder_id else Reason.TO_THE_HOLDER)
    step = Step(Action.OFFER, EventName.HANDOFF_OFFERED, wait=wait)
    giver_id = transaction.holder_id
    return take(
        transaction,
        step,
        {
            "offer": "opens",
            "giver": giver_id,
            "receiver": proposal.receiver_id,
            "kind": proposal.kind.value,
            "to_counter": proposal.counter_id,
            "reason": proposal.reason.value,
            "due": proposal.due,
            "expires": proposal.expires,
            "note": proposal.note,
        },
    )


def transfer(
    transaction: Transaction,
    wait: Wait,
    *,
    actor: Actor,
    head_id: int,
    reason: HandoffReason,
    due: int | None,
    note: JSON,
) -> Fact:
    """Hand over to a service's queue, which accepts at once: its head is custodian until somebody calls."""
    require(actor, FRONT_LINE)
    if transaction.state is not State.WAITING:
        require_custodian(actor, transaction.holder_id)
    if transaction.offered:
        raise Refused(Reason.OFFER_OPEN)
    if transaction.state is State.WAITING and wait.service_id == transaction.service_id:
        raise Refused(Reason.ALREADY_WAITING)
    giver_id = transaction.holder_id
    step = Step(Action.TRANSFER, EventName.TRANSFERRED_TO_QUEUE, holder_id=head_id, wait=wait)
    return take(
        transaction,
        step,
        {"giver": giver_id, "receiver": head_id, "kind": HandoffKind.QUEUE.value, "reason": reason.value, "due": due,
         "handoffs": transaction.handoffs + 1, "note": note},
    )  # fmt: skip


def accept(transaction: Transaction, handoff: Handoff, *, actor: Actor, post: Post | None, visit_busy: bool) -> Fact:
    """The receiver takes custody.

    A visitor who is there is served at once if the receiver is free at a counter, and otherwise waits under the
    receiver's name; at a back-office desk the work goes on without the visitor.
    """
    _require_answerable(handoff)
    if acting_person(actor) != handoff.receiver_id:
        raise Refused(Reason.NOT_THE_RECEIVER)
    action = _acceptance(transaction, post, visit_busy=visit_busy)
    serving = action is Action.ACCEPT_SERVING and post is not None
    step = Step(
        action,
        EventName.HANDOFF_ACCEPTED,
        holder_id=handoff.receiver_id,
        counter_id=post.counter_id if serving and post is not None else None,
    )
    return take(transaction, step, {"offer": "closes", "handoff": handoff.id, "handoffs": transaction.handoffs + 1})


def _acceptance(transaction: Transaction, post: Post | None, *, visit_busy: bool) -> Action:
    match transaction.state:
        case State.PROCESSING:
            return Action.ACCEPT_PROCESSING
        case State.PAUSED:
            return Action.ACCEPT_PAUSED
        case _:
            if post is None:
                raise Refused(Reason.NOT_ON_DUTY)
            if post.back_office:
                return Action.ACCEPT_PROCESSING
            free = post.state is DutyState.AVAILABLE and not post.busy and not visit_busy
            return Action.ACCEPT_SERVING if free else Action.ACCEPT_WAITING


def decline(
    transaction: Transaction, handoff: Handoff, *, actor: Actor, reason: DeclineReason, wait: Wait | None, note: JSON
) -> Fact:
    """The receiver says no, with a reason; a seated visitor waits under the giver's name again."""
    _require_answerable(handoff)
    if acting_person(actor) != handoff.receiver_id:
        raise Refused(Reason.NOT_THE_RECEIVER)
    return _back_to_giver(transaction, handoff, Action.DECLINE, wait, {"reason": reason.value, "note": note})


def withdraw(transaction: Transaction, handoff: Handoff, *, actor: Actor, wait: Wait | None) -> Fact:
    """The giver (or a supervisor) takes the offer back."""
    _require_answerable(handoff)
    require_custodian(actor, handoff.giver_id)
    return _back_to_giver(transaction, handoff, Action.WITHDRAW, wait, {"superseded": False})


def expire(transaction: Transaction, handoff: Handoff, *, wait: Wait | None, at: datetime) -> Fact:
    """Nobody answered in time: back to the giver, never to nobody."""
    _require_answerable(handoff)
    if handoff.expires_at is None or at < handoff.expires_at:
        raise Refused(Reason.NOT_POSSIBLE_NOW, state=transaction.state, action=Action.EXPIRE)
    return _back_to_giver(transaction, handoff, Action.EXPIRE, wait, {})


def supersede(transaction: Transaction, handoff_id: int) -> tuple[Fact, Transaction]:
    """Withdraw the open offer because another step overtakes it; return the fact and the transaction without it."""
    step = Step(Action.WITHDRAW, EventName.HANDOFF_WITHDRAWN)
    facts: dict[str, JSON] = {"offer": "closes", "handoff": handoff_id, "superseded": True}
    return take(transaction, step, facts), without_offer(transaction)


def _back_to_giver(
    transaction: Transaction, handoff: Handoff, action: Action, wait: Wait | None, facts: dict[str, JSON]
) -> Fact:
    names = {
        Action.DECLINE: EventName.HANDOFF_DECLINED,
        Action.WITHDRAW: EventName.HANDOFF_WITHDRAWN,
        Action.EXPIRE: EventName.HANDOFF_EXPIRED,
    }
    seated = wait if transaction.state is State.WAITING else None
    step = Step(action, names[action], holder_id=handoff.giver_id, wait=seated)
    return take(transaction, step, {"offer": "closes", "handoff": handoff.id, **facts})


def _require_answerable(handoff: Handoff) -> None:
    if handoff.state is not HandoffState.OFFERED:
        raise Refused(Reason.OFFER_CLOSED, state=handoff.state)
