"""Handing custody on: offered → accepted, declined, expired or withdrawn. Until somebody accepts, it is the giver's."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from desk.domain.access import FRONT_LINE, Actor, acting_person, require, require_custodian
from desk.domain.custody import Step, Transaction, Wait, take, without_offer
from desk.domain.facts import JSON, EventName, Fact
from desk.domain.lifecycle import AT_COUNTER_STATES, PRESENT_STATES, Action, State
from desk.domain.queueing import DutyState, Post
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
    POOL = "pool"
    RETURN = "return"
    FORCED = "forced"


class ReasonKind(StrEnum):
    """The pick-lists of reasons that an office keeps itself."""

    HANDOFF = "handoff"
    DECLINE = "decline"
    PAUSE = "pause"  # what a transaction waits for: the clock goes by it, so offices word these and add none


@dataclass(frozen=True, slots=True)
class Handoff:
    """One offer as the rules see it."""

    id: int
    transaction_id: int
    giver_id: int
    receiver_id: int
    state: HandoffState
    expires_at: datetime | None = None
    to_counter_id: int | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What goes with every handoff: why and by when, whether the visitor walks along, and the digests of the words.

    The words are a note, what is expected, and the papers passed on, one a line.
    """

    reason: str
    due: int | None = None
    note: JSON = None
    expects: JSON = None
    papers: JSON = None
    walks_along: bool = False

    def payload(self) -> dict[str, JSON]:
        """Return the terms as an event carries them."""
        return {
            "reason": self.reason,
            "due": self.due,
            "note": self.note,
            "expects": self.expects,
            "papers": self.papers,
            "walks_along": self.walks_along,
        }


@dataclass(frozen=True, slots=True)
class Offer:
    """What the giver says: to whom, on which terms, and until when an answer is waited for.

    `meant_for` is the absent person whom the receiver covers; `batch` the first offer of those made in one go.
    """

    receiver_id: int
    kind: HandoffKind
    terms: Terms
    counter_id: int | None = None
    expires: int | None = None
    meant_for: int | None = None
    batch: int | None = None


def require_fit(transaction: Transaction, post: Post | None, *, actor: Actor, qualified: bool, note: JSON) -> None:
    """Refuse a receiver who could not go on with a visitor who is there.

    Raises `Refused`: RECEIVER_OFF_DUTY; NOT_QUALIFIED_RECEIVER for somebody at a counter without the skill for the
    service, which a supervisor may overrule with a note.
    """
    if transaction.state not in PRESENT_STATES:
        return
    if post is None:
        raise Refused(Reason.RECEIVER_OFF_DUTY)
    if not (post.back_office or qualified or (actor.supervises and note is not None)):
        raise Refused(Reason.NOT_QUALIFIED_RECEIVER)


def require_skill_kept(transaction: Transaction, post: Post | None, *, lost: bool) -> None:
    """Refuse a receiver at a counter who `lost` the skill after the offer; raises `Refused(NOT_QUALIFIED)`."""
    behind = post is not None and post.back_office
    if lost and transaction.state in PRESENT_STATES and not behind:
        raise Refused(Reason.NOT_QUALIFIED)


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
            "expires": proposal.expires,
            **proposal.terms.payload(),
            "meant_for": proposal.meant_for,
            "batch": proposal.batch,
        },
    )


def transfer(transaction: Transaction, wait: Wait, *, actor: Actor, head_id: int, terms: Terms) -> Fact:
    """Hand over to another service's queue, which accepts at once: its head is custodian until somebody calls.

    Back into the queue the visitor comes from is no handoff and does not count as one: that is a return to the queue.
    """
    require(actor, FRONT_LINE)
    if transaction.state is not State.WAITING:
        require_custodian(actor, transaction.holder_id)
    if transaction.offered:
        raise Refused(Reason.OFFER_OPEN)
    _require_another_queue(transaction, wait)
    step = Step(Action.TRANSFER, EventName.TRANSFERRED_TO_QUEUE, holder_id=head_id, wait=wait)
    return take(
        transaction,
        step,
        {
            "giver": transaction.holder_id,
            "receiver": head_id,
            "kind": HandoffKind.QUEUE.value,
            "handoffs": transaction.handoffs + 1,
            **terms.payload(),
        },
    )


