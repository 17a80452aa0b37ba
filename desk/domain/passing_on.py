"""Handing custody on without asking: to a pool, out of it, and by a supervisor's order; and having seen the news."""

from desk.domain.access import FRONT_LINE, Actor, Role, acting_person, require, require_custodian
from desk.domain.custody import Step, Transaction, Wait, take
from desk.domain.facts import JSON, EventName, Fact
from desk.domain.handoffs import HandoffKind, Terms
from desk.domain.lifecycle import PRESENT_STATES, RESTING_STATES, Action
from desk.domain.queueing import Post
from desk.domain.refusals import Reason, Refused

SUPERVISORS = frozenset({Role.SUPERVISOR})


def hand_to_pool(transaction: Transaction, *, actor: Actor, pool_id: int, head_id: int, terms: Terms) -> Fact:
    """Hand the work over to a pool of the back office, which accepts at once.

    Its head is custodian until a member takes it. A pause goes on; a visitor who is there may go.
    """
    require(actor, FRONT_LINE)
    require_custodian(actor, transaction.holder_id)
    if transaction.offered:
        raise Refused(Reason.OFFER_OPEN)
    if transaction.pool_id == pool_id:
        raise Refused(Reason.ALREADY_THEIRS)
    step = Step(Action.POOL, EventName.HANDED_TO_POOL, holder_id=head_id, pool_id=pool_id)
    return take(transaction, step, _given(transaction, head_id, HandoffKind.POOL, terms) | {"to_pool": pool_id})


def take_from_pool(transaction: Transaction, *, actor: Actor, members: frozenset[int]) -> Fact:
    """A member of the pool (or its head, who is one of `members`) takes the work and is responsible from now on."""
    require(actor, FRONT_LINE)
    if transaction.pool_id is None or transaction.state not in RESTING_STATES:
        raise Refused(Reason.NOT_IN_A_POOL)
    if acting_person(actor) not in members:
        raise Refused(Reason.NOT_IN_THIS_POOL)
    if transaction.offered:
        raise Refused(Reason.OFFER_OPEN)
    step = Step(Action.TAKE, EventName.TAKEN_FROM_POOL, holder_id=acting_person(actor), pool_id=None)
    return take(transaction, step, {"from_pool": transaction.pool_id})


def force(
    transaction: Transaction,
    *,
    actor: Actor,
    receiver_id: int,
    post: Post | None,
    pool_id: int | None,
    wait: Wait,
    terms: Terms,
) -> Fact:
    """Pass custody on by a supervisor's order: at once, without acceptance, to an officer or to a pool's head.

    A visitor who is there waits under the officer's name, or may go where the back office goes on. Whoever gets it is
    told. Raises `Refused`: FORBIDDEN, NOTE_MISSING, ALREADY_THEIRS, RECEIVER_OFF_DUTY, OFFER_OPEN, NOT_POSSIBLE_NOW.
    """
    require(actor, SUPERVISORS)
    if terms.note is None:
        raise Refused(Reason.NOTE_MISSING)
    if (receiver_id, pool_id) == (transaction.holder_id, transaction.pool_id):
        raise Refused(Reason.ALREADY_THEIRS)
    present = transaction.state in PRESENT_STATES
    if present and pool_id is None and post is None:
        raise Refused(Reason.RECEIVER_OFF_DUTY)
    behind = pool_id is not None or (post is not None and post.back_office)
    action = Action.FORCE_PROCESSING if present and behind else Action.FORCE
    seated = wait if present and not behind else None
    step = Step(action, EventName.HANDOVER_FORCED, holder_id=receiver_id, wait=seated, pool_id=pool_id)
    facts = _given(transaction, receiver_id, HandoffKind.FORCED, terms) | {"to_pool": pool_id, "alert": "opens"}
    if seated is not None and transaction.resting is not None:
        # Whoever had the work at rest has it no more: a visitor who leaves now does not bring it back to them.
        facts["rest"] = [transaction.resting.value, receiver_id]
        facts["pool"] = None
    return take(transaction, step, facts)


def _given(transaction: Transaction, receiver_id: int, kind: HandoffKind, terms: Terms) -> dict[str, JSON]:
    return {
        "giver": transaction.holder_id,
        "receiver": receiver_id,
        "kind": kind.value,
        "handoffs": transaction.handoffs + 1,
        **terms.payload(),
    }


def see_news(transaction: Transaction, *, actor: Actor) -> Fact:
    """Its custodian has seen what became of a handoff."""
    if transaction.alert_id is None:
        raise Refused(Reason.ALREADY_DONE)
    require_custodian(actor, transaction.holder_id)
    facts: dict[str, JSON] = {"transaction": transaction.id, "handoff": transaction.alert_id}
    return Fact(EventName.HANDOFF_NEWS_SEEN, facts, transaction_id=transaction.id, visit_id=transaction.visit_id)


def add_note(transaction: Transaction, *, actor: Actor, note: JSON, corrects: int | None) -> Fact:
    """Write a note beside the transaction, at any time of its life; a correction points at the note it corrects."""
    require(actor, FRONT_LINE)
    if note is None:
        raise Refused(Reason.WORDS_MISSING)
    if corrects is None:
        name, facts = EventName.NOTE_ADDED, {}
    else:
        name, facts = EventName.NOTE_CORRECTED, {"corrects": corrects}
    return Fact(name, {"note": note, **facts}, transaction_id=transaction.id, visit_id=transaction.visit_id)
