"""Which numbers of a profile may be told together: how many men, how many with secondary school, in a period.

How many people answered in each month at each service is always told. So of one characteristic everything that can be
worked out are sums of these rows (service and month) and of the numbers that are told (a value, in a period, of all
services or of one). A number is told if then no number of fewer than `fewest` people follows from all of them.

**Only quarters, half years and years are told**, a longer one of a service only where its quarters and half years are
told wherever the office's are. Then the told numbers of a value lie in each other or apart by period *and* by service:
taking the inner ones off the outer, and the services told off the office, leaves classes that do not overlap. Each
answer (service, month, value) stands in one row and in one class, and what can be worked out is decided as in
`desk.domain.told_together`: by the people who cross a cut between the two halves of a class.
With months, or with the year of a service whose quarters are not told, an answer would stand in three sums, and nobody
knows a quick way to decide that.

The office's numbers come first, by the end of their period, the longest first; then those of services, the largest
first, quarters before the years they lie in. Of a number the larger value comes first: hidden are the smallest.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final, TypeAlias

from desk.domain.flow import shortest_way
from desk.domain.told_together import IN_ORDER, QUARTER, Stretch, quarter_end, within

Row: TypeAlias = tuple[int, int]  # service and month
Given: TypeAlias = Mapping[Row, Mapping[str, int]]  # how often each value was given
Number: TypeAlias = tuple[Stretch, int, str]  # period, service (0: all), value
Class: TypeAlias = tuple[str, int, Stretch | None]
Node: TypeAlias = Row | Class
ALL_SERVICES: Final = 0
GROUND: Final[Class] = ("", 0, None)
PERIODS: Final[Sequence[Stretch]] = [each for each in IN_ORDER if each[1] - each[0] + 1 >= QUARTER]
INNER_FIRST: Final = sorted(PERIODS, key=lambda each: (quarter_end(each[1]), each[1] - each[0], each[0]))


class ProfileTelling:
    """Which numbers of one characteristic may be told in a year.

    `allowed` says of a period and a service (0: all) whether its profile may be told at all; `already` are numbers of
    the office that were published, which are told whatever the rule says.
    """

    def __init__(
        self, given: Given, fewest: int, allowed: Callable[[Stretch, int], bool], already: Collection[Number] = ()
    ) -> None:
        """Take how often each value was given at each service in each month; services are numbered from 1."""
        self._given, self._fewest = given, fewest
        self._allowed = allowed
        self._told: set[Number] = set()
        self._classes: dict[tuple[str, int], Stretch] = {}  # of a value in a month, of all services
        self._graph = _Graph(fewest)
        for row, counts in given.items():
            for count in counts.values():
                self._graph.add(row, GROUND, count)
        self._office, self._services = list(PERIODS), list(INNER_FIRST)  # what is not decided yet
        for stretch, _, value in already:
            self._tell_of_all(stretch, value, is_told=True)

    def told(self, stretch: Stretch, service_id: int = ALL_SERVICES) -> frozenset[str]:
        """Return the values whose numbers may be told of a service, or of all, in a period; none of a month."""
        while stretch in self._office or (service_id and self._office):
            self._tell_office(self._office.pop(0))
        while service_id and stretch in self._services:
            self._tell_services(self._services.pop(0))
        return frozenset(value for each, service, value in self._told if (each, service) == (stretch, service_id))

    def _tell_office(self, stretch: Stretch) -> None:
        if self._allowed(stretch, ALL_SERVICES):
            for value in self._largest_first(stretch, ALL_SERVICES):
                self._tell_of_all(stretch, value, is_told=False)

    def _tell_of_all(self, stretch: Stretch, value: str, *, is_told: bool) -> None:
        mine = {row: self._given[row][value] for row in self._rows(stretch) if self._given[row].get(value)}
        new = {row: count for row, count in mine.items() if not within(self._classes.get((value, row[1])), stretch)}
        around = {self._classes.get((value, month)) for _, month in new}
        old: Class = (value, ALL_SERVICES, around.pop()) if around and None not in around else GROUND
        if not mine or (new and not self._graph.splits((value, ALL_SERVICES, stretch), old, new, is_told=is_told)):
            return
        self._told.add((stretch, ALL_SERVICES, value))
        for month in range(stretch[0], stretch[1] + 1):
            if not within(self._classes.get((value, month)), stretch):
                self._classes[value, month] = stretch

    def _tell_services(self, stretch: Stretch) -> None:
        sizes: Counter[int] = Counter()
        for (service_id, _), counts in self._given.items():
            sizes[service_id] += sum(counts.values())
        services = sorted((each for each in sizes if each), key=lambda each: (-sizes[each], each))
        for service_id in services:
            if self._allowed(stretch, service_id):
                for value in self._largest_first(stretch, service_id):
                    self._tell_of_service(stretch, service_id, value)

    def _tell_of_service(self, stretch: Stretch, service_id: int, value: str) -> None:
        if (stretch, ALL_SERVICES, value) not in self._told:
            return
        mine = {row: self._given[row][value] for row in self._rows(stretch, service_id) if self._given[row].get(value)}
        classes = {self._classes[value, month] for _, month in mine}
        if any((each, service_id, value) not in self._told for each in classes - {stretch}):
            return
        new = {row: count for row, count in mine.items() if self._classes[value, row[1]] == stretch}
        names: tuple[Class, Class] = (value, service_id, stretch), (value, ALL_SERVICES, stretch)
        if mine and (not new or self._graph.splits(*names, new, is_told=False)):
            self._told.add((stretch, service_id, value))

    def _rows(self, stretch: Stretch, service_id: int = ALL_SERVICES) -> Iterator[Row]:
        for row in self._given:
            if stretch[0] <= row[1] <= stretch[1] and service_id in (ALL_SERVICES, row[0]):
                yield row

    def _largest_first(self, stretch: Stretch, service_id: int) -> list[str]:
        counts: Counter[str] = Counter()
        for row in self._rows(stretch, service_id):
            counts.update(self._given[row])
        return sorted((each for each in counts if counts[each] >= self._fewest), key=lambda each: (-counts[each], each))


class _Graph:
    """Rows and classes, and how much may flow between them, either way: the people in both."""

    def __init__(self, fewest: int) -> None:
        self._fewest = fewest
        self._people: dict[Node, dict[Node, int]] = defaultdict(dict)
        self._rows: dict[Node, dict[Node, int]] = defaultdict(dict)

    def add(self, row: Row, column: Class, count: int) -> None:
        """Put so many people of a row into a class."""
        if not count:
            return
        total = self._people[row].get(column, 0) + count
        if total:
            self._people[row][column] = total
            self._rows[column][row] = total
        else:
            del self._people[row][column], self._rows[column][row]

    def splits(self, new: Class, old: Class, atoms: Mapping[Row, int], *, is_told: bool) -> bool:
        """Split a class in two if then no cut between them is crossed by a few people, but by some; tell whether.

        One that is told already is split whatever follows.
        """
        if not is_told and sum(atoms.values()) < self._fewest:
            return False
        self._move(atoms, old, new)
        if is_told or self._flows(new, old):
            return True
        self._move(atoms, new, old)
        return False

    def _move(self, atoms: Mapping[Row, int], old: Class, new: Class) -> None:
        for row, count in atoms.items():
            self.add(row, old, -count)
            self.add(row, new, count)

    def _flows(self, source: Node, drain: Node) -> bool:
        """Tell whether nothing can flow from one class to another, or enough."""
        if shortest_way(self._ways, source, drain, self._fewest):
            return True
        used: Counter[tuple[Node, Node]] = Counter()

        def ways(node: Node) -> Iterable[tuple[Node, int]]:
            for other, amount in self._ways(node):
                yield other, amount - used[node, other]
            for other, amount in list(_back(used, node)):
                yield other, amount

        total = 0
        while total < self._fewest and (path := shortest_way(ways, source, drain)):
            amount = min(_best(ways(one))[other] for one, other in pairwise(path))
            for one, other in pairwise(path):
                taken = min(amount, used[other, one])
                used[other, one] -= taken
                used[one, other] += amount - taken
            total += amount
        return total == 0 or total >= self._fewest

    def _ways(self, node: Node) -> Iterable[tuple[Node, int]]:
        yield from (self._people if node in self._people else self._rows)[node].items()


def _back(used: Mapping[tuple[Node, Node], int], node: Node) -> Iterator[tuple[Node, int]]:
    """Yield what could flow back on the ways that were used."""
    for (one, other), amount in used.items():
        if other == node and amount:
            yield one, amount


def _best(ways: Iterable[tuple[Node, int]]) -> dict[Node, int]:
    """Return how much may flow to each neighbor, the ways there and back together."""
    found: dict[Node, int] = {}
    for other, amount in ways:
        found[other] = found.get(other, 0) + amount
    return found
