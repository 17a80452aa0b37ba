"""Rows of numbers modulo a prime, kept so that what follows from them is found by one multiplication.

Exact: floats hold whole numbers below 2**53, and fewer than 2**13 products of two numbers below the prime are added.
"""

from typing import Final

import numpy as np

from desk.reports.columns import Ints
from desk.reports.statistics import Floats

PRIME: Final = 1_048_573


class Echelon:
    """Independent rows: each is 1 at its own pivot and 0 at the pivots of those before it."""

    def __init__(self, most_rows: int, columns: int) -> None:
        """Begin without rows; there are no more than `most_rows`."""
        size = min(most_rows, columns)
        self.rank = 0
        self._rows = np.zeros((size, columns))
        self._inverse = np.zeros((size, size))  # of the rows at their pivots
        self._pivots = np.zeros(size, np.int64)

    @property
    def rows(self) -> Floats:
        """The rows so far."""
        return self._rows[: self.rank]

    @property
    def pivots(self) -> Ints:
        """The columns of their pivots."""
        return self._pivots[: self.rank]

    @property
    def inverse(self) -> Floats:
        """What turns the rows into the identity at their pivots."""
        return self._inverse[: self.rank, : self.rank]

    def shares(self, row: Floats) -> Floats:
        """Return how much of each row is in another, as far as it can be worked out."""
        found: Floats = row[self.pivots] @ self.inverse % PRIME
        return found

    def left(self, row: Floats, shares: Floats) -> Floats:
        """Return what is left of a row without so much of these."""
        left: Floats = (row - shares @ self.rows) % PRIME
        return left

    def add(self, left: Floats, pivot: int) -> int:
        """Add what was left of a row, 1 at its pivot; return what it was multiplied by."""
        once = pow(int(left[pivot]), -1, PRIME)
        last = self.rank
        above = self.inverse @ self.rows[:, pivot] % PRIME
        self._inverse[:last, last], self._inverse[last, :last], self._inverse[last, last] = (-above) % PRIME, 0, 1
        self._rows[last], self._pivots[last] = left * once % PRIME, pivot
        self.rank += 1
        return once

    def forget(self, rank: int) -> None:
        """Take back all rows after the first so many."""
        self.rank = rank
