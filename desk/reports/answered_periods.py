"""In which years, and in which months of one year, somebody answered: what there is to choose a period from."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, exists, select

from desk.domain.questionnaires import Measure
from desk.domain.skm_period import LENGTHS, YEAR, Period
from desk.domain.tallies import Origin
from desk.models import SurveyTally
from desk.reads.reader import Reader

TALLIES: Any = SurveyTally.__table__
FIRST_YEAR: Final = 2000  # no answer is taken over of before
MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class AnsweredPeriods:
    """The years with answers, the newest first, and the months of one year with answers."""

    years: tuple[Period, ...]
    months: tuple[Period, ...]

    @property
    def parts(self) -> list[Period]:
        """The half years, quarters and months of that one year with answers, the newest of each length first."""
        return [part for length in LENGTHS[1:] for part in self._parts(length)]

    def _parts(self, length: int) -> list[Period]:
        found = {Period(month.year, length, (month.number - 1) // length + 1) for month in self.months}
        return sorted(found, key=lambda each: each.first, reverse=True)


def find_answered_periods(
    reader: Reader, office_id: int, year: int, today: date, measures: Collection[Measure]
) -> AnsweredPeriods:
    """Return when anybody but the staff answered by one of these measures; one look into the key for each period."""
    years = [Period(each) for each in range(max(today.year, year), FIRST_YEAR - 1, -1)]
    months = [Period(year, 1, each) for each in range(1, MONTHS + 1)]
    asked = [*years, *months]
    columns = [_answered(office_id, each, measures).label(f"p{place}") for place, each in enumerate(asked)]
    found = reader.execute(select(*columns)).one()
    known = [each for each, is_answered in zip(asked, found, strict=True) if is_answered]
    return AnsweredPeriods(
        tuple(each for each in known if each.months == YEAR), tuple(each for each in known if each.months != YEAR)
    )


def _answered(office_id: int, period: Period, measures: Collection[Measure]) -> ColumnElement[bool]:
    return exists().where(
        TALLIES.c.office_id == office_id,
        TALLIES.c.holder_id == 0,
        TALLIES.c.day.between(period.first, period.last),
        TALLIES.c.measure.in_([each.value for each in measures]),
        TALLIES.c.origin != Origin.STAFF.value,
        TALLIES.c.answers > 0,
    )
