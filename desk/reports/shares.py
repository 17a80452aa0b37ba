"""Shares of a few among many, and whether one differs from all others by more than luck."""

from typing import Final

from desk.reports.statistics import Estimate, holm, wilson
from desk.reports.tables import FEWEST

FEWEST_COMPARED: Final = 30
UNLIKELY: Final = 0.05


def share(hits: int, count: int) -> Estimate | None:
    """Return a share with its interval; None below five."""
    return Estimate(hits / count, wilson(hits, count), count) if count >= FEWEST else None


def holm_of(chances: list[float | None]) -> list[float | None]:
    """Return the chances corrected for all comparisons that were made."""
    corrected = iter(holm([each for each in chances if each is not None]))
    return [None if each is None else next(corrected) for each in chances]
