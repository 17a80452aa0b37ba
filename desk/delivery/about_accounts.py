"""What messages to members of staff about their own accounts say, looked up when they are claimed.

A link that was used, has run out or was followed by a newer one is not sent any more.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from desk.domain.access import ActorKind
from desk.domain.identity import event_of, office_of
from desk.domain.messages import OF_ACCOUNTS, MessageKind
from desk.domain.refusals import Reason, Refused
from desk.domain.signing_in import Secured
from desk.models import EventRow, Office, Person, StaffCode

CODES: Final[Any] = StaffCode.__table__
EVENTS: Final[Any] = EventRow.__table__
OFFICES: Final[Any] = Office.__table__
PEOPLE: Final[Any] = Person.__table__
KINDS: Final = frozenset(kind.value for kind in OF_ACCOUNTS)
CHANGED: Final = tuple(Secured)  # by the number in the place of the invitation


class Became(StrEnum):
    """What became of what lets somebody in."""

    ADDED = "added"
    REPLACED = "replaced"
    REMOVED = "removed"
    RENEWED = "renewed"  # the recovery codes, of the second factor that stays
    CHANGED = "changed"  # where the event says no more


class DoneBy(StrEnum):
    """Who changed it, as the person is told."""

    ONESELF = "oneself"  # or somebody who was let in as them
    COLLEAGUE = "colleague"
    SERVER = "server"  # the command line, which is nobody in particular


@dataclass(frozen=True, slots=True)
class AccountNews:
    """What a member of staff is told: with `expires_at` there is a link, else what was `changed`, when and by whom.

    `became` is how it was changed as far as the event says it, `by` who did it.
    """

    delivery_id: int
    kind: MessageKind
    username: str
    office: str
    zone: ZoneInfo
    queued_at: datetime
    expires_at: datetime | None = None
    changed: Secured | None = None
    became: Became = Became.CHANGED
    by: DoneBy = DoneBy.ONESELF


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
        became, by = _happened(connection, delivery)
        return AccountNews(*news, changed=CHANGED[delivery.invitation_id], became=became, by=by)
    return AccountNews(*news, expires_at=_expiry(connection, delivery.id, at))


def _happened(connection: Connection, delivery: Any) -> tuple[Became, DoneBy]:
    """Return how it was changed, and by whom, of the event that queued the message."""
    query = select(EVENTS.c.payload, EVENTS.c.actor_kind, EVENTS.c.actor_id)
    mine = (EVENTS.c.office_id == office_of(delivery.id), EVENTS.c.number == event_of(delivery.id))
    event = connection.execute(query.where(*mine)).one()
    by = DoneBy.ONESELF if event.actor_id == delivery.person_id else DoneBy.COLLEAGUE
    if event.actor_kind == ActorKind.SYSTEM:
        by = DoneBy.SERVER
    payload = json.loads(event.payload)
    before, after = payload.get("from"), payload.get("to")
    match payload.get("setting"):
        case "second_factor" | "openid_identity":
            return Became.ADDED if not before else Became.REPLACED if after else Became.REMOVED, by
        case "recovery_codes":
            return Became.RENEWED, by
        case _:
            return Became.CHANGED, by


def _expiry(connection: Connection, delivery_id: int, at: datetime) -> datetime:
    query = select(CODES.c.expires_at, CODES.c.ended_at).where(CODES.c.delivery_id == delivery_id)
    code = connection.execute(query).one_or_none()
    if code is None or code.ended_at is not None:
        raise Refused(Reason.LINK_REVOKED)
    expires_at: datetime = code.expires_at
    if expires_at <= at:
        raise Refused(Reason.LINK_EXPIRED)
    return expires_at
