"""What became of handoffs, for whoever has the transaction now and has not seen it yet."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from desk.models import HandoffRow, Note, Person, TransactionRow, Visit
from desk.reads.reader import Reader


@dataclass(frozen=True, slots=True)
class News:
    """An offer that expired or was declined, or a handover by order; `by` declined or ordered it."""

    handoff_id: int
    transaction_id: int
    number: str
    service_id: int
    kind: str
    state: str
    at: datetime
    giver: str
    receiver: str
    by: str | None
    reason: str
    answer_reason: str | None
    note: str | None


def list_news(reader: Reader, office_id: int, officer_id: int) -> list[News]:
    """Return the news for an officer, the oldest first; an index over what is not seen keeps it short."""
    about, handoff = TransactionRow, HandoffRow
    giver, receiver, by = aliased(Person), aliased(Person), aliased(Person)
    rows = reader.execute(
        select(
            handoff.id,
            about.id,
            Visit.label,
            about.service_id,
            handoff.kind,
            handoff.state,
            handoff.answered_at,
            giver.name,
            receiver.name,
            by.name,
            handoff.reason,
            handoff.answer_reason,
            Note.words,
        )
        .join(handoff, (handoff.office_id == about.office_id) & (handoff.id == about.alert_id))
        .join(Visit, (Visit.office_id == about.office_id) & (Visit.id == about.visit_id))
        .join(giver, giver.id == handoff.giver_id)
        .join(receiver, receiver.id == handoff.receiver_id)
        .outerjoin(by, by.id == handoff.answered_by_id)
        .outerjoin(Note, (Note.office_id == handoff.office_id) & (Note.id == handoff.id))
        .where(about.office_id == office_id, about.alert_id.is_not(None), about.holder_id == officer_id)
        .order_by(handoff.id)
    )
    return [News(*row) for row in rows.tuples()]
