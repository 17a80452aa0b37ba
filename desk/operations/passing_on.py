"""Passing custody on without an offer: to a pool and out of it, by order; back to whoever had it; the news of it."""

from datetime import datetime

from sqlalchemy import select

from desk.domain import passing_on as rule
from desk.domain.access import require_custodian
from desk.domain.custody import Transaction
from desk.domain.facts import Event, Fact
from desk.domain.handoffs import HandoffKind, supersede
from desk.domain.identity import office_of
from desk.domain.lifecycle import State
from desk.domain.reasons import HandoffReason
from desk.domain.refusals import Reason, Refused
from desk.models import CustodySegment
from desk.operations.finding import find_post, get_colleague, get_transaction, wait_in
from desk.operations.handing_off import answer_of, offer_covered
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit
from desk.operations.terms import PLAIN, Disposition, Given

SEGMENTS = CustodySegment.__table__
IN_HAND = (State.SERVING.value, State.PROCESSING.value, State.PAUSED.value)


def hand_to_pool(
    streams: Streams,
    transaction_id: int,
    pool_id: int,
    request: Request,
    *,
    reason: str,
    note: str | None = None,
    due_at: datetime | None = None,
    disposition: Disposition = PLAIN,
) -> Done:
    """Hand over to a pool, which takes it at once; answers handoff, transaction, state, receiver (the pool's head)."""
    given = Given(reason, note, due_at, disposition)

    def work(unit: Unit) -> Done:
        transaction = get_transaction(unit, transaction_id)
        pool = unit.configuration.pool(pool_id)
        fact = rule.hand_to_pool(
            transaction, actor=unit.actor, pool_id=pool.id, head_id=pool.head_id, terms=given.sealed(unit)
        )
        return _handed(unit, unit.append(fact, words=note), given)

    return streams.run(office_of(transaction_id), request, work)


def take_from_pool(streams: Streams, transaction_id: int, request: Request) -> Done:
    """Take work that lies in a pool the officer is a member of; answers transaction, state."""

    def work(unit: Unit) -> Done:
        transaction = get_transaction(unit, transaction_id)
        pool = unit.configuration.pools.get(transaction.pool_id or 0)
        fact = rule.take_from_pool(transaction, actor=unit.actor, members=frozenset() if pool is None else pool.members)
        event = unit.append(fact)
        return unit.done(transaction=transaction_id, state=event.payload["after"], ending=None)

    return streams.run(office_of(transaction_id), request, work)


def offer_back(
    streams: Streams,
    transaction_id: int,
    request: Request,
    *,
    note: str | None = None,
    disposition: Disposition = PLAIN,
) -> Done:
    """Offer it to whoever worked on it before the one who has it now.

    Answers as `handing_off.offer_to_officer`, and raises as it does; NOBODY_HAD_IT when nobody did.
    """
    given = Given(HandoffReason.RETURNED, note, None, disposition, listed=False)

    def work(unit: Unit) -> Done:
        transaction = get_transaction(unit, transaction_id)
        require_custodian(unit.actor, transaction.holder_id)
        hands = _previous_hands(unit, transaction)
        return answer_of(unit, offer_covered(unit, transaction, hands, HandoffKind.RETURN, given))

    return streams.run(office_of(transaction_id), request, work)


def _previous_hands(unit: Unit, transaction: Transaction) -> int:
    """Return who had it in hand last, beside the one who has it now; heads of queues and pools had it by name only."""
    query = (
        select(SEGMENTS.c.holder_id)
        .where(SEGMENTS.c.office_id == unit.office_id, SEGMENTS.c.transaction_id == transaction.id)
        .where(SEGMENTS.c.state.in_(IN_HAND), SEGMENTS.c.pool_id.is_(None))
        .where(SEGMENTS.c.holder_id != transaction.holder_id)
        .order_by(SEGMENTS.c.ordinal.desc())
        .limit(1)
    )
    found: int | None = unit.connection.execute(query).scalar()
    if found is None:
        raise Refused(Reason.NOBODY_HAD_IT)
    return found


def force(
    streams: Streams,
    transaction_id: int,
    request: Request,
    *,
    officer_id: int | None = None,
    pool_id: int | None = None,
    reason: str,
    note: str | None = None,
    due_at: datetime | None = None,
    disposition: Disposition = PLAIN,
) -> Done:
    """A supervisor passes custody on to an officer or a pool (exactly one), at once and without acceptance.

    Answers handoff, transaction, state, receiver. An open offer is withdrawn first. Raises `Refused`: FORBIDDEN,
    NOTE_MISSING, REASON_NOT_LISTED, RECEIVER_GONE, RECEIVER_OFF_DUTY, ALREADY_THEIRS, NOT_POSSIBLE_NOW, UNKNOWN.
    """
    given = Given(reason, note, due_at, disposition)

    def work(unit: Unit) -> Done:
        transaction = get_transaction(unit, transaction_id)
        fact = _order(unit, transaction, officer_id, pool_id, given)
        if transaction.offer_id is not None:
            withdrawal, transaction = supersede(transaction, transaction.offer_id)
            unit.append(withdrawal)
            fact = _order(unit, transaction, officer_id, pool_id, given)
        return _handed(unit, unit.append(fact, words=note), given)

    return streams.run(office_of(transaction_id), request, work)


def _order(unit: Unit, transaction: Transaction, officer_id: int | None, pool_id: int | None, given: Given) -> Fact:
    if (officer_id is None) == (pool_id is None):
        raise Refused(Reason.INVALID, field="to")
    receiver_id = (
        unit.configuration.pool(pool_id).head_id if pool_id is not None else get_colleague(unit, officer_id or 0)
    )
    return rule.force(
        transaction,
        actor=unit.actor,
        receiver_id=receiver_id,
        post=find_post(unit, officer_id=receiver_id),
        pool_id=pool_id,
        wait=wait_in(unit, transaction, addressee_id=receiver_id),
        terms=given.sealed(unit),
    )


def _handed(unit: Unit, event: Event, given: Given) -> Done:
    given.keep(unit, event)
    payload = event.payload
    return unit.done(
        handoff=event.id,
        transaction=event.transaction_id,
        state=payload["after"],
        receiver=payload["receiver"],
    )


def see_news(streams: Streams, transaction_id: int, request: Request) -> Done:
    """The custodian has seen what became of a handoff; answers transaction."""

    def work(unit: Unit) -> Done:
        unit.append(rule.see_news(get_transaction(unit, transaction_id), actor=unit.actor))
        return unit.done(transaction=transaction_id)

    return streams.run(office_of(transaction_id), request, work)
