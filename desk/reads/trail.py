"""Reading whether the audit trails hold: each office's chain of events, its head, and checkpoints kept outside.

Rows go from the driver's cursor to the check as they are, in memory that does not grow with their number.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, column, select, table
from sqlalchemy.exc import DBAPIError

from desk.domain.audit import BEGINNING, FIRST_LINK, Chain, Entry, Fault, Head, Reached, Row
from desk.models import EventRow, Office, Stream

BATCH: Final = 2_000
REASONS: Final[Mapping[str, str]] = {
    "gap": "is missing, or out of order",
    "key": "was signed with a key that is not at hand",
    "signature": "is not what was signed, or what came before it was changed",
    "retired": "was signed with a key that was retired before",
    "rotation": "passed the chain on to a key that is not the one at hand",
    "cut": "is missing or differs from the checkpoint: the trail was cut or rewritten",
    "head": "is not where the office's stream says that the trail ends",
    "unreadable": "cannot be read",
}
_EVENTS: Final = select(*(column(name) for name in Entry.__slots__)).select_from(table("events"))
_COLUMNS: Final = _EVENTS.selected_columns

# Told the office and how many of its events have been read.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Trail:
    """What was found of one office's trail; `fault` is the first bad row, None when all of it holds."""

    office_id: int
    code: str | None
    events: int
    mac: str
    fault: Fault | None
    since: int = 0

    @property
    def reason(self) -> str:
        """What is wrong with the first bad row, in words that follow "event n"."""
        return "" if self.fault is None else REASONS[self.fault.kind]


class NotInTheTrail(Exception):
    """There is no such event from which to verify."""


def snapshot(connection: Connection) -> Connection:
    """Return a connection on which all is read from one snapshot; give one that has no transaction yet."""
    if connection.dialect.name == "postgresql" and not connection.in_transaction():
        return connection.execution_options(isolation_level="REPEATABLE READ")
    return connection


def verify(
    connection: Connection,
    keys: Mapping[str, bytes],
    checkpoints: Iterable[Head] = (),
    *,
    offices: Collection[int] | None = None,
    since: Mapping[int, Head] | None = None,
    progress: Progress | None = None,
) -> list[Trail]:
    """Return every office's trail (or these offices'), checked; one that only a checkpoint knows was cut off whole.

    `since` are heads, by office, that somebody vouches for: what lies before them is not read. Give a connection that
    has no transaction yet: all is read from one snapshot.
    """
    connection = snapshot(connection)
    codes = dict(connection.execute(select(Office.id, Office.code)).tuples().all())
    expected: dict[int, list[Head]] = {}
    for head in checkpoints:
        expected.setdefault(head.office_id, []).append(head)
    heads = {head.office_id: head for head in list_heads(connection)}
    wanted = codes.keys() | heads.keys() | expected.keys()
    return [
        _Verification(connection, keys, office_id, codes.get(office_id), heads.get(office_id)).run(
            expected.get(office_id, []), (since or {}).get(office_id), progress
        )
        for office_id in sorted(wanted if offices is None else wanted & set(offices))
    ]


def list_heads(connection: Connection) -> list[Head]:
    """Return where the trail of every office ends, at one instant."""
    query = select(Stream.office_id, Stream.number, Stream.mac).order_by(Stream.office_id)
    return [Head(*row) for row in connection.execute(query).tuples()]


def find_signing_key(connection: Connection) -> str | None:
    """Return the newest key that signs in any office, None before the first event."""
    found = connection.execute(select(Stream.key_id).where(Stream.key_id.is_not(None)).distinct()).scalars().all()
    return max((str(key_id) for key_id in found), key=lambda key_id: (len(key_id), key_id), default=None)


def find_mac(connection: Connection, office_id: int, number: int) -> str | None:
    """Return the signature of one event (that of an empty trail for number 0), None when there is no such event."""
    if number == 0:
        return FIRST_LINK
    query = select(EventRow.mac).where(EventRow.office_id == office_id, EventRow.number == number)
    return connection.execute(query).scalar()


def read_rows(connection: Connection, office_id: int, *, after: int = 0, last: int | None = None) -> Iterator[Row]:
    """Yield an office's events after one number, up to another, as the driver gives them: the fields of `Entry`."""
    number = _COLUMNS.number
    query = _EVENTS.where(_COLUMNS.office_id == office_id, number > after)
    if last is not None:
        query = query.where(number <= last)
    with connection.execute(query.order_by(number), execution_options={"yield_per": BATCH}) as rows:
        for part in rows.partitions():
            yield from part  # type: ignore[misc]


def reached_before(connection: Connection, head: Head) -> Reached:
    """Return from where to verify on so that the event of `head` itself is the first; raise `NotInTheTrail`.

    The signature before it and its key are taken from the database, and vouched for when `head` turns out to hold.
    """
    if head.number == 0:
        return BEGINNING
    before = find_mac(connection, head.office_id, head.number - 1)
    query = select(EventRow.key_id).where(EventRow.office_id == head.office_id, EventRow.number == head.number)
    key_id = connection.execute(query).scalar()
    if before is None or key_id is None:
        raise NotInTheTrail
    return Reached(head.number - 1, before, key_id)


def follow(chain: Chain, rows: Iterator[Row]) -> Fault | None:
    """Let a chain follow rows; what cannot be read, or is of a type that no event has, is a fault too."""
    try:
        return chain.follow(rows)
    except DBAPIError:
        return Fault(chain.office_id, chain.reached.number + 1, "unreadable")
    except (TypeError, ValueError, KeyError):  # signs that no signature has, or a key rotation that makes no sense
        return Fault(chain.office_id, chain.reached.number + 1, "signature")


@dataclass(slots=True)
class _Verification:
    connection: Connection
    keys: Mapping[str, bytes]
    office_id: int
    code: str | None
    head: Head | None

    def run(self, expected: list[Head], since: Head | None, progress: Progress | None) -> Trail:
        try:
            reached = BEGINNING if since is None else reached_before(self.connection, since)
        except NotInTheTrail:
            number = 0 if since is None else since.number
            return Trail(self.office_id, self.code, 0, FIRST_LINK, Fault(self.office_id, number, "cut"), number)
        heads = expected if since is None else [*expected, since]
        chain = Chain(self.office_id, self.keys, reached=reached, expected=heads)
        rows = read_rows(self.connection, self.office_id, after=reached.number)
        fault = follow(chain, rows if progress is None else _reporting(rows, self.office_id, progress))
        fault = fault or chain.finish() or head_fault(chain, self.head)
        end = chain.reached
        return Trail(self.office_id, self.code, end.number, end.mac, fault, 0 if since is None else since.number)


def head_fault(chain: Chain, head: Head | None) -> Fault | None:
    """Return the fault of a trail that does not end where the office's stream says."""
    end = chain.reached
    if head is not None and (head.number, head.mac) == (end.number, end.mac):
        return None
    return Fault(chain.office_id, max(end.number, 0 if head is None else head.number), "head")


def _reporting(rows: Iterator[Any], office_id: int, progress: Progress) -> Iterator[Any]:
    for read, row in enumerate(rows, 1):
        yield row
        if read % (BATCH * 5) == 0:
            progress(office_id, read)
