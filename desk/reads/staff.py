"""Who works in an office: roles, duty, absence, and what each is responsible for."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select

from desk.domain.absence import Absence
from desk.domain.access import Role
from desk.domain.counter_names import CounterName
from desk.models import (
    AbsenceRow,
    Counter,
    Duty,
    HandoffRow,
    Membership,
    Person,
    Pool,
    RequestRow,
    Service,
    TransactionRow,
)
from desk.models.request import unanswered
from desk.models.transaction import offered
from desk.reads.counter_names import NAMED
from desk.reads.reader import Reader


@dataclass(frozen=True, slots=True)
class Member:
    """A member of staff with what they have: custody of transactions, offers and requests without their answer.

    Of a guest no address and no number: these are for the office they are at home in.
    """

    id: int
    name: str
    username: str
    roles: frozenset[Role]
    disabled_at: datetime | None
    counter: CounterName | None
    absent: bool
    custody: int
    offers: int
    requests: int
    email: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    is_guest: bool = False
    is_disabled_by_admin: bool = False
    elsewhere: frozenset[Role] = frozenset()
    is_shut_out: bool = False
    heads: tuple[str, ...] = ()  # letters of the services and names of the pools

    @property
    def active(self) -> bool:
        """Whether they work here."""
        return self.disabled_at is None


def list_members(reader: Reader, office_id: int, *, day: date) -> list[Member]:
    """Return everybody with a role in the office, by name; those who have left last."""
    people: dict[int, tuple[Any, set[Role]]] = {}
    rows = reader.execute(_members_of(office_id)).tuples()
    for person_id, name, username, disabled_at, role, counter, email, phone, is_guest, *how_gone in rows:
        contact = (None, None) if is_guest else (email, phone)
        known = (name, username, disabled_at, counter, *contact, is_guest, *how_gone)
        people.setdefault(person_id, (known, set()))[1].add(Role(role))
    custody = _counted(reader, TransactionRow.holder_id, TransactionRow.office_id == office_id, _open())
    offers = _counted(reader, HandoffRow.receiver_id, HandoffRow.office_id == office_id, offered())
    requests = _counted(reader, RequestRow.asked_id, RequestRow.office_id == office_id, unanswered())
    heads = _heads(reader, office_id)
    away, others = absent_on(reader, office_id, day), _roles_elsewhere(reader, office_id)
    return [
        Member(
            each, name, username, frozenset(roles), disabled_at, counter, each in away,
            custody.get(each, 0), offers.get(each, 0), requests.get(each, 0), email, phone,
            is_guest, by_admin, frozenset(others.get(each, ())), is_shut_out, tuple(heads.get(each, ())),
        )
        for each, (known, roles) in people.items()
        for name, username, disabled_at, counter, email, phone, is_guest, by_admin, is_shut_out in [known]
    ]  # fmt: skip


def _members_of(office_id: int) -> Select[Any]:
    """Return the query of whoever has a role here, a row for each role."""
    return (
        select(
            Person.id,
            Person.name,
            Person.username,
            Person.disabled_at,
            Membership.role,
            NAMED,
            Person.email,
            Person.phone,
            Membership.is_guest,
            Person.is_disabled_by_admin,
            Person.is_shut_out,
        )
        .join(Membership, Membership.person_id == Person.id)
        .outerjoin(Duty, (Duty.office_id == office_id) & (Duty.officer_id == Person.id) & Duty.ended_at.is_(None))
        .outerjoin(Counter, Counter.id == Duty.counter_id)
        .where(Membership.office_id == office_id)
        .order_by(Person.disabled_at.is_not(None), Person.name, Person.id, Membership.role)
    )


def _roles_elsewhere(reader: Reader, office_id: int) -> dict[int, set[Role]]:
    """Return which roles whoever works here has in other offices."""
    here = select(Membership.person_id).where(Membership.office_id == office_id)
    query = select(Membership.person_id, Membership.role).where(
        Membership.office_id != office_id, Membership.person_id.in_(here)
    )
    found: dict[int, set[Role]] = {}
    for person_id, role in reader.execute(query).tuples():
        found.setdefault(person_id, set()).add(Role(role))
    return found


def _heads(reader: Reader, office_id: int) -> dict[int, list[str]]:
    """Return the queues that somebody heads: services by their letters, pools by their names."""
    services = select(Service.head_id, Service.series).where(Service.office_id == office_id, Service.retired.is_(False))
    pools = select(Pool.head_id, Pool.name).where(Pool.office_id == office_id, Pool.retired.is_(False))
    found: dict[int, list[str]] = {}
    for query in (services.order_by(Service.position, Service.id), pools.order_by(Pool.name)):
        for person_id, name in reader.execute(query).tuples():
            found.setdefault(person_id, []).append(name)
    return found


def _open() -> Any:
    return TransactionRow.ended_at.is_(None)


def _counted(reader: Reader, person: Any, *conditions: Any) -> dict[int, int]:
    query = select(person, func.count()).where(*conditions).group_by(person)
    return dict(reader.execute(query).tuples().all())


def absent_on(reader: Reader, office_id: int, day: date) -> set[int]:
    """Return who is absent on this day."""
    found = AbsenceRow
    query = select(found.person_id, found.deputy_id, found.begins_on, found.ends_on).where(
        found.office_id == office_id, found.cancelled_at.is_(None), found.ends_on >= day
    )
    absences = [Absence(*row) for row in reader.execute(query).tuples()]
    return {each.person_id for each in absences if each.holds(day)}
