"""How long somebody still waits, as an honest range; and by when to be back for who goes away meanwhile.

The formula. With `n` people before in a queue that is called one by one, the wait is the sum of the next `n + 1`
intervals between two calls. Queueing theory's estimate from the length of the queue (W. Whitt, "Predicting queueing
delays", Management Science 45(6), 1999, 870-888: the wait of a customer who finds n ahead of him and all servers busy
is a sum of n + 1 exponential intervals) takes these intervals as exponential and alike, so their sum is Erlang
distributed: mean (n + 1) · p, relative variance 1 / (n + 1). The mean interval `p` is what was observed lately in this
very queue, times the counters that called then, divided by the counters that serve now. It is known from `m` intervals
only, whose mean has the relative variance 1 / m. Both doubts together are those of a gamma distribution of the shape k
= 1 / (1 / (n + 1) + 1 / m), of which the quantiles at 10 and 90 per cent are told, by Wilson and Hilferty's cube root
(Proc. Natl. Acad. Sci. 17, 1931, 684-688): mean · (1 − 1 / 9k ± z / 3√k)³.

Its limits. It knows nothing of those with priority who will still come, of breaks and lunch that will begin, of a long
matter that sits at a counter now, and it takes officers who serve several services as they were shared out lately. So
it is told as a range of eight in ten, rounded outwards, and not at all after fewer than `FEWEST` intervals, from
longer ago than `LATELY`, where nobody serves the service now, or beyond `FARTHEST`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from math import sqrt
from typing import Final

FEWEST: Final = 5
MOST: Final = 30  # intervals that count as lately
LATELY: Final = timedelta(minutes=90)
FARTHEST: Final = timedelta(hours=6)
Z_OF_TENTH: Final = 1.2816  # normal quantile at 90 per cent
MOST_SCALED: Final = 3.0  # more counters than that, or fewer, and the pace of before says nothing of now
SHORTEST_INTERVAL: Final = 1.0  # seconds
# Whoever may go away: from this wait on, and to be back so much of it (and so many minutes) before the earliest.
LONG: Final = timedelta(minutes=30)
MARGIN: Final = timedelta(minutes=10)
MARGIN_SHARE: Final = 0.2
# Rounded outwards to whole steps: (below, step), in minutes.
STEPS: Final = ((60, 5), (180, 15), (10_000, 30))


@dataclass(frozen=True, slots=True)
class Called:
    """One call of a queue: when, at which counter, and since when whoever was called waited there."""

    at: datetime
    counter_id: int
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class Pace:
    """How long it took lately from one call of a queue to the next, as it would with the counters that serve now."""

    seconds: float
    observed: int


@dataclass(frozen=True, slots=True)
class WaitRange:
    """From so many minutes to so many, both whole steps; 0 is less than one step."""

    lower: int
    upper: int


def pace_of(calls: Sequence[Called], *, counters: int, at: datetime) -> Pace | None:
    """Return the pace of a queue from its calls; None where too little is known.

    An interval counts only if whoever was called at its end had waited since before it began: otherwise the queue may
    have been empty meanwhile, which says nothing of how fast it is served.
    """
    lately = sorted((each for each in calls if at - LATELY <= each.at <= at), key=lambda each: each.at)[-MOST - 1 :]
    pairs = [(one, other) for one, other in pairwise(lately) if other.joined_at <= one.at]
    if len(pairs) < FEWEST or counters < 1:
        return None
    mean = sum((other.at - one.at).total_seconds() for one, other in pairs) / len(pairs)
    scale = len({each.counter_id for each in lately}) / counters
    if not 1 / MOST_SCALED <= scale <= MOST_SCALED:
        return None
    return Pace(max(mean * scale, SHORTEST_INTERVAL), len(pairs))


def wait_range(before: int, pace: Pace | None) -> WaitRange | None:
    """Return in which range the wait of somebody with so many before lies; None where nothing honest can be said."""
    if pace is None:
        return None
    intervals = max(before, 0) + 1
    shape = 1 / (1 / intervals + 1 / pace.observed)
    mean = intervals * pace.seconds / 60
    lower, upper = (mean * _relative(shape, z) for z in (-Z_OF_TENTH, Z_OF_TENTH))
    if upper > FARTHEST.total_seconds() / 60:
        return None
    return WaitRange(_down(lower), _up(upper))


def back_by(found: WaitRange | None, *, at: datetime) -> datetime | None:
    """Return by when somebody who goes away must be back, a whole five minutes; None where it is not worth going."""
    if found is None or found.lower < LONG.total_seconds() / 60:
        return None
    earliest = timedelta(minutes=found.lower)
    leave_for = earliest - max(MARGIN, earliest * MARGIN_SHARE)
    due = at + leave_for
    return due - timedelta(minutes=due.minute % 5, seconds=due.second, microseconds=due.microsecond)


def _relative(shape: float, z: float) -> float:
    root: float = max(0.0, 1 - 1 / (9 * shape) + z / (3 * sqrt(shape)))
    return root**3


def _step(minutes: float) -> int:
    return next(step for below, step in STEPS if minutes < below)


def _down(minutes: float) -> int:
    step = _step(minutes)
    return int(minutes // step) * step


def _up(minutes: float) -> int:
    step = _step(minutes)
    return -int(-minutes // step) * step
