"""Queue numbers: gapless per office, series and business day, starting at 1 each business day."""

from typing import Final

from desk.domain.refusals import Reason, Refused

LAST_ORDINAL: Final = 999_999


def label(series: str, ordinal: int) -> str:
    """Return the number as it is printed and called: the series letter and at least three digits ("A007")."""
    return f"{series}{ordinal:03d}"


def next_ordinal(last: int | None) -> int:
    """Return the number after `last` (None: nobody came yet today); raise `Refused(INVALID)` past 999,999."""
    ordinal = 1 if last is None else last + 1
    if ordinal > LAST_ORDINAL:
        raise Refused(Reason.INVALID, field="number")
    return ordinal
