"""Steps of a transaction in the queue and at the counter, until somebody serves it."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from desk.domain.access import FRONT_LINE, Actor, ActorKind, acting_person, require, require_custodian
from desk.domain.clock import micros
from desk.domain.custody import KEEP, Step, Transaction, Wait, take
from desk.domain.discipline import Choice
from desk.domain.facts import JSON, EventName, Fact
from desk.domain.lifecycle import Action, Ending, State
from desk.domain.reasons import NEED_NOTE, PickReason, Priority, ReturnReason
from desk.domain.refusals import Reason, Refused


class DutyState(StrEnum):
    """How an officer signed on at a counter stands."""

    AVAILABLE = "available"
    BREAK = "break"


@dataclass(frozen=True, slots=True)
class Post:
    """An officer on duty at a counter (or a back-office desk), and whether somebody is called or served there."""

    duty_id: int
    officer_id: int
    counter_id: int
    back_office: bool
    state: DutyState
    busy: bool


def require_note(reason: StrEnum, note: str | None) -> None:
    """Raise `Refused(NOTE_MISSING)` when the chosen reason says too little by itself."""
    if reason in NEED_NOTE and not (note or "").strip():
        raise Refused(Reason.NOTE_MISSING)


def require_free(post: Post | None) -> Post:
    """Return the post if a visitor may be called there; raise the refusal that says why not."""
    if post is None:
        raise Refused(Reason.NOT_ON_DUTY)
    if post.back_office:
        raise Refused(Reason.NOT_AT_A_COUNTER)
    if post.state is DutyState.BREAK:
        raise Refused(Reason.ON_BREAK)
    if post.busy:
        raise Refused(Reason.COUNTER_BUSY)
    return post


def call(
    transaction: Transaction, choice: Choice, *, post: Post, reason: PickReason | None = None, note: JSON = None
) -> Fact:
    """Call the chosen visitor to the officer's counter; custody passes to the caller at once."""
    if transaction.offered:
        raise Refused(Reason.OFFER_OPEN)
    if transaction.state is State.CALLED:
        raise Refused(Reason.ALREADY_CALLED, label=choice.candidate.label)
    if transaction.state is State.SERVING:
        raise Refused(Reason.ALREADY_SERVING, label=choice.candidate.label)
    if choice.candidate.visit_busy:
        raise Refused(Reason.VISIT_BUSY, label=choice.candidate.label)
    if choice.candidate.addressee_id not in (None, post.officer_id) and reason is None:
        raise Refused(Reason.ADDRESSED_TO_ANOTHER, label=choice.candidate.label)
    step = Step(Action.CALL, EventName.TRANSACTION_CALLED, holder_id=post.officer_id, counter_id=post.counter_id)
    return take(
        transaction,
        step,
        {
            "why": dict(choice.why.payload()),
            "passed_over": [dict(each.payload()) for each in choice.passed_over],
            "picked": None if reason is None else reason.value,
            "note": note,
        },
    )


def recall(transaction: Transaction, *, actor: Actor, times: int) -> Fact:
    """Call the same visitor to the same counter once more; `times` counts this call too."""
    require_custodian(actor, transaction.holder_id)
    step = _stays(transaction, Action.RECALL, EventName.CALL_REPEATED)
    return take(transaction, step, {"call": transaction.call_id, "times": times})


def start(transaction: Transaction, *, actor: Actor) -> Fact:
    """The visitor is at the counter; only the officer who called may start."""
    if transaction.state is State.SERVING and transaction.holder_id == actor.person_id:
        raise Refused(Reason.ALREADY_DONE)
    if transaction.state is State.CALLED and transaction.holder_id != acting_person(actor):
        raise Refused(Reason.NOT_CUSTODIAN, holder=transaction.holder_id)
    return take(transaction, _stays(transaction, Action.START, EventName.SERVICE_STARTED))


def _stays(transaction: Transaction, action: Action, name: EventName) -> Step:
    return Step(action, name, counter_id=transaction.counter_id)


