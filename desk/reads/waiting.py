"""Who waits for one officer, in the order of the queue, and whether each of them can be called now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from desk.domain.discipline import eligible
from desk.models import QueueEntry, TransactionRow, Visit
from desk.models.transaction import at_counter, waiting
from desk.reads.candidates import candidate_of
from desk.reads.reader import Reader

SHOWN = 60


@dataclass(frozen=True, slots=True)
class Waiting:
    """One entry of the queue; `ready` if the officer may be given it now."""

    transaction_id: int
    number: str
    service_id: int
    arrived_at: datetime
    priority: str
    priority_reason: str | None
    addressee_id: int | None
    not_before: datetime | None
    offered: bool
    elsewhere: bool
    ready: bool


@dataclass(frozen=True, slots=True)
class QueueView:
    """The front of the officer's queue, and how many wait in it altogether."""

    entries: tuple[Waiting, ...]
    total: int

    def addressed_to(self, officer_id: int) -> tuple[Waiting, ...]:
        """Return those who wait for this officer in person."""
        return tuple(each for each in self.entries if each.addressee_id == officer_id and not each.offered)

    @property
    def next_one(self) -> Waiting | None:
        """Who a call would choose now, as far as the front of the queue tells."""
        return next((each for each in self.entries if each.ready), None)


def get_queue(
    reader: Reader, office_id: int, officer_id: int, service_ids: Sequence[int], *, at: datetime
) -> QueueView:
    """Return who waits for these services, or for the officer in person, in the order of the queue."""
    entry = QueueEntry
    rows = reader.execute(
        select(
            entry.id,
            entry.transaction_id,
            entry.visit_id,
            entry.service_id,
            entry.arrived_at,
            entry.rank_at,
            entry.addressee_id,
            entry.not_before,
            entry.own_rank_at,
            Visit.label,
            Visit.priority_reason,
            TransactionRow.priority,
            TransactionRow.offer_id,
            _elsewhere().label("elsewhere"),
            func.count().over().label("total"),
        )
        .join(
            TransactionRow, (TransactionRow.office_id == entry.office_id) & (TransactionRow.id == entry.transaction_id)
        )
        .join(Visit, (Visit.office_id == entry.office_id) & (Visit.id == entry.visit_id))
        .where(
            entry.office_id == office_id,
            waiting(),
            or_(entry.service_id.in_(service_ids), entry.addressee_id == officer_id),
        )
        .order_by(entry.rank_at, entry.id)
        .limit(SHOWN)
    ).all()
    entries = tuple(_waiting(row, officer_id=officer_id, at=at) for row in rows)
    return QueueView(entries, rows[0].total if rows else 0)


def _elsewhere() -> Any:
    """Whether another transaction of the same visit is called or served just now."""
    other = aliased(TransactionRow, select(TransactionRow).where(at_counter()).subquery())
    return (
        select(other.id)
        .where(other.office_id == QueueEntry.office_id, other.visit_id == QueueEntry.visit_id)
        .correlate(QueueEntry)
        .exists()
    )


def _waiting(row: Any, *, officer_id: int, at: datetime) -> Waiting:
    candidate = candidate_of(row, visit_busy=bool(row.elsewhere))
    return Waiting(
        row.transaction_id,
        row.label,
        row.service_id,
        row.arrived_at,
        row.priority,
        row.priority_reason,
        row.addressee_id,
        row.not_before,
        candidate.offered,
        candidate.visit_busy,
        eligible(candidate, officer_id=officer_id, at=at),
    )
