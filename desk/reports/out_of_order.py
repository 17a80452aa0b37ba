"""Calls out of order: of a particular visitor, or passing somebody over against the order of the queue.

A head start of the priority class is part of that order (docs/decisions/0004-queue-discipline.md): calling such a
visitor is not out of order, however many had arrived before.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
from sqlalchemy import and_, select

from desk.domain.counter_names import CounterName
from desk.domain.discipline import WhyCode
from desk.models import Call, Counter, Note, Office, QueueEntry, Service, Visit
from desk.reads.counter_names import NAMED
from desk.reads.reader import Reader
from desk.reports.columns import Ints
from desk.reports.facts import Facts
from desk.reports.statistics import Mask

AT_ONCE: Final = 500
SECOND: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Passed:
    """Somebody who had waited longer than the one called, by how many seconds."""

    transaction_id: int
    number: str
    by_s: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One call of the register; `reason` is None where no reason was given, because none was asked for.

    One that was taken back stays in it, and counts nowhere.
    """

    call_id: int
    transaction_id: int
    called_at: datetime
    number: str
    officer_id: int
    counter: CounterName
    service_names: dict[str, str]
    reason: str | None
    note: str | None
    waited_s: int
    passed: tuple[Passed, ...]
    taken_back: bool = False

    @property
    def by_s(self) -> int:
        """By how many seconds the one who had waited longest was passed over; 0 when nobody was."""
        return max((each.by_s for each in self.passed), default=0)


def out_of_order(reader: Reader, facts: Facts) -> Mask:
    """Return which calls were out of order."""
    calls = facts.calls
    found: Mask = calls.picked > 0
    against = _against_the_order(reader, facts.office_id, calls.id[_doubtful(reader, facts)])
    return found | np.isin(calls.id, against) if against else found


def _doubtful(reader: Reader, facts: Facts) -> Mask:
    """Return which calls in turn passed somebody over for another reason than a head start of today's length."""
    calls = facts.calls
    query = select(Office.head_start_s).where(Office.id == facts.office_id)
    head_start = int(reader.execute(query).scalar_one()) * SECOND
    ordinary = (calls.why == facts.code(WhyCode.PRIORITY)) & (calls.longest_overtaken <= head_start)
    doubtful: Mask = (calls.picked == 0) & (calls.passed_over > 0) & ~ordinary
    return doubtful


def _against_the_order(reader: Reader, office_id: int, ids: Ints) -> list[int]:
    """Return those calls that passed over somebody who stood before the one called, by the ranks of that moment."""
    found: list[int] = []
    for portion in in_portions(ids):
        own = (
            select(Call.id, Call.called_at, Call.passed_over, QueueEntry.rank_at, QueueEntry.id.label("entry"))
            .join(QueueEntry, and_(QueueEntry.office_id == Call.office_id, QueueEntry.id == Call.entry_id))
            .where(Call.office_id == office_id, Call.id.in_(portion))
        )
        rows = reader.execute(own).all()
        queued = _entries(reader, office_id, {each["transaction"] for row in rows for each in row.passed_over})
        found += [row.id for row in rows if any(_stood_before(row, each, queued) for each in row.passed_over)]
    return found


def _stood_before(call: Any, passed: dict[str, Any], queued: dict[int, list[Any]]) -> bool:
    return any(
        entry.joined_at <= call.called_at
        and (entry.ended_at is None or entry.ended_at >= call.called_at)
        and (entry.rank_at, entry.id) < (call.rank_at, call.entry)
        for entry in queued[passed["transaction"]]
    )


def _entries(reader: Reader, office_id: int, transactions: set[int]) -> dict[int, list[Any]]:
    queued: dict[int, list[Any]] = defaultdict(list)
    columns = (
        QueueEntry.transaction_id,
        QueueEntry.id,
        QueueEntry.rank_at,
        QueueEntry.joined_at,
        QueueEntry.ended_at,
    )
    for portion in in_portions(sorted(transactions)):
        query = select(*columns).where(QueueEntry.office_id == office_id, QueueEntry.transaction_id.in_(portion))
        for row in reader.execute(query):
            queued[row.transaction_id].append(row)
    return queued


def list_entries(reader: Reader, office_id: int, ids: Sequence[int]) -> list[Entry]:
    """Return the register's rows of these calls, in the order given."""
    found: dict[int, Entry] = {}
    for portion in in_portions(ids):
        query = (
            select(Call.__table__, Visit.label, NAMED.label("counter"), Service.name_id, Service.name_en, Note.words)
            .join(Visit, and_(Visit.office_id == Call.office_id, Visit.id == Call.visit_id))
            .join(Counter, Counter.id == Call.counter_id)
            .join(Service, Service.id == Call.service_id)
            .outerjoin(Note, and_(Note.office_id == Call.office_id, Note.id == Call.id))
            .where(Call.office_id == office_id, Call.id.in_(portion))
        )
        found.update((row.id, _entry(row)) for row in reader.execute(query))
    return [found[int(each)] for each in ids]


def _entry(row: Any) -> Entry:
    return Entry(
        row.id,
        row.transaction_id,
        row.called_at,
        row.label,
        row.officer_id,
        row.counter,
        {"id": row.name_id, "en": row.name_en},
        row.picked,
        row.words,
        int(row.why.get("waited", 0)),
        tuple(Passed(each["transaction"], each["label"], each["by"]) for each in row.passed_over),
        row.taken_back_at is not None,
    )


def in_portions(ids: Iterable[int]) -> Iterable[list[int]]:
    """Return ids in lists that fit into one query each."""
    every = [int(each) for each in ids]
    return (every[first : first + AT_ONCE] for first in range(0, len(every), AT_ONCE))
