"""Answers tied to a transaction, beside what happened in it: waits, handoffs, promises, the hour.

They stand where the scores count them: on the day the answer came, under the service the transaction had then, by one
questionnaire, and however it ended: so few are left that the scores count and these do not (those that are tied to
none), of which only the number is read.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from itertools import chain
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, extract, func, select

from desk.domain.hours import day_bounds
from desk.domain.invitation import Standing
from desk.domain.questionnaires import FULL, Measure
from desk.domain.skm_period import Period
from desk.domain.tallies import OFFICIAL, Origin
from desk.models import Office, QuestionnaireRow, ResponseRow, SurveyTally, TransactionRow
from desk.reads.reader import Reader
from desk.reports.columns import Ints
from desk.reports.facts import Facts, load_facts
from desk.reports.kinds import Transactions
from desk.reports.lasting import RestsOn
from desk.reports.late_work import works_of
from desk.reports.statistics import Floats, Mask
from desk.reports.undue_waits import load_waits

FACTORS: Final = ("waited_over", "handed_on", "officer_changed", "work_late", "called_again", "afternoon")
LENGTHS: Final = ("first_wait", "all_waiting", "total")
MOST: Final = 2  # this many handoffs or more are one group
NOON: Final = 12
HALVES: Final = 2  # of a day
TALLIES: Any = SurveyTally.__table__


@dataclass(frozen=True, slots=True)
class Place:
    """Where the scores count an answer: a month of the year, and a service (0: not told)."""

    month: int
    service_id: int


@dataclass(frozen=True)
class Linked:
    """Answers by one questionnaire, one row for each; `others` are how many more the scores count, by place.

    `held` says for each factor whether it holds, `judged` of whom it can be said at all; satisfaction is from 0 to 1.
    """

    measure: Measure
    months: Ints
    services: Ints
    satisfaction: Floats
    handoffs: Ints  # MOST and more are one group
    held: dict[str, Mask]
    judged: dict[str, Mask]
    lengths: dict[str, Floats]
    others: dict[Place, int]
    rests_on: RestsOn = field(default_factory=lambda: RestsOn(date.max))

    def within(self, period: Period, service_id: int = 0) -> Mask:
        """Return which came in a period of their year, about one service; 0 for all."""
        mask: Mask = (self.months >= period.first.month) & (self.months <= period.last.month)
        return mask & (self.services == service_id) if service_id else mask

    def of(self, period: Period) -> "Linked":
        """Return those of a period only."""
        mask = self.within(period)
        months = range(period.first.month, period.last.month + 1)
        return Linked(
            self.measure,
            self.months[mask],
            self.services[mask],
            self.satisfaction[mask],
            self.handoffs[mask],
            {name: column[mask] for name, column in self.held.items()},
            {name: column[mask] for name, column in self.judged.items()},
            {name: column[mask] for name, column in self.lengths.items()},
            {place: count for place, count in self.others.items() if place.month in months},
        )

    def strata(self, factor: str = "") -> Ints:
        """Return what like is compared with like on: quarter, service and half of the day.

        Without the half for the factor that is the half itself. No finer than that: each figure that rests on an hour
        would tell the few who came in it apart.
        """
        halves = np.zeros(self.months.size, np.int64) if factor == "afternoon" else self.held["afternoon"]
        quarters = (self.months - 1) // 3
        return (self.services * 4 + quarters) * HALVES + halves

    @cached_property
    def service_ids(self) -> list[int]:
        """The services anybody answered about, here or among the others."""
        return sorted({*np.unique(self.services).tolist(), *(each.service_id for each in self.others)})


@dataclass(frozen=True, slots=True)
class _Given:
    """What the answers say: which transaction, which month, which service, how satisfied."""

    transactions: Ints
    months: Ints
    services: Ints
    satisfaction: Floats


def most_answered(reader: Reader, office_id: int, period: Period) -> Measure:
    """Return the questionnaire by which most linked answers of a period came, whichever the service."""
    query = (
        select(TALLIES.c.measure, func.sum(TALLIES.c.answers))
        .where(
            TALLIES.c.office_id == office_id,
            TALLIES.c.holder_id == 0,
            TALLIES.c.day.between(period.first, period.last),
            TALLIES.c.origin == Origin.LINKED.value,
        )
        .group_by(TALLIES.c.measure)
    )
    counts = dict(reader.execute(query).tuples().all())
    return max(Measure, key=lambda each: int(counts.get(each.value, 0)))


def load_linked(reader: Reader, office_id: int, period: Period, measure: Measure, *, at: datetime) -> Linked:
    """Return the answers of a period by a questionnaire."""
    given = _given(reader, office_id, period, measure)
    first = _earliest(reader, office_id, given, period)
    facts = load_facts(reader, office_id, first, period.last, at=at, kinds=(Transactions,))
    known, places = _found(facts, given.transactions)
    months, services = given.months[known], given.services[known]
    held, judged = _factors(reader, facts)
    return Linked(
        measure,
        months,
        services,
        given.satisfaction[known],
        np.minimum(facts.transactions.handoffs, MOST).astype(np.int64)[places],
        {name: mask[places] for name, mask in held.items()},
        {name: mask[places] for name, mask in judged.items()},
        {name: column[places].astype(np.float64) for name, column in _lengths(facts).items()},
        count_others(reader, office_id, period, measure, Counter(map(Place, months.tolist(), services.tolist()))),
        _rests_on(facts, period, given.transactions, places),
    )


def joined(parts: Sequence[Linked]) -> Linked:
    """Return the answers of several periods of a year, one after the other, by the same questionnaire."""

    def columns(of: Callable[[Linked], NDArray[Any]]) -> NDArray[Any]:
        return np.concatenate([of(each) for each in parts])

    first = parts[0]
    return Linked(
        first.measure,
        columns(lambda each: each.months),
        columns(lambda each: each.services),
        columns(lambda each: each.satisfaction),
        columns(lambda each: each.handoffs),
        {name: columns(lambda each, name=name: each.held[name]) for name in first.held},  # type: ignore[misc]
        {name: columns(lambda each, name=name: each.judged[name]) for name in first.judged},  # type: ignore[misc]
        {name: columns(lambda each, name=name: each.lengths[name]) for name in first.lengths},  # type: ignore[misc]
        {place: count for each in parts for place, count in each.others.items()},
        RestsOn(
            max(each.rests_on.until for each in parts),
            frozenset().union(*(each.rests_on.transactions for each in parts)),
            moves=any(each.rests_on.moves for each in parts),
        ),
    )


def _rests_on(facts: Facts, period: Period, transactions: Ints, places: Ints) -> RestsOn:
    """Return what the answers rest on: how it went with a transaction that is open again changes as time goes on."""
    moves = bool((facts.transactions.ended_at[places] == 0).any())
    return RestsOn(period.last, frozenset(transactions.tolist()), moves=moves)


def _found(facts: Facts, transactions: Ints) -> tuple[Mask, Ints]:
    """Return which of these transactions are among the facts, and where."""
    ids = facts.transactions.id
    if not ids.size:
        return np.zeros(transactions.size, bool), np.zeros(0, np.int64)
    order = np.argsort(ids)
    places = order[np.minimum(np.searchsorted(ids, transactions, sorter=order), ids.size - 1)]
    known: Mask = ids[places] == transactions
    return known, places[known]


def _factors(reader: Reader, facts: Facts) -> tuple[dict[str, Mask], dict[str, Mask]]:
    """Return for each factor which transactions it holds for, and of which it can be said at all."""
    found, works = facts.transactions, works_of(facts)
    everybody = np.ones(found.id.size, bool)
    held: dict[str, Mask] = {
        "waited_over": load_waits(reader, facts).late,
        "handed_on": found.handoffs > 0,
        "officer_changed": found.officers > 1,
        "work_late": works.late,
        "called_again": found.calls > 1,
        "afternoon": found.hour >= NOON,
    }
    return held, {name: works.counted if name == "work_late" else everybody for name in held}


def _lengths(facts: Facts) -> dict[str, Ints]:
    found = facts.transactions
    waiting = found.first_wait + found.handoff_wait + found.return_wait
    return {"first_wait": found.first_wait, "all_waiting": waiting, "total": found.total}


def _given(reader: Reader, office_id: int, period: Period, measure: Measure) -> _Given:
    months: list[Ints] = []
    for month, (begins, ends) in month_bounds(reader, office_id, period):
        query = answers_by(measure).where(
            ResponseRow.office_id == office_id,
            ResponseRow.received_at >= begins,
            ResponseRow.received_at < ends,
            ResponseRow.satisfaction.is_not(None),
            ResponseRow.standing == Standing.VISITOR.value,
        )
        rows = numbers(reader, query, 3)
        months.append(np.insert(rows, 1, month, axis=1))
    columns = np.concatenate(months)
    return _Given(columns[:, 0], columns[:, 1], columns[:, 2], columns[:, 3] / FULL)


def numbers(reader: Reader, query: Select[Any], columns: int) -> Ints:
    """Return the rows of a query for so many whole numbers, none of them NULL.

    They are taken from the driver as they are: to make each of tens of thousands a `Row` takes most of the time.
    """
    found: Any = reader.execute(query)
    return np.fromiter(chain.from_iterable(found.cursor.fetchall()), np.int64).reshape(-1, columns)


def answers_by(measure: Measure) -> Select[Any]:
    """Ask for answers by a questionnaire; one without a number is the one question every desk begins with."""
    mine = (QuestionnaireRow.office_id == ResponseRow.office_id) & (QuestionnaireRow.id == ResponseRow.questionnaire_id)
    service = func.coalesce(ResponseRow.service_id, 0)
    query = select(ResponseRow.transaction_id, service, ResponseRow.satisfaction)
    by_measure = QuestionnaireRow.measure == measure.value
    if measure is Measure.CSAT:
        return query.outerjoin(QuestionnaireRow, mine).where(by_measure | ResponseRow.questionnaire_id.is_(None))
    return query.join(QuestionnaireRow, mine).where(by_measure)


def month_bounds(reader: Reader, office_id: int, period: Period) -> Iterator[tuple[int, tuple[datetime, datetime]]]:
    """Return each month of a period with the instants at which it begins and ends."""
    office = reader.execute(select(Office.zone, Office.day_starts_at).where(Office.id == office_id)).one()
    zone, starts_at = ZoneInfo(office.zone), time(*divmod(office.day_starts_at, 60))
    for month in range(period.first.month, period.last.month + 1):
        mine = Period(period.year, 1, month)
        begins, ends = (day_bounds(each.first, zone, starts_at=starts_at)[0] for each in (mine, mine.after))
        yield month, (begins, ends)


def _earliest(reader: Reader, office_id: int, given: _Given, period: Period) -> date:
    """Return a day before which none of the transactions was opened: the oldest has the smallest number."""
    if not given.transactions.size:
        return period.first
    mine = (TransactionRow.office_id == office_id) & (TransactionRow.id == int(given.transactions.min()))
    opened_at = reader.execute(select(TransactionRow.opened_at).where(mine)).scalar_one()
    return min(period.first, date.fromordinal(opened_at.date().toordinal() - 1))


def count_others(
    reader: Reader, office_id: int, period: Period, measure: Measure, mine: Counter[Place]
) -> dict[Place, int]:
    """Return how many more have a satisfaction that the scores count."""
    month = extract("month", TALLIES.c.day)
    query = (
        select(month, TALLIES.c.service_id, func.sum(TALLIES.c.rated))
        .where(
            TALLIES.c.office_id == office_id,
            TALLIES.c.holder_id == 0,
            TALLIES.c.day.between(period.first, period.last),
            TALLIES.c.measure == measure.value,
            TALLIES.c.origin.in_([each.value for each in OFFICIAL]),
        )
        .group_by(month, TALLIES.c.service_id)
    )
    counted = {Place(int(row[0]), int(row[1])): int(row[2]) for row in reader.execute(query)}
    return {place: count - mine[place] for place, count in counted.items() if count > mine[place]}
