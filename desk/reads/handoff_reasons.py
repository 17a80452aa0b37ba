"""The office's own reasons for handing on, declining and pausing, the retired ones too: history is told in them."""

from dataclasses import dataclass

from sqlalchemy import select

from desk.domain.handoffs import ReasonKind
from desk.models import HandoffReasonRow, PauseCauseRow
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
    pauses = reader.execute(
        select(PauseCauseRow.__table__)
        .where(PauseCauseRow.office_id == office_id)
        .order_by(PauseCauseRow.position, PauseCauseRow.code)
    )
    keyed = [*((row.kind, row) for row in rows), *((ReasonKind.PAUSE.value, row) for row in pauses)]
    return [
        OfficeReason(kind, row.code, {"id": row.label_id, "en": row.label_en}, row.needs_note, row.retired)
        for kind, row in keyed
    ]
