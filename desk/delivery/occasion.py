"""What a message is about, looked up in the claiming transaction.

Whether to ask at all may have changed since it was queued.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from desk.domain.invitation import Invitation, InvitationState, require_answerable
from desk.domain.refusals import Reason, Refused
from desk.models import Delivery, InvitationRow, Office, Service, TransactionRow, Visit

DELIVERIES: Final[Any] = Delivery.__table__
INVITATIONS: Final[Any] = InvitationRow.__table__
TRANSACTIONS: Final[Any] = TransactionRow.__table__
SERVICES: Final[Any] = Service.__table__
VISITS: Final[Any] = Visit.__table__
OFFICES: Final[Any] = Office.__table__

Names = Mapping[str, str]
"""A name by language."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """A visit that is asked about: everything the message says."""

    invitation_id: int
    generation: int
    expires_at: datetime
    office: str
    zone: ZoneInfo
    number: str
    day: date
    services: tuple[Names, ...]


def get_occasion(connection: Connection, delivery: Any, *, at: datetime) -> Occasion:
    """Return what a delivery is about; raise `Refused` when nobody should be asked any more.

    Reasons: LINK_USED (answered already), LINK_REVOKED (taken back, or decided anew since), LINK_EXPIRED,
    NO_LONGER_POSSIBLE for an address that was erased, UNKNOWN for a question or visit that was.
    """
    if delivery.address is None:
        raise Refused(Reason.NO_LONGER_POSSIBLE)
    invitation, decided_at = _invitation(connection, delivery)
    require_answerable(invitation, at=at)
    if decided_at > delivery.queued_at or invitation.expires_at is None:
        raise Refused(Reason.LINK_REVOKED)
    visit = _visit(connection, delivery)
    return Occasion(
        invitation.id,
        invitation.generation,
        invitation.expires_at,
        visit.name,
        ZoneInfo(visit.zone),
        visit.label,
        visit.day,
        _services(connection, delivery),
    )


def _invitation(connection: Connection, delivery: Any) -> tuple[Invitation, datetime]:
    mine = (INVITATIONS.c.office_id == delivery.office_id) & (INVITATIONS.c.id == delivery.invitation_id)
    row = connection.execute(select(INVITATIONS).where(mine)).one_or_none()
    if row is None:
        raise Refused(Reason.UNKNOWN, id=delivery.invitation_id)
    state = InvitationState(row.state)
    invitation = Invitation(row.id, row.transaction_id, row.visit_id, state, row.generation, row.expires_at)
    return invitation, row.decided_at


def _visit(connection: Connection, delivery: Any) -> Any:
    row = connection.execute(
        select(VISITS.c.label, VISITS.c.day, OFFICES.c.name, OFFICES.c.zone)
        .join(OFFICES, OFFICES.c.id == VISITS.c.office_id)
        .where(VISITS.c.office_id == delivery.office_id, VISITS.c.id == delivery.visit_id)
    ).one_or_none()
    if row is None:
        raise Refused(Reason.UNKNOWN, id=delivery.visit_id)
    return row


def _services(connection: Connection, delivery: Any) -> tuple[Names, ...]:
    """Name every service the visit is asked about: one message, one form."""
    rows = connection.execute(
        select(SERVICES.c.name_id, SERVICES.c.name_en)
        .join(TRANSACTIONS, TRANSACTIONS.c.service_id == SERVICES.c.id)
        .join(
            INVITATIONS,
            (INVITATIONS.c.office_id == TRANSACTIONS.c.office_id) & (INVITATIONS.c.transaction_id == TRANSACTIONS.c.id),
        )
        .where(
            INVITATIONS.c.office_id == delivery.office_id,
            INVITATIONS.c.visit_id == delivery.visit_id,
            INVITATIONS.c.state == InvitationState.OPEN.value,
        )
        .order_by(INVITATIONS.c.id)
    )
    names = dict.fromkeys((row.name_id, row.name_en) for row in rows)
    return tuple({"id": name_id, "en": name_en} for name_id, name_en in names)
