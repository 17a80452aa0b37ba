"""Duty at counters, closing the day, and the office's clock."""

from sqlalchemy import select

from desk.domain import duty as rule
from desk.domain import queueing
from desk.domain.access import FRONT_LINE, SUPERVISORS, require
from desk.domain.facts import EventName, Fact
from desk.domain.lifecycle import State
from desk.domain.reasons import BreakReason
from desk.models import QueueEntry
from desk.models.transaction import offered, waiting
from desk.operations.finding import (
    HANDOFFS,
    TRANSACTIONS,
    find_post,
    transaction_from,
    transaction_query,
)
from desk.operations.requests import Done, Request
from desk.operations.serving import take_step
from desk.operations.stream import Streams, Unit

ENTRIES = QueueEntry.__table__


def sign_on(streams: Streams, counter_id: int, office_id: int, request: Request) -> Done:
    """Sign the acting officer on at a counter; answers duty, counter."""

    def work(unit: Unit) -> Done:
        counter = unit.configuration.counter(counter_id)
        fact = rule.sign_on(
            actor=unit.actor,
            counter_id=counter_id,
            back_office=counter.back_office,
            mine=find_post(unit, officer_id=unit.actor.person_id),
            theirs=find_post(unit, counter_id=counter_id),
        )
        return unit.done(duty=unit.append(fact).id, counter=counter_id)

    return streams.run(office_id, request, work)


def sign_off(streams: Streams, office_id: int, request: Request) -> Done:
    """Sign the acting officer off; raises `Refused(STILL_RESPONSIBLE)` while a visitor is theirs."""

    def work(unit: Unit) -> Done:
        require(unit.actor, FRONT_LINE)
        post = find_post(unit, officer_id=unit.actor.person_id)
        officer_id = unit.actor.person_id or 0
        fact = rule.sign_off(
            post, waiting_for_me=_waiting_for(unit, officer_id), offers_made=_seated_offers(unit, officer_id)
        )
        unit.append(fact)
        return unit.done(counter=fact.payload["counter"])

    return streams.run(office_id, request, work)


def _waiting_for(unit: Unit, officer_id: int) -> int:
    query = select(ENTRIES.c.id).where(
        ENTRIES.c.office_id == unit.office_id, waiting(), ENTRIES.c.addressee_id == officer_id
    )
    return len(unit.connection.execute(query).all())


def _seated_offers(unit: Unit, officer_id: int) -> int:
    """Count the officer's unanswered offers of visitors who sit and wait for the answer."""
    query = (
        select(HANDOFFS.c.id)
        .join(
            TRANSACTIONS,
            (TRANSACTIONS.c.office_id == HANDOFFS.c.office_id) & (TRANSACTIONS.c.id == HANDOFFS.c.transaction_id),
        )
        .where(HANDOFFS.c.office_id == unit.office_id, offered(), HANDOFFS.c.giver_id == officer_id)
        .where(TRANSACTIONS.c.state == State.WAITING.value)
    )
    return len(unit.connection.execute(query).all())


def begin_break(streams: Streams, office_id: int, request: Request, *, reason: BreakReason) -> Done:
    """The acting officer takes a break."""

    def work(unit: Unit) -> Done:
        fact = rule.begin_break(find_post(unit, officer_id=unit.actor.person_id or 0), reason=reason)
        unit.append(fact)
        return unit.done(counter=fact.payload["counter"], state="break")

    return streams.run(office_id, request, work)


def end_break(streams: Streams, office_id: int, request: Request) -> Done:
    """The acting officer is available again."""

    def work(unit: Unit) -> Done:
        fact = rule.end_break(find_post(unit, officer_id=unit.actor.person_id or 0))
        unit.append(fact)
        return unit.done(counter=fact.payload["counter"], state="available")

    return streams.run(office_id, request, work)


def close_day(streams: Streams, office_id: int, request: Request) -> Done:
    """Close the day over everybody still waiting or called; answers closed (how many) and day.

    Who is being served is finished first: they are not touched.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, SUPERVISORS)
        rows = unit.connection.execute(
            transaction_query()
            .where(
                TRANSACTIONS.c.office_id == unit.office_id,
                TRANSACTIONS.c.state.in_((State.WAITING.value, State.CALLED.value)),
                TRANSACTIONS.c.ended_at.is_(None),
            )
            .order_by(TRANSACTIONS.c.id)
        ).all()
        for row in rows:
            take_step(unit, transaction_from(row), lambda _, found: queueing.close_unserved(found))
        day = unit.configuration.business_date(unit.at)
        unit.append(Fact(EventName.DAY_CLOSED, {"day": day, "closed": len(rows)}))
        return unit.done(day=day, closed=len(rows))

    return streams.run(office_id, request, work)


def confirm_clock(streams: Streams, office_id: int, request: Request) -> Done:
    """A supervisor confirms that the clock is right although events carry later times; answers epoch."""

    def work(unit: Unit) -> Done:
        require(unit.actor, SUPERVISORS)
        unit.confirm_clock()
        return unit.done(epoch=unit.epoch)

    return streams.run(office_id, request, work)
