"""What goes along with satisfaction: waits, handoffs, promises, the hour; each difference with its interval.

Counted are answers of a period tied to a transaction, by the questionnaire that most of them came by. What
goes along is no cause: a hard matter waits longer, is handed on and pleases less, all at once. So every difference is
also told like with like (same service, same half of the day), and the page says what it does not say. Which groups may
be told is in `desk.reports.telling_groups`; what is told is in whole percent.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from math import atanh, sqrt, tanh
from typing import Final

import numpy as np

from desk.domain.questionnaires import Measure
from desk.domain.skm_period import Period
from desk.reads.reader import Reader
from desk.reports.fairness import SHOWN
from desk.reports.lasting import Lasting, Moment, get_moment
from desk.reports.linked_answers import FACTORS, LENGTHS, MOST, Linked, joined, load_linked, most_answered
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
from desk.reports.telling_groups import EVERYBODY, QUARTER, GroupTelling, compared, quarter_of
from desk.reports.telling_scores import load_scores_telling

FEWEST_RANKS: Final = 10
DECIMALS: Final = 2  # of satisfaction from 0 to 1: whole percent
LATELY: Final = Lasting[tuple[Linked, GroupTelling]](6)
QUARTERS: Final = Lasting[Linked](12)


@dataclass(frozen=True, slots=True)
class Association:
    """One factor: the satisfaction (0 to 1) of those it holds for and of the others, and the difference, matched.

    None where it is not told, of both sides or neither; `hidden` though at least five stand on each, and so the
    difference (`hides_difference`).
    """

    factor: str
    exposed: int
    others: int
    with_it: Estimate | None
    without: Estimate | None
    matched: Matched | None
    hidden: bool
    hides_difference: bool


@dataclass(frozen=True, slots=True)
class Correlation:
    """How a length of time and satisfaction rise together, −1 to 1; None where too few answered or it is not told."""

    length: str
    count: int
    value: Estimate | None
    hidden: bool


@dataclass(frozen=True, slots=True)
class GroupScore:
    """The satisfaction (0 to 1) after so many handoffs, and the difference from none, like with like."""

    handoffs: int
    count: int
    estimate: Estimate | None
    matched: Matched | None
    hidden: bool
    hides_difference: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """The answers of a period about one service (0: all), and what may be told of them."""

    period: Period
    service_id: int
    linked: Linked
    telling: GroupTelling

    @property
    def here(self) -> Mask:
        """Which of the answers they are."""
        return self.linked.within(self.period, self.service_id)

    def told(self, figure: str) -> bool:
        """Tell whether a figure may be shown."""
        return self.telling.told(self.period, self.service_id, figure)


def load_answered(
    reader: Reader, office_id: int, period: Period, service_id: int, *, at: datetime, today: date
) -> Answered:
    """Return the answers of a period, with the quarters around it, by the questionnaire that most answered.

    Read and judged anew only when something happened that may change an answer of the year, or how it went with a
    transaction that was answered about.
    """
    now = get_moment(reader, office_id)
    linked, judged = LATELY.find(
        reader,
        now,
        (period, today),
        lambda: _load(reader, now, period, at=at, today=today),
        lambda found: replace(found[0].rests_on, until=date(period.year, 12, 31)),
    )
    return Answered(period, service_id, linked, judged)


def _load(reader: Reader, now: Moment, period: Period, *, at: datetime, today: date) -> tuple[Linked, GroupTelling]:
    measure = most_answered(reader, now.office_id, period)
    around = _quarters_around(period)
    linked = joined([_quarter(reader, now, each, measure, at=at) for each in _quarters_of(around)])
    telling, changed = load_scores_telling(reader, now.office_id, period, measure, today)
    quarters = {quarter_of(month) for month in range(around.first.month, around.last.month + 1)}
    return linked, GroupTelling(linked, telling, period.year, quarters, shortest=period.months, changed=changed)


def _quarter(reader: Reader, now: Moment, quarter: Period, measure: Measure, *, at: datetime) -> Linked:
    """Return the answers of a quarter; those of a quarter that is over mostly stay as they were read."""
    return QUARTERS.find(
        reader,
        now,
        (quarter, measure),
        lambda: load_linked(reader, now.office_id, quarter, measure, at=at),
        lambda found: found.rests_on,
    )


def _quarters_of(around: Period) -> list[Period]:
    first, last = quarter_of(around.first.month), quarter_of(around.last.month)
    return [Period(around.year, QUARTER, each) for each in range(first, last + 1)]


def _quarters_around(period: Period) -> Period:
    """Return the period made of whole quarters: a month tells of its quarter's others."""
    return period if period.months >= QUARTER else Period(period.year, QUARTER, quarter_of(period.number))


