"""The office's own reasons for handing on and for declining, the retired ones too: history is told in their words."""

from dataclasses import dataclass

from sqlalchemy import select

from desk.models import HandoffReasonRow
from desk.reads.reader import Reader


@dataclass(frozen=True, slots=True)
class OfficeReason:
    """One reason in both languages."""

    kind: str
    code: str
    label: dict[str, str]
    needs_note: bool
    retired: bool


def list_reasons(reader: Reader, office_id: int) -> list[OfficeReason]:
    """Return the reasons of an office in the order of its lists."""
    rows = reader.execute(
        select(HandoffReasonRow.__table__)
        .where(HandoffReasonRow.office_id == office_id)
        .order_by(HandoffReasonRow.kind, HandoffReasonRow.position, HandoffReasonRow.code)
    )
    return [
        OfficeReason(row.kind, row.code, {"id": row.label_id, "en": row.label_en}, row.needs_note, row.retired)
        for row in rows
    ]
