"""Public holidays and collective leave of Indonesia for a year, as the `holidays` package knows them."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from desk.domain.closures import ClosureKind

CATEGORIES: Final = {ClosureKind.NATIONAL: "public", ClosureKind.COLLECTIVE: "government"}
FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100


@dataclass(frozen=True, slots=True)
class Holiday:
    """One date, by name and kind; movable ones that are not decreed yet say in their name that they are estimated."""

    day: date
    name: str
    kind: ClosureKind


def list_holidays(year: int) -> list[Holiday]:
    """Return the holidays of a year by date; a date that is both counts as a public holiday."""
    import holidays

    found: dict[date, Holiday] = {}
    for kind, category in CATEGORIES.items():
        days = holidays.country_holidays("ID", years=year, language="id", categories=(category,))
        for day, name in days.items():
            found.setdefault(day, Holiday(day, name, kind))
    return sorted(found.values(), key=lambda each: each.day)
