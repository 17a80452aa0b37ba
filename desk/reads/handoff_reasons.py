"""The office's own reasons for handing on, declining and pausing, the retired ones too: history is told in them."""

from dataclasses import dataclass

from sqlalchemy import literal, select, union_all

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
    rows, pauses = HandoffReasonRow.__table__.c, PauseCauseRow.__table__.c
    names = ("code", "label_id", "label_en", "needs_note", "retired", "position")
    every = union_all(
        select(rows.kind, *(rows[name] for name in names)).where(rows.office_id == office_id),
        select(literal(ReasonKind.PAUSE.value), *(pauses[name] for name in names)).where(pauses.office_id == office_id),
    ).subquery()
    found = reader.execute(select(every).order_by(every.c.kind, every.c.position, every.c.code))
    return [
        OfficeReason(row.kind, row.code, {"id": row.label_id, "en": row.label_en}, row.needs_note, row.retired)
        for row in found
    ]
