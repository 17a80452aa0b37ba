"""Answers tied to a transaction, each with its chain as it was frozen: the shares of its officers and of its legs."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
from sqlalchemy import BigInteger, case, func, select, type_coerce

from desk.domain.clock import micros
from desk.domain.invitation import Standing
from desk.domain.questionnaires import Measure
from desk.domain.skm_period import Period
from desk.models import ResponseHandler, ResponseLeg, ResponseRow
from desk.reads.reader import Reader
from desk.reports.columns import Ints
from desk.reports.linked_answers import Place, answers_by, count_others, month_bounds, numbers
from desk.reports.statistics import Mask

HANDLERS: Any = ResponseHandler.__table__
LEGS: Any = ResponseLeg.__table__
LAST: Final = 5  # this leg and all after it are one line
Leg = tuple[int, int]  # its number, and the service it was at
Month = tuple[int, tuple[datetime, datetime]]  # and when it begins and ends


@dataclass(frozen=True, slots=True)
class Chains:
    """Answers by one questionnaire, one row for each; `others` are how many more the scores count, by place.

    `shares` are in ten-thousandths: a column for each of the `officers`, then one for each of the `legs`.
    """

    months: Ints
    services: Ints
    shares: Ints
    officers: list[int]
    legs: list[Leg]
    others: dict[Place, int]

    def of(self, period: Period) -> "Chains":
        """Return those of a period only."""
        first, last = period.first.month, period.last.month
        mask: Mask = (self.months >= first) & (self.months <= last)
        others = {place: count for place, count in self.others.items() if first <= place.month <= last}
        return Chains(self.months[mask], self.services[mask], self.shares[mask], self.officers, self.legs, others)


@dataclass(frozen=True, slots=True)
class ByQuarter:
    """The answers of some whole quarters, each read by itself."""

    quarters: Mapping[Period, Chains]

    def of(self, period: Period) -> Chains:
        """Return those of one of these quarters."""
        return self.quarters[period]


def load_chains(reader: Reader, office_id: int, period: Period, measure: Measure) -> Chains:
    """Return the answers of a period by a questionnaire that have a satisfaction."""
    months = list(month_bounds(reader, office_id, period))
    mine = (
        ResponseRow.office_id == office_id,
        ResponseRow.received_at >= months[0][1][0],
        ResponseRow.received_at < months[-1][1][1],
        ResponseRow.satisfaction.is_not(None),
        ResponseRow.standing == Standing.VISITOR.value,
    )
    answers = _answers(reader, measure, mine, months)
    officers, by_officer = _shares(reader, HANDLERS, (HANDLERS.c.holder_id,), mine, answers[:, 0])
    number = case((LEGS.c.leg > LAST, LAST), else_=LEGS.c.leg)
    legs, by_leg = _shares(reader, LEGS, (number, LEGS.c.service_id), mine, answers[:, 0])
    places = Counter(map(Place, answers[:, 1].tolist(), answers[:, 2].tolist()))
    return Chains(
        answers[:, 1],
        answers[:, 2],
        np.hstack([by_officer, by_leg]),
        [officer for (officer,) in officers],
        [(leg, service_id) for leg, service_id in legs],
        count_others(reader, office_id, period, measure, places),
    )


def _answers(reader: Reader, measure: Measure, mine: Sequence[Any], months: Sequence[Month]) -> Ints:
    """Return answers as (id, month, service), in the order of their ids."""
    at = type_coerce(ResponseRow.received_at, BigInteger)  # microseconds, as they are kept
    columns = (ResponseRow.id, at, func.coalesce(ResponseRow.service_id, 0))
    rows = numbers(reader, answers_by(measure).where(*mine).with_only_columns(*columns), len(columns))
    rows = rows[np.argsort(rows[:, 0])]
    begins = np.array([micros(begun) for _, (begun, _) in months], np.int64)
    numbered = np.array([number for number, _ in months], np.int64)
    rows[:, 1] = numbered[np.searchsorted(begins, rows[:, 1], side="right") - 1]
    return rows


def _shares(
    reader: Reader, table: Any, kinds: Sequence[Any], mine: Sequence[Any], ids: Ints
) -> tuple[list[list[int]], Ints]:
    """Return what kinds of shares there are, and of each answer (`ids`, in order) its share of each.

    Those of answers by another questionnaire are left out.
    """
    same = (table.c.office_id == ResponseRow.office_id) & (table.c.response_id == ResponseRow.id)
    query = select(table.c.response_id, table.c.share, *kinds).join(ResponseRow, same).where(*mine)
    rows = numbers(reader, query, 2 + len(kinds))
    if not ids.size or not rows.size:
        return [], np.zeros((ids.size, 0), np.int64)
    places = np.minimum(np.searchsorted(ids, rows[:, 0]), ids.size - 1)
    mine_too = ids[places] == rows[:, 0]
    rows, places = rows[mine_too], places[mine_too]
    found, columns = np.unique(rows[:, 2:], axis=0, return_inverse=True)
    shares = np.zeros((ids.size, len(found)), np.int64)
    np.add.at(shares, (places, columns.reshape(-1)), rows[:, 1])
    return found.tolist(), shares
