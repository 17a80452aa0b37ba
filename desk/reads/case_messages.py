"""Messages about complaints and late cases, for the page of all messages: without whom or what they are about.

Whoever had a hand in the matter of one does not learn that there is such a message.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, select

from desk.domain.masking import masked
from desk.domain.messages import MessageKind
from desk.models import Delivery
from desk.reads.barred import list_barred
from desk.reads.reader import Reader

DELIVERIES: Any = Delivery.__table__
LIMIT: Final = 50


@dataclass(frozen=True, slots=True)
class CaseMessage:
    """One message; the address as far as it may be shown, `***` once it was erased."""

    id: int
    kind: MessageKind
    address: str
    state: str
    queued_at: datetime
    due_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    error: str | None


def list_case_messages(
    reader: Reader, office_id: int, *, viewer_id: int | None, state: str | None = None, limit: int = LIMIT
) -> list[CaseMessage]:
    """Return those of the newest cases of which the viewer may know, the newest case first."""
    conditions = [] if state is None else [DELIVERIES.c.state == state]
    rows = _rows(reader, office_id, limit, *conditions)
    barred = list_barred(reader, office_id, {row.case_id for row in rows})
    return [_message(row) for row in rows if viewer_id not in barred.get(row.case_id, frozenset())]


def list_messages_to_visitor(reader: Reader, office_id: int, voice_id: int) -> list[CaseMessage]:
    """Return what whoever said this was told, the last first."""
    mine = (DELIVERIES.c.case_id == voice_id, DELIVERIES.c.person_id.is_(None))
    return [_message(row) for row in _rows(reader, office_id, LIMIT, *mine)]


def is_about_case(reader: Reader, office_id: int, delivery_id: int) -> bool:
    """Tell whether a message is about a case."""
    mine = (DELIVERIES.c.office_id == office_id, DELIVERIES.c.id == delivery_id, DELIVERIES.c.case_id.is_not(None))
    return reader.execute(select(DELIVERIES.c.id).where(*mine)).first() is not None


def _rows(reader: Reader, office_id: int, limit: int, *conditions: ColumnElement[bool]) -> list[Any]:
    # > 0: along the index of cases, and not through all that was ever sent.
    mine = (DELIVERIES.c.office_id == office_id, DELIVERIES.c.case_id > 0, *conditions)
    by_case = select(DELIVERIES).where(*mine).order_by(DELIVERIES.c.case_id.desc(), DELIVERIES.c.id.desc())
    return list(reader.execute(by_case.limit(limit)))


def _message(row: Any) -> CaseMessage:
    return CaseMessage(
        row.id,
        MessageKind(row.kind),
        masked(row.address),
        row.state,
        row.queued_at,
        row.due_at,
        row.sent_at,
        row.delivered_at,
        row.last_error,
    )
