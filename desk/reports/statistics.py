"""Estimates with the doubt that belongs to them: shares, chances, variance between groups, matched differences.

Pure functions of numbers and numpy columns. Intervals are two-sided and cover 95 % unless told otherwise. Which page
shows which figure, and when it is hidden, is in docs/statistics.md. Only special functions are taken from scipy: the
whole of `scipy.stats` would cost a second and 50 MB on the first report.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, sqrt
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

CONFIDENCE: Final = 0.95
# Probabilities that differ by rounding alone count as equal (as R's fisher.test does).
TIE: Final = 1 + 1e-7

CLOSE: Final = 1 << 20

Floats = NDArray[np.float64]
Column = NDArray[Any]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Interval:
    """From where to where the true value lies, as far as the data can tell."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its interval, and how many observations it rests on."""

    value: float
    interval: Interval
    count: int


def numbered_from_zero(kinds: Column) -> Column:
    """Return the same grouping by numbers 0, 1, 2 …; whole numbers that lie close together are not sorted for it."""
    if kinds.size and kinds.dtype.kind == "i":
        places = kinds.astype(np.int64) - int(kinds.min())
        if int(places.max()) < CLOSE:
            present = np.bincount(places) > 0
            return (np.cumsum(present) - 1)[places]
    return np.unique(kinds, return_inverse=True)[1]


def wilson(hits: int, count: int, *, confidence: float = CONFIDENCE) -> Interval:
    """Return the score interval of a share; the one that pages show.

    Wilson, E. B. (1927), JASA 22, 209-212; recommended for small counts by Brown, Cai & DasGupta (2001), Statistical
    Science 16, 101-133. Nothing counted tells nothing: 0 to 1.
    """
    if count == 0:
        return Interval(0.0, 1.0)
    z = float(special.ndtri((1 + confidence) / 2))
    share, spread = hits / count, z * z / count
    middle = (share + spread / 2) / (1 + spread)
    half = z * sqrt(share * (1 - share) / count + spread / (4 * count)) / (1 + spread)
    low = 0.0 if hits == 0 else max(0.0, middle - half)
    high = 1.0 if hits == count else min(1.0, middle + half)
    return Interval(low, high)


def clopper_pearson(hits: int, count: int, *, confidence: float = CONFIDENCE) -> Interval:
    """Return the exact interval of a share: never covers less than it says, and is wider than `wilson`.

    Clopper, C. J. & Pearson, E. S. (1934), Biometrika 26, 404-413, by quantiles of the beta distribution.
    """
    tail = (1 - confidence) / 2
    low = 0.0 if hits == 0 else float(special.betaincinv(hits, count - hits + 1, tail))
    high = 1.0 if hits == count else float(special.betaincinv(hits + 1, count - hits, 1 - tail))
    return Interval(low, high)


def chance_of_luck(hits: int, count: int, *, other_hits: int, other_count: int) -> float:
    """Return how often chance alone would make two shares differ at least this much, if they were really the same.

    Fisher's exact test, two-sided: given how many hits there are altogether, the hits of the first group follow a
    hypergeometric distribution; summed over all outcomes that are no more probable than the one observed. Fisher, R. A.
    (1935), JRSS 98, 39-82. 1.0 where either group is empty.
    """
    if count == 0 or other_count == 0:
        return 1.0
    total = hits + other_hits
    possible = np.arange(max(0, total - other_count), min(count, total) + 1, dtype=np.float64)
    log = _log_choose(count, possible) + _log_choose(other_count, total - possible)
    probability = np.exp(log - log.max())
    observed = probability[hits - int(possible[0])]
    return min(1.0, float(probability[probability <= observed * TIE].sum() / probability.sum()))


def _log_choose(count: int, chosen: Floats) -> Floats:
    logarithm: Floats = special.gammaln(count + 1) - special.gammaln(chosen + 1) - special.gammaln(count - chosen + 1)
    return logarithm


def holm(chances: Sequence[float]) -> list[float]:
    """Return the chances corrected for having looked at all of them, in the order given.

    Step-down correction of Holm, S. (1979), Scandinavian Journal of Statistics 6, 65-70: the chance that even one of
    those called unlikely is luck stays below the level, however the tests depend on each other.
    """
    corrected = [1.0] * len(chances)
    highest = 0.0
    for place, index in enumerate(sorted(range(len(chances)), key=chances.__getitem__)):
        highest = max(highest, min(1.0, (len(chances) - place) * chances[index]))
        corrected[index] = highest
    return corrected


