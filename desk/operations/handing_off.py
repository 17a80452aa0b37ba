"""Handing a transaction on: offer, accept, decline, withdraw, expire; and the handover to a service's queue."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from desk.domain import handoffs as rule
from desk.domain.custody import Transaction, Wait
from desk.domain.facts import Event
from desk.domain.handoffs import HandoffKind, Offer, ReasonKind, require_fit
from desk.domain.identity import office_of
from desk.domain.lifecycle import State
from desk.domain.refusals import Reason, Refused
from desk.models.transaction import offered
from desk.operations.covering import find_cover
from desk.operations.expiring import answer_by, answer_in_open_hours
from desk.operations.finding import (
    HANDOFFS,
    TRANSACTIONS,
    find_post,
    get_colleague,
    get_handoff,
    get_transaction,
    visit_busy,
    wait_in,
)
from desk.operations.keeping_skill import require_still_fit
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit
from desk.operations.terms import PLAIN, Disposition, Given, require_reason


def offer_to_officer(
    streams: Streams,
    transaction_id: int,
    officer_id: int,
    request: Request,
    *,
    reason: str,
    note: str | None = None,
    due_at: datetime | None = None,
    disposition: Disposition = PLAIN,
) -> Done:
    """Offer custody to a colleague, who must be on duty and have the skill if the visitor is there.

    Of somebody who is absent the deputy gets it.

    Answers handoff, transaction, state, receiver, meant_for. Raises `Refused`: NOT_CUSTODIAN, OFFER_OPEN, TO_ONESELF,
    UNKNOWN, RECEIVER_GONE, RECEIVER_OFF_DUTY, NOT_QUALIFIED_RECEIVER (a supervisor may, with a note),
    REASON_NOT_LISTED, NOTE_MISSING, DUE_IN_THE_PAST, NOT_POSSIBLE_NOW.
    """
    given = Given(reason, note, due_at, disposition)

    def work(unit: Unit) -> Done:
        transaction = get_transaction(unit, transaction_id)
        return answer_of(unit, offer_covered(unit, transaction, officer_id, HandoffKind.OFFICER, given))

    return streams.run(office_of(transaction_id), request, work)


def offer_to_counter(
    streams: Streams,
    transaction_id: int,
    counter_id: int,
    request: Request,
    *,
    reason: str,
    note: str | None = None,
    due_at: datetime | None = None,
    disposition: Disposition = PLAIN,
) -> Done:
    """Offer custody to whoever is on duty at a counter; raises `Refused(NOBODY_AT_COUNTER)` when nobody is."""
    given = Given(reason, note, due_at, disposition)

    def work(unit: Unit) -> Done:
        counter = unit.configuration.counter(counter_id)
        post = find_post(unit, counter_id=counter_id)
        if post is None:
            raise Refused(Reason.NOBODY_AT_COUNTER, counter=counter.name)
        transaction = get_transaction(unit, transaction_id)
        wish = Offer(post.officer_id, HandoffKind.COUNTER, given.sealed(unit), counter_id)
        return answer_of(unit, offer(unit, transaction, wish, given))

    return streams.run(office_of(transaction_id), request, work)


def offer_covered(
    unit: Unit, transaction: Transaction, officer_id: int, kind: HandoffKind, given: Given, *, batch: int | None = None
) -> Event:
    """Append the offer to an officer of the office, or to the deputy of one who is absent today."""
    meant_id = get_colleague(unit, officer_id)
    deputy_id = find_cover(unit, meant_id)
    wish = Offer(meant_id, kind, given.sealed(unit), batch=batch)
    if deputy_id is not None:
        wish = replace(wish, receiver_id=deputy_id, meant_for=meant_id)
    return offer(unit, transaction, wish, given)


def offer(unit: Unit, transaction: Transaction, wish: Offer, given: Given) -> Event:
    """Append the offer; a visitor who is there sits down again and waits for a receiver who is on duty.

    It expires by the office's setting. What is offered in a handover without the visitor (`batch`) has a setting of
    its own, in open hours: the receiver may begin tomorrow.
    """
    require_fit(
        transaction,
        find_post(unit, officer_id=wish.receiver_id),
        actor=unit.actor,
        qualified=transaction.service_id in unit.configuration.skills.get(wish.receiver_id, ()),
        note=wish.terms.note,
    )
    present = transaction.state in (State.WAITING, State.SERVING)
    expires = answer_by(unit) if present or wish.batch is None else answer_in_open_hours(unit, transaction)
    wait = wait_in(unit, transaction, addressee_id=wish.receiver_id) if present else None
    fact = rule.offer(transaction, replace(wish, expires=expires), actor=unit.actor, wait=wait)
    event = unit.append(fact, words=given.note)
    given.keep(unit, event)
    return event


def answer_of(unit: Unit, event: Event) -> Done:
    """Return what is answered to an offer."""
    payload = event.payload
    facts = {"state": payload["after"], "receiver": payload["receiver"], "meant_for": payload["meant_for"]}
    return unit.done(handoff=event.id, transaction=event.transaction_id, **facts)


def transfer(
    streams: Streams,
    transaction_id: int,
    service_id: int,
    request: Request,
    *,
    reason: str,
    note: str | None = None,
    due_at: datetime | None = None,
    disposition: Disposition = PLAIN,
) -> Done:
    """Hand over to a service's queue, which takes it at once; answers handoff, transaction, state, receiver."""
    given = Given(reason, note, due_at, disposition)

    def work(unit: Unit) -> Done:
        transaction = get_transaction(unit, transaction_id)
        service = unit.configuration.service(service_id)
        fact = rule.transfer(
            transaction,
            wait_in(unit, transaction, service_id=service.id),
            actor=unit.actor,
            head_id=transaction.queue_holder(service.head_id),
            terms=given.sealed(unit),
        )
        event = unit.append(fact, words=note)
        given.keep(unit, event)
        payload = event.payload
        return unit.done(
            handoff=event.id, transaction=transaction_id, state=payload["after"], receiver=payload["receiver"]
        )

    return streams.run(office_of(transaction_id), request, work)


