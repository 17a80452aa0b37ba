"""Which groups of those who answered may be told: with a factor and without, by number of handoffs, compared like with
like; so that beside the scores nobody works out what fewer than five people said.

**The rule.** Groups are told for the periods that the scores know, and only of an office or a service that the scores
tell in that period. Quarter by quarter they come in a fixed order: the whole quarter before its months, the office
before its services and a larger service before a smaller, all who can be compared before the factors, those before the
numbers of handoffs, and differences last. A figure is told if then nothing about fewer than five people can be worked
out of all figures told so far, the scores among them (`desk.reports.derivable`); with a factor and without are one
figure, told both or neither. A half year or year is told where all its quarters are: their sums, and so nothing new.
The order does not depend on who looks at what.

**Why quarters can stand for themselves.** What is worked out of the scores and of groups of several quarters is, within
each quarter, worked out of its groups and of what the scores say within it: sums of a service or the office over the
quarter or a month of it. So each quarter is judged as if the sums of all services and of the office in it were known,
told or not (`known` of the gate). Two things are asked there. No few people can be worked out that could not be worked
out of those sums alone; so whoever arrives at few people has, in each quarter, something worked out of such sums alone.
And the groups add nothing to what the scores tell of such sums; so that all of it is worked out of the scores, which
tell of no few people (`desk.domain.told_together`).

Where something changed after a period was published (a sheet typed in late, an answer corrected), the scores tell what
was published and what came since apart. Of such a quarter no groups are told: they would part the same people anew.

People who are counted by the scores only (on paper, anonymously, from a file) are reckoned with as a group of their
own: where they are one to four at a place, what is left of the scores without the groups would tell of them.

Sums of squares, and so the intervals of means, go over the same people and tell of nobody else. The variance within
strata and the rank correlation are no sums; they are told of nobody but groups that are told, and rounded.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from desk.domain.skm_period import YEAR, Period
from desk.reports.columns import Ints
from desk.reports.derivable import Gate, modulo
from desk.reports.echelon import PRIME
from desk.reports.linked_answers import FACTORS, MOST, Linked, Place
from desk.reports.statistics import Floats, Mask, numbered_from_zero
from desk.reports.telling import ALL, FEWEST, Group, Telling
from desk.reports.telling_elements import ElementTelling

QUARTER: Final = 3  # months
HELD_OR_NOT: Final = 3  # it holds, it does not, it cannot be said
EVERYBODY: Final = "everybody"
FIGURES: Final = (
    EVERYBODY,
    *FACTORS,
    *(f"handoffs_{each}" for each in range(MOST + 1)),
    *(f"compared_{each}" for each in FACTORS),
    *(f"compared_handoffs_{each}" for each in range(1, MOST + 1)),
)
Told: TypeAlias = Telling | ElementTelling
Cell: TypeAlias = tuple[Period, Group, str]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Some people (`exposed`) beside others, of whom it can be said (`counted`), like with like by `strata`."""

    counted: Mask
    exposed: Mask
    strata: Ints


def compared(linked: Linked, figure: str) -> Comparison:
    """Return whom a difference compares: those with a factor, or with so many handoffs and with none."""
    name = figure.removeprefix("compared_")
    if name in FACTORS:
        return Comparison(linked.judged[name], linked.held[name], linked.strata(name))
    number = int(name.removeprefix("handoffs_"))
    exposed: Mask = linked.handoffs == number
    return Comparison(exposed | (linked.handoffs == 0), exposed, linked.strata())


def quarter_of(month: int) -> int:
    """Return the number of the quarter that a month lies in."""
    return (month - 1) // QUARTER + 1


class GroupTelling:
    """Which groups of some whole quarters may be told."""

    def __init__(
        self,
        linked: Linked,
        telling: Told,
        year: int,
        quarters: set[int],
        *,
        shortest: int = 1,
        changed: Collection[int] = (),
    ) -> None:
        """Judge these quarters and, where the `shortest` period is one, their months; all their answers are there.

        Nothing is told of those that `changed` after something of them was published.
        """
        self._telling = telling
        self._linked = {number: linked.of(Period(year, QUARTER, number)) for number in sorted(quarters)}
        self._told: set[Cell] = set()
        for number, mine in self._linked.items():
            if number in changed:
                continue
            quarter = Period(year, QUARTER, number)
            periods = [quarter, *(quarter.parts if shortest < QUARTER else ())]
            self._told |= set(_Quarter(mine, telling, quarter).told(periods))

    def told(self, period: Period, service_id: int, figure: str) -> bool:
        """Tell whether a figure of a group may be shown."""
        group: Group = (service_id,) if service_id else ALL
        if not self._telling.told(period, group):
            return False
        if period.months <= QUARTER:
            return (period, group, figure) in self._told
        inside = [Period(period.year, QUARTER, number) for number in self._linked]
        return all(
            (each, group, figure) in self._told or not self._linked[each.number].within(each, service_id).any()
            for each in inside
            if each.first in period
        )