def mean_with_interval(values: Floats, *, confidence: float = CONFIDENCE) -> Estimate | None:
    """Return the mean with Student's interval ("Student" 1908, Biometrika 6, 1-25); None below two values."""
    count = values.size
    if count < 2:
        return None
    mean = float(values.mean())
    half = student(count - 1, confidence) * sqrt(float(values.var(ddof=1)) / count)
    return Estimate(mean, Interval(mean - half, mean + half), count)


def normal(confidence: float = CONFIDENCE) -> float:
    """Return how many standard errors a two-sided interval of the normal distribution reaches."""
    return float(special.ndtri((1 + confidence) / 2))


def student(freedom: float, confidence: float = CONFIDENCE) -> float:
    """Return how many standard errors a two-sided interval of Student's distribution reaches."""
    return float(special.stdtrit(freedom, (1 + confidence) / 2))


@dataclass(frozen=True, slots=True)
class Variance:
    """How much of the variance lies between groups (0 to 1), its interval, and what it rests on.

    `estimate` is the analysis of variance's and may fall below 0, which means: none to be seen. `ratio` is its F.
    """

    estimate: float
    interval: Interval
    groups: int
    count: int
    ratio: float


def intraclass(values: Floats, groups: Column, *, absorbed: int = 0, confidence: float = CONFIDENCE) -> Variance | None:
    """Return the intraclass correlation ICC(1) of one-way random effects, with its exact interval.

    Estimate: Shrout, P. E. & Fleiss, J. L. (1979), Psychological Bulletin 86, 420-428, ICC(1,1); for groups of unequal
    size with n0 = (N - sum of n²/N) / (k - 1), as in Searle, Casella & McCulloch (1992), Variance Components. Interval:
    Wald, A. (1940), Annals of Mathematical Statistics 11, 96-99, exact for unequal sizes too (under normality), and for
    equal sizes the one of Shrout & Fleiss. `absorbed` says how many means were taken out of the values before, beyond
    the overall one; they cost that many degrees of freedom. None below two groups, without freedom or without spread.
    """
    numbered = numbered_from_zero(groups)
    sizes = np.bincount(numbered).astype(np.float64)
    kinds, count = sizes.size, values.size
    freedom = count - kinds - absorbed
    if kinds < 2 or freedom < 1:
        return None
    means = np.bincount(numbered, weights=values) / sizes
    within = float(((values - means[numbered]) ** 2).sum()) / freedom
    between = float((sizes * (means - values.mean()) ** 2).sum()) / (kinds - 1)
    if within <= 0:
        return None
    usual = (count - float((sizes**2).sum()) / count) / (kinds - 1)
    estimate = (between - within) / (between + (usual - 1) * within)
    interval = _wald(means, sizes, within, freedom=freedom, confidence=confidence)
    return Variance(estimate, interval, kinds, count, between / within)


def _wald(means: Floats, sizes: Floats, within: float, *, freedom: int, confidence: float) -> Interval:
    kinds = sizes.size
    tail = (1 - confidence) / 2
    quantiles = (float(special.fdtri(kinds - 1, freedom, each)) for each in (1 - tail, tail))
    low, high = (_correlation_at(quantile, means, sizes, within) for quantile in quantiles)
    return Interval(low, high)


def _correlation_at(quantile: float, means: Floats, sizes: Floats, within: float) -> float:
    """Return the correlation at which Wald's ratio, which falls as the correlation grows, is this quantile of F."""
    low, high = -1 / (float(sizes.max()) - 1) if sizes.max() > 1 else -1.0, 1.0
    for _ in range(200):
        middle = (low + high) / 2
        if not low < middle < high:
            break
        weights = sizes * (1 - middle) / (1 + (sizes - 1) * middle)
        center = float((weights * means).sum() / weights.sum())
        ratio = float((weights * (means - center) ** 2).sum()) / (sizes.size - 1) / within
        low, high = (middle, high) if ratio > quantile else (low, middle)
    return (low + high) / 2


