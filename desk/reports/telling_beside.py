"""Which figures may be told beside what was published, where something changed since.

Everybody who was ever counted is in a class: a month and service, when they came, and when they went. What was
published is a sum of those who were there at that time, what is live a sum of those who are there now. Live figures
are told one after another, in the order of the rule without publications, as long as nobody works out from these and
all that was published what fewer than five people said (`desk.reports.derivable`).

Who kept pages of the day of a publication has more: its services and months as they were. They are reckoned with too,
as far as it can be said what was told on that day: so a service to which one came since is hidden.

How many came and went is not known, only sums; so no more are taken for granted than must have been. Where people went
from a month and service to which others had come since, or others came at the same time, nobody knows who stayed: such
a place is *unclear*. Its people count as none, and what is told must be worked out of the clear places alone: a sum
that no clear place notices would be theirs. That holds however many of them stayed.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

import numpy as np

from desk.domain.since_published import Change, Place, Tallies
from desk.domain.skm_period import YEAR, Period
from desk.domain.told_together import IN_ORDER
from desk.reports.derivable import Gate
from desk.reports.echelon import Echelon
from desk.reports.since_published import Since
from desk.reports.statistics import Floats, Mask
from desk.reports.telling import ALL, FEWEST, Group, Telling

NEVER: Final = 2**62  # later than every snapshot
FIRST: Final = -1  # before all of them
NOW: Final = NEVER - 1
Figure: TypeAlias = tuple[Period, Group, int]  # of a group in a period, at the time of a snapshot


@dataclass(frozen=True, slots=True)
class People:
    """Some who were counted: from after snapshot `came` until snapshot `went`, both by their numbers."""

    place: Place
    came: int
    went: int
    count: int  # 0 where it is not known


class Everybody:
    """All who were ever counted, those first of whom it is known how many they are."""

    def __init__(self, people: Iterable[People]) -> None:
        found = sorted(people, key=lambda each: not each.count)
        self.counts: Final = np.array([each.count for each in found], np.int64)
        self._months = np.array([_number(each.place[0]) for each in found], np.int64)
        self._services = np.array([each.place[1] for each in found], np.int64)
        self._came = np.array([each.came for each in found], np.int64)
        self._went = np.array([each.went for each in found], np.int64)

    def are_in(self, period: Period, group: Group, at: int) -> Mask:
        """Tell of each whether they are counted in the figures of a group in a period at a snapshot's time, or now."""
        first = _number(period.first)
        found: Mask = (self._months >= first) & (self._months < first + period.months)
        found &= (self._came < at) & (at <= self._went)
        if group != ALL:
            found &= self._services == group[0]
        return found

    def in_order(self, within: Iterable[Period], at: int) -> Iterator[tuple[Period, Group, Floats]]:
        """Yield who is in each figure of these periods: a whole before its parts, larger parts first."""
        for period in within:
            there = self.are_in(period, ALL, at)
            if not there.any():
                continue
            yield period, ALL, there.astype(np.float64)
            services, parts = np.unique(self._services[there], return_inverse=True)
            people = np.bincount(parts, weights=self.counts[there])
            for place in np.lexsort((services, -people)):
                yield period, (int(services[place]),), (there & (self._services == services[place])).astype(np.float64)


class Beside:
    """What may be told of those who are counted now, beside all that was published."""

    def __init__(self, now: Telling, since: Since, element: str | None = None) -> None:
        """Ask for all figures that may be told `now` by themselves: of all who answered, or who answered an element."""
        self._now = now
        years = {period.year for period in since.snapshots.values()}
        years |= {month.year for tallies in _tallies(since) for month, _, _ in tallies}
        periods = [_period(year, *stretch) for year in sorted(years) for stretch in IN_ORDER]
        history = _History(since, element)
        for at, published in sorted(since.snapshots.items()):
            within = [each for each in periods if each.first in published and each.last in published]
            history.published(published, within, at)
        people = Everybody(_everybody(since, element, NOW))
        asked = [each for each in people.in_order(periods, NOW) if self._may_be(*each[:2])]
        judges = [_Judge(people, told, len(asked)) for told in (history.told, [*history.told, *history.pages])]
        self._told = {(period, group) for period, group, row in asked if all(each.lets(row) for each in judges)}

    def told(self, period: Period, group: Group = ALL) -> bool:
        """Tell whether figures may be shown; nobody's may be, there are none."""
        return (period, group) in self._told or not self._now.count(period, group)

    def _may_be(self, period: Period, group: Group) -> bool:
        """Tell whether enough answered, and are told by themselves: what was published of more makes few not enough."""
        return self._now.count(period, group) >= FEWEST and self._now.told(period, group)


