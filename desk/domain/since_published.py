"""What came in, was corrected or taken back after a period was published, and what of it may be counted in already.

Whoever reads the published sums and the live ones can take one off the other. So what was counted when a period was
published is kept by month, service and way (`Snapshot`), and what changed since is counted in only once it is of at
least `fewest` people, in all and to each element of which anything changed. Until then the live figures are those of
the snapshot.

Answers are parted by when they were counted: what the oldest snapshot of their month has, then what came or went from
one to the next, then what changed since. Which sums may be told beside all that was published is decided with these
parts (`desk.reports.telling_beside`). How many came and went is not known, only sums; so no more are taken for granted
than must have been.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final, TypeAlias

from desk.domain.skm_period import Period, read_period
from desk.domain.tallies import Counts, Origin, Tally

Key: TypeAlias = tuple[date, int, Origin]  # month, service, class
Tallies: TypeAlias = Mapping[Key, Tally]
Place: TypeAlias = tuple[date, int]
SUMS: Final = ("answers", "rated", "weight", "weight_square", "total", "square")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was counted into the published figures of a period; `number` says in which order they came."""

    number: int
    period: Period
    tallies: Tallies


@dataclass(frozen=True, slots=True)
class Change:
    """What one snapshot lacks and the next of the same months has, or, where there is none, what is counted now."""

    lacking: Snapshot
    told: frozenset[Period]  # published periods that count it
    tallies: Tallies
    is_last: bool

    @property
    def places(self) -> frozenset[Place]:
        """The months and services in which anything changed."""
        return frozenset(self._places())

    def added(self, element: str | None = None) -> dict[Place, int]:
        """Return how many at least came, by month and service: in all, or to one element."""
        return {place: count for place, each in self._places().items() if (count := _most(each, element, 1))}

    def taken(self, element: str | None = None) -> dict[Place, int]:
        """Return how many at least went or said something else before, by month and service."""
        return {place: count for place, each in self._places().items() if (count := _most(each, element, -1))}

    def is_few(self, elements: Iterable[str], fewest: int) -> bool:
        """Tell whether some came or went, but fewer than `fewest`: in all, or to one of the elements."""
        found = (sum(each.values()) for key in (None, *elements) for each in (self.added(key), self.taken(key)))
        return any(0 < people < fewest for people in found)

    def _places(self) -> dict[Place, Tally]:
        places: dict[Place, Tally] = defaultdict(Tally)
        for (month, service_id, _), tally in self.tallies.items():
            places[month, service_id].merge(tally)
        return places


@dataclass(frozen=True, slots=True)
class Split:
    """All that is counted, parted: `first` is what no published period lacks."""

    first: Tallies
    changes: Sequence[Change]


def split(live: Tallies, snapshots: Sequence[Snapshot]) -> Split:
    """Part what is counted now by the snapshots, the oldest first."""
    first: dict[Key, Tally] = {}
    changed: dict[tuple[int, int | None], dict[Key, Tally]] = defaultdict(dict)
    for month in {key[0] for each in (live, *(other.tallies for other in snapshots)) for key in each}:
        around = [place for place, each in enumerate(snapshots) if month in each.period]
        states = [*((place, snapshots[place].tallies) for place in around), (None, live)]
        first |= _of_month(states[0][1], month)
        for (before, one), (after, other) in pairwise(states):
            changed[before or 0, after] |= _difference(_of_month(one, month), _of_month(other, month))
    return Split(
        first,
        [
            Change(
                snapshots[before],
                frozenset(each.period for each in snapshots[before + 1 :]),
                tallies,
                is_last=after is None,
            )
            for (before, after), tallies in changed.items()
            if tallies
        ],
    )


def without(live: Tallies, held: Iterable[Change]) -> dict[Key, Tally]:
    """Return what is counted without these changes; profiles, of which they know nothing, are left out."""
    counted = {key: _bare(each) for key, each in live.items()}
    for change in held:
        for key, tally in change.tallies.items():
            counted[key] = _plus(counted.get(key, Tally()), tally, -1)
    return {key: each for key, each in counted.items() if each.answers}


def as_json(tallies: Tallies) -> list[Any]:
    """Return tallies as they are kept beside what was published: without profiles, which may have to be erased."""
    return [
        [
            str(Period(month.year, 1, month.month)),
            service_id,
            origin.value,
            [getattr(tally, name) for name in SUMS],
            tally.counts,
        ]
        for (month, service_id, origin), tally in sorted(tallies.items(), key=lambda pair: (*pair[0][:2], pair[0][2]))
    ]


def from_json(kept: Iterable[Sequence[Any]]) -> dict[Key, Tally]:
    """Return tallies that were kept."""
    return {
        (read_period(month).first, service_id, Origin(origin)): _tally(sums, counts)
        for month, service_id, origin, sums, counts in kept
    }


def _most(change: Tally, element: str | None, sign: int) -> int:
    """Return how many people a change is of at least who came (1) or went (-1).

    Of an element: as many as the answers to it that became more, or fewer, by value. In all: as many as of any element,
    and as fit the difference of numbers; where two fewer answered now and three went, one came.
    """
    if element is not None:
        return sum(max(0, sign * count) for count in change.counts.get(element, {}).values())
    if not change.counts and not change.answers:
        return int(not _is_nothing(change))
    mine, others = (max([0, *(_most(change, key, each) for key in change.counts)]) for each in (sign, -sign))
    return max(mine, others + sign * change.answers, sign * change.answers, 0)


def _is_nothing(tally: Tally) -> bool:
    return not (tally.counts or any(getattr(tally, name) for name in SUMS))


def _of_month(tallies: Tallies, month: date) -> dict[Key, Tally]:
    return {key: each for key, each in tallies.items() if key[0] == month}


def _difference(before: Tallies, after: Tallies) -> dict[Key, Tally]:
    found = {key: _plus(after.get(key, Tally()), before.get(key, Tally()), -1) for key in {**before, **after}}
    return {key: each for key, each in found.items() if not _is_nothing(each)}


def _bare(tally: Tally) -> Tally:
    return _plus(tally, Tally(), 1)


def _plus(one: Tally, other: Tally, times: int) -> Tally:
    """Return one tally and another so many times, without their profiles."""
    sums = [getattr(one, name) + times * getattr(other, name) for name in SUMS]
    whole = _tally(sums, {key: dict(values) for key, values in one.counts.items()})
    negated = {key: {value: times * count for value, count in values.items()} for key, values in other.counts.items()}
    whole.merge(Tally(counts=negated))
    return whole


def _tally(sums: Sequence[int], counts: Counts) -> Tally:
    answers, rated, weight, weight_square, total, square = sums
    return Tally(answers, rated, weight, weight_square, total, square, counts)