@dataclass(frozen=True, slots=True)
class Matched:
    """A difference between like and like: its interval, how many of the exposed it compares with how many others."""

    difference: float
    interval: Interval
    exposed: int
    others: int


@dataclass(frozen=True, slots=True)
class _Side:
    """The exposed or the others, by stratum: how many and their mean; and the variance within strata, pooled."""

    sizes: Floats
    means: Floats
    variance: float
    freedom: int

    @property
    def count(self) -> int:
        return int(self.sizes.sum())


def matched_difference(
    values: Floats, exposed: Mask, strata: Column, *, confidence: float = CONFIDENCE
) -> Matched | None:
    """Return the mean of the exposed less that of the others of the same stratum, weighted as the exposed are spread.

    Direct standardization to the exposed: the sum over strata of `n1/N1 × (mean1 - mean0)`; strata that lack one side
    are left out. Interval: the variance within strata, pooled over them apart for each side; degrees of freedom after
    Satterthwaite, F. E. (1946), Biometrics Bulletin 2, 110-114 (with a single stratum this is Welch's interval). None
    where no stratum has both sides, or where every stratum has only one of a side, so that its variance is unknown.
    """
    sides = _sides(values, exposed, strata)
    if sides is None or min(side.freedom for side in sides) < 1:
        return None
    parts = [side.variance * scale for side, scale in zip(sides, _scales(*sides), strict=True)]
    total = sum(parts)
    freedom = total**2 / sum(part**2 / side.freedom for part, side in zip(parts, sides, strict=True)) if total else inf
    half = student(freedom, confidence) * sqrt(total) if total else 0.0
    return _matched(*sides, half=half)


def matched_share_difference(
    hits: Mask, exposed: Mask, strata: Column, *, confidence: float = CONFIDENCE
) -> Matched | None:
    """Return the share of hits among the exposed less that among the others of the same stratum, as above.

    The variance of each side is that of a share with one hit and one miss added, over all strata together (Agresti, A.
    & Caffo, B. (2000), The American Statistician 54, 280-288): never zero, so that five out of five are not taken for
    certainty, and not smaller than the variance within strata would be. None where no stratum has both sides.
    """
    sides = _sides(hits.astype(np.float64), exposed, strata)
    if sides is None:
        return None
    total = sum(_share_variance(side) * scale for side, scale in zip(sides, _scales(*sides), strict=True))
    return _matched(*sides, half=float(special.ndtri((1 + confidence) / 2)) * sqrt(total), limit=1.0)


def _share_variance(side: _Side) -> float:
    share = (float((side.sizes * side.means).sum()) + 1) / (side.count + 2)
    return share * (1 - share)


def _scales(exposed: _Side, others: _Side) -> tuple[float, float]:
    """Return by what the variance of one observation of each side is multiplied in that of the difference."""
    weights = exposed.sizes / exposed.count
    return 1 / exposed.count, float((weights**2 / others.sizes).sum())


def _matched(exposed: _Side, others: _Side, *, half: float, limit: float = inf) -> Matched:
    difference = float((exposed.sizes * (exposed.means - others.means)).sum()) / exposed.count
    interval = Interval(max(-limit, difference - half), min(limit, difference + half))
    return Matched(difference, interval, exposed.count, others.count)


def _sides(values: Floats, exposed: Mask, strata: Column) -> tuple[_Side, _Side] | None:
    numbered = numbered_from_zero(strata)
    kinds = int(numbered.max()) + 1 if numbered.size else 0
    both = np.bincount(numbered[exposed], minlength=kinds) * np.bincount(numbered[~exposed], minlength=kinds) > 0
    if not both.any():
        return None
    kept = both[numbered]
    return (
        _side(values[kept & exposed], numbered[kept & exposed], both),
        _side(values[kept & ~exposed], numbered[kept & ~exposed], both),
    )


def _side(values: Floats, numbered: Column, both: Mask) -> _Side:
    sizes = np.bincount(numbered, minlength=both.size).astype(np.float64)
    means = np.bincount(numbered, weights=values, minlength=both.size) / np.maximum(sizes, 1)
    squares = float(((values - means[numbered]) ** 2).sum())
    freedom = values.size - int(both.sum())
    return _Side(sizes[both], means[both], squares / freedom if freedom else 0.0, freedom)
