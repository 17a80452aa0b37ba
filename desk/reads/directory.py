"""What programs ask about an office: services, counters, staff, board. Plain dictionaries of the API's shapes."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from desk.domain.hours import is_open
from desk.domain.refusals import Reason, Refused
from desk.models import (
    Call,
    Counter,
    Duty,
    Membership,
    Office,
    Person,
    QueueEntry,
    Service,
    Stream,
    TransactionRow,
    Visit,
)
from desk.models.transaction import at_counter, waiting
from desk.reads.calendars import list_kept
from desk.reads.served import list_served

TEXTS = ("name", "requirements", "procedure", "time", "fee", "product", "complaints")


def list_offices(reader: Connection, office_ids: set[int]) -> list[dict[str, Any]]:
    """Return these offices, and whether each is closed for good."""
    is_retired = Office.retired_at.is_not(None).label("retired")
    query = select(Office.id, Office.code, Office.name, Office.zone, is_retired).where(Office.id.in_(office_ids))
    return [dict(row._mapping) for row in reader.execute(query.order_by(Office.id))]


def list_services(reader: Connection, office_id: int, *, at: datetime) -> list[dict[str, Any]]:
    """Return the services that are not retired, in their order; whether each is open at `at`, and anybody serves it."""
    rows = reader.execute(
        select(Service.__table__)
        .where(Service.office_id == office_id, Service.retired.is_(False))
        .order_by(Service.position, Service.id)
    ).all()
    kept, served = list_kept(reader, office_id), list_served(reader, office_id)
    return [
        {
            "id": row.id,
            "series": row.series,
            "wait_promise_s": row.wait_promise_s,
            "open_now": is_open(kept[row.id].calendar, at),
            "served": row.id in served,
            **{text: {code: getattr(row, f"{text}_{code}") for code in ("id", "en")} for text in TEXTS},
        }
        for row in rows
    ]


def list_counters(reader: Connection, office_id: int) -> list[dict[str, Any]]:
    """Return the counters in use, with the officer on duty."""
    rows = reader.execute(
        select(
            Counter.id,
            Counter.number,
            Counter.name,
            Counter.name_en,
            Counter.back_office,
            Duty.officer_id.label("officer"),
            Duty.state,
        )
        .outerjoin(
            Duty, (Duty.office_id == Counter.office_id) & (Duty.counter_id == Counter.id) & Duty.ended_at.is_(None)
        )
        .where(Counter.office_id == office_id, Counter.retired.is_(False))
        .order_by(Counter.back_office, Counter.number)
    )
    return [dict(row._mapping) for row in rows]


def get_office_of_counter(reader: Connection, counter_id: int) -> int:
    """Return the office of a counter; raise `Refused(UNKNOWN)`."""
    office_id = reader.execute(select(Counter.office_id).where(Counter.id == counter_id)).scalar_one_or_none()
    if office_id is None:
        raise Refused(Reason.UNKNOWN, id=counter_id)
    return office_id


def list_staff(reader: Connection, office_id: int) -> list[dict[str, Any]]:
    """Return the people of an office who are not disabled, with their roles and the counter of their duty."""
    rows = reader.execute(
        select(Person.id, Person.name, Membership.role, Duty.counter_id)
        .join(Membership, Membership.person_id == Person.id)
        .outerjoin(Duty, (Duty.office_id == office_id) & (Duty.officer_id == Person.id) & Duty.ended_at.is_(None))
        .where(Membership.office_id == office_id, Person.disabled_at.is_(None))
        .order_by(Person.name, Membership.role)
    )
    people: dict[int, dict[str, Any]] = {}
    for row in rows:
        found = people.setdefault(row.id, {"id": row.id, "name": row.name, "roles": [], "counter": row.counter_id})
        found["roles"].append(row.role)
    return list(people.values())


def board(reader: Connection, office_id: int) -> dict[str, Any]:
    """Return who is called or served where, and how many wait for each service."""
    event = reader.execute(select(Stream.number).where(Stream.office_id == office_id)).scalar_one_or_none()
    if event is None:
        raise Refused(Reason.UNKNOWN, id=office_id)
    return {"office": office_id, "event": event, "now": _now(reader, office_id), "queues": _queues(reader, office_id)}


def _now(reader: Connection, office_id: int) -> list[dict[str, Any]]:
    rows = reader.execute(
        select(
            Visit.label.label("number"),
            Counter.name.label("counter"),
            Counter.name_en.label("counter_en"),
            TransactionRow.state,
            Call.last_called_at.label("called_at"),
        )
        .join(Visit, (Visit.office_id == TransactionRow.office_id) & (Visit.id == TransactionRow.visit_id))
        .join(Counter, Counter.id == TransactionRow.counter_id)
        .outerjoin(Call, (Call.office_id == TransactionRow.office_id) & (Call.id == TransactionRow.call_id))
        .where(TransactionRow.office_id == office_id, at_counter())
        .order_by(Call.last_called_at.desc())
    )
    return [dict(row._mapping) for row in rows]


def _queues(reader: Connection, office_id: int) -> list[dict[str, Any]]:
    found = {
        row.service_id: row
        for row in reader.execute(
            select(
                QueueEntry.service_id,
                func.count().label("waiting"),
                func.min(QueueEntry.arrived_at).label("longest_since"),
            )
            .where(QueueEntry.office_id == office_id, waiting())
            .group_by(QueueEntry.service_id)
        )
    }
    services = reader.execute(
        select(Service.id, Service.retired).where(Service.office_id == office_id).order_by(Service.position, Service.id)
    ).tuples()
    return [
        {
            "service": service_id,
            "waiting": found[service_id].waiting if service_id in found else 0,
            "longest_since": found[service_id].longest_since if service_id in found else None,
        }
        for service_id, retired in services
        if service_id in found or not retired  # whoever waits for a retired one is still called
    ]
