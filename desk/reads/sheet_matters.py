"""The matter to which a sheet of paper with a queue number belongs, in words that can be compared with the sheet."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import and_, select

from desk.domain.invitation import InvitationState
from desk.models import CustodySegment, InvitationRow, TransactionRow, Visit
from desk.reads.reader import Reader

INVITATIONS: Final[Any] = InvitationRow.__table__
SEGMENTS: Final[Any] = CustodySegment.__table__
TRANSACTIONS: Final[Any] = TransactionRow.__table__
VISITS: Final[Any] = Visit.__table__


@dataclass(frozen=True, slots=True)
class SheetMatter:
    """A matter whose visitor waits to be asked; `counter_id` is where it was served last, None for nowhere."""

    invitation_id: int
    transaction_id: int
    number: str
    service_id: int
    arrived_at: datetime
    counter_id: int | None


def list_waiting(reader: Reader, office_id: int, day: date, number: str) -> list[int]:
    """Return the open invitations of whoever had this number on this day; the first is the one a sheet answers."""
    query = (
        select(INVITATIONS.c.id)
        .join(VISITS, and_(VISITS.c.office_id == INVITATIONS.c.office_id, VISITS.c.id == INVITATIONS.c.visit_id))
        .where(
            VISITS.c.office_id == office_id,
            VISITS.c.day == day,
            VISITS.c.label == number.strip().upper(),
            INVITATIONS.c.state == InvitationState.OPEN.value,
        )
        .order_by(INVITATIONS.c.id)
    )
    return list(reader.execute(query).scalars())


def find_sheet_matter(reader: Reader, office_id: int, day: date, number: str) -> SheetMatter | None:
    """Return the matter that a sheet with this number answers; None where nobody of that number waits to be asked."""
    waiting = list_waiting(reader, office_id, day, number)
    if not waiting:
        return None
    of_visit = and_(VISITS.c.office_id == INVITATIONS.c.office_id, VISITS.c.id == INVITATIONS.c.visit_id)
    of_matter = and_(
        TRANSACTIONS.c.office_id == INVITATIONS.c.office_id, TRANSACTIONS.c.id == INVITATIONS.c.transaction_id
    )
    row = reader.execute(
        select(INVITATIONS.c.transaction_id, VISITS.c.label, VISITS.c.arrived_at, TRANSACTIONS.c.service_id)
        .join(VISITS, of_visit)
        .join(TRANSACTIONS, of_matter)
        .where(INVITATIONS.c.office_id == office_id, INVITATIONS.c.id == waiting[0])
    ).one()
    counter_id = _find_counter(reader, office_id, row.transaction_id)
    return SheetMatter(waiting[0], row.transaction_id, row.label, row.service_id, row.arrived_at, counter_id)


def _find_counter(reader: Reader, office_id: int, transaction_id: int) -> int | None:
    theirs = (SEGMENTS.c.office_id == office_id, SEGMENTS.c.transaction_id == transaction_id)
    query = select(SEGMENTS.c.counter_id).where(*theirs, SEGMENTS.c.counter_id.is_not(None))
    return reader.execute(query.order_by(SEGMENTS.c.ordinal.desc()).limit(1)).scalar()
