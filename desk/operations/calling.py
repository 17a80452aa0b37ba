"""Calling: the next visitor, a particular one, the same one again; and what follows when nobody comes."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, literal_column, select

from desk.domain import queueing
from desk.domain.access import FRONT_LINE, acting_person, require
from desk.domain.custody import Transaction
from desk.domain.discipline import Candidate, Choice, WhyCode, choose, pick
from desk.domain.identity import office_of
from desk.domain.lifecycle import Action, State
from desk.domain.queueing import Post, require_free, require_note
from desk.domain.reasons import PickReason
from desk.domain.refusals import Reason, Refused
from desk.models import Call, QueueEntry
from desk.models.prepared import Prepared, at_most
from desk.models.transaction import at_counter, waiting
from desk.operations.finding import (
    TRANSACTIONS,
    VISITS,
    find_post,
    get_transaction,
    get_visit,
)
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit
from desk.reads.candidates import candidate_of

ENTRIES: Any = QueueEntry.__table__
CALLS: Any = Call.__table__
# The front of the queue is read in portions, so that a long queue costs no more than a short one. The first is small:
# whoever is next nearly always stands there, with somebody beside them who shows that they are not the only one.
FIRST_PORTION = 3
PORTION = 16
BUSY = Prepared(select(TRANSACTIONS.c.visit_id).where(TRANSACTIONS.c.office_id == bindparam("office"), at_counter()))


def call_next(streams: Streams, counter_id: int, office_id: int, request: Request) -> Done:
    """Call whoever is next for the officer on duty at this counter.

    Answers call, transaction, visit, number, why. Raises `Refused`: NOT_ON_DUTY, ON_BREAK, COUNTER_BUSY,
    NOBODY_WAITING, NOT_QUALIFIED for an officer who may serve nothing and to whom nobody was handed.
    """

    def work(unit: Unit) -> Done:
        post = _post_at(unit, counter_id)
        return _call(unit, _next(unit, post, _skills(unit, post)), post)

    return streams.run(office_id, request, work)


def call_particular(
    streams: Streams,
    transaction_id: int,
    counter_id: int,
    request: Request,
    *,
    reason: PickReason,
    note: str | None = None,
) -> Done:
    """Call a particular visitor out of order: the reason is compulsory, who was passed over is recorded.

    Raises `Refused` as `call_next`, and ALREADY_CALLED, ALREADY_SERVING, VISIT_BUSY, OFFER_OPEN, NOTE_MISSING;
    NOT_QUALIFIED for a service the officer may not serve, unless the visitor was handed to them.
    """

    def work(unit: Unit) -> Done:
        require_note(reason, note)
        post = _post_at(unit, counter_id)
        chosen = _chosen(unit, get_transaction(unit, transaction_id))
        services = _skills(unit, post)
        if chosen.service_id not in services and chosen.addressee_id != post.officer_id:
            raise Refused(Reason.NOT_QUALIFIED)
        before = _candidates(
            unit, _queue(unit, services).where((ENTRIES.c.rank_at <= chosen.rank_at) | _arrived_before(chosen))
        )
        choice = pick(chosen, before, officer_id=post.officer_id, at=unit.at)
        return _call(unit, choice, post, reason=reason, note=note)

    return streams.run(office_of(transaction_id), request, work)


def _post_at(unit: Unit, counter_id: int) -> Post:
    require(unit.actor, FRONT_LINE)
    unit.configuration.counter(counter_id)
    post = find_post(unit, officer_id=acting_person(unit.actor))
    if post is not None and post.counter_id != counter_id:
        raise Refused(Reason.ALREADY_ON_DUTY, counter=post.counter_id)
    return require_free(post)


def _call(unit: Unit, choice: Choice, post: Post, *, reason: PickReason | None = None, note: str | None = None) -> Done:
    candidate = choice.candidate
    transaction = get_transaction(unit, candidate.transaction_id)
    fact = queueing.call(transaction, choice, post=post, reason=reason, note=unit.seal(note))
    event = unit.append(fact, words=note)
    return unit.done(
        call=event.id,
        transaction=candidate.transaction_id,
        visit=candidate.visit_id,
        number=candidate.label,
        counter=post.counter_id,
        why=choice.why.payload(),
        passed_over=len(choice.passed_over),
    )


def _next(unit: Unit, post: Post, services: Sequence[int]) -> Choice:
    """Choose as the full rule would, reading the queue portion by portion from its front."""
    seen: list[Candidate] = []
    while True:
        size = PORTION if seen else FIRST_PORTION
        rows = _portion(unit, services, size, after=len(seen))
        seen += _known(unit, rows)
        more = len(rows) == size
        try:
            choice = choose(seen, officer_id=post.officer_id, at=unit.at)
        except Refused:
            if more:
                continue
            raise Refused(Reason.NOBODY_WAITING if services else Reason.NOT_QUALIFIED) from None
        # The only one of this portion need not be the only one.
        if more and choice.why.code is WhyCode.ONLY_ONE:
            continue
        return _with_overtaken(unit, post, services, seen, choice)


def _portion(unit: Unit, services: Sequence[int], size: int, *, after: int) -> list[Any]:
    values = {"office": unit.office_id, "officer": unit.actor.person_id, "after": after}
    return _front(tuple(services), size, further=after > 0).all(unit.connection, values)


@cache
def _front(services: tuple[int, ...], size: int, *, further: bool) -> Prepared:
    """Return the prepared query of the first portion of the queue of these services, or of a further one."""
    mine = ENTRIES.c.addressee_id == bindparam("officer")
    if services:
        mine |= ENTRIES.c.service_id.in_([literal_column(str(service_id)) for service_id in services])
    query = _entries_of(bindparam("office")).where(waiting(), mine)
    query = query.order_by(ENTRIES.c.rank_at, ENTRIES.c.id).limit(at_most(size))
    return Prepared(query.offset(bindparam("after")) if further else query)


def _with_overtaken(unit: Unit, post: Post, services: Sequence[int], seen: list[Candidate], choice: Choice) -> Choice:
    """Add those further back who arrived earlier: they can be there only behind somebody with a head start."""
    chosen = choice.candidate
    if chosen.rank_at == chosen.arrived_at:
        return choice
    overtaken = _candidates(unit, _queue(unit, services).where(_arrived_before(chosen)))
    known = {each.entry_id: each for each in (*seen, *overtaken)}
    return choose(list(known.values()), officer_id=post.officer_id, at=unit.at)


def _arrived_before(chosen: Candidate) -> Any:
    return ENTRIES.c.arrived_at < chosen.arrived_at


def _skills(unit: Unit, post: Post) -> tuple[int, ...]:
    return unit.configuration.skills.get(post.officer_id, ())


def _entries(unit: Unit) -> Select[Any]:
    return _entries_of(unit.office_id)


def _entries_of(office: Any) -> Select[Any]:
    columns = (
        ENTRIES.c.id,
        ENTRIES.c.transaction_id,
        ENTRIES.c.visit_id,
        ENTRIES.c.service_id,
        ENTRIES.c.arrived_at,
        ENTRIES.c.rank_at,
        ENTRIES.c.addressee_id,
        ENTRIES.c.not_before,
        ENTRIES.c.own_rank_at,
        VISITS.c.label,
        TRANSACTIONS.c.priority,
        TRANSACTIONS.c.offer_id,
    )
    return (
        select(*columns)
        .join(
            TRANSACTIONS,
            (TRANSACTIONS.c.office_id == ENTRIES.c.office_id) & (TRANSACTIONS.c.id == ENTRIES.c.transaction_id),
        )
        .join(VISITS, (VISITS.c.office_id == ENTRIES.c.office_id) & (VISITS.c.id == ENTRIES.c.visit_id))
        .where(ENTRIES.c.office_id == office)
    )


def _queue(unit: Unit, services: Sequence[int]) -> Select[Any]:
    mine = ENTRIES.c.service_id.in_(services) | (ENTRIES.c.addressee_id == unit.actor.person_id)
    return _entries(unit).where(waiting(), mine).order_by(ENTRIES.c.rank_at, ENTRIES.c.id)


def _candidates(unit: Unit, query: Select[Any]) -> list[Candidate]:
    return _known(unit, unit.connection.execute(query).all())


def _known(unit: Unit, rows: Sequence[Any]) -> list[Candidate]:
    busy = _busy_visits(unit)
    return [candidate_of(row, visit_busy=row.visit_id in busy) for row in rows]


def _busy_visits(unit: Unit) -> frozenset[int]:
    return frozenset(row.visit_id for row in BUSY.all(unit.connection, {"office": unit.office_id}))


def _chosen(unit: Unit, transaction: Transaction) -> Candidate:
    rows = unit.connection.execute(
        _entries(unit).where(ENTRIES.c.transaction_id == transaction.id, ENTRIES.c.ended_at.is_(None))
    ).all()
    if rows:
        return candidate_of(rows[0], visit_busy=rows[0].visit_id in _busy_visits(unit))
    if transaction.state is State.SERVING:
        raise Refused(Reason.ALREADY_SERVING, label=get_visit(unit, transaction.visit_id).label)
    raise Refused(Reason.NOT_POSSIBLE_NOW, state=transaction.state, action=Action.CALL)


def recall(streams: Streams, transaction_id: int, request: Request) -> Done:
    """Call the same visitor once more; answers transaction, times."""

    def work(unit: Unit) -> Done:
        transaction = get_transaction(unit, transaction_id)
        times = 1 + _times(unit, transaction.call_id)
        unit.append(queueing.recall(transaction, actor=unit.actor, times=times))
        return unit.done(transaction=transaction_id, call=transaction.call_id, times=times)

    return streams.run(office_of(transaction_id), request, work)


def _times(unit: Unit, call_id: int | None) -> int:
    query = select(CALLS.c.times).where(CALLS.c.office_id == unit.office_id, CALLS.c.id == call_id)
    return unit.connection.execute(query).scalar_one_or_none() or 0
