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

from collections.abc import Sequence
from typing import Final

import numpy as np

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

    @property
    def is_countable(self) -> bool:
        """Whether there are few enough small classes to look at all groups of them."""
        return is_countable(self.people[self._suspected])

    def groups_alone(self) -> set[Group]:
        """Return the smallest groups of small classes, few people together, of which something can be worked out."""
        suspected = np.flatnonzero(self._suspected)
        found = groups_alone(self.people[suspected], self._worlds()[suspected], self.few)
        return {tuple(int(suspected[each]) for each in group) for group in found}

    @property
    def _small(self) -> Mask:
        small: Mask = self.people[self._echelon.pivots] < self.few
        return small

    @property
    def _suspected(self) -> Mask:
        """The classes of which a group of few can be made; all of them are small."""
        suspected: Mask = (self.small_rows() != 0).any(axis=0)
        return suspected

    def _worlds(self) -> Ints:
        """Return what each class adds up to in each world; every row adds up to 0."""
        drawn = np.random.default_rng(SEED).integers(0, PRIME, (self.people.size, WORLDS)).astype(np.float64)
        found = self._echelon
        drawn[found.pivots] = 0
        drawn[found.pivots] = -(found.inverse @ (found.rows @ drawn % PRIME)) % PRIME
        return drawn.astype(np.int64)


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
        self._found = self._span.groups_alone() if counts and self._span.is_countable else set()

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
        if not (self._counts and self._span.is_countable and self._span.groups_alone() <= self._found):
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
