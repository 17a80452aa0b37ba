"""What messages to members of staff about their own accounts say, looked up when they are claimed.

A link that was used, has run out or was followed by a newer one is not sent any more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from desk.domain.messages import OF_ACCOUNTS, MessageKind
from desk.domain.refusals import Reason, Refused
from desk.domain.signing_in import Secured
from desk.models import Office, Person, StaffCode

CODES: Final[Any] = StaffCode.__table__
OFFICES: Final[Any] = Office.__table__
PEOPLE: Final[Any] = Person.__table__
KINDS: Final = frozenset(kind.value for kind in OF_ACCOUNTS)
CHANGED: Final = tuple(Secured)  # by the number in the place of the invitation


@dataclass(frozen=True, slots=True)
class AccountNews:
    """What a member of staff is told: with `expires_at` there is a link, else what was `changed`, and when."""

    delivery_id: int
    kind: MessageKind
    username: str
    office: str
    zone: ZoneInfo
    queued_at: datetime
    expires_at: datetime | None = None
    changed: Secured | None = None


def is_about_account(delivery: Any) -> bool:
    """Tell whether a message is to a member of staff about their own account."""
    return delivery.kind in KINDS


def find_account_news(
    connection: Connection, deliveries: Sequence[Any], *, at: datetime
) -> dict[int, AccountNews | Refused]:
    """Return by its id what each delivery says, or why it is not sent any more.

    Reasons: NO_LONGER_POSSIBLE (the address was erased), FORBIDDEN (whoever it is for has left), LINK_EXPIRED,
    LINK_REVOKED (used, or followed by a newer one).
    """
    found: dict[int, AccountNews | Refused] = {}
    for each in deliveries:
        try:
            found[each.id] = _news(connection, each, at)
        except Refused as refused:
            found[each.id] = refused
    return found


def _news(connection: Connection, delivery: Any, at: datetime) -> AccountNews:
    if delivery.address is None:
        raise Refused(Reason.NO_LONGER_POSSIBLE)
    person = connection.execute(
        select(PEOPLE.c.username, PEOPLE.c.disabled_at).where(PEOPLE.c.id == delivery.person_id)
    ).one()
    office = connection.execute(select(OFFICES.c.name, OFFICES.c.zone).where(OFFICES.c.id == delivery.office_id)).one()
    if person.disabled_at is not None:
        raise Refused(Reason.FORBIDDEN)
    kind, zone = MessageKind(delivery.kind), ZoneInfo(office.zone)
    news = (delivery.id, kind, person.username, office.name, zone, delivery.queued_at)
    if kind is MessageKind.SECURED:
        return AccountNews(*news, changed=CHANGED[delivery.invitation_id])
    return AccountNews(*news, expires_at=_expiry(connection, delivery.id, at))


def _expiry(connection: Connection, delivery_id: int, at: datetime) -> datetime:
    query = select(CODES.c.expires_at, CODES.c.ended_at).where(CODES.c.delivery_id == delivery_id)
    code = connection.execute(query).one_or_none()
    if code is None or code.ended_at is not None:
        raise Refused(Reason.LINK_REVOKED)
    expires_at: datetime = code.expires_at
    if expires_at <= at:
        raise Refused(Reason.LINK_EXPIRED)
    return expires_at
