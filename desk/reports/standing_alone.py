"""Which few people stand alone: the smallest groups of which something can be worked out, a sum or any difference.

Given is what each class of people gave in some worlds in which everything told is 0, modulo a prime: a row of numbers.
Something about a group follows from what is told exactly if multiples of its rows add up to 0, not all multiples being
0. Looked at are groups of up to four classes: alone, is its row 0; two, are they multiples of each other; three, are
two so once as much of the first is taken off as makes them 0 in one world; four, the same once two are taken off. That
it is so by chance, without following, is as unlikely as one in 10**18.
"""

from collections.abc import Iterator
from functools import cache
from typing import Final, TypeAlias

import numpy as np

from desk.reports.columns import Ints
from desk.reports.echelon import PRIME

Group: TypeAlias = frozenset[int]
WORLDS: Final = 7
FEW: Final = 5  # groups of more classes than this less one are not looked for
MOST_OF_ONE: Final = 24  # classes of one person, beyond which groups of four are too many to look at
MOST_OF_TWO: Final = 120  # classes of one or two, beyond which groups of three are
ROOT: Final = 2  # a primitive root of the prime
WEIGHTS: Final = np.random.default_rng(20_260_103).integers(1, PRIME, (WORLDS, 3))


def is_countable(people: Ints) -> bool:
    """Tell whether there are few enough classes to look at all groups of them."""
    return int((people == 1).sum()) <= MOST_OF_ONE and int((people <= 2).sum()) <= MOST_OF_TWO


def groups_alone(people: Ints, worlds: Ints, few: int) -> set[Group]:
    """Return the smallest groups of fewer than `few` (5 at most) people of which something follows, by their classes.

    `worlds` has a row for each class and `WORLDS` columns; all classes are of fewer than `few` people, and of somebody.
    """
    found: set[Group] = {frozenset({int(place)}) for place in np.flatnonzero(~worlds.any(axis=1))}
    left = np.flatnonzero(worlds.any(axis=1))
    ones = left[people[left] == 1]
    for groups in (
        _alike(worlds[left][None], left, np.zeros((1, 0), np.int64)),
        _alike(_without(worlds[ones], worlds[left]), left, ones[:, None]),
        _fours(worlds, ones) if few >= FEW else iter(()),
    ):
        new = {each for each in groups if sum(int(people[place]) for place in each) < few}
        found |= {each for each in new if not any(other < each for other in found)}
    return found


def _fours(worlds: Ints, ones: Ints) -> Iterator[Group]:
    """Yield four classes of one person each whose rows depend on each other."""
    rows = worlds[ones]
    for place in range(ones.size):
        rest = _without(rows[place : place + 1], rows)[0]
        later = np.flatnonzero(rest.any(axis=1) & (np.arange(ones.size) > place))
        pairs = np.column_stack([np.full(later.size, ones[place]), ones[later]])
        yield from _alike(_without(rest[later], rest[later]), ones[later], pairs)


def _alike(rows: Ints, classes: Ints, beside: Ints) -> Iterator[Group]:
    """Yield pairs that are multiples of each other in one of several tables of rows, with what stands `beside` it."""
    keys = _keys(rows)
    order = np.argsort(keys, axis=1, kind="stable")
    inner = np.take_along_axis(keys, order, axis=1)
    for table in np.flatnonzero(((inner[:, 1:] == inner[:, :-1]) & (inner[:, 1:] >= 0)).any(axis=1)):
        same: dict[int, list[int]] = {}
        for key, place in zip(keys[table].tolist(), classes.tolist(), strict=True):
            if key >= 0:
                same.setdefault(key, []).append(place)
        for places in same.values():
            for number, one in enumerate(places):
                for other in places[number + 1 :]:
                    group = frozenset({one, other, *beside[table].tolist()})
                    if len(group) == beside.shape[1] + 2:
                        yield group


def _keys(rows: Ints) -> Ints:
    """Return for each row a number that is the same for all its multiples; −1 for a row of zeros."""
    first = np.take_along_axis(rows, np.argmax(rows != 0, axis=2)[..., None], axis=2)
    directions = rows * _inverses()[first] % PRIME
    mixed = [(directions * WEIGHTS[:, place] % PRIME).sum(axis=2) % PRIME for place in range(WEIGHTS.shape[1])]
    keys: Ints = np.where(rows.any(axis=2), (mixed[0] * PRIME + mixed[1]) * PRIME + mixed[2], -1)
    return keys


def _without(taken: Ints, rows: Ints) -> Ints:
    """Return a table for each row that is taken off: what is left of all rows once they are 0 where it first is not."""
    columns = np.argmax(taken != 0, axis=1)
    own = taken[np.arange(taken.shape[0]), columns]
    times = rows[:, columns].T * _inverses()[own][:, None] % PRIME
    left: Ints = (rows[None] - times[..., None] * taken[:, None, :]) % PRIME
    return left


@cache
def _inverses() -> Ints:
    """Return the inverse of each number modulo the prime: of a power of the root, the power that makes it 1."""
    powers = np.ones(1, np.int64)
    while powers.size < PRIME - 1:
        powers = np.concatenate([powers, powers * pow(ROOT, powers.size, PRIME) % PRIME])
    powers = powers[: PRIME - 1]
    found = np.zeros(PRIME, np.int64)
    found[powers] = np.roll(powers[::-1], 1)
    return found