class _History:
    """What was told by and by: what was published, and what the pages had of its services and months on that day."""

    def __init__(self, since: Since, element: str | None) -> None:
        self._since, self._element = since, element
        self.told: list[Figure] = []
        self.pages: list[Figure] = []

    def published(self, period: Period, within: Sequence[Period], at: int) -> None:
        """Take in a publication, and those figures of the periods within that the rule let be told then."""
        self.told.append((period, ALL, at))
        before = [each for each in self._since.counted if each.lacking.number < at]
        people = Everybody(_everybody(self._since, self._element, at))
        telling = self._telling(before, at)
        pages = [each for each in people.in_order(within, at) if telling.told(*each[:2])]
        if before:
            judge = _Judge(people, [*self.told, *self.pages], len(pages))
            pages = [each for each in pages if judge.lets(each[2])]
        self.pages += [(each, group, at) for each, group, _ in pages]

    def _telling(self, before: Iterable[Change], at: int) -> Telling:
        """Return what was told by itself on the day of a publication."""
        people = Counter(_places(self._since.split.first, self._element))
        for change in before:
            people.update(_places(change.tallies, self._element))
        found = [(month, (service_id,), max(0, count)) for (month, service_id), count in people.items()]
        published = [each for each, _, _ in self.told]
        return Telling(found, self._since.at[at].date(), published=published)


class _Judge:
    """Lets sums be told one after another; clear classes come before those of nobody."""

    def __init__(self, people: Everybody, told: Iterable[Figure], most_asked: int) -> None:
        """Begin with what is told already, whatever follows from it."""
        counts = people.counts
        self._clear = int(np.count_nonzero(counts))
        rows = {row.tobytes(): row for row in (people.are_in(*each).astype(np.float64) for each in told)}
        most = most_asked + len(rows)
        clear = [row[: self._clear] for row in rows.values()]
        self._gate = Gate(counts[: self._clear], FEWEST, clear, (), most_rows=most_asked)
        self._all, self._known = Echelon(most, counts.size), Echelon(most, self._clear)
        for row in rows.values():
            self._join(row)
        self._decided = dict.fromkeys(rows, True)

    def lets(self, row: Floats) -> bool:
        """Tell whether a sum may be told: it follows from what is told, or clear places notice it, and of no few."""
        key = row.tobytes()
        if key not in self._decided:
            self._decided[key] = self._asks(row)
        return self._decided[key]

    def _asks(self, row: Floats) -> bool:
        if not _is_new(self._all, row):
            return True
        clear = row[: self._clear]
        if not _is_new(self._known, clear) or not self._gate.lets([clear]):
            return False
        self._join(row)
        return True

    def _join(self, row: Floats) -> None:
        for echelon, mine in ((self._all, row), (self._known, row[: self._clear])):
            left = echelon.left(mine, echelon.shares(mine))
            if left.any():
                echelon.add(left, int(np.flatnonzero(left)[0]))


def _is_new(echelon: Echelon, row: Floats) -> bool:
    return bool(echelon.left(row, echelon.shares(row)).any())


def _number(month: date) -> int:
    return month.year * YEAR + month.month


def _tallies(since: Since) -> Iterator[Tallies]:
    yield since.split.first
    yield from (each.tallies for each in since.counted)


def _period(year: int, first: int, last: int) -> Period:
    months = last - first + 1
    return Period(year, months, (first - 1) // months + 1)


def _everybody(since: Since, element: str | None, until: int) -> Iterator[People]:
    """Yield all who were ever counted, by month and service, as it was known at the time of a snapshot, or now."""
    first = _places(since.split.first, element)
    came, went = (defaultdict[Place, dict[int, int]](dict) for _ in range(2))
    for change in (each for each in since.counted if each.lacking.number < until):
        _note(came, change, change.added(element))
        _note(went, change, change.taken(element))
    for place in {*first, *came, *went}:
        arrived = {FIRST: first[place], **came[place]}
        yield from _of_place(place, {at: count for at, count in arrived.items() if count > 0}, went[place])


def _note(found: Mapping[Place, dict[int, int]], change: Change, people: Mapping[Place, int]) -> None:
    for place, count in people.items():
        found[place][change.lacking.number] = count


def _of_place(place: Place, came: Mapping[int, int], went: Mapping[int, int]) -> Iterator[People]:
    """Yield those of a month and service; where it is unclear who stayed, everybody who may be there, as none.

    Where others came when some went, there were those who came and those who went; who stayed is unclear.
    """
    at_once = len(went) == 1 and next(iter(went)) in came
    if any(sum(1 for each in came if each < gone) != 1 or (gone in came and not at_once) for gone in went):
        yield from (People(place, each, gone, 0) for each in came for gone in (*went, NEVER) if gone > each)
        return
    for at, count in came.items():
        mine = {gone: many for gone, many in went.items() if gone > at}
        yield from (People(place, at, gone, many) for gone, many in mine.items())
        if mine and at_once:
            yield People(place, at, NEVER, 0)
        elif (left := count - sum(mine.values())) > 0:
            yield People(place, at, NEVER, left)


def _places(tallies: Tallies, element: str | None) -> Counter[Place]:
    found: Counter[Place] = Counter()
    for (month, service_id, _), tally in tallies.items():
        found[month, service_id] += tally.answers if element is None else sum(tally.counts.get(element, {}).values())
    return found