def accept(streams: Streams, handoff_id: int, request: Request) -> Done:
    """Take custody of what was offered; answers handoff, transaction, state, counter. NOT_QUALIFIED: skill lost."""
    return streams.run(office_of(handoff_id), request, lambda unit: _accept(unit, handoff_id))


def _accept(unit: Unit, handoff_id: int) -> Done:
    event = take_over(unit, handoff_id)
    payload = event.payload
    return unit.done(
        handoff=handoff_id, transaction=event.transaction_id, state=payload["after"], counter=payload["counter"]
    )


def take_over(unit: Unit, handoff_id: int) -> Event:
    """Append the acceptance of an offer by the one who acts."""
    handoff = get_handoff(unit, handoff_id)
    transaction = get_transaction(unit, handoff.transaction_id)
    post = find_post(unit, officer_id=unit.actor.person_id or 0)
    fact = rule.accept(
        transaction,
        handoff,
        actor=unit.actor,
        post=post,
        visit_busy=visit_busy(unit, transaction.visit_id, but=transaction.id),
        at=unit.at,
        wait=wait_in(unit, transaction, addressee_id=unit.actor.person_id),
    )
    require_still_fit(unit, transaction, handoff, post)
    return unit.append(fact)


def take_with_visitor(streams: Streams, office_id: int, visit_id: int, request: Request) -> Done:
    """Accept what is offered of a visit whose visitor stands here: to the officer, or to the counter they are at.

    Answers as `accept`. Raises `Refused(NO_OFFER_FOR_NUMBER)` when nothing of the visit is, and as `accept`.
    """

    def work(unit: Unit) -> Done:
        post = find_post(unit, officer_id=unit.actor.person_id or 0)
        counter_id = None if post is None else post.counter_id
        query = (
            select(HANDOFFS.c.id)
            .join(
                TRANSACTIONS,
                (TRANSACTIONS.c.office_id == HANDOFFS.c.office_id) & (TRANSACTIONS.c.id == HANDOFFS.c.transaction_id),
            )
            .where(HANDOFFS.c.office_id == unit.office_id, offered(), TRANSACTIONS.c.visit_id == visit_id)
            .where((HANDOFFS.c.receiver_id == unit.actor.person_id) | (HANDOFFS.c.to_counter_id == counter_id))
            .order_by(HANDOFFS.c.id)
            .limit(1)
        )
        handoff_id = unit.connection.execute(query).scalar()
        if handoff_id is None:
            raise Refused(Reason.NO_OFFER_FOR_NUMBER)
        return _accept(unit, handoff_id)

    return streams.run(office_id, request, work)


