"""Steps of a transaction that is served or worked on, up to its end and beyond."""

from datetime import datetime, timedelta

from desk.domain.access import FRONT_LINE, Actor, acting_person, require, require_custodian
from desk.domain.custody import Step, Transaction, take
from desk.domain.facts import JSON, EventName, Fact
from desk.domain.lifecycle import Action, Ending, Outcome, State
from desk.domain.queueing import Post, require_free
from desk.domain.reasons import CancelReason, PauseCause, ReopenReason
from desk.domain.refusals import Reason, Refused


def process(transaction: Transaction, *, actor: Actor, due: int | None) -> Fact:
    """The visitor's part is finished; the officer goes on without them."""
    require_custodian(actor, transaction.holder_id)
    return take(transaction, Step(Action.PROCESS, EventName.VISITOR_PART_FINISHED), {"due": due})


def pause(
    transaction: Transaction,
    *,
    actor: Actor,
    cause: PauseCause,
    due: int | None,
    remind: int | None = None,
    note: JSON = None,
) -> Fact:
    """Wait for somebody or something outside; `due` is when to look again, `remind` when to remind of it before.

    Both are microseconds since 1970. Raises `Refused(INVALID)` for a reminder that does not come before it is due.
    """
    require_custodian(actor, transaction.holder_id)
    if due is None:
        raise Refused(Reason.INVALID, field="due_at")
    if remind is not None and remind >= due:
        raise Refused(Reason.INVALID, field="remind_at")
    step = Step(Action.PAUSE, EventName.TRANSACTION_PAUSED)
    return take(transaction, step, {"cause": cause.value, "due": due, "remind": remind, "note": note})


def resume(transaction: Transaction, *, actor: Actor) -> Fact:
    """Go on working without the visitor."""
    require_custodian(actor, transaction.holder_id)
    return take(transaction, Step(Action.RESUME, EventName.TRANSACTION_RESUMED))


def resume_serving(
    transaction: Transaction, *, actor: Actor, post: Post | None, visit_busy: bool, same_day: bool
) -> Fact:
    """Go on serving the visitor who stayed through a pause of the same day."""
    if acting_person(actor) != transaction.holder_id:
        raise Refused(Reason.NOT_CUSTODIAN, holder=transaction.holder_id)
    if not same_day:
        raise Refused(Reason.NO_LONGER_POSSIBLE)
    if visit_busy:
        raise Refused(Reason.VISIT_BUSY)
    counter_id = require_free(post).counter_id
    return take(transaction, Step(Action.RESUME_SERVING, EventName.TRANSACTION_RESUMED, counter_id=counter_id))


def complete(transaction: Transaction, *, actor: Actor, outcome: Outcome, note: JSON = None) -> Fact:
    """Finish, and say what it brought the visitor."""
    if transaction.state is State.ENDED:
        raise Refused(Reason.ALREADY_DONE)
    require_custodian(actor, transaction.holder_id)
    step = Step(Action.COMPLETE, EventName.TRANSACTION_COMPLETED)
    return take(transaction, step, {"outcome": outcome.value, "note": note})


def cancel(transaction: Transaction, *, actor: Actor, reason: CancelReason, note: JSON = None) -> Fact:
    """Call the transaction off; anybody at the front may for a visitor who only waits."""
    require(actor, FRONT_LINE)
    if transaction.state is not State.WAITING:
        require_custodian(actor, transaction.holder_id)
    step = Step(Action.CANCEL, EventName.TRANSACTION_CANCELLED)
    return take(transaction, step, {"reason": reason.value, "note": note})


def reopen(
    transaction: Transaction, *, actor: Actor, reason: ReopenReason, at: datetime, days: int, note: JSON = None
) -> Fact:
    """Open a completed transaction again, within so many days of its end; whoever reopens has custody."""
    require(actor, FRONT_LINE)
    if transaction.state is not State.ENDED or transaction.ending is not Ending.COMPLETED:
        raise Refused(Reason.NOT_POSSIBLE_NOW, state=transaction.state, action=Action.REOPEN)
    if transaction.ended_at is None or at > transaction.ended_at + timedelta(days=days):
        raise Refused(Reason.NO_LONGER_POSSIBLE)
    step = Step(Action.REOPEN, EventName.TRANSACTION_REOPENED, holder_id=acting_person(actor))
    return take(transaction, step, {"reason": reason.value, "note": note})
