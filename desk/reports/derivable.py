"""What can be worked out of sums that are told: whether anything of it is about a few people only.

People of whom nothing told makes a difference are one class; a sum that is told is a row, a number for each class. All
that can be worked out are sums of multiples of rows. Something about a group of people can be worked out exactly if
everything that is told could not stay as it is while they changed as they like; their sum, or a difference of what some
gave and others. So worlds are drawn at random in which every told sum is 0, and a group is safe if nothing about it is
0 in all of them (`desk.reports.standing_alone`).

Rows are kept in echelon form modulo a prime, exactly (floats hold whole numbers below 2**53); pivots stand in classes
of enough people where that is possible. A group of few has nobody of such a class, so only rows whose pivot is a class
of few can put one together, and only the classes of these rows are looked at. Mostly that is not even needed: where
there are enough sets of classes with nobody in common that tell all such rows apart, there is no such group
(`desk.reports.disjoint_sets`).
Whatever can be worked out with fractions can be worked out modulo the prime, unless it divides a denominator.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from scipy.sparse import bmat, csr_array
from scipy.sparse.csgraph import connected_components

from desk.reports.columns import Ints
from desk.reports.disjoint_sets import DisjointSets
from desk.reports.echelon import PRIME, Echelon
from desk.reports.standing_alone import WORLDS, Group, groups_alone, is_countable
from desk.reports.statistics import Floats, Mask

SEED: Final = 20_260_101  # the same worlds every time: what is told does not flicker


class Span:
    """All that can be worked out of some rows; below `few` people, 5 at most, a class is small."""

    def __init__(self, people: Ints, few: int, *, most_rows: int, doubted: int) -> None:
        """Begin with nothing; there are no more than `most_rows`, and so many of them `doubted`."""
        self.people, self.few = people, few
        self._echelon = Echelon(most_rows, people.size)
        self._shares = np.zeros((min(most_rows, people.size), doubted))  # how much of each doubted row is in a row

    @property
    def rank(self) -> int:
        """How many rows there are that cannot be worked out of each other."""
        return self._echelon.rank

    def join(self, row: Floats, *, doubted: int | None = None) -> bool:
        """Add a row, given modulo the prime; tell whether it was one that could not be worked out of the others.

        `doubted` numbers a row that is known but not told.
        """
        mine = self._echelon.shares(row)
        left = self._echelon.left(row, mine)
        here = np.flatnonzero(left)
        if not here.size:
            return False
        shares = (-(mine @ self._shares[: self.rank])) % PRIME
        if doubted is not None:
            shares[doubted] = (shares[doubted] + 1) % PRIME
        once = self._echelon.add(left, int(here[np.argmax(self.people[here])]))
        self._shares[self.rank - 1] = shares * once % PRIME
        return True

    def is_told(self, row: Floats) -> bool:
        """Tell whether a row that can be worked out can be so without the doubted ones."""
        return not (self._echelon.shares(row) @ self._shares[: self.rank] % PRIME).any()

    def forget(self, rank: int) -> None:
        """Take back all rows after the first so many."""
        self._echelon.forget(rank)

    def small_rows(self, since: int = 0) -> Floats:
        """Return the rows after the first so many that are about small classes only."""
        small: Floats = self._echelon.rows[since:][self._small[since:]]
        return small

    @property
    def small_rank(self) -> int:
        """How many rows put together sums of which nobody in a class of enough people is part."""
        return int(self._small.sum())

    def groups_alone(self, since: int = 0) -> set[Group] | None:
        """Return the smallest groups, few people together, of which something can be worked out, as rows came since.

        Classes that no row joins have no part in each other's groups. None where there are too many to look at.
        """
        small = np.flatnonzero(self._small)
        found: set[Group] = set()
        for mine, classes in _joined(self._echelon.rows[small], np.flatnonzero(small >= since)):
            if mine.size == 1:  # its multiples are all there is
                found |= {frozenset(classes.tolist())} if self.people[classes].sum() < self.few else set()
                continue
            if not is_countable(self.people[classes]):
                return None
            here = small[mine]
            rows = self._echelon.inverse[np.ix_(here, here)] @ self._echelon.rows[np.ix_(here, classes)] % PRIME
            own = np.searchsorted(classes, self._echelon.pivots[here])
            alone = groups_alone(self.people[classes], _worlds(rows, own), self.few)
            found |= {frozenset(int(classes[each]) for each in group) for group in alone}
        return found

    @property
    def _small(self) -> Mask:
        small: Mask = self.people[self._echelon.pivots] < self.few
        return small


class Gate:
    """Lets sums be told one after another, as long as no few people can be worked out of them.

    `told` are rows that are told anyway, `known` those that are reckoned with beside them: nobody is to work out few
    people beyond what follows from these, nor anything of what is `known` alone.
    """

    def __init__(
        self,
        people: Ints,
        few: int,
        told: Sequence[Floats],
        known: Sequence[Floats],
        *,
        most_rows: int,
        liking: Floats | None = None,
        counts: bool = True,
    ) -> None:
        """Begin with what is told and known; at most `most_rows` are asked about.

        `liking` says in which classes rather than others rows are to be told apart. Where these are not all classes
        there are, it cannot be counted (`counts` is false): then only what needs no counting is let.
        """
        most = len(told) + len(known) + most_rows
        self._span = Span(people, few, most_rows=most, doubted=len(known))
        for row in told:
            self._span.join(row)
        for number, row in enumerate(known):
            self._span.join(row, doubted=number)
        self._small = np.flatnonzero((people > 0) & (people < few))
        liked = np.zeros(self._small.size) if liking is None else liking[self._small]
        self._sets = DisjointSets(few, most, liked)
        self._tell_apart(0, needed=False)
        self._counts = counts
        self._found = (self._span.groups_alone() if counts else None) or set()

    def lets(self, rows: Sequence[Floats]) -> bool:
        """Tell whether these may be told too, all of them; if so they are from now on."""
        span = self._span
        rank, small_rank = span.rank, span.small_rank
        lets = all(span.join(row) or span.is_told(row) for row in rows)
        if lets and span.small_rank > small_rank:
            lets = self._tells_of_no_few(rank)
        if not lets:
            span.forget(rank)
        return lets

    def _tells_of_no_few(self, since: int) -> bool:
        """Tell whether no more few people can be worked out with the rows after the first so many."""
        before = self._sets.ranks
        if self._tell_apart(since, needed=True):
            return True
        self._sets.forget(before)
        found = self._span.groups_alone(since) if self._counts else None
        if found is None or not found <= self._found:
            return False
        self._tell_apart(since, needed=False)
        return True

    def _tell_apart(self, since: int, *, needed: bool) -> bool:
        """Give the sets classes for the rows after the first so many that are about small classes only."""
        rows = self._span.small_rows(since)
        return all(self._sets.join(row[self._small], needed=needed) or not needed for row in rows)


def modulo(share: int, whole: int) -> int:
    """Return a fraction modulo the prime."""
    return share * pow(whole, -1, PRIME) % PRIME


def _joined(rows: Floats, since: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Yield which rows are joined to each of these by classes they share, and the classes; each only once."""
    holds = csr_array(rows != 0)
    _, labels = connected_components(bmat([[None, holds], [holds.T, None]]), directed=False)
    of_rows, of_classes = labels[: rows.shape[0]], labels[rows.shape[0] :]
    for label in np.unique(of_rows[since]):
        yield np.flatnonzero(of_rows == label), np.flatnonzero(of_classes == label)


def _worlds(rows: Floats, own: Ints) -> Ints:
    """Return what classes add up to in worlds in which every row does to 0; each row is 1 at a class of its `own`."""
    drawn = np.random.default_rng(SEED).integers(0, PRIME, (rows.shape[1], WORLDS)).astype(np.float64)
    drawn[own] = 0
    drawn[own] = -(rows @ drawn % PRIME) % PRIME
    return drawn.astype(np.int64)