def return_to_queue(
    transaction: Transaction,
    wait: Wait,
    *,
    actor: Actor,
    head_id: int,
    reason: ReturnReason,
    not_before: datetime | None = None,
    note: JSON = None,
) -> Fact:
    """Seat the visitor again with the original arrival time, optionally not to be called before a given time.

    From `called` the same wait goes on; from `serving` a new one begins. One handed to this officer in person stays
    addressed to them.
    """
    require_custodian(actor, transaction.holder_id)
    mine = transaction.state is State.CALLED and transaction.addressee_id is not None
    holder_id = transaction.addressee_id if mine else transaction.queue_holder(head_id)
    step = Step(
        Action.RETURN,
        EventName.RETURNED_TO_QUEUE,
        holder_id=holder_id,
        wait=replace(wait, not_before=not_before) if transaction.state is State.SERVING else None,
        not_before=not_before,
    )
    return take(transaction, step, {"reason": reason.value, "note": note})


def miss(transaction: Transaction, *, actor: Actor) -> Fact:
    """The visitor did not come; only whoever called (or a supervisor) may say so.

    After how many calls, and how long after the last, says `desk.domain.slips.NoShowRule`.
    """
    require_custodian(actor, transaction.holder_id)
    return take(transaction, Step(Action.NO_SHOW, EventName.VISITOR_MISSED_CALL))


def leave(transaction: Transaction, *, actor: Actor) -> Fact:
    """The visitor went away; only whoever called or serves them (or a supervisor) may say so of those at a counter."""
    if transaction.state is not State.WAITING:
        require_custodian(actor, transaction.holder_id)
    elif actor.kind is ActorKind.STAFF:
        require(actor, FRONT_LINE)
    return take(transaction, Step(Action.LEAVE, EventName.VISITOR_LEFT))


def close_unserved(transaction: Transaction) -> Fact:
    """The day closes over somebody still waiting or called."""
    return take(transaction, Step(Action.CLOSE_DAY, EventName.CLOSED_UNSERVED))


def reinstate(
    transaction: Transaction, wait: Wait, *, actor: Actor, head_id: int, missed_on: date | None, today: date
) -> Fact:
    """Undo a no-show of today; `missed_on` is the business day on which the last wait ended as a no-show, if it did."""
    require(actor, FRONT_LINE)
    if missed_on is None or (transaction.state is State.ENDED and transaction.ending is not Ending.NO_SHOW):
        raise Refused(Reason.NOT_POSSIBLE_NOW, state=transaction.state, action=Action.REINSTATE)
    if missed_on != today:
        raise Refused(Reason.NO_LONGER_POSSIBLE)
    holder_id = transaction.queue_holder(head_id)
    return take(transaction, Step(Action.REINSTATE, EventName.NO_SHOW_REINSTATED, holder_id=holder_id, wait=wait))


def come_back(transaction: Transaction, wait: Wait, *, visit_id: int, priority: Priority) -> Fact:
    """The visitor of an open transaction is here again; custody stays with whoever has it in processing.

    `priority` is that of the new visit: it counts for every wait of this visit.
    """
    step = Step(Action.COME_BACK, EventName.VISITOR_CAME_BACK, holder_id=KEEP, wait=wait)
    return replace(take(transaction, step, {"priority": priority.value}), visit_id=visit_id)


def pause_until(at: datetime, *, minutes: int) -> datetime | None:
    """Return the time before which a returned visitor is not called again; None for at once."""
    return at + timedelta(minutes=minutes) if minutes > 0 else None


def due_micros(due_at: datetime | None, *, at: datetime) -> int | None:
    """Return a due time as events carry it; raise `Refused(DUE_IN_THE_PAST)` for one that is over."""
    if due_at is None:
        return None
    if due_at <= at:
        raise Refused(Reason.DUE_IN_THE_PAST)
    return micros(due_at)
