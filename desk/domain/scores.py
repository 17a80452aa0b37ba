"""Scores in use beside the official index, each with its formula; exact, and no value where nobody answered.

CSAT: share of 4 and 5 of 1 to 5. NPS: share of 9 and 10 less share of 0 to 6, −100 to 100 points (Reichheld 2003).
CES: mean ease, 1 to 7. GOV.UK: two formulas are in use, (4s + 5s) ÷ all and (mean − 1) ÷ 4; always say which.
"""

from collections.abc import Mapping
from fractions import Fraction

Counts = Mapping[int, int]  # value to how many gave it


def mean_of(counts: Counts) -> Fraction | None:
    """Return the mean of the values."""
    total = sum(counts.values())
    return Fraction(sum(value * count for value, count in counts.items()), total) if total else None


def share_of(counts: Counts, low: int, high: int) -> Fraction | None:
    """Return the share of answers between two values, both included."""
    total = sum(counts.values())
    return Fraction(sum(count for value, count in counts.items() if low <= value <= high), total) if total else None


def csat(counts: Counts) -> Fraction | None:
    """Return the share of satisfied, 4 and 5 of 1 to 5; also the GOV.UK score by its first formula."""
    return share_of(counts, 4, 5)


def govuk_by_mean(counts: Counts) -> Fraction | None:
    """Return the GOV.UK score by its other formula, (mean − 1) ÷ 4."""
    mean = mean_of(counts)
    return None if mean is None else (mean - 1) / 4


def nps(counts: Counts) -> Fraction | None:
    """Return promoters less detractors of 0 to 10, as a share of −1 to 1."""
    promoters, detractors = share_of(counts, 9, 10), share_of(counts, 0, 6)
    return None if promoters is None or detractors is None else promoters - detractors
