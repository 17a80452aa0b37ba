"""What somebody sees before revoking the links to a survey: which survey, who may not, and what that means."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from desk.domain.invitation import InvitationState, require_revocable
from desk.domain.lifecycle import State
from desk.domain.questionnaires import Words
from desk.domain.refusals import Reason, Refused
from desk.models import CustodySegment, Delivery, InvitationRow, Person, Service, TransactionRow, Visit
from desk.reads.reader import Reader

DELIVERIES: Any = Delivery.__table__
INVITATIONS: Any = InvitationRow.__table__
SEGMENTS: Any = CustodySegment.__table__


@dataclass(frozen=True, slots=True)
class Revocable:
    """The survey of a transaction; `sent_at` is when a message with its link went out, `others` more of the visit."""

    transaction_id: int
    number: str
    day: date
    service: Words
    state: InvitationState | None
    expires_at: datetime | None
    sent_at: datetime | None
    others: int
    handlers: frozenset[int]
    revoked_at: datetime | None
    revoked_by: str | None

    def why_not(self, person_id: int | None, at: datetime) -> Refused | None:
        """Return why this person cannot revoke the links now; None where they can."""
        try:
            require_revocable(self.state, expires_at=self.expires_at, at=at)
        except Refused as refused:
            return refused
        return Refused(Reason.HANDLED_IT) if person_id in self.handlers else None


def find_revocable(reader: Reader, office_id: int, transaction_id: int) -> Revocable | None:
    """Return the survey of a transaction; None where the office has no such transaction."""
    row = reader.execute(
        select(
            Visit.id,
            Visit.label,
            Visit.day,
            Service.name_id,
            Service.name_en,
            INVITATIONS.c.id.label("invitation_id"),
            INVITATIONS.c.state,
            INVITATIONS.c.expires_at,
            INVITATIONS.c.revoked_at,
            Person.name,
        )
        .select_from(TransactionRow)
        .join(Visit, (Visit.office_id == TransactionRow.office_id) & (Visit.id == TransactionRow.visit_id))
        .join(Service, Service.id == TransactionRow.service_id)
        .outerjoin(
            INVITATIONS,
            (INVITATIONS.c.office_id == TransactionRow.office_id) & (INVITATIONS.c.transaction_id == TransactionRow.id),
        )
        .outerjoin(Person, Person.id == INVITATIONS.c.revoked_by)
        .where(TransactionRow.office_id == office_id, TransactionRow.id == transaction_id)
    ).one_or_none()
    if row is None:
        return None
    return Revocable(
        transaction_id,
        row.label,
        row.day,
        Words(row.name_id, row.name_en),
        None if row.state is None else InvitationState(row.state),
        row.expires_at,
        _sent_at(reader, office_id, row.invitation_id),
        _others(reader, office_id, row.id, row.invitation_id),
        frozenset(_handlers(reader, office_id, transaction_id)),
        row.revoked_at,
        row.name,
    )


def _sent_at(reader: Reader, office_id: int, invitation_id: int | None) -> datetime | None:
    mine = (DELIVERIES.c.office_id == office_id, DELIVERIES.c.invitation_id == invitation_id)
    query = select(DELIVERIES.c.sent_at).where(*mine, DELIVERIES.c.sent_at.is_not(None))
    return reader.execute(query.order_by(DELIVERIES.c.id.desc()).limit(1)).scalar()


def _others(reader: Reader, office_id: int, visit_id: int, invitation_id: int | None) -> int:
    """Count what else of the visit is still asked about, by the same message perhaps."""
    mine = (INVITATIONS.c.office_id == office_id, INVITATIONS.c.visit_id == visit_id)
    query = select(INVITATIONS.c.id).where(*mine, INVITATIONS.c.state == InvitationState.OPEN.value)
    return sum(each != invitation_id for each in reader.execute(query).scalars())


def _handlers(reader: Reader, office_id: int, transaction_id: int) -> set[int]:
    query = select(SEGMENTS.c.holder_id).where(
        SEGMENTS.c.office_id == office_id,
        SEGMENTS.c.transaction_id == transaction_id,
        SEGMENTS.c.state != State.WAITING.value,
    )
    return set(reader.execute(query).scalars())
