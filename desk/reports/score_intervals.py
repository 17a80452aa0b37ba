"""The intervals of the scores: shares, net promoters, means of a scale, the satisfaction index. All cover 95 %.

Each rests on the counts that the figure rests on and on nothing else, so it is told where the figure is, and no
interval is given below two answers. None of them has no width: that all said the same is no certainty.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from typing import Final

from desk.domain.questionnaires import FULL
from desk.domain.scores import Counts, mean_of, nps, share_of
from desk.domain.skm_elements import HIGHEST_SCORE, LOWEST_SCORE, PER_POINT
from desk.domain.skm_index import Index, IntervalMethod
from desk.domain.tallies import Tally
from desk.reports.statistics import Estimate, Interval, normal, student, wilson

FEWEST: Final = 2  # answers below which nothing is known of how much answers differ
# What is added to promoters and detractors, and to all, so that few or equal answers do not look certain.
ADDED: Final = (0.75, 3.0)
ROUNDING: Final = Fraction(1, FULL)  # what the satisfaction of each answer may be off by


@dataclass(frozen=True, slots=True)
class IndexInterval:
    """From where to where the true index lies, 25 to 100 with the exact weight, and how that was worked out."""

    low: float
    high: float
    method: IntervalMethod


def share_estimate(counts: Counts, low: int, high: int) -> Estimate | None:
    """Return the share (0 to 1) of answers between two values with Wilson's interval; None below two answers."""
    count, value = sum(counts.values()), share_of(counts, low, high)
    if value is None or count < FEWEST:
        return None
    hits = sum(each for given, each in counts.items() if low <= given <= high)
    return Estimate(float(value), wilson(hits, count), count)


def nps_estimate(counts: Counts) -> Estimate | None:
    """Return promoters less detractors (−1 to 1) with an adjusted Wald interval; None below two answers.

    Each answer is 1, 0 or −1, so the variance is p + d − (p − d)², here with 3/4 of an answer added to promoters and to
    detractors and 3 to all: Rocks, B. (2016), Interval Estimation for the Net Promoter Score, The American Statistician
    70, 365-372.
    """
    count, value = sum(counts.values()), nps(counts)
    if value is None or count < FEWEST:
        return None
    promoters, detractors = (
        sum(each for given, each in counts.items() if low <= given <= high) for low, high in ((9, 10), (0, 6))
    )
    more, all_more = ADDED
    up, down = ((each + more) / (count + all_more) for each in (promoters, detractors))
    half = normal() * sqrt((up + down - (up - down) ** 2) / (count + all_more))
    return _within(float(value), up - down - half, up - down + half, (-1.0, 1.0), count)


def mean_estimate(counts: Counts, low: int, high: int) -> Estimate | None:
    """Return the mean of a scale from `low` to `high` with Student's interval; None below two answers.

    Where all gave the same, that has no width. Then it reaches as far as if those who would say otherwise, as many as
    Wilson's interval leaves open, all said what lies farthest away.
    """
    count, value = sum(counts.values()), mean_of(counts)
    if value is None or count < FEWEST:
        return None
    square = Fraction(sum(given * given * each for given, each in counts.items()), count)
    return _student(value, square - value * value, count, (float(low), float(high)))


def index_estimate(index: Index, tally: Tally) -> Estimate | None:
    """Return an index as it is shown with its interval; None where there is no index, or below two answers."""
    shown, found = index.shown, index_interval(index, tally)
    if shown is None or found is None:
        return None
    return Estimate(float(shown), Interval(found.low, found.high), tally.answers)


def index_interval(index: Index, tally: Tally) -> IndexInterval | None:
    """Return the interval of an index and its method; None where there is no index, or below two answers.

    Where everybody answered every element the index is the mean of each respondent's own, which follows from the
    satisfaction: Student's interval of that mean, which knows how elements go together. Where elements were left out
    that is not known: the standard error is at most the sum of those of the weighted means (as if all went together
    fully), so the interval is too wide rather than too narrow.
    """
    if index.value is None or tally.answers < FEWEST:
        return None
    scale = float(index.weight.value * PER_POINT * len(index.elements))
    bounds = (scale * LOWEST_SCORE, scale * HIGHEST_SCORE)
    own = _own_variance(index, tally)
    if own is None:
        widest = _widest(index, tally, bounds)
        return None if widest is None else IndexInterval(widest.low, widest.high, IntervalMethod.ELEMENTS)
    span = Fraction(HIGHEST_SCORE - LOWEST_SCORE) * index.weight.value * PER_POINT * len(index.elements)
    interval = _student(index.value, own * span * span, tally.answers, bounds).interval
    method = IntervalMethod.RESPONDENTS if own else IntervalMethod.ALIKE
    return IndexInterval(interval.low, interval.high, method)


def _own_variance(index: Index, tally: Tally) -> Fraction | None:
    """Return the variance (÷ n) of the respondents' satisfaction; None where it is not that of all elements alone."""
    count = tally.answers
    if tally.rated != count or not tally.weight or any(each.tally.answers != count for each in index.elements):
        return None
    mean = Fraction(tally.total, tally.weight * FULL)
    by_elements = sum((each.mean or Fraction(0) for each in index.elements), Fraction(0)) / len(index.elements)
    if abs((by_elements - LOWEST_SCORE) / (HIGHEST_SCORE - LOWEST_SCORE) - mean) > ROUNDING:
        return None
    return max(Fraction(0), Fraction(tally.square, tally.weight * FULL * FULL) - mean * mean)


def _widest(index: Index, tally: Tally, bounds: tuple[float, float]) -> Interval | None:
    """Return the interval from the elements alone, whatever they have to do with each other."""
    error, fewest = 0.0, tally.answers
    for each in index.elements:
        counts = _values(tally.counts.get(each.element.key, {}))
        found = mean_estimate(counts, LOWEST_SCORE, HIGHEST_SCORE)
        if found is None:
            return None
        fewest = min(fewest, found.count)
        reach = max(found.interval.high - found.value, found.value - found.interval.low)
        error += reach / student(found.count - 1)
    value = float(index.value or 0)
    half = student(fewest - 1) * error * float(index.weight.value * PER_POINT)
    return _within(value, value - half, value + half, bounds, tally.answers).interval


def _values(counts: Mapping[str, int]) -> dict[int, int]:
    return {int(value): count for value, count in counts.items()}


def _student(value: Fraction, variance: Fraction, count: int, bounds: tuple[float, float]) -> Estimate:
    """Return Student's interval of a mean within its scale; `variance` is that with n below."""
    middle, (low, high) = float(value), bounds
    if variance > 0:
        half = student(count - 1) * sqrt(float(variance) / (count - 1))
        return _within(middle, middle - half, middle + half, bounds, count)
    others = 1 - wilson(count, count).low
    return _within(middle, middle + others * (low - middle), middle + others * (high - middle), bounds, count)


def _within(value: float, low: float, high: float, bounds: tuple[float, float], count: int) -> Estimate:
    """Return an estimate whose interval leaves neither its scale nor its value."""
    lowest, highest = bounds
    return Estimate(value, Interval(max(lowest, min(low, value)), min(highest, max(high, value))), count)
