"""Which figures by officer and by leg may be told beside the scores and beside each other.

Each has its own rule, since they are parts of wholes of their own (`OFFICERS` and `LEGS` of `desk.reports.telling`).
Beside the scores they say more: what the office's sum has beyond an officer's is the others', what it has beyond all
legs is of those who answered on paper. So they are asked for together, as the groups of `desk.reports.telling_groups`
are and for the same reasons: quarter by quarter, with the sums of the office and of its services known. The order:
the quarter before its months; the legs of the office, the first of them first, and those by service; then officers,
with most answers first, and those by service. A figure is told if its own rule tells it and if then nothing about
fewer than five people can be worked out of all that is told (`desk.reports.derivable`).

A sum is one of shares: what one said counts for so many ten-thousandths as their officer, or leg, has of their work.
People with the same shares at the same place are one class; those whose work was handed on are mostly each their own.
Those of whom no shares are known, on paper, anonymous or from files, are one class at each place.

A half year or year is told where all its quarters are, so that it adds nothing. Where something changed after a period
was published, nothing is told of that quarter: what was published and what came since would be parted anew.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from enum import StrEnum
from itertools import chain
from typing import Final, TypeAlias

import numpy as np

from desk.domain.skm_period import Period
from desk.reports.chains import ByQuarter, Chains
from desk.reports.columns import Ints
from desk.reports.derivable import Gate
from desk.reports.disjoint_sets import ChosenClasses
from desk.reports.statistics import Floats, Mask
from desk.reports.telling import ALL, FEWEST, Group, Telling
from desk.reports.telling_groups import QUARTER, Told


class Of(StrEnum):
    """Whose figure it is: of (officer,) or (officer, service), of (leg,) or (leg, service of the leg)."""

    LEG = "leg"
    OFFICER = "officer"


Cell: TypeAlias = tuple[Period, Of, Group]
Row: TypeAlias = Callable[[Floats], Floats]
MOST_AS_THEY_ARE: Final = 1_500  # classes of one person, beyond which some are chosen


class ChainTelling:
    """Which figures by officer and by leg of some whole quarters may be told."""

    def __init__(
        self,
        chains: ByQuarter | Chains,
        telling: Told,
        rules: dict[Of, Telling],
        year: int,
        quarters: Collection[int],
        *,
        shortest: int = 1,
        by_service: bool = True,
        changed: Collection[int] = (),
    ) -> None:
        """Judge these quarters and, where the `shortest` period is one, their months; all their answers are there.

        `telling` is of the scores. Officers `by_service` come last in each period, and may be left out where neither
        they nor a month are asked for.
        """
        self._telling, self._rules, self._by_service = telling, rules, by_service
        self._quarters = [Period(year, QUARTER, number) for number in sorted(quarters)]
        self._there: set[Cell] = set()
        self._told: set[Cell] = set()
        for quarter in self._quarters:
            mine = _Quarter(chains.of(quarter), telling, rules, quarter, by_service=by_service or shortest < QUARTER)
            self._there |= {(quarter, *each) for each in mine.every}
            if quarter.number not in changed:
                self._told |= set(mine.told([quarter, *(quarter.parts if shortest < QUARTER else ())]))

    def told(self, period: Period, of: Of, group: Group) -> bool:
        """Tell whether a figure may be shown."""
        if not self._rules[of].told(period, group) or (_is_by_service(of, group) and not self._by_service):
            return False
        if period.months <= QUARTER:
            return (period, of, group) in self._told
        if not self._telling.told(period, _scored(of, group)):
            return False
        inside = [(each, of, group) for each in self._quarters if each.first in period]
        return all(each in self._told or each not in self._there for each in inside)


def _is_by_service(of: Of, group: Group) -> bool:
    return of is Of.OFFICER and len(group) > 1


def _scored(of: Of, group: Group) -> Group:
    """Return whose scores a figure stands beside: officers by service on the page of that service."""
    return group[1:] if of is Of.OFFICER else ALL


class _Quarter:
    """The classes of those who answered in a quarter, and its figures in order."""

    def __init__(
        self, chains: Chains, telling: Told, rules: dict[Of, Telling], quarter: Period, *, by_service: bool
    ) -> None:
        self._telling, self._rules, self._quarter, self._by_service = telling, rules, quarter, by_service
        self._officers = {each: place for place, each in enumerate(chains.officers)}
        self._legs = {each: len(chains.officers) + place for place, each in enumerate(chains.legs)}
        months = np.concatenate([chains.months, [each.month for each in chains.others]]).astype(np.int64)
        services = np.concatenate([chains.services, [each.service_id for each in chains.others]]).astype(np.int64)
        none = np.zeros((len(chains.others), chains.shares.shape[1]), np.int64)
        people = np.concatenate([np.ones(chains.months.size), [*chains.others.values()]]).astype(np.int64)
        first, self._people = _classes(
            np.column_stack([self._apart(months, services), services, np.concatenate([chains.shares, none])]), people
        )
        self._months, self._services = months[first], services[first]
        self._shares = np.asfortranarray(np.concatenate([chains.shares, none])[first], np.float64)
        self.every = [*self._every_leg(), *self._every_officer()]

    def told(self, periods: Sequence[Period]) -> Iterator[Cell]:
        """Return the figures that may be told, in order; of the months of the quarter only after the quarter."""
        cells = [(period, *each) for period in periods for each in self.every if self._may_be(period, *each)]
        if not cells:
            return
        gate, of = self._gate(cells)
        for cell in cells:
            if gate.lets([of(self._row(*cell))]):
                yield cell

    def _gate(self, cells: Sequence[Cell]) -> tuple[Gate, Row]:
        """Return what lets figures be told, and what it wants to know of each: not all, where there are very many."""
        told, known = self._told_sums(), self._known_sums()
        if (self._people == 1).sum() <= MOST_AS_THEY_ARE:
            return Gate(self._people, FEWEST, told, known, most_rows=len(cells)), lambda row: row
        rows = chain(told, known, (self._row(*each) for each in cells))
        unshared: Mask = self._shares.max(axis=1, initial=0) == 0
        chosen = ChosenClasses(self._people, FEWEST, rows, unshared)
        told, known = ([chosen.of(each) for each in rows] for rows in (told, known))
        gate = Gate(chosen.people, FEWEST, told, known, most_rows=len(cells), liking=chosen.liking, counts=False)
        return gate, chosen.of

    def _may_be(self, period: Period, of: Of, group: Group) -> bool:
        """Tell whether there is a figure that its own rule and the scores of its page tell."""
        tells = self._telling.told(period, _scored(of, group)) and self._rules[of].told(period, group)
        return tells and bool(self._row(period, of, group).any())

    def _every_leg(self) -> list[tuple[Of, Group]]:
        legs: list[Group] = [*((each,) for each in sorted({leg for leg, _ in self._legs})), *sorted(self._legs)]
        return [(Of.LEG, each) for each in legs if self._row(self._quarter, Of.LEG, each).any()]

    def _every_officer(self) -> list[tuple[Of, Group]]:
        """Return officers, and officers by service, those with most answers first."""
        counts: Counter[Group] = Counter()
        for officer, place in self._officers.items():
            mine = self._shares[:, place] > 0
            for service in np.unique(self._services[mine]).tolist() if self._by_service else ():
                counts[officer, service] = int(self._people[mine & (self._services == service)].sum())
            counts[officer,] = int(self._people[mine].sum())
        order = sorted(counts, key=lambda each: (len(each), -counts[each], each))
        return [(Of.OFFICER, each) for each in order if counts[each]]

    def _apart(self, months: Ints, services: Ints) -> Ints:
        """Return the months, and 0 where no month of the office or of the service is told."""
        found = months.copy()
        for month, service in set(zip(months.tolist(), services.tolist(), strict=True)):
            period = Period(self._quarter.year, 1, month)
            if not (self._telling.told(period) or self._telling.told(period, (service,))):
                found[(months == month) & (services == service)] = 0
        return found

    def _told_sums(self) -> list[Floats]:
        places = [(period, group) for period in (self._quarter, *self._quarter.parts) for group in self._every_group]
        return [self._within(*each).astype(np.float64) for each in places if self._telling.told(*each)]

    def _known_sums(self) -> list[Floats]:
        return [self._within(self._quarter, group).astype(np.float64) for group in self._every_group]

    @property
    def _every_group(self) -> list[Group]:
        return [ALL, *((each,) for each in np.unique(self._services).tolist())]

    def _within(self, period: Period, group: Group) -> Mask:
        mask: Mask = (self._months >= period.first.month) & (self._months <= period.last.month)
        return mask & (self._services == group[0]) if group else mask

    def _row(self, period: Period, of: Of, group: Group) -> Floats:
        """Return what each class counts for in a figure, in ten-thousandths."""
        if of is Of.OFFICER:
            share = self._shares[:, self._officers[group[0]]]
        else:
            places = [place for each, place in self._legs.items() if each[: len(group)] == group]
            share = self._shares[:, places].sum(axis=1)
        row: Floats = np.where(self._within(period, _scored(of, group)), share, 0.0)
        return row


def _classes(kinds: Ints, people: Ints) -> tuple[Ints, Ints]:
    """Return the first of each kind, and how many people are of it."""
    first: dict[bytes, int] = {}
    counts: Counter[int] = Counter()
    for place, (kind, count) in enumerate(zip(kinds, people.tolist(), strict=True)):
        counts[first.setdefault(kind.tobytes(), place)] += count
    places = list(counts)
    return np.array(places, np.int64), np.array([counts[each] for each in places], np.int64)
