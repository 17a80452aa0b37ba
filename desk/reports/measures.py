"""Percentiles, and groups of rows, over whole columns at once.

A percentile is by nearest rank: the smallest value that at least so many percent of the values do not exceed. It is
always a value that occurred, and exact.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from desk.reports.columns import Column, Ints, Numbers

Mask: TypeAlias = NDArray[np.bool_]

WIDEST: Final = 1 << 22


@dataclass(frozen=True, slots=True)
class Groups:
    """Rows by a key: `codes` says for each row which of `keys` it belongs to; the keys ascend."""

    keys: list[int]
    codes: Numbers

    def count(self, mask: Mask | None = None) -> list[int]:
        """Return how many rows of each group the mask keeps, or there are."""
        codes = self.codes if mask is None else self.codes[mask]
        found: list[int] = np.bincount(codes, minlength=len(self.keys)).tolist()
        return found

    def total(self, values: Ints) -> list[int]:
        """Return the sum of each group's values, exactly."""
        sums = np.zeros(len(self.keys), np.int64)
        np.add.at(sums, self.codes, values)
        found: list[int] = sums.tolist()
        return found


def grouped(values: Column) -> Groups:
    """Return the rows by value."""
    if not len(values):
        return Groups([], np.empty(0, np.int32))
    least = int(values.min())
    if int(values.max()) - least >= WIDEST:
        keys, places = np.unique(values, return_inverse=True)
        return Groups(keys.tolist(), places.astype(np.int32))
    offsets = values.astype(np.int64) - least
    present = np.bincount(offsets) > 0
    codes: Numbers = (np.cumsum(present) - 1).astype(np.int32)[offsets]
    return Groups((np.flatnonzero(present) + least).tolist(), codes)


def together(rows: int) -> Groups:
    """Return one group of all rows."""
    return Groups([0], np.zeros(rows, np.int32))


@dataclass(frozen=True, slots=True)
class Spread:
    """How many values there are, their median, what nine of ten do not exceed, the greatest; None without any."""

    count: int
    p50: int | None = None
    p90: int | None = None
    longest: int | None = None


class Ranked:
    """Some of the values of a column in order, from which the spread of any grouping is read."""

    def __init__(self, values: Ints, mask: Mask | None = None) -> None:
        chosen = np.arange(len(values)) if mask is None else np.flatnonzero(mask)
        self._rows = chosen[np.argsort(values[chosen])]
        self._values = values[self._rows]

    def spreads(self, groups: Groups) -> list[Spread]:
        """Return the spread of each group, in the order of its keys."""
        codes = groups.codes[self._rows]
        # Sixteen bits are sorted by counting: much quicker, and few groupings have more groups than that.
        narrow = codes.astype(np.uint16) if len(groups.keys) <= 1 << 16 else codes
        ordered = self._values[np.argsort(narrow, kind="stable")]
        counts = np.bincount(codes, minlength=len(groups.keys))
        ends = np.cumsum(counts)
        return [_spread(ordered[end - count : end]) for count, end in zip(counts.tolist(), ends.tolist(), strict=True)]


def _spread(ordered: Ints) -> Spread:
    if not len(ordered):
        return Spread(0)
    return Spread(len(ordered), nearest_rank(ordered, 50), nearest_rank(ordered, 90), int(ordered[-1]))


def nearest_rank(ordered: Sequence[int] | Ints, percent: int) -> int:
    """Return a percentile of values in ascending order, of which there is at least one."""
    return int(ordered[-(-percent * len(ordered) // 100) - 1])


def mapped(values: Column, table: dict[int, Any], *, otherwise: int) -> Ints:
    """Return each value's number in a table."""
    groups = grouped(values)
    return np.array([table.get(key, otherwise) for key in groups.keys], np.int64)[groups.codes]
