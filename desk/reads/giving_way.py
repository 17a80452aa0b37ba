"""A waiting visitor among those of the same queue: who could be let pass, and what was wished so far."""

from typing import Any, Final

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from desk.domain.discipline import Candidate
from desk.domain.giving_way import Standing
from desk.models import Call, QueueEntry, TransactionRow, Visit
from desk.models.transaction import at_counter, waiting
from desk.reads.candidates import candidate_of
from desk.reads.reader import Reader

ENTRIES: Final[Any] = QueueEntry.__table__
CALLS: Final[Any] = Call.__table__
TRANSACTIONS: Final[Any] = TransactionRow.__table__


def find_standing(reader: Reader, office_id: int, transaction_id: int) -> Standing | None:
    """Return where the visitor of a transaction stands in the queue; None for one who does not wait."""
    query = _entries(office_id).where(ENTRIES.c.transaction_id == transaction_id)
    query = query.add_columns(called_since(ENTRIES).label("called_since"))
    row = reader.execute(query).one_or_none()
    if row is None:
        return None
    mine = _candidate(row)
    if row.addressee_id is None:
        same = ENTRIES.c.addressee_id.is_(None) & (ENTRIES.c.service_id == row.service_id)
    else:
        same = ENTRIES.c.addressee_id == row.addressee_id
    queue = tuple(_candidate(each) for each in reader.execute(_entries(office_id).where(same)))
    since = row.wish_id is not None and row.called_since
    return Standing(mine, queue, row.gave_way or 0, row.wish_id, row.back_rank_at, since, row.wishes or 0)


def called_since(wait: Any) -> Any:
    """Return the condition that somebody of the same queue was called after the last wish of a wait.

    Who waits for one officer in person stands in that officer's own queue, whatever the service. A call that was taken
    back called nobody.
    """
    later, called = aliased(CALLS), aliased(ENTRIES)
    in_person = called.c.addressee_id == wait.c.addressee_id
    in_turn = and_(
        called.c.addressee_id.is_(None), wait.c.addressee_id.is_(None), called.c.service_id == wait.c.service_id
    )
    return (
        select(later.c.id)
        .join(called, (called.c.office_id == later.c.office_id) & (called.c.id == later.c.entry_id))
        .where(later.c.office_id == wait.c.office_id, later.c.id > wait.c.wish_id, later.c.taken_back_at.is_(None))
        .where(or_(in_person, in_turn))
        .correlate(wait)
        .exists()
    )


def _entries(office_id: int) -> Any:
    return (
        select(
            ENTRIES,
            Visit.label,
            TransactionRow.priority,
            TransactionRow.offer_id,
            _visit_busy().label("visit_busy"),
        )
        .join(
            TransactionRow,
            (TransactionRow.office_id == ENTRIES.c.office_id) & (TransactionRow.id == ENTRIES.c.transaction_id),
        )
        .join(Visit, (Visit.office_id == ENTRIES.c.office_id) & (Visit.id == ENTRIES.c.visit_id))
        .where(ENTRIES.c.office_id == office_id, waiting())
        .order_by(ENTRIES.c.rank_at, ENTRIES.c.id)
    )


def _visit_busy() -> Any:
    """Whether a transaction of the same visit is called or served just now."""
    other = aliased(TransactionRow, select(TransactionRow).where(at_counter()).subquery())
    mine = (other.office_id == ENTRIES.c.office_id, other.visit_id == ENTRIES.c.visit_id)
    return select(other.id).where(*mine).correlate(ENTRIES).exists()


def _candidate(row: Any) -> Candidate:
    return candidate_of(row, visit_busy=bool(row.visit_busy))
