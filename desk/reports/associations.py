"""What goes along with satisfaction: waits, handoffs, promises, the hour; each difference with its interval.

Counted are completed transactions whose visitor answered, tied to the transaction. What goes along is no cause: a hard
matter waits longer, is handed on and pleases less, all at once. So every difference is also told like with like (same
service, same hour), and the page says what it does not say.
"""

from dataclasses import dataclass
from math import atanh, sqrt, tanh
from typing import Final

import numpy as np

from desk.reads.reader import Reader
from desk.reports.columns import Ints
from desk.reports.consistency import completed, satisfaction_of, strata_of
from desk.reports.fairness import SHOWN
from desk.reports.late_work import works_of
from desk.reports.statistics import (
    Estimate,
    Floats,
    Interval,
    Mask,
    Matched,
    matched_difference,
    mean_with_interval,
    normal,
)
from desk.reports.telling import hide_small
from desk.reports.undue_waits import Measured

FACTORS: Final = ("waited_over", "handed_on", "officer_changed", "work_late", "called_again", "afternoon")
LENGTHS: Final = ("first_wait", "all_waiting", "total")
NOON: Final = 12
FEWEST_RANKS: Final = 10


@dataclass(frozen=True, slots=True)
class Association:
    """One factor: the satisfaction (0 to 1) of those it holds for and of the others, and the difference, matched.

    Where fewer than five stand on one side, neither is told.
    """

    factor: str
    exposed: int
    others: int
    with_it: Estimate | None
    without: Estimate | None
    matched: Matched | None


@dataclass(frozen=True, slots=True)
class Correlation:
    """How a length of time and satisfaction rise together, −1 to 1; None where too few answered."""

    length: str
    count: int
    value: Estimate | None


def associations(reader: Reader, waits: Measured, service_id: int = 0) -> tuple[list[Association], list[Correlation]]:
    """Return every factor and every length of time beside the satisfaction of those who answered."""
    facts = waits.facts
    mask = completed(facts, service_id)
    found = facts.transactions
    satisfaction = satisfaction_of(reader, facts, found.id[mask])
    known = ~np.isnan(satisfaction)
    values, strata = satisfaction[known], strata_of(facts)[mask][known]
    services = found.first_service[mask][known].astype(np.int64)
    factors = [
        _association(name, values, held[mask][known], judged[mask][known], services if name == "afternoon" else strata)
        for name, (held, judged) in _exposed(waits).items()
    ]
    lengths = {
        "first_wait": found.first_wait,
        "all_waiting": found.first_wait + found.handoff_wait + found.return_wait,
        "total": found.total,
    }
    return factors, [_correlation(name, values, lengths[name][mask][known].astype(np.float64)) for name in LENGTHS]


def _exposed(waits: Measured) -> dict[str, tuple[Mask, Mask]]:
    """Return for each factor whom it holds for, and of whom it can be said at all."""
    found = waits.facts.transactions
    everybody = np.ones(found.id.size, bool)
    works = works_of(waits.facts)
    return {
        "waited_over": (waits.late, everybody),
        "handed_on": (found.handoffs > 0, everybody),
        "officer_changed": (found.officers > 1, everybody),
        "work_late": (works.late, works.counted),
        "called_again": (found.calls > 1, everybody),
        "afternoon": (found.hour >= NOON, everybody),
    }


def _association(name: str, values: Floats, exposed: Mask, judged: Mask, strata: Ints) -> Association:
    values, exposed, strata = values[judged], exposed[judged], strata[judged]
    own, others = values[exposed], values[~exposed]
    # Both sides are all who answered, whose mean stands elsewhere: where one is hidden, so is the other.
    hides = any(hide_small([own.size, others.size], SHOWN))
    matched = matched_difference(values, exposed, strata) if min(own.size, others.size) >= SHOWN else None
    if matched is not None and min(matched.exposed, matched.others) < SHOWN:
        matched = None
    with_it, without = (None if hides or not each.size else mean_with_interval(each) for each in (own, others))
    return Association(name, own.size, others.size, with_it, without, matched)


def _correlation(name: str, values: Floats, lengths: Floats) -> Correlation:
    if values.size < FEWEST_RANKS:
        return Correlation(name, values.size, None)
    return Correlation(name, values.size, rank_correlation(lengths, values))


def rank_correlation(one: Floats, other: Floats) -> Estimate | None:
    """Return Spearman's rank correlation with a 95-percent interval; None where one of the two never differs.

    Ties share their mean rank. Interval: Fisher's z with a standard error of √(1.06 ÷ (n − 3)) (Fieller, E. C.,
    Hartley, H. O. & Pearson, E. S. 1957, Biometrika 44, 470-481). Needs at least four pairs.
    """
    first, second = _ranks(one), _ranks(other)
    if first.size < 4 or not first.std() or not second.std():
        return None
    value = float(np.corrcoef(first, second)[0, 1])
    half = normal() * sqrt(1.06 / (first.size - 3))
    middle = atanh(min(max(value, -1 + 1e-12), 1 - 1e-12))
    return Estimate(value, Interval(tanh(middle - half), tanh(middle + half)), first.size)


def _ranks(values: Floats) -> Floats:
    """Return the rank of each value from 1; equal ones share their mean rank."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks: Floats = (last - (counts - 1) / 2)[places]
    return ranks
