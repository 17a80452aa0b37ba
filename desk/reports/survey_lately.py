"""What the page of the index reads of years, read anew only when something happened that may change it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from desk.domain.questionnaires import Measure
from desk.domain.skm_period import Period
from desk.reads.reader import Reader
from desk.reports.lasting import Lasting, Moment, RestsOn
from desk.reports.satisfaction import Cell, list_served, load_survey
from desk.reports.telling import Telling

Served = Sequence[tuple[int, int, int]]
SURVEYS: Final = Lasting[tuple[list[Cell], Telling]](12)
SERVED: Final = Lasting[Served](48)  # months


def find_survey(
    reader: Reader, now: Moment, days: tuple[date, date], today: date, measure: Measure
) -> tuple[list[Cell], Telling]:
    """Return what `load_survey` does; nobody may change it."""
    return SURVEYS.find(
        reader,
        now,
        (days, today, measure),
        lambda: load_survey(reader, now.office_id, days, today, measure),
        lambda _: RestsOn(days[1]),
    )


def find_served(reader: Reader, now: Moment, period: Period) -> Mapping[int, int]:
    """Return what `count_served` does: each month is counted by itself, and those that are over mostly stay."""
    counts: Counter[int] = Counter()
    for number in range(period.first.month, period.last.month + 1):
        month = Period(period.year, 1, number)
        for service_id, count, _ in _served(reader, now, month):
            counts[service_id] += count
    return counts


def _served(reader: Reader, now: Moment, month: Period) -> Served:
    return SERVED.find(
        reader,
        now,
        month,
        lambda: list_served(reader, now.office_id, month.first, month.last),
        lambda found: RestsOn(month.last, newest=max((newest for _, _, newest in found), default=0)),
    )
