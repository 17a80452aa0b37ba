"""What still goes on in an office, counted: what keeps it from being closed for good."""

from typing import Any

from sqlalchemy import func, select

from desk.domain.retiring import UnderWay
from desk.models import Duty, HandoffRow, Office, QueueEntry, RequestRow, TransactionRow
from desk.models.request import unanswered
from desk.models.transaction import offered, waiting
from desk.reads.reader import Reader

ENTRIES: Any = QueueEntry.__table__
TRANSACTIONS: Any = TransactionRow.__table__
HANDOFFS: Any = HandoffRow.__table__
REQUESTS: Any = RequestRow.__table__
DUTIES: Any = Duty.__table__
OFFICES: Any = Office.__table__


def count_under_way(reader: Reader, office_id: int) -> UnderWay:
    """Return how much of each goes on; every count is by an index of what is open."""
    return UnderWay(
        _count(reader, ENTRIES, office_id, waiting()),
        _count(reader, TRANSACTIONS, office_id, TRANSACTIONS.c.ended_at.is_(None)),
        _count(reader, HANDOFFS, office_id, offered()),
        _count(reader, REQUESTS, office_id, unanswered()),
        _count(reader, DUTIES, office_id, DUTIES.c.ended_at.is_(None)),
    )


def count_other_offices(reader: Reader, office_id: int) -> int:
    """Return how many other offices are in use."""
    query = select(func.count()).select_from(OFFICES)
    return int(reader.execute(query.where(OFFICES.c.id != office_id, OFFICES.c.retired_at.is_(None))).scalar_one())


def _count(reader: Reader, table: Any, office_id: int, is_open: Any) -> int:
    query = select(func.count()).select_from(table).where(table.c.office_id == office_id, is_open)
    return int(reader.execute(query).scalar_one())