def associations(answered: Answered) -> tuple[list[Association], list[Correlation]]:
    """Return every factor and every length of time beside the satisfaction of those who answered."""
    return (
        [_association(answered, name) for name in FACTORS],
        [_correlation(answered, name) for name in LENGTHS],
    )


def scores_by_handoffs(answered: Answered) -> list[GroupScore]:
    """Return the satisfaction with transactions with none, one, and two or more accepted handoffs."""
    return [_group(answered, number) for number in range(MOST + 1)]


def _association(answered: Answered, name: str) -> Association:
    linked = answered.linked
    known = answered.here & linked.judged[name]
    own, others = (linked.satisfaction[known & mask] for mask in (linked.held[name], ~linked.held[name]))
    told = answered.told(name)
    with_it, without = (_mean(each) if told else None for each in (own, others))
    matched, hides = _difference(answered, f"compared_{name}", beside=told)
    sides = [each.size for each in (own, others) if each.size]
    hidden = not told and min(sides, default=0) >= SHOWN
    return Association(name, own.size, others.size, with_it, without, matched, hidden, hides)


def _group(answered: Answered, number: int) -> GroupScore:
    values = answered.linked.satisfaction[answered.here & (answered.linked.handoffs == number)]
    told = answered.told(f"handoffs_{number}")
    matched, hides = _difference(answered, f"compared_handoffs_{number}", beside=told) if number else (None, False)
    mean = _mean(values) if told else None
    return GroupScore(number, values.size, mean, matched, not told and values.size >= SHOWN, hides)


def _difference(answered: Answered, figure: str, *, beside: bool) -> tuple[Matched | None, bool]:
    """Return a difference like with like, and whether it is hidden though it rests on enough people on either side.

    It is told only `beside` the figure of those it is about.
    """
    found = compared(answered.linked, figure)
    here = answered.here & found.counted
    matched = matched_difference(answered.linked.satisfaction[here], found.exposed[here], found.strata[here])
    if matched is None or min(matched.exposed, matched.others) < SHOWN:
        return None, False
    if not (beside and answered.told(figure)):
        return None, True
    return replace(matched, difference=_whole(matched.difference), interval=_bounds(matched.interval, -1.0)), False


def _mean(values: Floats) -> Estimate | None:
    """Return the mean in whole percent, its interval within 0 and 100 %."""
    found = mean_with_interval(values)
    return found and replace(found, value=_whole(found.value), interval=_bounds(found.interval, 0.0))


def _bounds(interval: Interval, least: float) -> Interval:
    return Interval(_whole(max(least, interval.low)), _whole(min(1.0, interval.high)))


def _whole(share: float) -> float:
    """Return a share in whole percent: finer figures of several groups would tell how few of them differ."""
    return round(share, DECIMALS) + 0.0  # no minus before a zero


def _correlation(answered: Answered, name: str) -> Correlation:
    here = answered.here
    values, lengths = answered.linked.satisfaction[here], answered.linked.lengths[name][here]
    if values.size < FEWEST_RANKS:
        return Correlation(name, values.size, None, hidden=False)
    if not answered.told(EVERYBODY):
        return Correlation(name, values.size, None, hidden=True)
    found = rank_correlation(lengths, values)
    if found is not None:
        interval = Interval(_whole(found.interval.low), _whole(found.interval.high))
        found = replace(found, value=_whole(found.value), interval=interval)
    return Correlation(name, values.size, found, hidden=False)


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