class _Quarter:
    """The classes of those who answered in a quarter, and its figures in order."""

    def __init__(self, linked: Linked, telling: Told, quarter: Period) -> None:
        self._linked, self._telling, self._quarter = linked, telling, quarter
        self._apart = {place: self._month_of(place) for place in self._places()}
        _, self._first, counts = np.unique(self._kinds(), return_index=True, return_counts=True)
        self._others = sorted(linked.others, key=lambda place: (place.month, place.service_id))
        self._people = np.concatenate([counts, [linked.others[each] for each in self._others]]).astype(np.int64)

    def _kinds(self) -> Ints:
        """Return one number for each who answered, the same for all of a class: place, handoffs, factors."""
        linked = self._linked
        services = np.array(linked.service_ids, np.int64)
        numbered = np.searchsorted(services, linked.services)
        months = np.zeros((YEAR + 1, services.size), np.int64)
        for place, apart in self._apart.items():
            months[place.month, int(np.searchsorted(services, place.service_id))] = apart
        kinds: Ints = (months[linked.months, numbered] * services.size + numbered) * (MOST + 1) + linked.handoffs
        for each in FACTORS:
            kinds = kinds * HELD_OR_NOT + np.where(linked.judged[each], linked.held[each] + 1, 0)
        return kinds

    def told(self, periods: Sequence[Period]) -> Iterator[Cell]:
        """Return the figures that may be told, in order; of the months of the quarter only after the quarter."""
        most = 2 * len(FIGURES) * len(periods) * len(self._every_group)
        gate = Gate(self._people, FEWEST, self._told_sums(), self._known_sums(), most_rows=most)
        for period in periods:
            groups = [each for each in self._groups(period) if self._telling.told(period, each)]
            for group in groups:
                yield from ((period, group, each) for each in self._let(gate, period, group))

    def _let(self, gate: Gate, period: Period, group: Group) -> list[str]:
        """Return the figures of a group that may be told: a difference only beside what it is about."""
        told: list[str] = []
        for figure in FIGURES:
            about = figure.removeprefix("compared_")
            if about in (figure, *told) and gate.lets(self._rows(period, group, figure)):
                told.append(figure)
        return told

    def _places(self) -> set[Place]:
        linked = self._linked
        here = np.unique(linked.services * (YEAR + 1) + linked.months)
        mine = {Place(int(each) % (YEAR + 1), int(each) // (YEAR + 1)) for each in here}
        return mine | linked.others.keys()

    def _month_of(self, place: Place) -> int:
        """Return the month, or 0 where no month of the office or of the service is told."""
        month = Period(self._quarter.year, 1, place.month)
        tells = self._telling.told(month) or self._telling.told(month, (place.service_id,))
        return place.month if tells else 0

    def _groups(self, period: Period) -> list[Group]:
        """Return the office and its services, those about which most answered first."""
        mine = self._linked.services[self._linked.within(period)]
        counts = {int(each): int((mine == each).sum()) for each in np.unique(mine)}
        return [ALL, *((each,) for each in sorted(counts, key=lambda each: (-counts[each], each)))]

    def _told_sums(self) -> list[Floats]:
        places = [(period, group) for period in (self._quarter, *self._quarter.parts) for group in self._every_group]
        return [self._sum(*each) for each in places if self._telling.told(*each)]

    def _known_sums(self) -> list[Floats]:
        return [self._sum(self._quarter, group) for group in self._every_group]

    @property
    def _every_group(self) -> list[Group]:
        return [ALL, *((each,) for each in self._linked.service_ids)]

    def _sum(self, period: Period, group: Group) -> Floats:
        """Return the row of what the scores say of a group in a period: all they count."""
        row = self._row(self._linked.within(period, *group))
        for place, each in enumerate(self._others, self._first.size):
            row[place] = Period(period.year, 1, each.month).first in period and group in (ALL, (each.service_id,))
        return row

    def _row(self, weights: Mask | Floats) -> Floats:
        """Return the row of a sum over people here; all of a class have the same weight in it."""
        row = np.zeros(self._people.size)
        row[: self._first.size] = np.asarray(weights)[self._first]
        return row % PRIME

    def _rows(self, period: Period, group: Group, figure: str) -> list[Floats]:
        """Return the rows of a figure; none where there is nobody."""
        linked, here = self._linked, self._linked.within(period, *group)
        if figure == EVERYBODY:
            masks = [here]
        elif figure in FACTORS:
            known = here & linked.judged[figure]
            masks = [known & linked.held[figure], known & ~linked.held[figure]]
        elif figure.startswith("compared_"):
            weights = _weights(compared(linked, figure), here)
            return [] if weights is None else [self._row(weights)]
        else:
            masks = [here & (linked.handoffs == int(figure.removeprefix("handoffs_")))]
        return [self._row(each) for each in masks if each.any()]


def _weights(found: Comparison, here: Mask) -> Floats | None:
    """Return what each value counts for in a difference, modulo the prime: 1, and for the others −n₁ ÷ n₀."""
    counted = here & found.counted
    kinds = numbered_from_zero(found.strata)
    size = int(kinds.max()) + 1 if kinds.size else 0
    own = np.bincount(kinds[counted & found.exposed], minlength=size)
    others = np.bincount(kinds[counted & ~found.exposed], minlength=size)
    both = (own > 0) & (others > 0)
    if not both.any():
        return None
    share = np.array([PRIME - modulo(int(n1), int(n0)) if there else 0
                      for n1, n0, there in zip(own, others, both, strict=True)], np.float64)  # fmt: skip
    weights: Floats = np.where(found.exposed, both[kinds], share[kinds])
    return np.where(counted, weights, 0.0)
