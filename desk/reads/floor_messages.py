"""Messages on the floor: those of a console, and all of them with who has read which."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, or_, select

from desk.domain.counter_names import CounterName
from desk.models import Counter, FloorMessage, FloorReading, Person
from desk.reads.counter_names import NAMED
from desk.reads.reader import Reader


@dataclass(frozen=True, slots=True)
class Message:
    """A message that is still shown; `counter` is None where it is for everybody."""

    id: int
    sender: str
    counter: CounterName | None
    words: str | None
    sent_at: datetime
    until_at: datetime
    read_by: tuple[str, ...] = ()


def list_messages_for(reader: Reader, office_id: int, officer_id: int, counter_id: int, at: datetime) -> list[Message]:
    """Return what the console of an officer on duty at a counter shows: not read yet, what ends first comes first."""
    read = exists().where(
        FloorReading.office_id == FloorMessage.office_id,
        FloorReading.message_id == FloorMessage.id,
        FloorReading.person_id == officer_id,
    )
    mine = or_(FloorMessage.counter_id.is_(None), FloorMessage.counter_id == counter_id)
    query = _shown(office_id, at).where(mine, ~read, FloorMessage.sender_id != officer_id)
    return [Message(*row) for row in reader.execute(query).tuples()]


def list_messages(reader: Reader, office_id: int, at: datetime) -> list[Message]:
    """Return every message still shown somewhere, what ends first comes first, with who has read it."""
    rows = reader.execute(_shown(office_id, at)).tuples().all()
    readings = (
        select(FloorReading.message_id, Person.name)
        .join(Person, Person.id == FloorReading.person_id)
        .where(FloorReading.office_id == office_id, FloorReading.message_id.in_([row[0] for row in rows]))
        .order_by(FloorReading.read_at, Person.id)
    )
    readers: dict[int, tuple[str, ...]] = {}
    for message_id, name in reader.execute(readings).tuples() if rows else ():
        readers[message_id] = (*readers.get(message_id, ()), name)
    return [replace(Message(*row), read_by=readers.get(row[0], ())) for row in rows]


def _shown(office_id: int, at: datetime) -> Select[Any]:
    return (
        select(
            FloorMessage.id,
            Person.name,
            NAMED,
            FloorMessage.words,
            FloorMessage.sent_at,
            FloorMessage.until_at,
        )
        .join(Person, Person.id == FloorMessage.sender_id)
        .outerjoin(Counter, Counter.id == FloorMessage.counter_id)
        .where(FloorMessage.office_id == office_id, FloorMessage.until_at > at)
        .order_by(FloorMessage.until_at, FloorMessage.id)
    )
