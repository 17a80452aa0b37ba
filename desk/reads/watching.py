"""What is read to tell whether a desk is well: cheap at any size of history, and without anybody's name."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, and_, case, func, or_, select, text
from sqlalchemy.exc import SQLAlchemyError

from desk.models import Delivery, Heartbeat, Office, QueueEntry, Service, Stream
from desk.models.transaction import WAITING
from desk.reads.reader import Reader

DELIVERIES: Final[Any] = Delivery.__table__
HEARTBEATS: Final[Any] = Heartbeat.__table__
ENTRIES: Final[Any] = QueueEntry.__table__
# As literal text: with bound parameters the partial index would not be used.
_UNSETTLED: Final = text("deliveries.state IN ('pending', 'sending')")
_DEAD: Final = text("state = 'dead'")
# Every try moves the time of the next: what was tried in vain has waited since it was queued.
_TRIED: Final = or_(
    DELIVERIES.c.unreached > 0, DELIVERIES.c.attempts > case((DELIVERIES.c.state == "sending", 1), else_=0)
)
_SINCE: Final = case((_TRIED, DELIVERIES.c.queued_at), else_=DELIVERIES.c.due_at)


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """How many wait for a service, by its id and letter in the office of that code; since when the first of them."""

    office: str
    service: int
    letter: str
    waiting: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class DeliveryFigures:
    """Messages of one channel that wait: when the oldest was queued, and since when the first in line should be out."""

    channel: str
    pending: int
    queued_at: datetime
    due_at: datetime


def find_revision(connection: Connection) -> str | None:
    """Return the revision of the database; None where it has none."""
    try:
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    except SQLAlchemyError:
        connection.rollback()
        connection.execute(text("SELECT 1"))  # it answers: there is nothing of the desk in it
        return None


def list_signing_keys(reader: Reader) -> list[str]:
    """Return the ids of the keys that sign the trails now."""
    query = select(Stream.key_id).where(Stream.key_id.is_not(None)).distinct().order_by(Stream.key_id)
    return [str(key_id) for key_id in reader.execute(query).scalars()]


def find_last_beat(reader: Reader) -> datetime | None:
    """Return when a worker went round last."""
    found: datetime | None = reader.execute(select(func.max(HEARTBEATS.c.at))).scalar_one()
    return found


def list_beats(reader: Reader, *, since: datetime) -> list[tuple[str, datetime]]:
    """Return version and last round of the workers that went round since then, the newest first."""
    query = select(HEARTBEATS.c.version, HEARTBEATS.c.at).where(HEARTBEATS.c.at >= since)
    return [(row[0], row[1]) for row in reader.execute(query.order_by(HEARTBEATS.c.at.desc()))]


def list_waiting_deliveries(reader: Reader) -> list[DeliveryFigures]:
    """Return the messages that wait, by channel."""
    query = (
        select(
            DELIVERIES.c.channel, func.count(), func.min(DELIVERIES.c.queued_at), func.min(_SINCE)
        )
        .where(_UNSETTLED)
        .group_by(DELIVERIES.c.channel)
        .order_by(DELIVERIES.c.channel)
    )  # fmt: skip
    return [DeliveryFigures(*row) for row in reader.execute(query)]


def count_dead_deliveries(reader: Reader) -> dict[str, int]:
    """Return how many messages were given up, by channel."""
    query = select(DELIVERIES.c.channel, func.count()).where(_DEAD).group_by(DELIVERIES.c.channel)
    return {row[0]: row[1] for row in reader.execute(query)}


def find_first_due(reader: Reader, channels: Collection[str], *, at: datetime) -> datetime | None:
    """Return since when the first message in line should be out, of these channels; None where none should.

    Passed over is one whose younger messages went out: then it is its own address that does not take it.
    """
    mine = (_UNSETTLED, DELIVERIES.c.channel.in_(sorted(channels)), at >= _SINCE)
    of = (DELIVERIES.c.office_id, DELIVERIES.c.channel)
    oldest = select(*of, func.min(DELIVERIES.c.id).label("id")).where(*mine).group_by(*of).subquery()
    young = DELIVERIES.alias()
    is_younger = and_(
        young.c.office_id == oldest.c.office_id, young.c.channel == oldest.c.channel, young.c.id > oldest.c.id
    )
    named = (oldest.c.office_id, oldest.c.channel)
    sent = (
        select(*named, func.max(young.c.id).label("id"))
        .join(young, is_younger)
        .where(young.c.state == "sent")
        .group_by(*named)
        .subquery()
    )
    is_its = and_(sent.c.office_id == DELIVERIES.c.office_id, sent.c.channel == DELIVERIES.c.channel)
    query = select(func.min(_SINCE)).select_from(DELIVERIES.outerjoin(sent, is_its))
    waiting = or_(sent.c.id.is_(None), sent.c.id < DELIVERIES.c.id)
    found: datetime | None = reader.execute(query.where(*mine, waiting)).scalar_one()
    return found


def list_queues(reader: Reader) -> list[QueueFigures]:
    """Return how many wait for each service, zeros too, in the order of offices and codes."""
    counted: dict[int, tuple[int, datetime | None]] = {}
    for office_id in reader.execute(select(Office.id)).scalars().all():
        # An office at a time, so that the index of those who wait is used.
        query = (
            select(ENTRIES.c.service_id, func.count(), func.min(ENTRIES.c.arrived_at))
            .where(ENTRIES.c.office_id == office_id, WAITING)
            .group_by(ENTRIES.c.service_id)
        )
        counted |= {row[0]: (row[1], row[2]) for row in reader.execute(query)}
    named = select(Office.code, Service.id, Service.series).join(Service, Service.office_id == Office.id)
    rows = reader.execute(named.order_by(Office.id, Service.id))
    return [QueueFigures(row[0], row[1], row[2], *counted.get(row[1], (0, None))) for row in rows]
