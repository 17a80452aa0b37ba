"""Reading whether the audit trails hold: each office's chain of events, its head, and a checkpoint kept outside."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from desk.domain.audit import FIRST_LINK, Entry, Fault, Head, faults
from desk.models import EventRow, Office, Stream
from desk.reads.stream_check import read_entries

REASONS: Final[Mapping[str, str]] = {
    "gap": "is missing, or out of order",
    "key": "was signed with a key that is not at hand",
    "signature": "is not what was signed, or what came before it was changed",
    "cut": "is missing or differs from the checkpoint: the trail was cut or rewritten",
    "head": "is not where the office's stream says that the trail ends",
    "unreadable": "cannot be read",
}


@dataclass(frozen=True, slots=True)
class Trail:
    """What was found of one office's trail; `fault` is the first bad row, None when all of it holds."""

    office_id: int
    code: str | None
    events: int
    mac: str
    fault: Fault | None

    @property
    def reason(self) -> str:
        """What is wrong with the first bad row, in words that follow "event n"."""
        return "" if self.fault is None else REASONS[self.fault.kind]


def verify(connection: Connection, keys: Mapping[str, bytes], checkpoints: Mapping[int, Head]) -> list[Trail]:
    """Return every office's trail, checked; an office that only a checkpoint knows is one whose trail was cut.

    Give a connection that has no transaction yet: all is read from one snapshot.
    """
    if connection.dialect.name == "postgresql" and not connection.in_transaction():
        connection = connection.execution_options(isolation_level="REPEATABLE READ")
    codes = dict(connection.execute(select(Office.id, Office.code)).tuples().all())
    heads = {head.office_id: head for head in list_heads(connection)}
    offices = sorted(codes.keys() | heads.keys() | checkpoints.keys())
    return [
        _trail(connection, office_id, codes.get(office_id), heads.get(office_id), keys, checkpoints.get(office_id))
        for office_id in offices
    ]


def list_heads(connection: Connection) -> list[Head]:
    """Return where the trail of every office ends, at one instant."""
    query = select(Stream.office_id, Stream.number, Stream.mac).order_by(Stream.office_id)
    return [Head(*row) for row in connection.execute(query).tuples()]


def find_mac(connection: Connection, office_id: int, number: int) -> str | None:
    """Return the signature of one event (that of an empty trail for number 0), None when there is no such event."""
    if number == 0:
        return FIRST_LINK
    query = select(EventRow.mac).where(EventRow.office_id == office_id, EventRow.number == number)
    return connection.execute(query).scalar()


class _Reading:
    """Passes entries on and remembers the last."""

    def __init__(self, entries: Iterator[Entry]) -> None:
        self._entries = entries
        self.number = 0
        self.mac = FIRST_LINK

    def __iter__(self) -> Iterator[Entry]:
        for entry in self._entries:
            yield entry
            self.number, self.mac = entry.number, entry.mac


def _trail(
    connection: Connection,
    office_id: int,
    code: str | None,
    head: Head | None,
    keys: Mapping[str, bytes],
    checkpoint: Head | None,
) -> Trail:
    reading = _Reading(read_entries(connection, office_id))
    try:
        fault = next(faults(reading, keys, expected=checkpoint), None)
    except DBAPIError:
        fault = Fault(office_id, reading.number + 1, "unreadable")
    except (TypeError, UnicodeError):  # a value of another type, or signs that no signature has
        fault = Fault(office_id, reading.number + 1, "signature")
    if fault is None and (head is None or (head.number, head.mac) != (reading.number, reading.mac)):
        fault = Fault(office_id, max(reading.number, 0 if head is None else head.number), "head")
    return Trail(office_id, code, reading.number, reading.mac, fault)
