"""Setting up an office: the office itself, its calendars, people, counters and services."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, insert, select

from desk.domain.access import SYSTEM, Role
from desk.domain.facts import EventName, Fact
from desk.domain.hours import Week as HoursWeek
from desk.domain.hours import checked
from desk.domain.zones import read_zone
from desk.models import Calendar, Closure, Counter, Membership, Office, Person, Service, Skill, Stream, Week
from desk.operations.requests import Request
from desk.operations.settings.facilities import seed_facilities
from desk.operations.settings.pools_and_reasons import seed_reasons
from desk.operations.settings.priority_reasons import seed_priority_reasons
from desk.operations.stream import Streams, first_head


@dataclass(frozen=True, slots=True)
class OfficePlan:
    """An office to be opened."""

    code: str
    name: str
    zone: str
    address: str = ""
    language: str = "id"
    # Who did not hear the first call is called again, and has time to come.
    no_show_calls: int = 2
    no_show_after_s: int = 30


@dataclass(frozen=True, slots=True)
class PersonPlan:
    """Somebody who works here; without a password hash only a token can act for them."""

    username: str
    name: str
    roles: tuple[Role, ...]
    email: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)  # E.164 (desk.domain.phones)
    password_hash: str | None = field(default=None, repr=False)
    language: str = "id"


@dataclass(frozen=True, slots=True)
class ServicePlan:
    """A service with its published standard; every text in Indonesian (`…_id`) and English (`…_en`)."""

    series: str
    head_id: int
    calendar_id: int
    texts: Mapping[str, str]
    icon: str = "file-earmark-text"
    wait_promise_s: int = 1800
    completion_steps: tuple[tuple[int, int], ...] = ()
    position: int = 0


def open_office(streams: Streams, plan: OfficePlan) -> int:
    """Create an office with its stream and return its id; raises `Refused(INVALID)` for an unknown time zone."""
    read_zone(plan.zone)
    with streams.setting_up() as connection:
        office_id = 1 + (connection.execute(select(func.max(Office.id))).scalar() or 0)
        connection.execute(insert(Office), {"id": office_id, **asdict(plan)})
        connection.execute(insert(Stream), first_head(office_id, streams.clock()))
        seed_reasons(connection, office_id)
        seed_priority_reasons(connection, office_id)
        seed_facilities(connection, office_id)
    streams.run(
        office_id,
        Request(SYSTEM, "open_office"),
        lambda unit: unit.done(event=unit.append(Fact(EventName.OFFICE_OPENED, {"code": plan.code})).number),
    )
    return office_id


def add_calendar(
    streams: Streams,
    office_id: int,
    name: str,
    week: HoursWeek,
    *,
    since: date,
    closed: Mapping[date, str] | None = None,
) -> int:
    """Create a calendar and return its id; raises `ValueError` for a malformed week."""
    checked(week)
    with streams.setting_up() as connection:
        calendar_id = _inserted(connection, Calendar, {"office_id": office_id, "name": name})
        hours = [[list(interval) for interval in day] for day in week]
        connection.execute(insert(Week), {"calendar_id": calendar_id, "since": since, "hours": hours})
        for day, why in (closed or {}).items():
            connection.execute(insert(Closure), {"calendar_id": calendar_id, "day": day, "name": why})
    return calendar_id


def enroll(streams: Streams, office_id: int, plan: PersonPlan) -> int:
    """Create a person with roles in the office and return their id; the event carries the id, never the name."""
    with streams.setting_up() as connection:
        row = {
            "username": plan.username,
            "name": plan.name,
            "email": plan.email,
            "phone": plan.phone,
            "password_hash": plan.password_hash,
            "language": plan.language,
        }
        person_id = _inserted(connection, Person, row)
        for role in plan.roles:
            membership = {"person_id": person_id, "office_id": office_id, "role": role.value}
            connection.execute(insert(Membership), membership)
    roles = sorted(role.value for role in plan.roles)
    streams.run(
        office_id,
        Request(SYSTEM, "enroll"),
        lambda unit: unit.done(
            event=unit.append(Fact(EventName.STAFF_ENROLLED, {"person": person_id, "roles": list(roles)})).number
        ),
    )
    return person_id


def add_counter(streams: Streams, office_id: int, number: int, name: str, *, back_office: bool = False) -> int:
    """Create a counter (or a back-office desk) and return its id."""
    with streams.setting_up() as connection:
        row = {"office_id": office_id, "number": number, "name": name, "back_office": back_office, "retired": False}
        return _inserted(connection, Counter, row)


def add_service(streams: Streams, office_id: int, plan: ServicePlan) -> int:
    """Create a service and return its id."""
    with streams.setting_up() as connection:
        row: dict[str, Any] = {
            "office_id": office_id,
            "series": plan.series,
            "head_id": plan.head_id,
            "calendar_id": plan.calendar_id,
            "icon": plan.icon,
            "wait_promise_s": plan.wait_promise_s,
            "completion_steps": [list(step) for step in plan.completion_steps],
            "position": plan.position,
            "retired": False,
            **plan.texts,
        }
        return _inserted(connection, Service, row)


def add_skills(streams: Streams, person_id: int, service_ids: Iterable[int]) -> None:
    """Let an officer be given visitors of these services too."""
    with streams.setting_up() as connection:
        known = set(connection.execute(select(Skill.service_id).where(Skill.person_id == person_id)).scalars())
        for service_id in sorted(set(service_ids) - known):
            connection.execute(insert(Skill), {"person_id": person_id, "service_id": service_id})


def _inserted(connection: Connection, model: Any, row: Mapping[str, Any]) -> int:
    found: int = connection.execute(insert(model).values(**row).returning(model.id)).scalar_one()
    return found


def services_of(connection: Connection, office_id: int) -> list[int]:
    """Return the ids of an office's services that are not retired."""
    query = select(Service.id).where(Service.office_id == office_id, Service.retired.is_(False))
    return list(connection.execute(query).scalars())
