"""The finder of people whom nobody may call: they wait for a service that nobody who works here serves."""

from typing import Any, Final

from sqlalchemy import func, select

from desk.domain.gaps import GapAction, GapKind
from desk.models import QueueEntry, TransactionRow
from desk.models.transaction import waiting
from desk.reads.gaps import Gap, Scene, gap_from, open_query
from desk.reads.served import served_query

ENTRIES: Any = QueueEntry.__table__
FIRST_ONE: Final = 1


def find_unserved(scene: Scene) -> list[Gap]:
    """Return one gap for each such service, retired or not: of the first who waits there, and of how many wait."""
    query = (
        select(ENTRIES.c.service_id, func.count())
        .where(ENTRIES.c.office_id == scene.office_id, waiting(), ENTRIES.c.addressee_id.is_(None))
        .where(ENTRIES.c.service_id.not_in(served_query(scene.office_id)))
        .group_by(ENTRIES.c.service_id)
    )
    rows = scene.reader.execute(query).tuples().all()
    return [_gap(scene, service_id, count) for service_id, count in rows]


def _gap(scene: Scene, service_id: int, count: int) -> Gap:
    entry = QueueEntry
    first = (
        open_query(scene.office_id, entry.arrived_at)
        .join(entry, (entry.office_id == TransactionRow.office_id) & (entry.transaction_id == TransactionRow.id))
        .where(waiting(), entry.service_id == service_id, entry.addressee_id.is_(None))
        .order_by(None)
        .order_by(entry.arrived_at, entry.id)
        .limit(FIRST_ONE)
    )
    row = scene.reader.execute(first).one()
    return gap_from(row, GapKind.NOBODY_SERVES, GapAction.SAY_WHO_SERVES, since=row.arrived_at, waiting=count)
