"""The office's own reasons for priority, the retired ones too: history is told in their words."""

from dataclasses import dataclass

from sqlalchemy import select

from desk.models import PriorityReasonRow
from desk.reads.reader import Reader


@dataclass(frozen=True, slots=True)
class PriorityReasonView:
    """One reason in both languages."""

    code: str
    label: dict[str, str]
    retired: bool


def list_priority_reasons(reader: Reader, office_id: int) -> list[PriorityReasonView]:
    """Return the reasons of an office in the order of its list."""
    rows = reader.execute(
        select(PriorityReasonRow.__table__)
        .where(PriorityReasonRow.office_id == office_id)
        .order_by(PriorityReasonRow.position, PriorityReasonRow.code)
    )
    return [PriorityReasonView(row.code, {"id": row.label_id, "en": row.label_en}, row.retired) for row in rows]
