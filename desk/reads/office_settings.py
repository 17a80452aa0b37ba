"""What an administrator sets of an office, for its pages: the office itself, its counters, its pools."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from desk.domain.counter_names import CounterName
from desk.models import Counter, Duty, Membership, Office, Person, Pool, PoolMember
from desk.reads.reader import Reader


@dataclass(frozen=True, slots=True)
class CounterView:
    """A counter or a desk, and where it is; `officer` is on duty there now."""

    id: int
    number: int
    name: str
    name_en: str
    back_office: bool
    retired: bool
    location_id: str
    location_en: str
    officer: str | None

    @property
    def called(self) -> CounterName:
        """What it is called."""
        return CounterName(self.number, self.name, self.name_en)


@dataclass(frozen=True, slots=True)
class PoolView:
    """A pool with its head and members, by id."""

    id: int
    name: str
    head: int
    members: list[int]
    retired: bool


def get_office_settings(reader: Reader, office_id: int) -> dict[str, Any]:
    """Return the columns of an existing office."""
    return dict(reader.execute(select(Office.__table__).where(Office.id == office_id)).mappings().one())


def list_counters(reader: Reader, office_id: int) -> list[CounterView]:
    """Return all counters and desks by number, those in use first."""
    on_duty = (Duty.counter_id == Counter.id) & (Duty.office_id == Counter.office_id) & Duty.ended_at.is_(None)
    rows = reader.execute(
        select(
            Counter.id,
            Counter.number,
            Counter.name,
            Counter.name_en,
            Counter.back_office,
            Counter.retired,
            Counter.location_id,
            Counter.location_en,
            Person.name.label("who"),
        )
        .outerjoin(Duty, on_duty)
        .outerjoin(Person, Person.id == Duty.officer_id)
        .where(Counter.office_id == office_id)
        .order_by(Counter.retired, Counter.number, Counter.id)
    )
    return [CounterView(*row) for row in rows]


def list_pools(reader: Reader, office_id: int) -> list[PoolView]:
    """Return all pools by name, those in use first."""
    members: dict[int, set[int]] = {}
    belonging = select(PoolMember.pool_id, PoolMember.person_id).join(Pool).where(Pool.office_id == office_id)
    for pool_id, person_id in reader.execute(belonging).tuples():
        members.setdefault(pool_id, set()).add(person_id)
    query = select(Pool.__table__).where(Pool.office_id == office_id).order_by(Pool.retired, Pool.name, Pool.id)
    return [
        PoolView(row.id, row.name, row.head_id, sorted({row.head_id, *members.get(row.id, ())}), row.retired)
        for row in reader.execute(query)
    ]


def list_handlers(reader: Reader, office_id: int) -> list[tuple[int, str]]:
    """Return who can be in a pool, by name: officers and supervisors of the office whose accounts are in use."""
    query = (
        select(Person.id, Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.office_id == office_id,
            Membership.role.in_(("agent", "supervisor")),
            Person.disabled_at.is_(None),
        )
        .distinct()
        .order_by(Person.name, Person.id)
    )
    return [(row.id, row.name) for row in reader.execute(query)]
