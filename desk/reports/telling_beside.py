"""Which figures may be told beside what was published, where something changed since.

Everybody who was ever counted is in a class: a month and service, when they came, and when they went. What was
published is a sum of those who were there at that time, what is live a sum of those who are there now. Live figures
are told one after another, in the order of the rule without publications, as long as nobody works out from these and
all that was published what fewer than five people said (`desk.reports.derivable`).

Who kept pages of the day of a publication has more: its services and months as they were. They are reckoned with too,
as far as it can be said afterwards which of them were told: so a service to which one came since is hidden.

How many came and went is not known, only sums; so no more are taken for granted than must have been. Where people went
from a month and service to which others had come since, or others came at the same time, nobody knows who stayed: such
a place is *unclear*. Its people count as none, and what is told must be worked out of the clear places alone: a sum
that no clear place notices would be theirs. That holds however many of them stayed.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from desk.domain.since_published import Change, Key, Place
from desk.domain.skm_period import Period
from desk.domain.tallies import Tally
from desk.domain.told_together import IN_ORDER
from desk.reports.derivable import Gate
from desk.reports.echelon import Echelon
from desk.reports.since_published import Since
from desk.reports.statistics import Floats
from desk.reports.telling import ALL, FEWEST, Group, Telling

NEVER: Final = 2**62  # later than every snapshot
FIRST: Final = -1  # before all of them
NOW: Final = NEVER - 1


@dataclass(frozen=True, slots=True)
class People:
    """Some who were counted: from after snapshot `came` until snapshot `went`, both by their numbers."""

    place: Place
    came: int
    went: int
    count: int  # 0 where it is not known

    def are_in(self, period: Period, group: Group, at: int) -> bool:
        """Tell whether they are counted into the figures of a group in a period at the time of a snapshot, or now."""
        return self.place[0] in period and group in (ALL, self.place[1:]) and self.came < at <= self.went


class Beside:
    """What may be told of those who are counted now, beside all that was published."""

    def __init__(self, now: Telling, since: Since, element: str | None = None) -> None:
        """Ask for all figures that may be told `now` by themselves: of all who answered, or who answered an element."""
        people = list(_everybody(since, element))
        self._people = [each for each in people if each.count] + [each for each in people if not each.count]
        candidates = list(_in_order(now, self._people, NOW, None))
        looks = [
            (at, period, list(_in_order(telling, self._people, at, period)))
            for at, telling, period in _looks(since, element)
        ]
        most = len(candidates) + sum(1 + len(each) for _, _, each in looks)
        published, kept = (_Judge(self._people, most) for _ in range(2))
        for at, period, pages in looks:
            for judge in (published, kept):
                judge.tell(self._row(period, ALL, at))
            for each in pages:
                kept.lets(self._row(*each, at))
        rows = ((each, self._row(*each, NOW)) for each in candidates)
        self._told = {each for each, row in rows if kept.lets(row) and published.lets(row)}

    def told(self, period: Period, group: Group = ALL) -> bool:
        """Tell whether figures may be shown; nobody's may be, there are none."""
        return (period, group) in self._told or not any(each.are_in(period, group, NOW) for each in self._people)

    def _row(self, period: Period, group: Group, at: int) -> Floats:
        return np.array([each.are_in(period, group, at) for each in self._people], np.float64)


class _Judge:
    """Lets sums be told one after another; clear classes come before those of nobody."""

    def __init__(self, people: Sequence[People], most_rows: int) -> None:
        counts = np.array([each.count for each in people if each.count], np.int64)
        self._clear = counts.size
        self._gate = Gate(counts, FEWEST, (), (), most_rows=most_rows)
        self._all, self._known = Echelon(most_rows, len(people)), Echelon(most_rows, counts.size)
        self._decided: dict[bytes, bool] = {}

    def tell(self, row: Floats) -> None:
        """Reckon with a sum that is told whatever follows from it."""
        self._gate.tells(row[: self._clear])
        self._join(row)

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


def _looks(since: Since, element: str | None) -> Iterator[tuple[int, Telling, Period]]:
    """Yield each snapshot with what could be told by itself at its time, and what was published then."""
    published: list[Period] = []
    for number, period in sorted(since.snapshots.items()):
        published.append(period)
        people = Counter(_places(since.split.first, element))
        for change in since.counted:
            if change.lacking.number < number:
                people.update(_places(change.tallies, element))
        found = [(month, (service_id,), max(0, count)) for (month, service_id), count in people.items()]
        yield number, Telling(found, since.at[number].date(), published=published), period


def _in_order(
    telling: Telling, people: Iterable[People], at: int, within: Period | None
) -> Iterator[tuple[Period, Group]]:
    """Yield the groups and periods that may be told by themselves: a whole before its parts, larger parts first."""
    there = {each.place for each in people if each.came < at <= each.went}
    if within is not None:
        there = {place for place in there if place[0] in within}
    for year in sorted({month.year for month, _ in there}):
        for first, last in IN_ORDER:
            period = _period(year, first, last)
            if within is not None and not (period.first in within and period.last in within):
                continue
            groups = {(service_id,) for month, service_id in there if month in period}
            for group in (ALL, *sorted(groups, key=lambda each: (-telling.count(period, each), each))):
                if groups and telling.told(period, group):
                    yield period, group


def _period(year: int, first: int, last: int) -> Period:
    months = last - first + 1
    return Period(year, months, (first - 1) // months + 1)


def _everybody(since: Since, element: str | None) -> Iterator[People]:
    """Yield all who were ever counted, by month and service."""
    first = _places(since.split.first, element)
    came, went = (defaultdict[Place, dict[int, int]](dict) for _ in range(2))
    for change in since.counted:
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


def _places(tallies: Mapping[Key, Tally], element: str | None) -> Counter[Place]:
    found: Counter[Place] = Counter()
    for (month, service_id, _), tally in tallies.items():
        found[month, service_id] += tally.answers if element is None else sum(tally.counts.get(element, {}).values())
    return found
