"""How much of the difference in service time goes with who serves, among like matters at like hours.

Counted are completed transactions that one officer alone called, served and worked on, so that the time belongs to
that officer. The logarithm of the service time is freed of the mean of its service and hour; what remains is compared
between officers. A service and hour at which only one officer served says nothing about officers and is left out.
"""

from dataclasses import dataclass
from math import exp

import numpy as np

from desk.reports.columns import Ints, Numbers
from desk.reports.consistency import completed, strata_of
from desk.reports.facts import Facts
from desk.reports.fairness import RANKED, SHOWN
from desk.reports.statistics import (
    Estimate,
    Floats,
    Interval,
    Mask,
    Variance,
    intraclass,
    mean_with_interval,
    numbered_from_zero,
)


@dataclass(frozen=True, slots=True)
class OfficerTime:
    """An officer's service time as a multiple of what is usual for the same service at the same hour (1 is usual)."""

    officer_id: int
    transactions: int
    ratio: Estimate

    @property
    def ranked(self) -> bool:
        """Whether there are enough transactions for a place in an order."""
        return self.transactions >= RANKED


@dataclass(frozen=True, slots=True)
class OfficersShare:
    """The share of variance between officers (None: cannot be told), each officer's time, and what was left out."""

    variance: Variance | None
    officers: list[OfficerTime]
    hidden: int
    compared: int
    alone: int
    shared: int


def officers_share(facts: Facts, service_id: int = 0) -> OfficersShare:
    """Return how service times differ between the officers of an office."""
    found = facts.transactions
    mask = completed(facts, service_id) & (found.serving > 0)
    single = mask & (found.officers == 1)
    officers, strata = found.first_officer[single], strata_of(facts)[single]
    comparable = _with_several(officers, strata)
    officers, strata = officers[comparable], strata[comparable]
    left, absorbed = _freed(np.log(found.serving[single][comparable] / 1e6), strata)
    times, hidden = _times(officers, left)
    return OfficersShare(
        intraclass(left, officers, absorbed=absorbed) if left.size >= RANKED else None,
        times,
        hidden,
        int(left.size),
        int((~comparable).sum()),
        int(mask.sum() - single.sum()),
    )


def _with_several(officers: Numbers, strata: Ints) -> Mask:
    """Return the rows whose stratum has more than one officer."""
    if not officers.size:
        return np.zeros(0, bool)
    people, kinds = numbered_from_zero(officers), numbered_from_zero(strata)
    shape = (int(kinds.max()) + 1, int(people.max()) + 1)
    there = np.bincount(kinds * shape[1] + people, minlength=shape[0] * shape[1]).reshape(shape) > 0
    several: Mask = (there.sum(axis=1) > 1)[kinds]
    return several


def _freed(values: Floats, strata: Ints) -> tuple[Floats, int]:
    """Return the values less the mean of their stratum, and how many means that took beyond the overall one."""
    if not values.size:
        return values, 0
    numbered = numbered_from_zero(strata)
    means = np.bincount(numbered, weights=values) / np.bincount(numbered)
    return values - means[numbered], means.size - 1


def _times(officers: Numbers, left: Floats) -> tuple[list[OfficerTime], int]:
    """Return each officer's ratio, those to be ranked first and by it; and how many are hidden."""
    found = [(int(each), left[officers == each]) for each in np.unique(officers)]
    times = [_time(officer, values) for officer, values in found if values.size >= SHOWN]
    times.sort(key=lambda each: (not each.ranked, -each.ratio.value if each.ranked else 0.0, each.officer_id))
    return times, len(found) - len(times)


def _time(officer: int, values: Floats) -> OfficerTime:
    mean = mean_with_interval(values)
    if mean is None:  # not with as many values as are shown
        raise ValueError("an officer's time needs two transactions")
    interval = Interval(exp(mean.interval.low), exp(mean.interval.high))
    return OfficerTime(officer, values.size, Estimate(exp(mean.value), interval, values.size))
