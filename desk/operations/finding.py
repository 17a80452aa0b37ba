"""Loading what the rules decide on, inside a unit; rows become the plain values of the domain."""

from dataclasses import fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, bindparam, select

from desk.domain.custody import Transaction, Wait
from desk.domain.discipline import rank_time
from desk.domain.handoffs import Handoff, HandoffState
from desk.domain.identity import office_of
from desk.domain.lifecycle import OPEN_STATES, Ending, State
from desk.domain.queueing import DutyState, Post
from desk.domain.reasons import Priority
from desk.domain.refusals import Reason, Refused
from desk.models import Call, Duty, HandoffRow, Membership, Person, TransactionRow, Visit
from desk.models.prepared import Prepared
from desk.models.transaction import at_counter
from desk.operations.stream import Unit

TRANSACTIONS: Any = TransactionRow.__table__
VISITS: Any = Visit.__table__
DUTIES: Any = Duty.__table__
HANDOFFS: Any = HandoffRow.__table__
CALLS: Any = Call.__table__
# What fits in the column; a database answers a greater number with an error of its own.
MAX_SMALL_ID = 2**31 - 1

_AS_DECIDED_ON = [TRANSACTIONS.c[each.name] for each in fields(Transaction)]
BY_ID = Prepared(
    select(*_AS_DECIDED_ON).where(TRANSACTIONS.c.office_id == bindparam("office"), TRANSACTIONS.c.id == bindparam("id"))
)
CALL_BY_ID = Prepared(
    select(CALLS.c.times, CALLS.c.last_called_at).where(
        CALLS.c.office_id == bindparam("office"), CALLS.c.id == bindparam("id")
    )
)
_SERVED = (
    select(TRANSACTIONS.c.id)
    .where(
        TRANSACTIONS.c.office_id == DUTIES.c.office_id, TRANSACTIONS.c.holder_id == DUTIES.c.officer_id, at_counter()
    )
    .correlate(DUTIES)
)
_ON_DUTY = select(
    DUTIES.c.id,
    DUTIES.c.officer_id,
    DUTIES.c.counter_id,
    DUTIES.c.back_office,
    DUTIES.c.state,
    _SERVED.exists().label("busy"),
).where(DUTIES.c.office_id == bindparam("office"), DUTIES.c.ended_at.is_(None))
POST_OF = Prepared(_ON_DUTY.where(DUTIES.c.officer_id == bindparam("officer")))
POST_AT = Prepared(_ON_DUTY.where(DUTIES.c.counter_id == bindparam("counter")))


def transaction_query() -> Select[Any]:
    """Return the query whose rows `transaction_from` understands."""
    return select(*_AS_DECIDED_ON)


def transaction_from(row: Any) -> Transaction:
    """Return a transaction row as the rules see it."""
    return Transaction(
        id=row.id,
        office_id=row.office_id,
        visit_id=row.visit_id,
        service_id=row.service_id,
        state=State(row.state),
        holder_id=row.holder_id,
        counter_id=row.counter_id,
        segment=row.segment,
        opened_at=row.opened_at,
        arrived_at=row.arrived_at,
        priority=Priority(row.priority),
        entry_id=row.entry_id,
        addressee_id=row.addressee_id,
        offer_id=row.offer_id,
        call_id=row.call_id,
        resting=None if row.resting is None else State(row.resting),
        resting_holder_id=row.resting_holder_id,
        ending=None if row.ending is None else Ending(row.ending),
        ended_at=row.ended_at,
        served_at=row.served_at,
        handoffs=row.handoffs,
        pool_id=row.pool_id,
        alert_id=row.alert_id,
    )


def get_transaction(unit: Unit, transaction_id: int) -> Transaction:
    """Return a transaction of this office; raise `Refused(UNKNOWN)`."""
    row = BY_ID.first(unit.connection, {"office": unit.office_id, "id": transaction_id})
    if row is None or office_of(transaction_id) != unit.office_id:
        raise Refused(Reason.UNKNOWN, id=transaction_id)
    return transaction_from(row)


def list_under_name(unit: Unit, officer_id: int) -> list[Transaction]:
    """Return what an officer has in person: all custody but that of the queues and pools they only head."""
    held = TRANSACTIONS.c
    mine = (held.state != State.WAITING.value) | (held.addressee_id == officer_id) | held.offer_id.is_not(None)
    rows = unit.connection.execute(
        transaction_query()
        .where(held.office_id == unit.office_id, held.ended_at.is_(None), held.state.in_(OPEN_STATES))
        .where(held.holder_id == officer_id, held.pool_id.is_(None), mine)
        .order_by(held.id)
    )
    return [transaction_from(row) for row in rows]


