"""The query of a visit's transactions as their visitor sees them: where each stands, and who comes before.

No officer's name and nobody else's data is asked for.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ScalarSelect, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from desk.models import (
    Call,
    Counter,
    CustodySegment,
    InvitationRow,
    QueueEntry,
    Service,
    TransactionRow,
    Visit,
)
from desk.models.transaction import waiting
from desk.reads.board import taken_over_by
from desk.reads.counter_names import NAMED
from desk.reads.giving_way import called_since

ENTRIES: Any = QueueEntry.__table__
TRANSACTIONS: Any = TransactionRow.__table__


def matters_query(office_id: int, ids: Sequence[int]) -> Select[Any]:
    """Return the query of these transactions as their visitor sees them, in the order in which they were opened."""
    entry = aliased(ENTRIES)
    here = TRANSACTIONS.c.office_id
    return (
        select(*_columns(entry))
        .join(Service, Service.id == TRANSACTIONS.c.service_id)
        .join(Visit, (Visit.office_id == here) & (Visit.id == TRANSACTIONS.c.visit_id))
        .outerjoin(Counter, Counter.id == TRANSACTIONS.c.counter_id)
        .outerjoin(entry, (entry.c.office_id == here) & (entry.c.id == TRANSACTIONS.c.entry_id))
        .outerjoin(Call, (Call.office_id == here) & (Call.id == TRANSACTIONS.c.call_id))
        .outerjoin(
            CustodySegment,
            (CustodySegment.office_id == here)
            & (CustodySegment.transaction_id == TRANSACTIONS.c.id)
            & CustodySegment.ended_at.is_(None),
        )
        .outerjoin(
            InvitationRow, (InvitationRow.office_id == here) & (InvitationRow.transaction_id == TRANSACTIONS.c.id)
        )
        .where(here == office_id, TRANSACTIONS.c.id.in_(ids))
        .order_by(TRANSACTIONS.c.id)
    )


def _columns(entry: Any) -> tuple[Any, ...]:
    return (
        TRANSACTIONS,
        Service.name_id,
        Service.name_en,
        Service.icon,
        Service.requirements_id,
        Service.requirements_en,
        Service.wait_promise_s.label("service_wait_promise_s"),
        NAMED.label("counter"),
        Counter.location_id,
        Counter.location_en,
        Visit.label,
        entry.c.not_before,
        entry.c.gave_way,
        entry.c.began_by,
        (entry.c.wish_id.is_not(None) & ~called_since(entry)).label("can_undo"),
        Call.times,
        CustodySegment.cause,
        _before(entry).label("before"),
        taken_over_by().label("taken_over_by"),
        InvitationRow.id.label("invitation_id"),
        InvitationRow.generation,
        InvitationRow.state.label("invitation_state"),
        InvitationRow.expires_at,
    )


def _before(mine: Any) -> ScalarSelect[Any]:
    """Count who waits for the same (the service, or the same officer in person) and comes earlier in rank."""
    earlier = or_(
        ENTRIES.c.rank_at < mine.c.rank_at, and_(ENTRIES.c.rank_at == mine.c.rank_at, ENTRIES.c.id < mine.c.id)
    )
    same = or_(
        and_(mine.c.addressee_id.is_(None), ENTRIES.c.service_id == mine.c.service_id),
        ENTRIES.c.addressee_id == mine.c.addressee_id,
    )
    query = select(func.count()).where(ENTRIES.c.office_id == mine.c.office_id, waiting(), same, earlier)
    return query.correlate(mine).scalar_subquery()
