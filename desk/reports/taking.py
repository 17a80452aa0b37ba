"""What became of handoffs to a service's queue or a pool: who gave was free at once, but when did somebody take it?

Taken is what an officer calls to a counter, goes on with at one, takes out of the pool, or accepts as an offer. Ended
or handed on elsewhere before, it was never taken; so is what lies in a queue when the visitor leaves it uncalled.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, column, select, table

from desk.domain.facts import EventName
from desk.domain.identity import event_of
from desk.domain.lifecycle import State
from desk.reads.reader import Reader
from desk.reports.raw import AT_ONCE, Raw

NEVER: Final = -1


class Fate(StrEnum):
    """How a handoff to a queue or a pool stands."""

    TAKEN = "taken"
    LYING = "lying"
    UNTAKEN = "untaken"


Taking = tuple[Fate | None, int]  # and the microseconds it lay until then; -1 where nobody took it
PERSONAL: Final[Taking] = (None, NEVER)

TAKES: Final = frozenset({EventName.TRANSACTION_CALLED, EventName.TAKEN_FROM_POOL, EventName.HANDOFF_ACCEPTED})
PASSES: Final = frozenset({EventName.TRANSFERRED_TO_QUEUE, EventName.HANDED_TO_POOL, EventName.HANDOVER_FORCED})
ENDS: Final = frozenset({EventName.TRANSACTION_COMPLETED, EventName.TRANSACTION_CANCELLED})
# These end the wait in a queue only: what rests in a pool meanwhile lies there still.
UNSERVED: Final = frozenset({EventName.VISITOR_LEFT, EventName.VISITOR_MISSED_CALL, EventName.CLOSED_UNSERVED})
TOLD: Final = TAKES | PASSES | ENDS | UNSERVED


def takings_of(raw: Raw, told: Sequence[Any], at: int) -> dict[int, Taking]:
    """Return, by handoff to a queue or a pool, its fate; `told` are the later events of the transaction, in order."""
    at_work = {each.opened_by: each.started_at for each in raw.segments if each.state == State.SERVING}
    return {each.id: _taking(each, told, at_work, at) for each in raw.handoffs if to_a_place(each)}


def to_a_place(handoff: Any) -> bool:
    """Tell whether this row is of a handoff to a queue or a pool, by an order too."""
    return bool(handoff.to_pool_id or handoff.to_service_id)


def _taking(handoff: Any, told: Sequence[Any], at_work: dict[int, int], at: int) -> Taking:
    leaves = PASSES | ENDS if handoff.to_pool_id else PASSES | ENDS | UNSERVED
    number = event_of(handoff.id)
    takes = {each.number: each.at for each in told if each.name in TAKES and each.number > number}
    takes |= {opened: begun for opened, begun in at_work.items() if opened > number}
    gone = min((each.number for each in told if each.name in leaves and each.number > number), default=None)
    taken = min(takes, default=None)
    if taken is not None and (gone is None or taken < gone):
        return Fate.TAKEN, max(0, takes[taken] - handoff.offered_at)
    return (Fate.LYING, max(0, at - handoff.offered_at)) if gone is None else (Fate.UNTAKEN, NEVER)


def read_told(reader: Reader, office_id: int, found: Sequence[Raw]) -> dict[int, list[Any]]:
    """Return, by transaction that was ever handed to a queue or a pool, the events that may tell what became of it."""
    ids = [raw.row.id for raw in found if any(map(to_a_place, raw.handoffs))]
    told: dict[int, list[Any]] = defaultdict(list)
    for row in _events(reader, office_id, ids):
        told[row.transaction_id].append(row)
    return told


def _events(reader: Reader, office_id: int, ids: Sequence[int]) -> Iterator[Any]:
    of: ColumnElement[Any] = column("transaction_id")
    name: ColumnElement[Any] = column("name")
    for first in range(0, len(ids), AT_ONCE):
        query = (
            select(of, column("number"), name, column("at"))
            .select_from(table("events"))
            .where(column("office_id") == office_id, of.in_(ids[first : first + AT_ONCE]))
            .where(name.in_([each.value for each in TOLD]))
            .order_by(of, column("number"))
        )
        yield from reader.execute(query)
