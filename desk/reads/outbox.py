"""What waits to be sent, what was given up and why: for the people who look after an office."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, case, func, select, text

from desk.domain.invitation import InvitationState
from desk.domain.masking import masked
from desk.models import Delivery, InvitationRow, Visit
from desk.reads.asked_otherwise import Otherwise, list_asked_otherwise
from desk.reads.reader import Reader

DELIVERIES: Final[Any] = Delivery.__table__
VISITS: Final[Any] = Visit.__table__
INVITATIONS: Final[Any] = InvitationRow.__table__
# As literal text: with bound parameters the partial index would not be used.
_UNSETTLED: Final = text("deliveries.state IN ('pending', 'sending')")
_DEAD: Final = text("deliveries.state = 'dead'")
# Those about complaints are counted for nobody: who had a hand in one would learn of it (`desk.reads.case_messages`).
# Nor are those to staff about their own accounts.
_OF_VISITS: Final = DELIVERIES.c.case_id.is_(None) & (DELIVERIES.c.visit_id != 0)


def _of(office_id: int) -> ColumnElement[bool]:
    """Of this office, among the few that wait: SQLite would else look for them among all that was ever sent."""
    mine: ColumnElement[bool] = DELIVERIES.c.office_id + 0 == office_id
    return mine


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """One message; the address as far as it may be shown, `***` once it was erased."""

    id: int
    kind: str
    channel: str
    state: str
    visit_id: int
    number: str
    address: str
    language: str
    attempts: int
    queued_at: datetime
    due_at: datetime
    sent_at: datetime | None
    error: str | None
    delivered_at: datetime | None = None
    transaction_id: int | None = None  # of a message whose link still works
    otherwise: Otherwise | None = None  # by what the visitor is asked in place of one given up


@dataclass(frozen=True, slots=True)
class OutboxHealth:
    """Whether messages get out: how many wait, for how long the oldest has, how many were given up.

    `tried` of those that wait went out in vain; `said` is what one of them met with. `unreached` of them wait only
    because the other side is away.
    """

    waiting: int
    oldest_waiting: timedelta | None
    overdue: timedelta
    dead: int
    tried: int = 0
    said: str | None = None
    unreached: int = 0


def list_deliveries(reader: Reader, office_id: int, state: str | None = None, limit: int = 100) -> list[DeliveryLine]:
    """Return an office's messages, newest first; `state` is pending, sending, sent, dead or cancelled."""
    query = (
        select(DELIVERIES, VISITS.c.label, INVITATIONS.c.transaction_id)
        .join(VISITS, (VISITS.c.office_id == DELIVERIES.c.office_id) & (VISITS.c.id == DELIVERIES.c.visit_id))
        .outerjoin(
            INVITATIONS,
            (INVITATIONS.c.office_id == DELIVERIES.c.office_id)
            & (INVITATIONS.c.id == DELIVERIES.c.invitation_id)
            & (INVITATIONS.c.state == InvitationState.OPEN.value),
        )
        .where(DELIVERIES.c.office_id == office_id)
        .order_by(DELIVERIES.c.id.desc())
        .limit(limit)
    )
    if state is not None:
        query = query.where(_DEAD if state == "dead" else DELIVERIES.c.state == state)
    lines = [_line(row) for row in reader.execute(query)]
    given_up = [each.id for each in lines if each.state == "dead"]
    otherwise = list_asked_otherwise(reader, office_id, given_up) if given_up else {}
    return [replace(each, otherwise=otherwise.get(each.id)) for each in lines]


def _line(row: Any) -> DeliveryLine:
    return DeliveryLine(
        row.id,
        row.kind,
        row.channel,
        row.state,
        row.visit_id,
        row.label,
        masked(row.address),
        row.language,
        row.attempts,
        row.queued_at,
        row.due_at,
        row.sent_at,
        row.last_error,
        row.delivered_at,
        row._mapping.get("transaction_id"),
    )


def is_any_waiting(reader: Reader, office_id: int, channel: str) -> bool:
    """Tell whether a message of this channel waits."""
    mine = (_of(office_id), DELIVERIES.c.channel == channel, _UNSETTLED, _OF_VISITS)
    return reader.execute(select(DELIVERIES.c.id).where(*mine).limit(1)).first() is not None


def find_dead(reader: Reader, office_id: int, delivery_id: int) -> DeliveryLine | None:
    """Return a message that was given up; None for any other."""
    query = select(DELIVERIES, VISITS.c.label).join(
        VISITS, (VISITS.c.office_id == DELIVERIES.c.office_id) & (VISITS.c.id == DELIVERIES.c.visit_id)
    )
    mine = (DELIVERIES.c.office_id == office_id, DELIVERIES.c.id == delivery_id, _DEAD)
    row = reader.execute(query.where(*mine)).one_or_none()
    return None if row is None or row.address is None else _line(row)


def is_message(reader: Reader, office_id: int, delivery_id: int) -> bool:
    """Tell whether the office has such a message, whatever became of it."""
    mine = (DELIVERIES.c.office_id == office_id, DELIVERIES.c.id == delivery_id, _OF_VISITS)
    return reader.execute(select(DELIVERIES.c.id).where(*mine)).first() is not None


def list_overdue(reader: Reader, *, at: datetime, longer_than: timedelta) -> list[tuple[int, str, int]]:
    """Return how many messages have been due for longer than that: office, channel, how many."""
    query = (
        select(DELIVERIES.c.office_id, DELIVERIES.c.channel, func.count())
        .where(_UNSETTLED, DELIVERIES.c.queued_at < at - longer_than, DELIVERIES.c.due_at < at)
        .group_by(DELIVERIES.c.office_id, DELIVERIES.c.channel)
        .order_by(DELIVERIES.c.office_id, DELIVERIES.c.channel)
    )
    return [(row[0], row[1], row[2]) for row in reader.execute(query)]


def get_health(reader: Reader, office_id: int, *, at: datetime) -> OutboxHealth:
    """Return how an office's outbox is doing; `overdue` is how long the first in line has been due (zero: none is)."""
    times = func.min(DELIVERIES.c.queued_at), func.min(DELIVERIES.c.due_at)
    failures = func.count(DELIVERIES.c.last_error), func.max(DELIVERIES.c.last_error)
    away = func.sum(case((DELIVERIES.c.unreached > 0, 1), else_=0))
    waiting, queued_at, due_at, tried, said, unreached = reader.execute(
        select(func.count(), *times, *failures, away).where(_of(office_id), _UNSETTLED, _OF_VISITS)
    ).one()
    given_up = (DELIVERIES.c.office_id == office_id, _DEAD, _OF_VISITS)
    dead = reader.execute(select(func.count()).where(*given_up)).scalar_one()
    overdue = max(at - due_at, timedelta(0)) if due_at else timedelta(0)
    return OutboxHealth(waiting, at - queued_at if queued_at else None, overdue, dead, tried, said, unreached or 0)
