"""What the counter console shows of transactions: those the officer has, one in particular, those finished today.

Every query stays on an index over what is open; only "finished today" looks at what ended, and only at the day's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from desk.domain.lifecycle import AT_COUNTER_STATES, RESTING_STATES
from desk.models import CustodySegment, Service, Skill, TransactionRow
from desk.reads.items import Item, item_from, items_query
from desk.reads.office_day import Day
from desk.reads.reader import Reader

HELD = tuple(sorted(state.value for state in AT_COUNTER_STATES | RESTING_STATES))
HELD_SHOWN = 100
FINISHED_SHOWN = 12


@dataclass(frozen=True, slots=True)
class ServiceName:
    """A service in both languages; `mine` if the officer may be given its visitors."""

    id: int
    series: str
    names: dict[str, str]
    promise_s: int
    retired: bool
    mine: bool
    time: dict[str, str]


def list_services(reader: Reader, office_id: int, officer_id: int) -> list[ServiceName]:
    """Return the services of the office in their order, retired ones last; with the officer's own marked."""
    rows = reader.execute(
        select(
            Service.id,
            Service.series,
            Service.name_id,
            Service.name_en,
            Service.wait_promise_s,
            Service.retired,
            Service.time_id,
            Service.time_en,
            Skill.person_id,
        )
        .outerjoin(Skill, (Skill.service_id == Service.id) & (Skill.person_id == officer_id))
        .where(Service.office_id == office_id)
        .order_by(Service.retired, Service.position, Service.id)
    )
    return [
        ServiceName(
            row.id,
            row.series,
            {"id": row.name_id, "en": row.name_en},
            row.wait_promise_s,
            row.retired,
            row.person_id is not None,
            {"id": row.time_id, "en": row.time_en},
        )
        for row in rows
    ]


def list_mine(reader: Reader, office_id: int, officer_id: int, *, at: datetime, day: Day) -> list[Item]:
    """Return what the officer has at the counter (first) and on the desk, the most urgent first."""
    rows = reader.execute(
        items_query(office_id)
        .where(
            TransactionRow.holder_id == officer_id, TransactionRow.ended_at.is_(None), TransactionRow.state.in_(HELD)
        )
        .order_by(
            TransactionRow.counter_id.is_(None),
            TransactionRow.due_at.is_(None),
            TransactionRow.due_at,
            TransactionRow.since,
            TransactionRow.id,
        )
        .limit(HELD_SHOWN)
    ).all()
    return sorted((item_from(row, at=at, day=day) for row in rows), key=_urgency)


def _urgency(item: Item) -> tuple[bool, bool, datetime]:
    """Order by who is at the counter, then by due time, then by age."""
    return not item.at_counter, item.due_at is None, item.due_at or item.since


def list_finished(reader: Reader, office_id: int, officer_id: int, *, at: datetime, day: Day) -> list[Item]:
    """Return what the officer finished today, or had when it ended; the newest first, a dozen at most."""
    rows = reader.execute(
        items_query(office_id)
        .where(TransactionRow.ended_at >= day.began_at, CustodySegment.holder_id == officer_id)
        .order_by(TransactionRow.ended_at.desc(), TransactionRow.id.desc())
        .limit(FINISHED_SHOWN)
    ).all()
    return [item_from(row, at=at, day=day) for row in rows]


def find_item(reader: Reader, office_id: int, transaction_id: int, *, at: datetime, day: Day) -> Item | None:
    """Return one transaction of the office, None when there is none."""
    row = reader.execute(items_query(office_id).where(TransactionRow.id == transaction_id)).one_or_none()
    return None if row is None else item_from(row, at=at, day=day)


def find_visit_of(reader: Reader, office_id: int, transaction_id: int) -> int | None:
    """Return the visit a transaction belongs to now, None where the office has no such transaction."""
    found = TransactionRow
    query = select(found.visit_id).where(found.office_id == office_id, found.id == transaction_id)
    return reader.execute(query).scalar_one_or_none()


def own_services(services: Sequence[ServiceName]) -> list[int]:
    """Return the ids of the services the officer may be given visitors of."""
    return [service.id for service in services if service.mine]
