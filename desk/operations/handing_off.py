"""Handing a transaction on: offer, accept, decline, withdraw, expire; and the handover to a service's queue."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from desk.domain import handoffs as rule
from desk.domain.clock import micros
from desk.domain.custody import Transaction, Wait
from desk.domain.facts import Event
from desk.domain.handoffs import HandoffKind, Offer
from desk.domain.identity import office_of
from desk.domain.lifecycle import State
from desk.domain.queueing import due_micros, require_note
from desk.domain.reasons import DeclineReason, HandoffReason
from desk.domain.refusals import Reason, Refused
from desk.models.transaction import offered
from desk.operations.covering import find_cover
from desk.operations.finding import (
    HANDOFFS,
    find_post,
    get_colleague,
    get_handoff,
    get_transaction,
    visit_busy,
    wait_in,
)
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit


def offer_to_officer(
    streams: Streams,
    transaction_id: int,
    officer_id: int,
    request: Request,
    *,
    reason: HandoffReason,
    note: str | None = None,
    due_at: datetime | None = None,
) -> Done:
    """Offer custody to a colleague, who must be on duty if the visitor is there; for somebody absent to the deputy.

    Answers handoff, transaction, state, receiver, meant_for. Raises `Refused`: NOT_CUSTODIAN, OFFER_OPEN, TO_ONESELF,
    UNKNOWN, RECEIVER_OFF_DUTY, NOTE_MISSING, DUE_IN_THE_PAST, NOT_POSSIBLE_NOW.
    """
    require_note(reason, note)

    def work(unit: Unit) -> Done:
        given = Offer(officer_id, HandoffKind.OFFICER, reason, due=due_micros(due_at, at=unit.at))
        return _offered(unit, offer_covered(unit, transaction_id, given, note=note))

    return streams.run(office_of(transaction_id), request, work)


def offer_to_counter(
    streams: Streams,
    transaction_id: int,
    counter_id: int,
    request: Request,
    *,
    reason: HandoffReason,
    note: str | None = None,
    due_at: datetime | None = None,
) -> Done:
    """Offer custody to whoever is on duty at a counter; raises `Refused(NOBODY_AT_COUNTER)` when nobody is."""
    require_note(reason, note)

    def work(unit: Unit) -> Done:
        counter = unit.configuration.counter(counter_id)
        post = find_post(unit, counter_id=counter_id)
        if post is None:
            raise Refused(Reason.NOBODY_AT_COUNTER, counter=counter.name)
        given = Offer(post.officer_id, HandoffKind.COUNTER, reason, counter_id, due_micros(due_at, at=unit.at))
        return _offered(unit, offer_custody(unit, transaction_id, given, note=note))

    return streams.run(office_of(transaction_id), request, work)


def offer_covered(unit: Unit, transaction_id: int, given: Offer, *, note: str | None) -> Event:
    """Append the offer to an officer of the office, or to the deputy of one who is absent today."""
    meant_id = get_colleague(unit, given.receiver_id)
    deputy_id = find_cover(unit, meant_id)
    if deputy_id is not None:
        given = replace(given, receiver_id=deputy_id, meant_for=meant_id)
    return offer_custody(unit, transaction_id, given, note=note)


def offer_custody(unit: Unit, transaction_id: int, given: Offer, *, note: str | None) -> Event:
    """Append the offer; a visitor who is there sits down again and waits for a receiver who is on duty.

    It expires by the office's setting; only what is offered in a handover without the visitor (`batch`) waits for as
    long as it takes: the receiver may begin tomorrow.
    """
    transaction = get_transaction(unit, transaction_id)
    present = transaction.state in (State.WAITING, State.SERVING)
    if present and find_post(unit, officer_id=given.receiver_id) is None:
        raise Refused(Reason.RECEIVER_OFF_DUTY)
    expires = _expiry(unit) if present or given.batch is None else None
    proposal = replace(given, expires=expires, note=unit.seal(note))
    wait = wait_in(unit, transaction, addressee_id=given.receiver_id) if present else None
    return unit.append(rule.offer(transaction, proposal, actor=unit.actor, wait=wait), words=note)


def _offered(unit: Unit, event: Event) -> Done:
    payload = event.payload
    facts = {"state": payload["after"], "receiver": payload["receiver"], "meant_for": payload["meant_for"]}
    return unit.done(handoff=event.id, transaction=event.transaction_id, **facts)


def _expiry(unit: Unit) -> int | None:
    seconds = unit.configuration.rules.offer_expires_s
    return micros(unit.at + timedelta(seconds=seconds)) if seconds > 0 else None


def transfer(
    streams: Streams,
    transaction_id: int,
    service_id: int,
    request: Request,
    *,
    reason: HandoffReason,
    note: str | None = None,
    due_at: datetime | None = None,
) -> Done:
    """Hand over to a service's queue: accepted at once, its head is custodian until somebody calls.

    The visitor keeps the original arrival time. Answers handoff, transaction, state, receiver.
    """
    require_note(reason, note)

    def work(unit: Unit) -> Done:
        transaction = get_transaction(unit, transaction_id)
        service = unit.configuration.service(service_id)
        fact = rule.transfer(
            transaction,
            wait_in(unit, transaction, service_id=service.id),
            actor=unit.actor,
            head_id=transaction.queue_holder(service.head_id),
            reason=reason,
            due=due_micros(due_at, at=unit.at),
            note=unit.seal(note),
        )
        event = unit.append(fact, words=note)
        payload = event.payload
        return unit.done(
            handoff=event.id, transaction=transaction_id, state=payload["after"], receiver=payload["receiver"]
        )

    return streams.run(office_of(transaction_id), request, work)


def accept(streams: Streams, handoff_id: int, request: Request) -> Done:
    """Take custody of what was offered; answers handoff, transaction, state, counter."""

    def work(unit: Unit) -> Done:
        event = take_over(unit, handoff_id)
        payload = event.payload
        return unit.done(
            handoff=handoff_id, transaction=event.transaction_id, state=payload["after"], counter=payload["counter"]
        )

    return streams.run(office_of(handoff_id), request, work)


def take_over(unit: Unit, handoff_id: int) -> Event:
    """Append the acceptance of an offer by the one who acts."""
    handoff = get_handoff(unit, handoff_id)
    transaction = get_transaction(unit, handoff.transaction_id)
    fact = rule.accept(
        transaction,
        handoff,
        actor=unit.actor,
        post=find_post(unit, officer_id=unit.actor.person_id),
        visit_busy=visit_busy(unit, transaction.visit_id, but=transaction.id),
    )
    return unit.append(fact)


def decline(
    streams: Streams, handoff_id: int, request: Request, *, reason: DeclineReason, note: str | None = None
) -> Done:
    """Say no, with a reason; custody stays with the giver."""
    require_note(reason, note)

    def work(unit: Unit) -> Done:
        handoff = get_handoff(unit, handoff_id)
        transaction = get_transaction(unit, handoff.transaction_id)
        fact = rule.decline(
            transaction,
            handoff,
            actor=unit.actor,
            reason=reason,
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
