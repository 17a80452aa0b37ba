"""Which sums over periods and groups of a year may be told together, so that no difference of them is of a few people.

**The order.** Quarters, half years and years: what ends first is told first, of what ends on the same day the longest
first. The months of a quarter follow it. A whole (the office) comes before its parts (the services), a larger part
before a smaller. A sum is told if then nothing of fewer than `fewest` people can be worked out of all that is told.

So what is told of a quarter, half year or year depends on nothing that comes after it: over and told, it stays told. A
whole that goes on beyond the running quarter is told only where its quarters are told already, so that it adds nothing:
what is hidden in it could come to stand alone. A month that is over, while its quarter is not, is told once so many
people answered after it that it stays told too. Months come last since each would leave a few to stand alone in many a
quarter, which then could never be told.

**Why that is sound.** What was given in one month at one part (a score, a count) is an atom. All that can be worked out
are sums of multiples of what is told. Told periods lie in each other or apart; taking inner ones off outer ones leaves
the same knowledge as classes that do not overlap. Each month has a class among the wholes, the shortest told period
around it, and each atom one among those of its part. Draw an arrow for each atom from the class of its month to that of
its part; what lies in no told sum leads from or to the ground, of which nothing is known.

Some multiples of atoms can be worked out if and only if each class can have a number, the ground 0, so that for each
atom the two numbers of its arrow add up to its multiple: 0 for all that are not to appear. Turn the sign at the heads,
and the numbers are heights: an arrow between equal heights is an atom that does not appear. So those that appear are
the arrows between groups of classes of one height, and a few people stand alone, in a sum or in a difference of what
some of them gave and others, exactly where a cut is crossed by a few, but by some, whichever way their arrows point:
cut between any two heights, and no more cross it. The fewest between two classes are a maximum flow (Ford & Fulkerson
1956). A difference counts, too: where scores go from 1 to 4, one that is 3 tells both.

To tell one more sum splits one class in two. A cut with both on one side was there before; so the flow between them
decides (`told_parts`). Of wholes alone every arrow leads to the ground, and the flow is what is left
of a class (`told_wholes`). No part is told in a month before its whole is, so no part keeps a whole from being told.

**Beside what was published** this rule is not enough, where something changed since: `desk.reports.telling_beside` asks
for each figure that it tells.

**Over time**, as long as the answers of the past stay as they are: whoever kept every page of a whole, without its
parts, works out nothing of fewer than `fewest` people who all answered in quarters in which that person did not look.
For while a quarter grows, what ends with it comes to be told and stays so, and what goes on beyond it adds nothing: all
pages together are what is told in the end, and what came between two looks at a running quarter. *That* nothing
protects: whoever sees 30 answers become 31 knows what the last one did. Parts are safe at each moment, and stay told
once their quarter is over; pages of them in a running quarter, kept and compared, can tell of a few.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeAlias

from desk.domain.flow import shortest_way
from desk.domain.skm_period import LENGTHS, YEAR

Stretch: TypeAlias = tuple[int, int]  # the first and the last month of a period in its year
Part: TypeAlias = tuple[int, ...]
Parts: TypeAlias = Mapping[int, Mapping[Part, int]]  # answers of each month by part
Cell: TypeAlias = tuple[Stretch, Part]
Atom: TypeAlias = tuple[int, Part]  # a month and a part
Class: TypeAlias = tuple[Part, Stretch | None]
Ways: TypeAlias = dict[Class, dict[Class, int]]

QUARTER: Final = 3  # months
OVER: Final = YEAR + 1  # the running month of a year that is over
WHOLE: Final[Part] = ()  # whose classes are those of months
GROUND: Final[Class] = (WHOLE, None)
FREE: Final = 10**9  # more than all people together


@dataclass(frozen=True, slots=True)
class Rule:
    """How few people are few, and whether parts share them: then any number of small parts may be the same few."""

    fewest: int
    shared: bool = False

    @property
    def enough(self) -> int:
        """How much must cross a cut."""
        return FREE // 1000 if self.shared else self.fewest

    def weight(self, count: int) -> int:
        """Return what an arrow of so many answers counts for in a cut."""
        if not self.shared or not count:
            return count
        return 1 if count < self.fewest else self.enough


def quarter_end(month: int) -> int:
    """Return the last month of the quarter that a month lies in."""
    return -(-month // QUARTER) * QUARTER


IN_ORDER: Final[Sequence[Stretch]] = sorted(
    ((first, first + months - 1) for months in LENGTHS for first in range(1, YEAR + 1, months)),
    key=lambda stretch: (quarter_end(stretch[1]), stretch[0] - stretch[1], stretch[0]),
)


def within(inner: Stretch | None, outer: Stretch) -> bool:
    """Tell whether a period, if there is one, lies in another."""
    return inner is not None and outer[0] <= inner[0] and inner[1] <= outer[1]


def told_wholes(
    people: Mapping[int, int], rule: Rule, running: int, already: Collection[Stretch] = ()
) -> list[Stretch]:
    """Return the periods of a year of which a whole may be told, in the order in which they come.

    `people` are those of each month, `running` is the month that has not ended, `OVER` where the year has. What was
    told `already`, by publishing it, is told whatever the rule says, and comes before all others.
    """
    told: list[Stretch] = []
    home: dict[int, Stretch] = {}
    for stretch in sorted(IN_ORDER, key=lambda each: each not in already):
        mine = [month for month in _months(stretch) if people.get(month)]
        new = [month for month in mine if not within(home.get(month), stretch)]
        around = home.get(new[0]) if new else None
        left = sum(people[month] for month in new)
        beside = sum(people[each] for each, known in home.items() if known == around and each not in new)
        enough = left >= rule.fewest and _has_turn(stretch, around, beside, rule.fewest, running)
        if mine and (stretch in already or not left or enough):
            told.append(stretch)
            home |= dict.fromkeys(new, stretch)
    return sorted(told, key=IN_ORDER.index)


def _has_turn(stretch: Stretch, around: Stretch | None, beside: int, fewest: int, running: int) -> bool:
    """Tell whether a period may be told beside so many people in the told one around it."""
    first, last = stretch
    if first != last:
        return last <= quarter_end(running) and not 0 < beside < fewest
    if around is None or around[1] != quarter_end(last) or around[1] - around[0] >= QUARTER:
        return False  # its quarter is not told
    grows = last < running <= around[1] and last != around[1]
    return beside >= fewest or not (beside or grows)


def told_parts(atoms: Parts, wholes: Sequence[Stretch], rule: Rule) -> set[Cell]:
    """Return the periods and parts that may be told beside `wholes`, what is told of their whole, in order."""
    told: set[Cell] = set()
    columns: dict[Atom, Stretch] = {}
    graph = _Graph(atoms, _shortest(wholes), rule)
    for stretch in wholes:
        graph.reach(quarter_end(stretch[1]))
        for part in _largest_first(atoms, stretch):
            mine = [(month, part) for month in _months(stretch) if atoms.get(month, {}).get(part)]
            new = [atom for atom in mine if not within(columns.get(atom), stretch)]
            old = (part, columns[new[0]]) if new and new[0] in columns else GROUND
            if not new or graph.splits((part, stretch), old, new):
                told.add((stretch, part))
                columns |= dict.fromkeys(new, stretch)
    return told


class _Graph:
    """The classes, and how much may flow between them, either way: the people on the arrows.

    Left out are arrows that are told by themselves: enough people are on them, so that no cut of a few crosses one, and
    they lead to a class of their own. Months that are not reached yet lead to the ground only.
    """

    def __init__(self, atoms: Parts, rows: Mapping[int, Stretch], rule: Rule) -> None:
        self._atoms, self._rows, self._rule = atoms, rows, rule
        self._ways: Ways = defaultdict(lambda: defaultdict(int))
        self._reached = 0
        self._alone: set[Atom] = set()

    def reach(self, month: int) -> None:
        """Take in the months until this one."""
        for each in range(self._reached + 1, month + 1):
            for part in self._atoms.get(each, {}):
                self._add((each, part), GROUND)
        self._reached = max(self._reached, month)

    def splits(self, new: Class, old: Class, atoms: Sequence[Atom]) -> bool:
        """Split a class in two if then no cut between them is crossed by a few people, but by some; tell whether."""
        if self._alone.issuperset(atoms):
            return True  # a class of its own already
        if sum(self._atoms[month][part] for month, part in atoms) < self._rule.fewest:
            return False
        self._move(atoms, old, new)
        if 0 < self._flow(new, old) < self._rule.enough:
            self._move(atoms, new, old)
            return False
        if len(atoms) == 1:
            self._add(atoms[0], new, -1)
            self._alone.update(atoms)
        return True

    def _move(self, atoms: Iterable[Atom], old: Class, new: Class) -> None:
        for atom in atoms:
            self._add(atom, old, -1)
            self._add(atom, new)

    def _weight(self, atom: Atom) -> int:
        return self._rule.weight(self._atoms[atom[0]][atom[1]])

    def _add(self, atom: Atom, column: Class, times: int = 1) -> None:
        """Draw the arrow of an atom, or take it away."""
        weight = self._weight(atom) * times
        if not weight or atom[0] not in self._rows:
            return
        row = (WHOLE, self._rows[atom[0]])
        self._ways[row][column] += weight
        self._ways[column][row] = self._ways[row][column]
        if not self._ways[row][column]:
            del self._ways[row][column], self._ways[column][row]

    def _flow(self, source: Class, drain: Class) -> int:
        """Return how much flows from one class to another, by augmenting paths; no more than enough is looked for."""
        left = {node: dict(others) for node, others in self._ways.items()}

        def ways(node: Class) -> Iterable[tuple[Class, int]]:
            return left.get(node, {}).items()

        total = 0
        while total < self._rule.enough and (path := shortest_way(ways, source, drain)):
            amount = min(left[one][other] for one, other in pairwise(path))
            for one, other in pairwise(path):
                left[one][other] -= amount
                left[other][one] += amount
            total += amount
        return total


def _months(stretch: Stretch) -> range:
    return range(stretch[0], stretch[1] + 1)


def _shortest(told: Iterable[Stretch]) -> dict[int, Stretch]:
    """Return the shortest of these periods around each month."""
    longest_first = sorted(told, key=lambda stretch: stretch[0] - stretch[1])
    return {month: stretch for stretch in longest_first for month in _months(stretch)}


def _largest_first(atoms: Parts, stretch: Stretch) -> list[Part]:
    """Return the parts with answers in a period: what comes last, and so is hidden, are the smallest."""
    counts: Counter[Part] = Counter()
    for month in _months(stretch):
        counts.update(atoms.get(month, {}))
    return sorted((part for part, count in counts.items() if count), key=lambda part: (-counts[part], part))
