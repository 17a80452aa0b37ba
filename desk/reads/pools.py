"""The pools of an office, and the work that lies in those somebody belongs to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, or_, select

from desk.models import Pool, PoolMember, TransactionRow, Visit
from desk.reads.reader import Reader

SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class PoolView:
    """A pool in use; its head is among the members."""

    id: int
    name: str
    head: int
    members: list[int]
    waiting: int


@dataclass(frozen=True, slots=True)
class PoolWork:
    """A transaction that lies in a pool."""

    transaction_id: int
    number: str
    service_id: int
    state: str
    pool_id: int
    pool: str
    since: datetime
    due_at: datetime | None


def list_pools(reader: Reader, office_id: int) -> list[PoolView]:
    """Return the pools in use with their members, and how much lies in each."""
    belonging: dict[int, set[int]] = {}
    members = select(PoolMember.pool_id, PoolMember.person_id).join(Pool).where(Pool.office_id == office_id)
    for pool_id, person_id in reader.execute(members).tuples():
        belonging.setdefault(pool_id, set()).add(person_id)
    lying = dict(
        reader.execute(
            select(TransactionRow.pool_id, func.count())
            .where(TransactionRow.office_id == office_id, TransactionRow.pool_id.is_not(None))
            .group_by(TransactionRow.pool_id)
        )
        .tuples()
        .all()
    )
    rows = reader.execute(
        select(Pool.id, Pool.name, Pool.head_id)
        .where(Pool.office_id == office_id, Pool.retired.is_(False))
        .order_by(Pool.name, Pool.id)
    )
    return [
        PoolView(row.id, row.name, row.head_id, sorted({row.head_id, *belonging.get(row.id, ())}), lying.get(row.id, 0))
        for row in rows
    ]


def list_pool_work(reader: Reader, office_id: int, officer_id: int) -> list[PoolWork]:
    """Return what lies in the pools somebody may take from, the most urgent first; an open offer is left out."""
    found = TransactionRow
    mine: Any = select(PoolMember.pool_id).where(PoolMember.person_id == officer_id)
    rows = reader.execute(
        select(found.id, Visit.label, found.service_id, found.state, Pool.id, Pool.name, found.since, found.due_at)
        .join(Pool, Pool.id == found.pool_id)
        .join(Visit, (Visit.office_id == found.office_id) & (Visit.id == found.visit_id))
        .where(found.office_id == office_id, found.pool_id.is_not(None), found.offer_id.is_(None))
        .where(found.state.in_(("processing", "paused")), or_(Pool.id.in_(mine), Pool.head_id == officer_id))
        .order_by(found.due_at.is_(None), found.due_at, found.since, found.id)
        .limit(SHOWN)
    )
    return [PoolWork(*row) for row in rows.tuples()]
