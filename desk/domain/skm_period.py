"""The periods a survey is published for: a year, a half year, a quarter, a month; 2025, 2025-S1, 2025-Q1, 2025-03."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from desk.domain.refusals import Reason, Refused

_WRITTEN: Final = re.compile(r"(20\d\d)(?:-(?:S([12])|Q([1-4])|(0[1-9]|1[0-2])))?", re.ASCII)
LENGTHS: Final = (12, 6, 3, 1)  # months of a period, each within the one before
YEAR: Final = LENGTHS[0]
_MONTHS: Final = (6, 3, 1)  # of each of the ways to write a part of the year, in the order of the pattern


@dataclass(frozen=True, slots=True)
class Period:
    """One part of a year: the `number`th stretch of so many months."""

    year: int
    months: int = 12
    number: int = 1

    def __str__(self) -> str:
        """Return it as it is written: 2025-S1."""
        marks = {12: "", 6: f"-S{self.number}", 3: f"-Q{self.number}", 1: f"-{self.number:02}"}
        return f"{self.year}{marks[self.months]}"

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, (self.number - 1) * self.months + 1, 1)

    @property
    def last(self) -> date:
        """The last day."""
        return self.after.first - timedelta(days=1)

    @property
    def after(self) -> "Period":
        """The next period of the same length."""
        is_last = self.number * self.months == 12
        return Period(self.year + is_last, self.months, 1 if is_last else self.number + 1)

    @property
    def before(self) -> "Period":
        """The previous period of the same length."""
        if self.number == 1:
            return Period(self.year - 1, self.months, 12 // self.months)
        return Period(self.year, self.months, self.number - 1)

    @property
    def around(self) -> "Period | None":
        """The next longer period that it lies in; None for a year."""
        if self.months == YEAR:
            return None
        months = LENGTHS[LENGTHS.index(self.months) - 1]
        return Period(self.year, months, (self.first.month - 1) // months + 1)

    @property
    def parts(self) -> "list[Period]":
        """The next shorter periods that it is made of; none for a month."""
        if self.months == LENGTHS[-1]:
            return []
        months = LENGTHS[LENGTHS.index(self.months) + 1]
        count = self.months // months
        return [Period(self.year, months, (self.number - 1) * count + 1 + place) for place in range(count)]

    def __contains__(self, day: date) -> bool:
        """Tell whether a day lies in it."""
        return self.first <= day <= self.last


def read_period(text: str) -> Period:
    """Return the period that is written so; raises `Refused(INVALID)` for anything else, and before 2000."""
    found = _WRITTEN.fullmatch(text.strip().upper())
    if found is None:
        raise Refused(Reason.INVALID, field="period")
    year, *parts = found.groups()
    for months, number in zip(_MONTHS, parts, strict=True):
        if number is not None:
            return Period(int(year), months, int(number))
    return Period(int(year))


def period_around(first: date, last: date) -> Period | None:
    """Return the shortest quarter, half year or year in which both days lie; None where no year holds both."""
    if first.year != last.year:
        return None
    found = (Period(first.year, months, (first.month - 1) // months + 1) for months in (3, 6, YEAR))
    return next(each for each in found if last in each)


def period_between(first: date, last: date) -> Period | None:
    """Return the period that begins and ends with these days; None where no period does."""
    if first.year >= date.max.year:
        return None
    found = (Period(first.year, months, (first.month - 1) // months + 1) for months in LENGTHS)
    return next((each for each in found if (each.first, each.last) == (first, last)), None)
