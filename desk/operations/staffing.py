"""Duty at counters, closing the day, and the office's clock."""

from collections import Counter
from typing import Any

from sqlalchemy import Select, select

from desk.domain import duty as rule
from desk.domain import queueing
from desk.domain.access import FRONT_LINE, SUPERVISORS, require
from desk.domain.facts import EventName, Fact
from desk.domain.identity import office_of
from desk.domain.lifecycle import State
from desk.domain.queueing import Post
from desk.domain.reasons import BreakReason
from desk.domain.refusals import Reason, Refused
from desk.models import QueueEntry
from desk.models.transaction import offered, waiting
from desk.operations.finding import (
    DUTIES,
    HANDOFFS,
    TRANSACTIONS,
    VISITS,
    find_post,
    get_colleague,
    today,
    transaction_from,
    transaction_query,
)
from desk.operations.requests import Done, Request
from desk.operations.serving import take_step
from desk.operations.stream import Streams, Unit

ENTRIES = QueueEntry.__table__


def sign_on(streams: Streams, counter_id: int, office_id: int, request: Request) -> Done:
    """Sign the acting officer on at a counter; answers duty, counter. Raises `Refused`: OFFICE_RETIRED, and more."""

    def work(unit: Unit) -> Done:
        unit.configuration.require_in_use()
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


def open_counter(streams: Streams, counter_id: int, officer_id: int, office_id: int, request: Request) -> Done:
    """A supervisor signs an officer on at a counter; answers duty, counter, officer.

    Raises `Refused`: FORBIDDEN, OFFICE_RETIRED, UNKNOWN for somebody who does not work at counters, OFFICER_ON_DUTY,
    COUNTER_TAKEN.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, SUPERVISORS)
        unit.configuration.require_in_use()
        counter = unit.configuration.counter(counter_id)
        officer = get_colleague(unit, officer_id)
        fact = rule.order_on(
            actor=unit.actor,
            officer_id=officer,
            counter_id=counter_id,
            back_office=counter.back_office,
            mine=find_post(unit, officer_id=officer),
            theirs=find_post(unit, counter_id=counter_id),
        )
        return unit.done(duty=unit.append(fact).id, counter=counter_id, officer=officer)

    return streams.run(office_id, request, work)


def end_duty(streams: Streams, duty_id: int, request: Request) -> Done:
    """A supervisor ends a forgotten duty; answers counter, officer.

    Raises `Refused`: FORBIDDEN, UNKNOWN, ALREADY_DONE for one that is over, VISITOR_AT_COUNTER.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, SUPERVISORS)
        fact = rule.order_off(_post_of_duty(unit, duty_id), actor=unit.actor)
        unit.append(fact)
        return unit.done(counter=fact.payload["counter"], officer=fact.payload["officer"])

    return streams.run(office_of(duty_id), request, work)


def _post_of_duty(unit: Unit, duty_id: int) -> Post:
    query = select(DUTIES.c.officer_id).where(DUTIES.c.office_id == unit.office_id, DUTIES.c.id == duty_id)
    officer_id = unit.connection.execute(query).scalar_one_or_none()
    if officer_id is None:
        raise Refused(Reason.UNKNOWN, id=duty_id)
    post = find_post(unit, officer_id=officer_id)
    if post is None or post.duty_id != duty_id:
        raise Refused(Reason.ALREADY_DONE)
    return post


def sign_off(streams: Streams, office_id: int, request: Request) -> Done:
    """Sign the acting officer off; raises `Refused(STILL_RESPONSIBLE)` while a visitor is theirs."""

    def work(unit: Unit) -> Done:
        require(unit.actor, FRONT_LINE)
        fact = _signing_off(unit, find_post(unit, officer_id=unit.actor.person_id), unit.actor.person_id or 0)
        unit.append(fact)
        return unit.done(counter=fact.payload["counter"])

    return streams.run(office_id, request, work)


def _signing_off(unit: Unit, post: Post | None, officer_id: int) -> Fact:
    return rule.sign_off(
        post, waiting_for_me=_waiting_for(unit, officer_id), offers_made=_seated_offers(unit, officer_id)
    )


def send_off(unit: Unit, post: Post | None) -> None:
    """Sign somebody off who leaves for good, if they are on duty."""
    if post is not None:
        unit.append(_signing_off(unit, post, post.officer_id))


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


def close_earlier_days(streams: Streams, office_id: int, request: Request) -> Done:
    """Close days that were left open, over those who still wait from then; answers closed (how many) and days.

    Whoever came today is not touched. Raises `Refused(ALREADY_DONE)` when no earlier day is open.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, SUPERVISORS)
        rows = unit.connection.execute(_left_from_earlier(unit)).all()
        if not rows:
            raise Refused(Reason.ALREADY_DONE)
        closed = Counter(row.day.isoformat() for row in rows)
        for row in rows:
            take_step(unit, transaction_from(row), lambda _, found: queueing.close_unserved(found))
        for day, count in sorted(closed.items()):
            unit.append(Fact(EventName.DAY_CLOSED, {"day": day, "closed": count}))
        return unit.done(closed=len(rows), days=sorted(closed))

    return streams.run(office_id, request, work)


def _left_from_earlier(unit: Unit) -> Select[Any]:
    return (
        select(TRANSACTIONS, VISITS.c.day)
        .join(VISITS, (VISITS.c.office_id == TRANSACTIONS.c.office_id) & (VISITS.c.id == TRANSACTIONS.c.visit_id))
        .where(
            TRANSACTIONS.c.office_id == unit.office_id,
            TRANSACTIONS.c.state.in_((State.WAITING.value, State.CALLED.value)),
            TRANSACTIONS.c.ended_at.is_(None),
            VISITS.c.day < today(unit),
        )
        .order_by(TRANSACTIONS.c.id)
    )


def confirm_clock(streams: Streams, office_id: int, request: Request) -> Done:
    """A supervisor confirms that the clock is right although events carry later times; answers epoch."""

    def work(unit: Unit) -> Done:
        require(unit.actor, SUPERVISORS)
        unit.confirm_clock()
        return unit.done(epoch=unit.epoch)

    return streams.run(office_id, request, work)