def get_visit(unit: Unit, visit_id: int) -> Any:
    """Return the row of a visit of this office; raise `Refused(UNKNOWN)`."""
    row = unit.connection.execute(
        select(VISITS).where(VISITS.c.office_id == unit.office_id, VISITS.c.id == visit_id)
    ).one_or_none()
    if row is None:
        raise Refused(Reason.UNKNOWN, id=visit_id)
    return row


def find_post(unit: Unit, *, officer_id: int | None = None, counter_id: int | None = None) -> Post | None:
    """Return the post of an officer on duty, or the one at a counter; None when there is none."""
    if counter_id is not None:
        row = POST_AT.first(unit.connection, {"office": unit.office_id, "counter": counter_id})
    else:
        row = POST_OF.first(unit.connection, {"office": unit.office_id, "officer": officer_id})
    if row is None:
        return None
    state = DutyState(row.state)
    return Post(row.id, row.officer_id, row.counter_id, bool(row.back_office), state, bool(row.busy))


def visit_busy(unit: Unit, visit_id: int, *, but: int | None = None) -> bool:
    """Tell whether another transaction of the visit is called or serving."""
    query = select(TRANSACTIONS.c.id).where(
        TRANSACTIONS.c.office_id == unit.office_id,
        TRANSACTIONS.c.visit_id == visit_id,
        at_counter(),
    )
    return any(found != but for found in unit.connection.execute(query).scalars())


def find_call(unit: Unit, call_id: int | None) -> tuple[int, datetime]:
    """Return how often a call was made and when last; never, and just now, for what was not called."""
    row = CALL_BY_ID.first(unit.connection, {"office": unit.office_id, "id": call_id})
    return (0, unit.at) if row is None else (row.times, row.last_called_at)


def get_handoff(unit: Unit, handoff_id: int) -> Handoff:
    """Return a handoff of this office; raise `Refused(UNKNOWN)`."""
    row = unit.connection.execute(
        select(HANDOFFS, Person.name.label("answered_by"))
        .outerjoin(Person, Person.id == HANDOFFS.c.answered_by_id)
        .where(HANDOFFS.c.office_id == unit.office_id, HANDOFFS.c.id == handoff_id)
    ).one_or_none()
    if row is None:
        raise Refused(Reason.UNKNOWN, id=handoff_id)
    return Handoff(
        row.id,
        row.transaction_id,
        row.giver_id,
        row.receiver_id,
        HandoffState(row.state),
        row.expires_at,
        row.to_counter_id,
        row.answered_at,
        row.answered_by,
    )


def get_colleague(unit: Unit, person_id: int) -> int:
    """Return the id of somebody who works at the counters of this office.

    Raises `Refused`: UNKNOWN, RECEIVER_GONE for somebody whose account is disabled.
    """
    if not 0 < person_id <= MAX_SMALL_ID:
        raise Refused(Reason.UNKNOWN, id=person_id)
    row = unit.connection.execute(
        select(Person.disabled_at)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Person.id == person_id,
            Membership.office_id == unit.office_id,
            Membership.role.in_(("agent", "supervisor")),
        )
    ).first()
    if row is None:
        raise Refused(Reason.UNKNOWN, id=person_id)
    if row.disabled_at is not None:
        raise Refused(Reason.RECEIVER_GONE)
    return person_id


def today(unit: Unit) -> date:
    """Return the office's business day at the unit's instant."""
    return date.fromisoformat(unit.configuration.business_date(unit.at))


def wait_in(
    unit: Unit, transaction: Transaction, *, service_id: int | None = None, addressee_id: int | None = None
) -> Wait:
    """Return a new wait with the visit's priority and arrival time.

    In another service's queue the arrival time is kept only where the office has it so; else it is now.
    """
    elsewhere = service_id is not None and service_id != transaction.service_id
    keeps = unit.configuration.rules.handoff_keeps_arrival or not elsewhere
    arrived_at = transaction.arrived_at if keeps else unit.at
    return Wait(
        service_id if service_id is not None else transaction.service_id,
        arrived_at,
        rank_time(arrived_at, transaction.priority, head_start=unit.configuration.rules.head_start),
        addressee_id,
    )
