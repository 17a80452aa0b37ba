"""Undue waits: whose first wait passed what was promised with the number, by how long, and what happened then.

A transaction counts on the day of its opening, against the wait that its visitor was promised at check-in. Those still
waiting count with the wait they have had so far. "Undue delay" is the Ombudsman's word for it (penundaan berlarut):
the list says that a promise was not kept, not why. Work that passed its promise: `desk.reports.late_work`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import and_, select

from desk.domain.clock import instant
from desk.domain.lifecycle import State
from desk.models import Service, TransactionRow, Visit
from desk.reads.reader import Reader
from desk.reports.columns import Ints, Numbers
from desk.reports.facts import Facts
from desk.reports.fairness import SHOWN
from desk.reports.out_of_order import SECOND, in_portions
from desk.reports.statistics import Estimate, Mask, wilson
from desk.reports.waiting import promised_waits


@dataclass(frozen=True, slots=True)
class Measured:
    """What the transactions of some facts took against what was promised (microseconds), each under a service.

    `counted` are those that have such a promise at all.
    """

    facts: Facts
    services: Numbers
    counted: Mask
    promised: Ints
    taken: Ints

    @property
    def late(self) -> Mask:
        """Which passed the promise."""
        passed: Mask = self.counted & (self.taken > self.promised)
        return passed

    def chosen(self, service_id: int) -> Mask:
        """Return those that have a promise and are of this service; 0 for all."""
        return self.counted & (self.services == service_id) if service_id else self.counted

    def listed(self, service_id: int) -> list[int]:
        """Return the positions of the late ones, longest over the promise first."""
        mask = self.late & self.chosen(service_id)
        over = (self.taken - self.promised)[mask]
        places: list[int] = np.flatnonzero(mask)[np.argsort(-over, kind="stable")].tolist()
        return places


@dataclass(frozen=True, slots=True)
class LateVisit:
    """One undue wait; what happened then: served or not, and the word of how it ended or where it stands."""

    transaction_id: int
    number: str
    opened_at: datetime
    service_id: int
    waited_s: int
    promised_s: int
    served: bool
    stands: str
    waiting: bool

    @property
    def over_s(self) -> int:
        """By how many seconds the promise was passed."""
        return self.waited_s - self.promised_s


@dataclass(frozen=True, slots=True)
class Kept:
    """How many transactions of a service passed the promise (0: of all services), and the longest by how much.

    `promised_s` is the least and the most that was promised; both are the same unless it differed.
    """

    service_id: int
    transactions: int
    late: int
    share: Estimate | None
    longest_over_s: int
    promised_s: tuple[int, int]


def load_waits(reader: Reader, facts: Facts) -> Measured:
    """Return the first waits of these facts, of which it needs the transactions."""
    promises = dict(
        reader.execute(select(Service.id, Service.wait_promise_s).where(Service.office_id == facts.office_id))
        .tuples()
        .all()
    )
    found = facts.transactions
    everybody = np.ones(found.id.size, bool)
    return Measured(facts, found.first_service, everybody, promised_waits(found, promises), found.first_wait)


def summary(measured: Measured, service_id: int) -> tuple[Kept, list[Kept]]:
    """Return the count over all services that the filter lets through, and service by service."""
    services = np.unique(measured.services[measured.chosen(service_id)])
    return _kept(measured, service_id), [_kept(measured, int(each)) for each in services]


def _kept(measured: Measured, service_id: int) -> Kept:
    mask = measured.chosen(service_id)
    late = mask & measured.late
    count, hits = int(mask.sum()), int(late.sum())
    over, promised = (measured.taken - measured.promised)[late], measured.promised[mask]
    share = Estimate(hits / count, wilson(hits, count), count) if count >= SHOWN else None
    bounds = (int(promised.min()) // SECOND, int(promised.max()) // SECOND) if count else (0, 0)
    return Kept(service_id, count, hits, share, int(over.max(initial=0)) // SECOND, bounds)


def list_late(reader: Reader, waits: Measured, places: Sequence[int]) -> list[LateVisit]:
    """Return the late ones at these positions, in the order given."""
    found = waits.facts.transactions
    numbers = numbers_of(reader, waits.facts.office_id, [int(found.id[place]) for place in places])
    return [_late(waits, place, numbers) for place in places]


def _late(waits: Measured, place: int, numbers: dict[int, str]) -> LateVisit:
    facts, found = waits.facts, waits.facts.transactions
    ending = facts.words[found.ending[place]]
    state = facts.words[found.state[place]]
    served = bool(found.until_served[place] >= 0)
    return LateVisit(
        int(found.id[place]),
        numbers.get(int(found.id[place]), ""),
        instant(int(found.opened_at[place])),
        int(found.first_service[place]),
        int(found.first_wait[place]) // SECOND,
        int(waits.promised[place]) // SECOND,
        served,
        ending or state,
        not served and state == State.WAITING,
    )


def numbers_of(reader: Reader, office_id: int, ids: Sequence[int]) -> dict[int, str]:
    """Return the number of each transaction's first visit."""
    found: dict[int, str] = {}
    for portion in in_portions(ids):
        first: Any = and_(Visit.office_id == TransactionRow.office_id, Visit.id == TransactionRow.first_visit_id)
        query = select(TransactionRow.id, Visit.label).join(Visit, first)
        query = query.where(TransactionRow.office_id == office_id, TransactionRow.id.in_(portion))
        found.update(reader.execute(query).tuples().all())
    return found
