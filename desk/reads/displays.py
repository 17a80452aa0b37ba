"""Messages of the office on its displays: what one shows now, and all of them for whoever words them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from desk.domain.identity import event_of
from desk.models import DisplayMessage, EventRow, Person
from desk.reads.reader import Reader

MESSAGES: Any = DisplayMessage.__table__


@dataclass(frozen=True, slots=True)
class Bilingual:
    """Words in Indonesian and in English."""

    id: str
    en: str

    def in_language(self, language: str) -> str:
        """Return the words in a language, else in the other one."""
        return (self.en or self.id) if language == "en" else (self.id or self.en)


@dataclass(frozen=True, slots=True)
class Notice:
    """A message as a display shows it."""

    id: int
    words: Bilingual


@dataclass(frozen=True, slots=True)
class Notices:
    """What a display shows besides calls: its messages in their order, and an emergency over everything."""

    messages: tuple[Notice, ...] = ()
    emergency: Notice | None = None


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message for whoever words it; `position` is its place from 0."""

    id: int
    words: Bilingual
    since: datetime
    until: datetime | None
    position: int
    devices: tuple[int, ...]
    retired: bool

    def is_over(self, at: datetime) -> bool:
        """Whether its time has passed."""
        return self.until is not None and self.until <= at


@dataclass(frozen=True, slots=True)
class Emergency:
    """An emergency that is on; `by` is a name, None where nobody in particular raised it."""

    id: int
    words: Bilingual
    since: datetime
    by: str | None = field(repr=False)


def get_notices(reader: Reader, office_id: int, *, device_id: int | None, at: datetime) -> Notices:
    """Return what a display shows now; one that is not paired shows what is meant for all displays."""
    query = (
        select(MESSAGES.c.id, MESSAGES.c.urgent, MESSAGES.c.words_id, MESSAGES.c.words_en, MESSAGES.c.devices)
        .where(MESSAGES.c.office_id == office_id, MESSAGES.c.retired.is_(False), MESSAGES.c.since_at <= at)
        .where(or_(MESSAGES.c.until_at.is_(None), MESSAGES.c.until_at > at))
        .order_by(MESSAGES.c.position, MESSAGES.c.id)
    )
    rows = reader.execute(query).all()
    here = [row for row in rows if row.urgent or not row.devices or device_id in row.devices]
    found = [(row.urgent, Notice(row.id, Bilingual(row.words_id, row.words_en))) for row in here]
    emergency = next((notice for urgent, notice in found if urgent), None)
    return Notices(tuple(notice for urgent, notice in found if not urgent), emergency)


def devices_meant(reader: Reader, office_id: int) -> frozenset[int]:
    """Return the displays that messages in use are meant for in particular."""
    query = select(MESSAGES.c.devices).where(MESSAGES.c.office_id == office_id, MESSAGES.c.retired.is_(False))
    return frozenset().union(*(devices or () for devices in reader.execute(query).scalars()))


def list_messages(reader: Reader, office_id: int) -> list[MessageView]:
    """Return all messages, those in use first, in their order; the newest first of those that are no longer shown."""
    query = select(MESSAGES).where(MESSAGES.c.office_id == office_id, MESSAGES.c.urgent.is_(False))
    rows = reader.execute(query.order_by(MESSAGES.c.retired, MESSAGES.c.position, MESSAGES.c.id)).all()
    return [
        MessageView(
            row.id,
            Bilingual(row.words_id, row.words_en),
            row.since_at,
            row.until_at,
            row.position,
            tuple(row.devices),
            row.retired,
        )
        for row in rows
    ]


def find_emergency(reader: Reader, office_id: int) -> Emergency | None:
    """Return the emergency that is on now, None where there is none."""
    on = (MESSAGES.c.office_id == office_id, MESSAGES.c.urgent.is_(True), MESSAGES.c.retired.is_(False))
    row = reader.execute(select(MESSAGES).where(*on)).one_or_none()
    if row is None:
        return None
    raised = (EventRow.office_id == office_id, EventRow.number == event_of(row.id))
    query = select(Person.name).join(EventRow, EventRow.actor_id == Person.id).where(*raised)
    by = reader.execute(query).scalars().first()
    return Emergency(row.id, Bilingual(row.words_id, row.words_en), row.since_at, by)
