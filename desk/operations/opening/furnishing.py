"""Offices with everything in them, opened in one go: their rows are one transaction, all or nothing.

The events that tell of it follow under each office's own lock; `record_openings` writes those that a kill left out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, insert, select

from desk.domain.access import SYSTEM
from desk.domain.closures import ClosureKind
from desk.domain.facts import JSON, EventName, Fact
from desk.domain.hours import Week as HoursWeek
from desk.models import Calendar, Closure, Counter, Membership, Office, Person, Service, Skill, Stream, Week
from desk.operations.accounts.server_keepers import name_first_keeper
from desk.operations.opening.setting_up import OfficePlan, PersonPlan
from desk.operations.requests import Done, Request
from desk.operations.settings.facilities import seed_facilities
from desk.operations.settings.pools_and_reasons import make_pool, seed_reasons
from desk.operations.settings.priority_reasons import seed_priority_reasons
from desk.operations.stream import Streams, Unit, first_head
from desk.operations.survey.questionnaires import publish_shipped


@dataclass(frozen=True, slots=True)
class CalendarPlan:
    """Service hours from a date on, and the dates closed all day."""

    name: str
    week: HoursWeek
    since: date
    closed: Mapping[date, str] = field(default_factory=dict)
    kinds: Mapping[date, ClosureKind] = field(default_factory=dict)  # of the closed dates; the office's own unless said


@dataclass(frozen=True, slots=True)
class CounterPlan:
    """A counter, or a desk in the back office; its name in English if it has one, and where it is in both languages."""

    number: int
    name: str
    back_office: bool = False
    name_en: str = ""
    location_id: str = ""
    location_en: str = ""


@dataclass(frozen=True, slots=True)
class StaffPlan:
    """Somebody who works here and the series of the services whose visitors they may be given."""

    person: PersonPlan
    skills: str = ""


@dataclass(frozen=True, slots=True)
class PoolPlan:
    """A pool of back-office staff, by user names."""

    name: str
    head: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StandardPlan:
    """A service; `row` holds its other columns (series, icon, texts, promises).

    Its questionnaire, if it has one, is one that comes with the desk; the office takes it over at its opening.
    """

    calendar: str
    row: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Furnishing:
    """A whole office; `head` is the user name of whoever heads its queues, calendars are named by their keys."""

    office: OfficePlan
    head: str
    calendars: Mapping[str, CalendarPlan]
    counters: tuple[CounterPlan, ...]
    staff: tuple[StaffPlan, ...]
    services: tuple[StandardPlan, ...]
    pools: tuple[PoolPlan, ...] = ()


def furnish(streams: Streams, furnishings: Iterable[Furnishing]) -> list[int]:
    """Open these offices with everything in them and return their ids."""
    with streams.setting_up() as connection:
        offices = [furnish_office(connection, each, streams) for each in furnishings]
    record_openings(streams)
    return offices


def record_openings(streams: Streams) -> None:
    """Append the first events of every office that has none yet: that it was opened, and who was enrolled."""
    with streams.reading() as connection:
        query = select(Stream.office_id).where(Stream.number == 0).order_by(Stream.office_id)
        silent = connection.execute(query).scalars().all()
    for office_id in silent:
        streams.run(office_id, Request(SYSTEM, "open_office"), _record_opening)


def _record_opening(unit: Unit) -> Done:
    if unit.number == 0:
        code = unit.connection.execute(select(Office.code).where(Office.id == unit.office_id)).scalar_one()
        unit.append(Fact(EventName.OFFICE_OPENED, {"code": code}))
        for person_id, roles in _roles(unit).items():
            unit.append(Fact(EventName.STAFF_ENROLLED, {"person": person_id, "roles": [*roles]}))
        _take_over_questionnaires(unit)
    return unit.done(office=unit.office_id)


def _take_over_questionnaires(unit: Unit) -> None:
    """Publish what the services are asked about by, and tell of each choice."""
    service = Service.__table__.c
    chosen = select(service.id, service.questionnaire).where(
        service.office_id == unit.office_id, service.questionnaire.is_not(None)
    )
    rows = unit.connection.execute(chosen.order_by(service.id)).tuples().all()
    for code in sorted({code for _, code in rows}):
        publish_shipped(unit, code)
    for service_id, code in rows:
        facts: dict[str, JSON] = {"service": service_id, "questionnaire": code, "was": None}
        unit.append(Fact(EventName.QUESTIONNAIRE_CHOSEN, facts))


def _roles(unit: Unit) -> dict[int, list[str]]:
    query = select(Membership.person_id, Membership.role).where(Membership.office_id == unit.office_id)
    roles: dict[int, list[str]] = {}
    for person_id, role in unit.connection.execute(query.order_by(Membership.person_id, Membership.role)).tuples():
        roles.setdefault(person_id, []).append(role)
    return roles


def furnish_office(connection: Connection, plan: Furnishing, streams: Streams) -> int:
    """Write the rows of an office and return its id; `record_openings` tells of it after the commit.

    Whoever administers the first one keeps the server.
    """
    office_id = 1 + (connection.execute(select(func.max(Office.id))).scalar() or 0)
    connection.execute(insert(Office), {"id": office_id, **asdict(plan.office)})
    connection.execute(insert(Stream), first_head(office_id, streams.clock()))
    seed_reasons(connection, office_id)
    seed_priority_reasons(connection, office_id)
    seed_facilities(connection, office_id)
    calendars = {key: _calendar(connection, office_id, each) for key, each in plan.calendars.items()}
    people = {each.person.username: _person(connection, office_id, each.person) for each in plan.staff}
    if office_id == 1:
        name_first_keeper(connection, office_id)
    for counter in plan.counters:
        connection.execute(insert(Counter), {"office_id": office_id, "retired": False, **asdict(counter)})
    services: dict[str, int] = {}
    for position, service in enumerate(plan.services):
        row = {"office_id": office_id, "calendar_id": calendars[service.calendar], "head_id": people[plan.head]}
        services[service.row["series"]] = _inserted(connection, Service, {**row, "position": position, **service.row})
    for pool in plan.pools:
        members = [people[name] for name in pool.members]
        make_pool(connection, office_id, pool.name, head_id=people[pool.head], member_ids=members)
    for each in plan.staff:
        for series in each.skills:
            skill = {"person_id": people[each.person.username], "service_id": services[series]}
            connection.execute(insert(Skill), skill)
    return office_id


def _calendar(connection: Connection, office_id: int, plan: CalendarPlan) -> int:
    calendar_id = _inserted(connection, Calendar, {"office_id": office_id, "name": plan.name})
    hours = [[list(interval) for interval in day] for day in plan.week]
    connection.execute(insert(Week), {"calendar_id": calendar_id, "since": plan.since, "hours": hours})
    for day, name in plan.closed.items():
        kind = plan.kinds.get(day, ClosureKind.OWN)
        row = {"calendar_id": calendar_id, "day": day, "name": name, "kind": kind.value}
        connection.execute(insert(Closure), row)
    return calendar_id


def _person(connection: Connection, office_id: int, plan: PersonPlan) -> int:
    row = {name: getattr(plan, name) for name in ("username", "name", "email", "phone", "password_hash", "language")}
    person_id = _inserted(connection, Person, row)
    for role in plan.roles:
        membership = {"person_id": person_id, "office_id": office_id, "role": role.value}
        connection.execute(insert(Membership), membership)
    return person_id


def _inserted(connection: Connection, model: Any, row: Mapping[str, Any]) -> int:
    found: int = connection.execute(insert(model).values(**row).returning(model.id)).scalar_one()
    return found
