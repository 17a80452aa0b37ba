"""The receipt (*tanda terima*) for complete documents: what was handed in, and by when the rest is promised."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from desk.domain.facts import EventName
from desk.models import EventRow, Note, Service, TransactionRow, Visit
from desk.reads.reader import Reader
from desk.reads.services import lines


@dataclass(frozen=True, slots=True)
class Receipt:
    """One receipt; its number is that of the event. No name and no number of a person stands on it."""

    office_id: int
    transaction_id: int
    visit_id: int
    event: int
    number: str
    language: str
    services: dict[str, str]
    papers: tuple[str, ...]
    quantity: int
    complete_at: datetime
    promised_at: datetime
    corrected_at: datetime | None


def find_receipt(reader: Reader, office_id: int, transaction_id: int) -> Receipt | None:
    """Return the receipt of a transaction as it stands after corrections; None while documents are not complete."""
    row = reader.execute(_completion(office_id, transaction_id)).one_or_none()
    if row is None:
        return None
    return Receipt(
        office_id,
        transaction_id,
        row.visit_id,
        row.number,
        row.label,
        row.language,
        {"id": row.name_id, "en": row.name_en},
        _papers(reader, office_id, office_id << 40 | row.number),
        row.quantity,
        row.complete_at,
        row.promised_at,
        row.corrected_at,
    )


def _completion(office_id: int, transaction_id: int) -> Select[Any]:
    found, later = TransactionRow, aliased(EventRow)
    corrected = (
        select(func.max(later.at))
        .where(later.office_id == found.office_id, later.transaction_id == found.id)
        .where(later.name == EventName.COMPLETENESS_CORRECTED.value, later.number > EventRow.number)
        .correlate(found, EventRow)
        .scalar_subquery()
    )
    return (
        select(
            found.visit_id,
            found.quantity,
            found.complete_at,
            found.promised_at,
            EventRow.number,
            Visit.label,
            Visit.language,
            Service.name_id,
            Service.name_en,
            corrected.label("corrected_at"),
        )
        .join(Visit, (Visit.office_id == found.office_id) & (Visit.id == found.visit_id))
        .join(Service, Service.id == found.service_id)
        .join(EventRow, (EventRow.office_id == found.office_id) & (EventRow.transaction_id == found.id))
        .where(
            found.office_id == office_id,
            found.id == transaction_id,
            found.complete_at.is_not(None),
            EventRow.name == EventName.DOCUMENTS_COMPLETED.value,
        )
        .order_by(EventRow.number.desc())
        .limit(1)
    )


def _papers(reader: Reader, office_id: int, note_id: int) -> tuple[str, ...]:
    words = reader.execute(select(Note.words).where(Note.office_id == office_id, Note.id == note_id)).scalar()
    return lines(words or "")
