"""Work that passed its promise in working days: what was promised since complete documents, by how much, how it stands.

Measured is the office's clock, as everywhere: it stops in pauses that do not count for the office. What has ended
counts as it was frozen then, what is open with the time so far. Such a promise belongs to the service that has the
work: the last one.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from desk.domain.clock import instant
from desk.domain.facts import EventName
from desk.models import EventRow, TransactionRow
from desk.reads.reader import Reader
from desk.reports.facts import Facts
from desk.reports.out_of_order import SECOND, in_portions
from desk.reports.undue_waits import Measured, numbers_of

PROMISING: Final = (EventName.DOCUMENTS_COMPLETED, EventName.COMPLETENESS_CORRECTED)


@dataclass(frozen=True, slots=True)
class LateWork:
    """One transaction past its promise; seconds are of the office's time, `ended_at` None while it is open.

    `stands` is the word of how it ended or where it stands.
    """

    transaction_id: int
    number: str
    service_id: int
    complete_at: datetime
    promised_at: datetime
    days: int
    allowed_s: int
    used_s: int
    ended_at: datetime | None
    stands: str

    @property
    def over_s(self) -> int:
        """By how much of the office's time the promise was passed."""
        return self.used_s - self.allowed_s


def works_of(facts: Facts) -> Measured:
    """Return the promises in working days of these facts, of which it needs the transactions."""
    found = facts.transactions
    return Measured(facts, found.service, found.work_promised >= 0, found.work_promised, found.work_used)


def list_late_work(reader: Reader, works: Measured, places: Sequence[int]) -> list[LateWork]:
    """Return the late ones at these positions, in the order given."""
    office_id, ids = works.facts.office_id, [int(works.facts.transactions.id[place]) for place in places]
    numbers, days = numbers_of(reader, office_id, ids), _days(reader, office_id, ids)
    promises = _promises(reader, office_id, ids)
    return [_late(works, place, numbers, days, promises) for place in places]


def _late(
    works: Measured, place: int, numbers: dict[int, str], days: dict[int, int], promises: dict[int, Any]
) -> LateWork:
    facts, found = works.facts, works.facts.transactions
    here, ended_at = int(found.id[place]), int(found.ended_at[place])
    return LateWork(
        here,
        numbers.get(here, ""),
        int(works.services[place]),
        promises[here].complete_at,
        promises[here].promised_at,
        days[here],
        int(works.promised[place]) // SECOND,
        int(works.taken[place]) // SECOND,
        instant(ended_at) if ended_at else None,
        facts.words[found.ending[place]] or facts.words[found.state[place]],
    )


def _promises(reader: Reader, office_id: int, ids: Sequence[int]) -> dict[int, Any]:
    found: dict[int, Any] = {}
    for portion in in_portions(ids):
        query = select(TransactionRow.id, TransactionRow.complete_at, TransactionRow.promised_at)
        rows = reader.execute(query.where(TransactionRow.office_id == office_id, TransactionRow.id.in_(portion)))
        found.update((row.id, row) for row in rows)
    return found


def _days(reader: Reader, office_id: int, ids: Sequence[int]) -> dict[int, int]:
    """Return how many working days were promised, as the last event about the documents says."""
    found: dict[int, int] = {}
    for portion in in_portions(ids):
        query = select(EventRow.transaction_id, EventRow.payload).where(
            EventRow.office_id == office_id,
            EventRow.transaction_id.in_(portion),
            EventRow.name.in_([name.value for name in PROMISING]),
        )
        for row in reader.execute(query.order_by(EventRow.number)):
            found[row.transaction_id] = json.loads(row.payload)["days"]
    return found
