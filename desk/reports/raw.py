"""The state rows of some transactions, with the driver's own values: instants are numbers, JSON may still be text."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, column, select, table

from desk.domain.identity import event_of
from desk.reads.reader import Reader

AT_ONCE: Final = 1_000

TRANSACTIONS: Final = ("id", "first_visit_id", "first_service_id", "service_id", "state", "opened_at", "ended_at",
                       "ending", "outcome", "handoffs", "wait_promise_s", "promise_s", "used_s")  # fmt: skip
VISITS: Final = ("channel", "priority", "priority_reason")
SEGMENTS: Final = ("transaction_id", "ordinal", "state", "holder_id", "counter_id", "service_id", "started_at",
                   "ended_at", "epoch", "pool_id", "opened_by")  # fmt: skip
ENTRIES: Final = ("transaction_id", "id", "service_id", "joined_at", "ended_at")
HANDOFFS: Final = ("transaction_id", "id", "giver_id", "receiver_id", "kind", "reason", "state", "answer_reason",
                   "to_service_id", "to_counter_id", "to_pool_id", "offered_at", "answered_at")  # fmt: skip
CALLS: Final = ("transaction_id", "id", "officer_id", "counter_id", "service_id", "called_at", "why", "picked",
                "passed_count", "passed_over", "taken_back_at")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Raw:
    """One transaction with what hangs on it, each list in the order in which it came about."""

    row: Any
    segments: list[Any]
    entries: list[Any]
    handoffs: list[Any]
    calls: list[Any]


def read_raw(reader: Reader, office_id: int, ids: Iterable[int]) -> Iterator[Raw]:
    """Yield these transactions of an office."""
    ordered = sorted(ids)
    for first in range(0, len(ordered), AT_ONCE):
        yield from _portion(reader, office_id, ordered[first : first + AT_ONCE])


def _portion(reader: Reader, office_id: int, ids: Sequence[int]) -> Iterator[Raw]:
    hanging = [
        _grouped(reader, office_id, name, columns, order, ids)
        for name, columns, order in (
            ("custody_segments", SEGMENTS, "ordinal"),
            ("queue_entries", ENTRIES, "id"),
            ("handoffs", HANDOFFS, "id"),
            ("calls", CALLS, "id"),
        )
    ]
    for row in _rows(reader, office_id, ids):
        yield Raw(row, *(each[row.id] for each in hanging))


def _rows(reader: Reader, office_id: int, ids: Sequence[int]) -> Sequence[Any]:
    found = table("transactions", *map(column, ("office_id", *TRANSACTIONS)))
    visits = table("visits", *map(column, ("office_id", "id", *VISITS)))
    same = and_(visits.c.office_id == found.c.office_id, visits.c.id == found.c.first_visit_id)
    query = (
        select(*(found.c[name] for name in TRANSACTIONS), *(visits.c[name] for name in VISITS))
        .join_from(found, visits, same)
        .where(found.c.office_id == office_id, found.c.id.in_(ids))
        .order_by(found.c.id)
    )
    return reader.execute(query).all()


def _grouped(
    reader: Reader, office_id: int, name: str, columns: Sequence[str], order: str, ids: Sequence[int]
) -> dict[int, list[Any]]:
    of: ColumnElement[Any] = column("transaction_id")
    query = select(*map(column, columns)).select_from(table(name)).where(column("office_id") == office_id, of.in_(ids))
    groups: dict[int, list[Any]] = defaultdict(list)
    for row in reader.execute(query.order_by(of, column(order))):
        groups[row.transaction_id].append(row)
    return groups


def read_names(reader: Reader, office_id: int, entries: Sequence[int]) -> dict[int, str]:
    """Return, for ids of queue entries, the name of the event that began each."""
    found: dict[int, str] = {}
    for first in range(0, len(entries), AT_ONCE):
        numbers = {event_of(each): each for each in entries[first : first + AT_ONCE]}
        number: ColumnElement[Any] = column("number")
        query = select(number, column("name")).select_from(table("events"))
        query = query.where(column("office_id") == office_id, number.in_(numbers))
        found.update((numbers[row.number], row.name) for row in reader.execute(query))
    return found
