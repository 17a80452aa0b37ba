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
    lying = (
        select(func.count())
        .where(TransactionRow.office_id == office_id, TransactionRow.pool_id == Pool.id)
        .correlate(Pool)
        .scalar_subquery()
    )
    rows = reader.execute(
        select(Pool.id, Pool.name, Pool.head_id, PoolMember.person_id, lying.label("waiting"))
        .outerjoin(PoolMember, PoolMember.pool_id == Pool.id)
        .where(Pool.office_id == office_id, Pool.retired.is_(False))
        .order_by(Pool.name, Pool.id, PoolMember.person_id)
    ).all()
    belonging: dict[int, set[int]] = {}
    for row in rows:
        belonging.setdefault(row.id, {row.head_id}).update({row.person_id} - {None})
    return [
        PoolView(row.id, row.name, row.head_id, sorted(belonging[row.id]), row.waiting)
        for row in {row.id: row for row in rows}.values()
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
