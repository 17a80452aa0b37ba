"""How long a transaction waited, told apart by what each wait began with."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from desk.domain.waits import Beginning, Waited, Waits, split_waits
from desk.models import QueueEntry, Service, TransactionRow
from desk.reads.reader import Reader

ENTRIES: Final[Any] = QueueEntry.__table__
FIRST_SERVICE: Final = aliased(Service)


def promised_wait() -> ColumnElement[int]:
    """Return the first wait that a transaction's visitor was promised, in seconds, for a query over transactions.

    Where check-in did not keep it yet, it is what the service the visitor came for promises now.
    """
    found = TransactionRow
    now = select(FIRST_SERVICE.wait_promise_s).where(FIRST_SERVICE.id == found.first_service_id).correlate(found)
    return func.coalesce(found.wait_promise_s, now.scalar_subquery())


def list_waits(reader: Reader, office_id: int, transaction_id: int) -> list[Waited]:
    """Return the waits of a transaction, the oldest first."""
    rows = reader.execute(
        select(ENTRIES.c.began_by, ENTRIES.c.joined_at, ENTRIES.c.called_at, ENTRIES.c.ended_at)
        .where(ENTRIES.c.office_id == office_id, ENTRIES.c.transaction_id == transaction_id)
        .order_by(ENTRIES.c.id)
    )
    return [Waited(Beginning(row.began_by), row.joined_at, row.called_at, row.ended_at) for row in rows]


def get_waits(reader: Reader, office_id: int, transaction_id: int, *, at: datetime) -> Waits:
    """Return the first wait, the waits after handoffs and all others, in seconds up to `at`."""
    return split_waits(list_waits(reader, office_id, transaction_id), at=at)