def decline(streams: Streams, handoff_id: int, request: Request, *, reason: str, note: str | None = None) -> Done:
    """Say no, with a reason; custody stays with the giver."""

    def work(unit: Unit) -> Done:
        require_reason(unit, ReasonKind.DECLINE, reason, note)
        handoff = get_handoff(unit, handoff_id)
        transaction = get_transaction(unit, handoff.transaction_id)
        fact = rule.decline(
            transaction,
            handoff,
            actor=unit.actor,
            post=find_post(unit, officer_id=unit.actor.person_id or 0),
            reason=str(reason),
            wait=_giver_wait(unit, transaction, handoff.giver_id),
            note=unit.seal(note),
        )
        event = unit.append(fact, words=note)
        return unit.done(handoff=handoff_id, transaction=transaction.id, state=event.payload["after"])

    return streams.run(office_of(handoff_id), request, work)


def withdraw(streams: Streams, handoff_id: int, request: Request) -> Done:
    """Take an unanswered offer back."""

    def work(unit: Unit) -> Done:
        handoff = get_handoff(unit, handoff_id)
        transaction = get_transaction(unit, handoff.transaction_id)
        wait = _giver_wait(unit, transaction, handoff.giver_id)
        event = unit.append(rule.withdraw(transaction, handoff, actor=unit.actor, wait=wait))
        return unit.done(handoff=handoff_id, transaction=transaction.id, state=event.payload["after"])

    return streams.run(office_of(handoff_id), request, work)


def _giver_wait(unit: Unit, transaction: Transaction, giver_id: int) -> Wait:
    """Return the wait under the giver's name; under nobody's when the giver was only the head of the queue."""
    addressee_id = (
        None if giver_id == transaction.queue_holder(unit.configuration.head_of(transaction.service_id)) else giver_id
    )
    return wait_in(unit, transaction, addressee_id=addressee_id)


def expire_due(streams: Streams, office_id: int, request: Request) -> Done:
    """Give every offer whose time is over back to its giver; answers expired (ids of handoffs)."""

    def work(unit: Unit) -> Done:
        due = unit.connection.execute(
            select(HANDOFFS.c.id).where(
                HANDOFFS.c.office_id == unit.office_id, offered(), HANDOFFS.c.expires_at <= unit.at
            )
        ).scalars()
        expired = [_expire(unit, handoff_id) for handoff_id in due.all()]
        return unit.done(expired=expired)

    return streams.run(office_id, request, work)


def _expire(unit: Unit, handoff_id: int) -> int:
    handoff = get_handoff(unit, handoff_id)
    transaction = get_transaction(unit, handoff.transaction_id)
    wait = _giver_wait(unit, transaction, handoff.giver_id)
    unit.append(rule.expire(transaction, handoff, wait=wait, at=unit.at))
    return handoff_id


def offices_with_due_offers(streams: Streams) -> list[int]:
    """Return the offices that have an offer whose time is over."""
    with streams.reading() as connection:
        query = select(HANDOFFS.c.office_id).where(offered(), HANDOFFS.c.expires_at <= streams.clock()).distinct()
        return list(connection.execute(query).scalars())
