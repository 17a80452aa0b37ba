"""Consistency of service: what goes along with a change of officer, and how much depends on who serves.

Everything is counted over transactions opened in the time and completed; how satisfied visitors were stands in
`desk.reports.associations`. Groups differ in more than what names them (difficult matters are handed on more often),
so a difference is a question, never a cause. Figures are hidden under `SHOWN` observations; nobody is ranked under
`RANKED`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from desk.domain.lifecycle import Ending
from desk.reports.columns import Ints
from desk.reports.facts import Facts
from desk.reports.fairness import SHOWN
from desk.reports.late_work import works_of
from desk.reports.linked_answers import MOST
from desk.reports.statistics import (
    Estimate,
    Floats,
    Mask,
    Matched,
    matched_difference,
    matched_share_difference,
    mean_with_interval,
    wilson,
)
from desk.reports.undue_waits import Measured

MEASURES: Final = ("first_wait", "all_waiting", "total", "promise_kept", "work_kept")
SHARES: Final = frozenset({"promise_kept", "work_kept"})
OF_SOME: Final = frozenset({"work_kept"})  # which not every transaction has


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure in one group: seconds, or a share.

    `estimate` is a mean or a share with its interval, `median` and `ninetieth` are of seconds; `matched` compares with
    transactions that were never handed on, same service and same hour. None where there are too few to tell.
    """

    measure: str
    handoffs: int
    count: int
    estimate: Estimate | None
    median: float | None
    ninetieth: float | None
    matched: Matched | None


@dataclass(frozen=True, slots=True)
class Columns:
    """The completed transactions as the comparison sees them; a value that is missing is not a number."""

    groups: Ints
    strata: Ints
    values: dict[str, Floats]


def completed(facts: Facts, service_id: int = 0) -> Mask:
    """Return the transactions that are compared."""
    found = facts.transactions
    mask: Mask = found.ending == facts.code(Ending.COMPLETED)
    return mask & (found.first_service == service_id) if service_id else mask


def strata_of(facts: Facts) -> Ints:
    """Return what transactions are matched on: the service the visitor came for and the hour of the day."""
    found = facts.transactions
    return found.first_service.astype(np.int64) * 24 + found.hour


def by_handoffs(waits: Measured, service_id: int = 0) -> list[Figure]:
    """Return each measure for transactions with none, one, and two or more accepted handoffs."""
    columns = _columns(waits, completed(waits.facts, service_id))
    return [_figure(columns, measure, group) for measure in MEASURES for group in range(MOST + 1)]


def _columns(waits: Measured, mask: Mask) -> Columns:
    found = waits.facts.transactions
    waiting = found.first_wait + found.handoff_wait + found.return_wait
    seconds = {"first_wait": found.first_wait, "all_waiting": waiting, "total": found.total}
    values = {name: column[mask] / 1e6 for name, column in seconds.items()}
    values["promise_kept"] = (~waits.late)[mask].astype(np.float64)
    works = works_of(waits.facts)
    values["work_kept"] = np.where(works.counted, ~works.late, np.nan)[mask]
    return Columns(np.minimum(found.handoffs[mask], MOST).astype(np.int64), strata_of(waits.facts)[mask], values)


def _figure(columns: Columns, measure: str, group: int) -> Figure:
    values = columns.values[measure]
    known = ~np.isnan(values)
    own = values[known & (columns.groups == group)]
    if own.size < SHOWN:
        return Figure(measure, group, own.size, None, None, None, None)
    seconds = measure not in SHARES
    median, ninetieth = quantiles(own) if seconds else (None, None)
    return Figure(
        measure, group, own.size, _estimate(measure, own), median, ninetieth, _matched(columns, measure, group)
    )


def _estimate(measure: str, values: Floats) -> Estimate | None:
    if measure not in SHARES:
        return mean_with_interval(values)
    hits = int(values.sum())
    return Estimate(hits / values.size, wilson(hits, values.size), values.size)


def quantiles(values: Floats) -> tuple[float, float]:
    """Return the smallest values that half and nine tenths of the values do not exceed (nearest rank)."""
    ordered = np.sort(values)
    median, ninetieth = (float(ordered[-(-percent * values.size // 100) - 1]) for percent in (50, 90))
    return median, ninetieth


def _matched(columns: Columns, measure: str, group: int) -> Matched | None:
    """Compare with those never handed on; hidden where fewer than `SHOWN` of either side have a counterpart."""
    if group == 0:
        return None
    values = columns.values[measure]
    mask = ~np.isnan(values) & ((columns.groups == group) | (columns.groups == 0))
    exposed, strata = columns.groups[mask] == group, columns.strata[mask]
    if measure in SHARES:
        found = matched_share_difference(values[mask] > 0, exposed, strata)
    else:
        found = matched_difference(values[mask], exposed, strata)
    return found if found is not None and min(found.exposed, found.others) >= SHOWN else None


def figures_of(figures: Sequence[Figure], measure: str) -> list[Figure]:
    """Return the figures of one measure, by number of handoffs."""
    return [each for each in figures if each.measure == measure]
