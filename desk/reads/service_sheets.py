"""Services as their keepers see them: the list, one with all that is set, what its texts said before, who serves it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import func, select

from desk.domain.access import Role
from desk.domain.services import TEXTS, Pair
from desk.models import Calendar, EventRow, Membership, Person, Service, ServiceWording, Skill
from desk.reads.calendars import kept_on, list_spans
from desk.reads.office_day import get_day
from desk.reads.quotas import issued_on
from desk.reads.reader import Reader

SERVICES: Any = Service.__table__
LARGEST_ID: Final = 2**31 - 1
SERVERS: Final = (Role.AGENT.value, Role.SUPERVISOR.value)
MOST_WORDINGS: Final = 20


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """One line of the list; `issued` are the numbers given out today, `served_by` how many officers serve it."""

    id: int
    series: str
    icon: str
    names: dict[str, str]
    head: str
    calendar: str
    wait_promise_s: int
    steps: tuple[tuple[int, int], ...]
    daily_quota: int | None
    issued: int
    served_by: int
    retired: bool


@dataclass(frozen=True, slots=True)
class Wording:
    """A text of a service as it was before a change, and as it was after it."""

    text: str
    before: str
    after: str
    at: datetime
    by: str | None


@dataclass(frozen=True, slots=True)
class Server:
    """Somebody who may be given visitors, and of which services."""

    id: int
    name: str
    services: frozenset[int]


def list_services(reader: Reader, office_id: int, *, at: datetime) -> tuple[ServiceRow, ...]:
    """Return all services, those in use in their order, then the retired ones."""
    today = get_day(reader, office_id, at=at).today
    rows = reader.execute(
        select(SERVICES, Person.name.label("head"))
        .join(Person, Person.id == SERVICES.c.head_id)
        .where(SERVICES.c.office_id == office_id)
        .order_by(SERVICES.c.retired, SERVICES.c.position, SERVICES.c.id)
    ).all()
    calendars = _calendar_names(reader, office_id, today)
    issued = issued_on(reader, office_id, today) if any(row.daily_quota for row in rows) else {}
    serving = _counts(reader, office_id)
    return tuple(_row(row, calendars[row.id], issued.get(row.id, 0), serving.get(row.id, 0)) for row in rows)


def _row(row: Any, calendar: str, issued: int, served_by: int) -> ServiceRow:
    return ServiceRow(
        row.id,
        row.series,
        row.icon,
        {"id": row.name_id, "en": row.name_en},
        row.head,
        calendar,
        row.wait_promise_s,
        tuple((most, days) for most, days in row.completion_steps),
        row.daily_quota,
        issued,
        served_by,
        row.retired,
    )


def find_values(reader: Reader, office_id: int, service_id: int, *, day: date) -> dict[str, Any] | None:
    """Return all that is set of a service: by the names of `desk.domain.services.Plan.values`, `retired`, `head`."""
    if not 0 < service_id <= LARGEST_ID:
        return None
    query = select(SERVICES, Person.name.label("head")).join(Person, Person.id == SERVICES.c.head_id)
    row = reader.execute(query.where(SERVICES.c.office_id == office_id, SERVICES.c.id == service_id)).one_or_none()
    if row is None:
        return None
    kept = kept_on(list_spans(reader, office_id)[service_id], day)
    names = ("series", "icon", "wait_promise_s", "completion_steps", "daily_quota", "head_id", "head", "retired")
    return {**{name: getattr(row, name) for name in (*names, *TEXTS)}, "calendar_id": kept}


def list_heads(reader: Reader, office_id: int) -> list[tuple[int, str]]:
    """Return who can head a queue, by name: the officers and supervisors who work here."""
    return [(each.id, each.name) for each in list_servers(reader, office_id)]


def list_calendars(reader: Reader, office_id: int) -> list[tuple[int, str]]:
    """Return the calendars by name."""
    query = select(Calendar.id, Calendar.name).where(Calendar.office_id == office_id).order_by(Calendar.name)
    return [(calendar_id, name) for calendar_id, name in reader.execute(query).tuples()]


def list_offered_calendars(reader: Reader, office_id: int, *, kept: int = 0) -> list[tuple[int, str]]:
    """Return the calendars a service can choose, by name; one that is `kept` stands there, retired or not."""
    offered = Calendar.retired.is_(False) | (Calendar.id == kept)
    query = select(Calendar.id, Calendar.name).where(Calendar.office_id == office_id, offered).order_by(Calendar.name)
    return [(calendar_id, name) for calendar_id, name in reader.execute(query).tuples()]


def list_servers(reader: Reader, office_id: int) -> tuple[Server, ...]:
    """Return everybody who may be given visitors, by name, each with the services of the office they serve."""
    people = reader.execute(
        select(Person.id, Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.office_id == office_id, Membership.role.in_(SERVERS), Person.disabled_at.is_(None))
        .distinct()
        .order_by(Person.name, Person.id)
    ).tuples()
    served: dict[int, set[int]] = {}
    for officer_id, service_id in list_pairs(reader, office_id):
        served.setdefault(officer_id, set()).add(service_id)
    return tuple(Server(each, name, frozenset(served.get(each, ()))) for each, name in people)


def list_pairs(reader: Reader, office_id: int) -> frozenset[Pair]:
    """Return who serves what."""
    query = select(Skill.person_id, Skill.service_id).join(Service, Service.id == Skill.service_id)
    return frozenset(reader.execute(query.where(Service.office_id == office_id)).tuples())


def list_wordings(reader: Reader, office_id: int, service_id: int) -> tuple[Wording, ...]:
    """Return what the texts of a service said before, the last change first."""
    rows = reader.execute(
        select(ServiceWording.__table__, EventRow.at, Person.name)
        .join(
            EventRow,
            (EventRow.office_id == ServiceWording.office_id) & (EventRow.number == ServiceWording.number),
        )
        .outerjoin(Person, Person.id == EventRow.actor_id)
        .where(ServiceWording.office_id == office_id, ServiceWording.service_id == service_id)
        .order_by(ServiceWording.number.desc())
        .limit(MOST_WORDINGS)
    )
    return tuple(Wording(row.text, row.before, row.after, row.at, row.name) for row in rows)


def _calendar_names(reader: Reader, office_id: int, day: date) -> dict[int, str]:
    names = dict(list_calendars(reader, office_id))
    return {service_id: names[kept_on(spans, day)] for service_id, spans in list_spans(reader, office_id).items()}


def _counts(reader: Reader, office_id: int) -> dict[int, int]:
    """Return how many people who work here serve each service."""
    query = (
        select(Skill.service_id, func.count(Person.id.distinct()))
        .join(Person, Person.id == Skill.person_id)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.office_id == office_id, Membership.role.in_(SERVERS), Person.disabled_at.is_(None))
        .group_by(Skill.service_id)
    )
    return dict(reader.execute(query).tuples().all())
