"""Loading what the rules decide on, inside a unit; rows become the plain values of the domain."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select

from desk.domain.clock import instant
from desk.domain.custody import Transaction, Wait
from desk.domain.discipline import rank_time
from desk.domain.handoffs import Handoff, HandoffState
from desk.domain.hours import business_day
from desk.domain.identity import office_of
from desk.domain.lifecycle import Ending, State
from desk.domain.queueing import DutyState, Post
from desk.domain.reasons import Priority
from desk.domain.refusals import Reason, Refused
from desk.models import Counter, Duty, HandoffRow, Membership, Office, Person, Service, TransactionRow, Visit
from desk.models.transaction import at_counter
from desk.operations.stream import Unit

TRANSACTIONS = TransactionRow.__table__
VISITS = Visit.__table__
DUTIES = Duty.__table__
HANDOFFS = HandoffRow.__table__
COUNTERS = Counter.__table__
SERVICES = Service.__table__


@dataclass(frozen=True, slots=True)
class Rules:
    """The office's settings that the rules need."""

    zone: ZoneInfo
    day_starts_at: int
    head_start: timedelta
    offer_expires_s: int
    reopen_days: int
    survey_on: bool
    survey_delay_s: int
    survey_valid_days: int
    language: str


def get_rules(unit: Unit) -> Rules:
    """Return the settings of the unit's office."""
    row = unit.connection.execute(select(Office.__table__).where(Office.id == unit.office_id)).one()
    return Rules(
        ZoneInfo(row.zone),
        row.day_starts_at,
        timedelta(seconds=row.head_start_s),
        row.offer_expires_s,
        row.reopen_days,
        row.survey_on,
        row.survey_delay_s,
        row.survey_valid_days,
        row.language,
    )


def business_date(unit: Unit, rules: Rules) -> date:
    """Return the office's business day at the unit's instant."""
    starts_at = (instant(0) + timedelta(minutes=rules.day_starts_at)).time()
    return business_day(unit.at, rules.zone, starts_at=starts_at)


def transaction_query() -> Select[Any]:
    """Return the query whose rows `transaction_from` understands."""
    return select(TRANSACTIONS)


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
    )


def get_transaction(unit: Unit, transaction_id: int) -> Transaction:
    """Return a transaction of this office; raise `Refused(UNKNOWN)`."""
    row = unit.connection.execute(
        transaction_query().where(TRANSACTIONS.c.office_id == unit.office_id, TRANSACTIONS.c.id == transaction_id)
    ).one_or_none()
    if row is None or office_of(transaction_id) != unit.office_id:
        raise Refused(Reason.UNKNOWN, id=transaction_id)
    return transaction_from(row)


def get_visit(unit: Unit, visit_id: int) -> Any:
    """Return the row of a visit of this office; raise `Refused(UNKNOWN)`."""
    row = unit.connection.execute(
        select(VISITS).where(VISITS.c.office_id == unit.office_id, VISITS.c.id == visit_id)
    ).one_or_none()
    if row is None:
        raise Refused(Reason.UNKNOWN, id=visit_id)
    return row


def get_service(unit: Unit, service_id: int) -> Any:
    """Return the row of a service of this office; raise `Refused(UNKNOWN)` or `SERVICE_RETIRED`."""
    row = unit.connection.execute(
        select(SERVICES.c.id, SERVICES.c.series, SERVICES.c.head_id, SERVICES.c.calendar_id, SERVICES.c.retired).where(
            SERVICES.c.office_id == unit.office_id, SERVICES.c.id == service_id
        )
    ).one_or_none()
    if row is None:
        raise Refused(Reason.UNKNOWN, id=service_id)
    if row.retired:
        raise Refused(Reason.SERVICE_RETIRED)
    return row


def head_of(unit: Unit, service_id: int) -> int:
    """Return the named head of a service's queue, retired or not."""
    head_id: int = unit.connection.execute(
        select(SERVICES.c.head_id).where(SERVICES.c.office_id == unit.office_id, SERVICES.c.id == service_id)
    ).scalar_one()
    return head_id


def get_counter(unit: Unit, counter_id: int) -> Any:
    """Return the row of a counter of this office; raise `Refused(UNKNOWN)`."""
    row = unit.connection.execute(
        select(COUNTERS).where(
            COUNTERS.c.office_id == unit.office_id, COUNTERS.c.id == counter_id, COUNTERS.c.retired.is_(False)
        )
    ).one_or_none()
    if row is None:
        raise Refused(Reason.UNKNOWN, id=counter_id)
    return row


def find_post(unit: Unit, *, officer_id: int | None = None, counter_id: int | None = None) -> Post | None:
    """Return the post of an officer on duty, or the one at a counter; None when there is none."""
    query = select(DUTIES).where(DUTIES.c.office_id == unit.office_id, DUTIES.c.ended_at.is_(None))
    if officer_id is not None:
        query = query.where(DUTIES.c.officer_id == officer_id)
    if counter_id is not None:
        query = query.where(DUTIES.c.counter_id == counter_id)
    row = unit.connection.execute(query).one_or_none()
    if row is None:
        return None
    state = DutyState(row.state)
    return Post(row.id, row.officer_id, row.counter_id, row.back_office, state, _serves_somebody(unit, row.officer_id))


def _serves_somebody(unit: Unit, officer_id: int) -> bool:
    return (
        unit.connection.execute(
            select(TRANSACTIONS.c.id).where(
                TRANSACTIONS.c.office_id == unit.office_id,
                TRANSACTIONS.c.holder_id == officer_id,
                at_counter(),
            )
        ).first()
        is not None
    )


def visit_busy(unit: Unit, visit_id: int, *, but: int | None = None) -> bool:
    """Tell whether another transaction of the visit is called or serving."""
    query = select(TRANSACTIONS.c.id).where(
        TRANSACTIONS.c.office_id == unit.office_id,
        TRANSACTIONS.c.visit_id == visit_id,
        at_counter(),
    )
    return any(found != but for found in unit.connection.execute(query).scalars())


def get_handoff(unit: Unit, handoff_id: int) -> Handoff:
    """Return a handoff of this office; raise `Refused(UNKNOWN)`."""
    row = unit.connection.execute(
        select(HANDOFFS).where(HANDOFFS.c.office_id == unit.office_id, HANDOFFS.c.id == handoff_id)
    ).one_or_none()
    if row is None:
        raise Refused(Reason.UNKNOWN, id=handoff_id)
    return Handoff(
        row.id, row.transaction_id, row.giver_id, row.receiver_id, HandoffState(row.state), row.expires_at
    )


def get_colleague(unit: Unit, person_id: int) -> int:
    """Return the id of somebody who works at the counters of this office; raise `Refused(UNKNOWN)`."""
    row = unit.connection.execute(
        select(Person.id)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Person.id == person_id,
            Person.disabled_at.is_(None),
            Membership.office_id == unit.office_id,
            Membership.role.in_(("agent", "supervisor")),
        )
    ).first()
    if row is None:
        raise Refused(Reason.UNKNOWN, id=person_id)
    return person_id


def wait_in(
    transaction: Transaction, rules: Rules, *, service_id: int | None = None, addressee_id: int | None = None
) -> Wait:
    """Return a new wait that keeps the visit's arrival time and priority."""
    return Wait(
        service_id if service_id is not None else transaction.service_id,
        transaction.arrived_at,
        rank_time(transaction.arrived_at, transaction.priority, head_start=rules.head_start),
        addressee_id,
    )
