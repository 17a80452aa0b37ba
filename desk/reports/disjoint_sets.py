"""A proof, without counting, that no few people can be worked out: sets of classes that have nobody in common.

Rows are what puts together sums over small classes only. Take `few` sets of classes, none in two of them, such that no
combination of rows is 0 in all classes of a set. Whoever is to stand alone is at most `few` − 1 people, so in at most
as many classes; one of the sets has none of these. A sum of theirs would be 0 all over that set: so there is none.

Sets are found greedily: with each row, each set gets one more class in which what is left of the row is not 0. A row
that may be worked out anyway (`needed` is false) may stay without one. It is 0 then in all classes that are still free,
and so in all that a set gets later: a combination that is 0 all over a set is one of such rows alone.
"""

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from desk.reports.columns import Ints
from desk.reports.echelon import PRIME, Echelon
from desk.reports.statistics import Floats, Mask

SEED: Final = 20_260_102
CHECKS: Final = 3  # sums over all classes that are looked at beside the chosen ones
SOME: Final = 40  # small classes of each row, all where there are no more
TIMES: Final = 10  # as many classes as rows


class DisjointSets:
    """As many sets of classes as people are not few; each is enough by itself to tell the rows apart."""

    def __init__(self, few: int, most_rows: int, liking: Floats) -> None:
        """Begin with empty sets; classes that are liked most are taken first."""
        self._liking = liking
        self._free: Mask = np.ones(liking.size, bool)
        self._sets = [Echelon(most_rows, liking.size) for _ in range(few)]

    @property
    def ranks(self) -> list[int]:
        """How many classes each set has."""
        return [each.rank for each in self._sets]

    def join(self, row: Floats, *, needed: bool = True) -> bool:
        """Give each set a class for a row; tell whether each got one, and stop at the first that does not if needed."""
        found = True
        for each in self._sets:
            left = each.left(row, each.shares(row))
            here = np.flatnonzero((left != 0) & self._free)
            if here.size:
                pivot = int(here[np.argmax(self._liking[here])])
                each.add(left, pivot)
                self._free[pivot] = False
            elif needed:
                return False
            else:
                found = False
        return found

    def forget(self, ranks: Sequence[int]) -> None:
        """Take back what sets got after they had so many classes."""
        for each, rank in zip(self._sets, ranks, strict=True):
            self._free[each.pivots[rank:]] = True
            each.forget(rank)


class ChosenClasses:
    """Some of very many classes, in which the sets are looked for.

    All classes of enough people are among them, so what is 0 in these is found as before. Beside them stand sums over
    all classes with weights drawn at random, which are 0 for rows that are 0 all over and, once in 10**18 times, for
    another: as classes of nobody, so that a row of which nothing else is left counts as one of few.
    """

    def __init__(self, people: Ints, few: int, rows: Iterable[Floats], always: Mask) -> None:
        """Choose those of enough people, those wanted `always`, and some of those each row is about."""
        drawn = np.random.default_rng(SEED)
        small = people < few
        chosen = ~small | always
        fewest = np.full(people.size, float(people.size))
        count = 0
        for row in rows:
            here = np.flatnonzero((row != 0) & small)
            fewest[here] = np.minimum(fewest[here], here.size)
            if here.size <= SOME:
                chosen[here] = True
            elif (missing := SOME - int(chosen[here].sum())) > 0:
                chosen[here[drawn.integers(0, here.size, missing)]] = True
            count += 1
        chosen[drawn.integers(0, people.size, TIMES * count)] = True
        self._places = np.flatnonzero(chosen)
        self._checks = drawn.integers(0, PRIME, (people.size, CHECKS)).astype(np.float64)
        self.people = np.concatenate([people[self._places], np.zeros(CHECKS, np.int64)])
        self.liking: Floats = np.concatenate([fewest[self._places], np.zeros(CHECKS)])

    def of(self, row: Floats) -> Floats:
        """Return what a row is in the chosen classes; its numbers are at most ten thousand."""
        found: Floats = np.concatenate([row[self._places], row @ self._checks]) % PRIME
        return found
