"""Requests about transactions: ask, answer, decline, withdraw; closed when the transaction ends."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from desk.domain import requesting as rule
from desk.domain.access import Role
from desk.domain.custody import Transaction
from desk.domain.identity import office_of
from desk.domain.lifecycle import Outcome
from desk.domain.queueing import due_micros, require_note
from desk.domain.reasons import DeclineReason
from desk.domain.refusals import Reason, Refused
from desk.domain.requesting import Asked, Question, RequestKind, RequestState
from desk.models import Membership, Person, RequestRow
from desk.models.prepared import Prepared
from desk.models.request import unanswered
from desk.operations.covering import find_cover
from desk.operations.finding import get_colleague, get_transaction
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit

REQUESTS: Any = RequestRow.__table__
OPEN = Prepared(
    select(REQUESTS).where(
        REQUESTS.c.office_id == bindparam("office"), REQUESTS.c.transaction_id == bindparam("transaction"), unanswered()
    )
)


def ask(
    streams: Streams,
    transaction_id: int,
    request: Request,
    *,
    kind: RequestKind,
    question: str,
    due_at: datetime | None,
    blocks: bool = False,
    officer_id: int | None = None,
    service_id: int | None = None,
) -> Done:
    """Ask an officer, or the head of a service's queue, about a transaction; custody stays where it is.

    Answers request, transaction, asked, meant_for. Raises `Refused`: UNKNOWN, TRANSACTION_ENDED, NOT_CUSTODIAN,
    REQUEST_TO_ONESELF, NOT_A_SUPERVISOR, WORDS_MISSING, DUE_IN_THE_PAST, INVALID without a receiver or a due time.
    """

    def work(unit: Unit) -> Done:
        transaction = get_transaction(unit, transaction_id)
        meant_id = _receiver(unit, officer_id, service_id)
        deputy_id = find_cover(unit, meant_id)
        due = due_micros(due_at, at=unit.at)
        if due is None:
            raise Refused(Reason.INVALID, field="due_at")
        asked_id = meant_id if deputy_id is None else deputy_id
        meant_for = None if deputy_id is None else meant_id
        said = Question(asked_id, kind, blocks, due, unit.seal(question), meant_for, service_id)
        fact = rule.ask(transaction, said, actor=unit.actor, supervises=_supervises(unit, meant_id))
        event = unit.append(fact, words=question)
        return unit.done(request=event.id, transaction=transaction_id, asked=asked_id, meant_for=meant_for)

    return streams.run(office_of(transaction_id), request, work)


def _receiver(unit: Unit, officer_id: int | None, service_id: int | None) -> int:
    if service_id is not None and officer_id is None:
        return get_colleague(unit, unit.configuration.service(service_id).head_id)
    if officer_id is not None and service_id is None:
        return get_colleague(unit, officer_id)
    raise Refused(Reason.INVALID, field="to")


def _supervises(unit: Unit, person_id: int) -> bool:
    query = select(Membership.person_id).where(
        Membership.office_id == unit.office_id,
        Membership.person_id == person_id,
        Membership.role == Role.SUPERVISOR.value,
    )
    return unit.connection.execute(query).first() is not None


def answer(streams: Streams, request_id: int, request: Request, *, words: str) -> Done:
    """Answer in words; answers request, transaction, state. Raises `Refused`: NOT_THE_ONE_ASKED, REQUEST_CLOSED."""

    def work(unit: Unit) -> Done:
        found, transaction = _get(unit, request_id)
        fact = rule.answer(transaction, found, actor=unit.actor, words=unit.seal(words))
        unit.append(fact, words=words)
        return _done(unit, found, RequestState.ANSWERED)

    return streams.run(office_of(request_id), request, work)


def decline(
    streams: Streams, request_id: int, request: Request, *, reason: DeclineReason, note: str | None = None
) -> Done:
    """Say no, with a reason."""
    require_note(reason, note)

    def work(unit: Unit) -> Done:
        found, transaction = _get(unit, request_id)
        fact = rule.decline(transaction, found, actor=unit.actor, reason=reason, note=unit.seal(note))
        unit.append(fact, words=note)
        return _done(unit, found, RequestState.DECLINED)

    return streams.run(office_of(request_id), request, work)


def withdraw(streams: Streams, request_id: int, request: Request) -> Done:
    """Take an unanswered request back."""

    def work(unit: Unit) -> Done:
        found, transaction = _get(unit, request_id)
        unit.append(rule.withdraw(transaction, found, actor=unit.actor))
        return _done(unit, found, RequestState.WITHDRAWN)

    return streams.run(office_of(request_id), request, work)


def _done(unit: Unit, found: Asked, state: RequestState) -> Done:
    return unit.done(request=found.id, transaction=found.transaction_id, asked=found.asked_id, state=state.value)


def _get(unit: Unit, request_id: int) -> tuple[Asked, Transaction]:
    row = unit.connection.execute(
        select(REQUESTS).where(REQUESTS.c.office_id == unit.office_id, REQUESTS.c.id == request_id)
    ).one_or_none()
    if row is None:
        raise Refused(Reason.UNKNOWN, id=request_id)
    return _asked(row), get_transaction(unit, row.transaction_id)


def _asked(row: Any) -> Asked:
    return Asked(row.id, row.transaction_id, row.asker_id, row.asked_id, row.blocks, RequestState(row.state))


def _open_of(unit: Unit, transaction_id: int) -> list[Asked]:
    rows = OPEN.all(unit.connection, {"office": unit.office_id, "transaction": transaction_id})
    return [_asked(row) for row in rows]


def require_unblocked(unit: Unit, transaction_id: int, outcome: Outcome) -> None:
    """Raise `Refused(BLOCKED_BY_REQUEST)`, which names the request, while one stands in the way of the outcome."""
    blocking = rule.find_blocking(_open_of(unit, transaction_id), outcome)
    if blocking is not None:
        name = unit.connection.execute(select(Person.name).where(Person.id == blocking.asked_id)).scalar_one()
        raise Refused(Reason.BLOCKED_BY_REQUEST, request=blocking.id, name=name)


def close_all(unit: Unit, transaction: Transaction) -> None:
    """Close the open requests of a transaction that has ended."""
    for each in _open_of(unit, transaction.id):
        unit.append(rule.close(transaction, each))


def reopen_closed(unit: Unit, transaction: Transaction, *, since: int) -> list[int]:
    """Let requests wait again that the end of a transaction closed, which is event `since`; return which."""
    mine = (REQUESTS.c.office_id == unit.office_id, REQUESTS.c.transaction_id == transaction.id)
    closed = (REQUESTS.c.state == RequestState.CLOSED.value, REQUESTS.c.closed_by > since)
    rows = unit.connection.execute(select(REQUESTS).where(*mine, *closed).order_by(REQUESTS.c.id)).all()
    for row in rows:
        unit.append(rule.reopen(transaction, _asked(row)))
    return [row.id for row in rows]