def _require_another_queue(transaction: Transaction, wait: Wait) -> None:
    """Raise `Refused` for the queue of the same service: ALREADY_WAITING, or RETURN_INSTEAD from a counter."""
    if wait.service_id != transaction.service_id:
        return
    if transaction.state is State.WAITING:
        raise Refused(Reason.ALREADY_WAITING)
    if transaction.state in AT_COUNTER_STATES:
        raise Refused(Reason.RETURN_INSTEAD)


def accept(
    transaction: Transaction,
    handoff: Handoff,
    *,
    actor: Actor,
    post: Post | None,
    visit_busy: bool,
    at: datetime,
    wait: Wait | None = None,
) -> Fact:
    """The receiver takes custody; what was offered to a counter, whoever is on duty there now.

    A visitor who is there is served at once if the receiver is free at a counter, and otherwise waits under the
    receiver's name; at a back-office desk the work goes on without the visitor. `wait` is the one a visitor begins who
    was offered to somebody else at the same counter.
    """
    _require_answerable(handoff)
    person_id = _require_receiver(handoff, actor, post)
    if handoff.expires_at is not None and at >= handoff.expires_at:
        raise Refused(Reason.OFFER_CLOSED, state=HandoffState.EXPIRED, at=handoff.expires_at, by=None)
    action = _acceptance(transaction, post, visit_busy=visit_busy)
    serving = action is Action.ACCEPT_SERVING and post is not None
    took_over = person_id != handoff.receiver_id
    step = Step(
        action,
        EventName.HANDOFF_ACCEPTED,
        holder_id=person_id,
        counter_id=post.counter_id if serving and post is not None else None,
        wait=wait if took_over and action is Action.ACCEPT_WAITING else None,
    )
    facts: dict[str, JSON] = {"offer": "closes", "handoff": handoff.id, "handoffs": transaction.handoffs + 1}
    return take(transaction, step, facts | ({"receiver": person_id} if took_over else {}))


def _require_receiver(handoff: Handoff, actor: Actor, post: Post | None) -> int:
    person_id = acting_person(actor)
    at_the_counter = post is not None and post.counter_id == handoff.to_counter_id
    if person_id != handoff.receiver_id and not at_the_counter:
        raise Refused(Reason.NOT_THE_RECEIVER)
    return person_id


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
    transaction: Transaction,
    handoff: Handoff,
    *,
    actor: Actor,
    post: Post | None = None,
    reason: str,
    wait: Wait | None,
    note: JSON,
) -> Fact:
    """The receiver says no, with a reason; a seated visitor waits under the giver's name again, who is told."""
    _require_answerable(handoff)
    _require_receiver(handoff, actor, post)
    facts: dict[str, JSON] = {"reason": reason, "note": note, "alert": "opens"}
    return _back_to_giver(transaction, handoff, Action.DECLINE, wait, facts)


def withdraw(transaction: Transaction, handoff: Handoff, *, actor: Actor, wait: Wait | None) -> Fact:
    """The giver (or a supervisor) takes the offer back."""
    _require_answerable(handoff)
    require_custodian(actor, handoff.giver_id)
    return _back_to_giver(transaction, handoff, Action.WITHDRAW, wait, {"superseded": False})


def expire(transaction: Transaction, handoff: Handoff, *, wait: Wait | None, at: datetime) -> Fact:
    """Nobody answered in time: back to the giver, who is told; never to nobody."""
    _require_answerable(handoff)
    if handoff.expires_at is None or at < handoff.expires_at:
        raise Refused(Reason.NOT_POSSIBLE_NOW, state=transaction.state, action=Action.EXPIRE)
    return _back_to_giver(transaction, handoff, Action.EXPIRE, wait, {"alert": "opens"})


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
        raise Refused(Reason.OFFER_CLOSED, state=handoff.state, at=handoff.answered_at, by=handoff.answered_by)
