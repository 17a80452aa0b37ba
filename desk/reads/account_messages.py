"""Mail to members of staff about their own accounts, for the page of all messages: never a link, a code or a token."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import and_, select

from desk.domain.masking import masked
from desk.domain.messages import OF_ACCOUNTS, MessageKind
from desk.models import Delivery, Person, StaffCode
from desk.reads.reader import Reader

DELIVERIES: Any = Delivery.__table__
CODES: Any = StaffCode.__table__
LIMIT: Final = 50
_KINDS: Final = DELIVERIES.c.kind.in_(sorted(OF_ACCOUNTS))
NO_VISIT: Final = 0


@dataclass(frozen=True, slots=True)
class AccountMessage:
    """One message, with whom it is for; `may_repeat` where it was given up and its link, if it has one, still works."""

    id: int
    kind: MessageKind
    person_id: int
    name: str
    address: str
    state: str
    queued_at: datetime
    due_at: datetime
    sent_at: datetime | None
    attempts: int
    error: str | None
    may_repeat: bool


def list_account_messages(
    reader: Reader, office_id: int, *, at: datetime, state: str | None = None, limit: int = LIMIT
) -> list[AccountMessage]:
    """Return those of an office, the newest first."""
    mine = [DELIVERIES.c.office_id == office_id, DELIVERIES.c.visit_id == NO_VISIT, _KINDS]
    query = (
        select(DELIVERIES, Person.name, CODES.c.ended_at, CODES.c.expires_at)
        .join(Person, Person.id == DELIVERIES.c.person_id)
        .outerjoin(CODES, and_(CODES.c.delivery_id == DELIVERIES.c.id, CODES.c.person_id == DELIVERIES.c.person_id))
        .where(*mine, *([] if state is None else [DELIVERIES.c.state == state]))
        .order_by(DELIVERIES.c.id.desc())
        .limit(limit)
    )
    return [_message(row, at) for row in reader.execute(query)]


def is_about_account(reader: Reader, office_id: int, delivery_id: int) -> bool:
    """Tell whether a message is to a member of staff about their own account."""
    mine = (DELIVERIES.c.office_id == office_id, DELIVERIES.c.id == delivery_id, _KINDS)
    return reader.execute(select(DELIVERIES.c.id).where(*mine)).first() is not None


def _message(row: Any, at: datetime) -> AccountMessage:
    kind = MessageKind(row.kind)
    is_live = kind is MessageKind.SECURED or (
        row.expires_at is not None and row.ended_at is None and row.expires_at > at
    )
    may_repeat = row.state == "dead" and row.address is not None and is_live
    return AccountMessage(
        row.id, kind, row.person_id, row.name, masked(row.address), row.state, row.queued_at, row.due_at, row.sent_at,
        row.attempts, row.last_error, may_repeat,
    )  # fmt: skip
