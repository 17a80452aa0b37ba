"""Which few people stand alone: the smallest groups of which something can be worked out, a sum or any difference.

Given is what each class of people gave in some worlds in which everything told is 0, modulo a prime. Something about a
group follows from what is told exactly if multiples of its rows add up to 0, not all multiples being 0. Rows of one
person or two are looked at so: alone, is it 0; two, are they parallel; three, are two of them parallel once the first
is taken off; four, the same once two are. That two are parallel by chance, without following, is as unlikely as one in
10**24.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final, TypeAlias

import numpy as np

from desk.reports.columns import Ints
from desk.reports.echelon import PRIME

Group: TypeAlias = tuple[int, ...]
WORLDS: Final = 7
FEW: Final = 5  # groups of more classes than this less one are not looked for
MOST_OF_ONE: Final = 64  # classes of one person, beyond which groups of four are too many to look at
MOST_OF_TWO: Final = 300  # classes of one or two, beyond which groups of three are


def is_countable(people: Ints) -> bool:
    """Tell whether there are few enough classes to look at all groups of them."""
    return int((people == 1).sum()) <= MOST_OF_ONE and int((people <= 2).sum()) <= MOST_OF_TWO


def groups_alone(people: Ints, worlds: Ints, few: int) -> set[Group]:
    """Return the smallest groups of fewer than `few` (5 at most) people of which something follows, by their classes.

    `worlds` has a row for each class and `WORLDS` columns; all classes are of fewer than `few` people, and of somebody.
    """
    alone: set[Group] = {(int(place),) for place in np.flatnonzero(~worlds.any(axis=1))}
    left = np.flatnonzero(worlds.any(axis=1))
    return alone | {group for group in _dependent(left, people, worlds[left], few) if _is_smallest(group, alone)}


def _dependent(left: Ints, people: Ints, rows: Ints, few: int) -> Iterator[Group]:
    """Yield two, three and four classes whose rows depend on each other, none of which is 0; none holds another."""
    known: set[frozenset[int]] = set()
    for groups in (_pairs, _threes, _fours):
        found = {each for each in groups(left, people, rows, few) if not any(other <= each for other in known)}
        known |= found
    yield from (tuple(sorted(each)) for each in known)


def _pairs(left: Ints, people: Ints, rows: Ints, few: int) -> Iterator[frozenset[int]]:
    yield from map(frozenset, _parallel(left, people, rows, few))


def _threes(left: Ints, people: Ints, rows: Ints, few: int) -> Iterator[frozenset[int]]:
    for place in np.flatnonzero(people[left] == 1):
        yield from _beside(int(place), left, people, rows, few)


def _fours(left: Ints, people: Ints, rows: Ints, few: int) -> Iterator[frozenset[int]]:
    """Yield four classes of one person each."""
    ones = np.flatnonzero(people[left] == 1) if few >= FEW else np.zeros(0, np.int64)
    for place in range(ones.size):
        rest = _without(rows[ones], place)
        others = np.flatnonzero(rest.any(axis=1) & (np.arange(ones.size) > place))
        for second in range(others.size):
            for three in _beside(second, left[ones[others]], people, rest[others], few - 1):
                yield three | {int(left[ones[place]])}


def _beside(place: int, left: Ints, people: Ints, rows: Ints, few: int) -> Iterator[frozenset[int]]:
    """Yield three classes with this one that depend on each other: the other two are parallel without it."""
    rest = _without(rows, place)
    here = np.flatnonzero(rest.any(axis=1))
    own = int(left[place])
    for one, other in _parallel(left[here], people, rest[here], few - int(people[own])):
        yield frozenset({own, one, other})


def _parallel(left: Ints, people: Ints, rows: Ints, few: int) -> Iterator[tuple[int, int]]:
    """Yield pairs of classes, few together, whose rows are multiples of each other; none is 0."""
    by_direction: dict[bytes, list[int]] = defaultdict(list)
    small = np.flatnonzero(people[left] < few - 1)
    for place, direction in zip(left[small], _directions(rows[small]), strict=True):
        by_direction[direction.tobytes()].append(int(place))
    for classes in by_direction.values():
        for number, one in enumerate(classes):
            for other in classes[number + 1 :]:
                if people[one] + people[other] < few:
                    yield one, other


def _directions(rows: Ints) -> Ints:
    """Return rows multiplied so that the first number that is not 0 is 1."""
    if not rows.shape[0]:
        return rows
    first = np.argmax(rows != 0, axis=1)
    found: Ints = rows * _inverse(rows[np.arange(rows.shape[0]), first])[:, None] % PRIME
    return found


def _without(rows: Ints, place: int) -> Ints:
    """Return what is left of all rows once as much of one is taken off as makes them 0 where it is not."""
    own = rows[place]
    column = int(np.argmax(own != 0))
    times = rows[:, column] * pow(int(own[column]), -1, PRIME) % PRIME
    left: Ints = (rows - times[:, None] * own[None, :]) % PRIME
    return left


def _inverse(numbers: Ints) -> Ints:
    """Return the inverses modulo the prime: a number to the power of the prime less two (Fermat)."""
    result, power, left = np.ones_like(numbers), numbers % PRIME, PRIME - 2
    while left:
        if left & 1:
            result = result * power % PRIME
        power = power * power % PRIME
        left >>= 1
    return result


def _is_smallest(group: Group, alone: set[Group]) -> bool:
    return not any((each,) in alone for each in group)
