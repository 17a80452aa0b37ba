"""What the satisfaction pages are asked: a period of the regulation, one service, a weight, which regulation."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from flask import request
from flask_babel import format_date, gettext

from desk.domain.questionnaires import Measure
from desk.domain.refusals import Refused
from desk.domain.skm_elements import EXACT
from desk.domain.skm_period import Period, read_period
from desk.reads.report_names import Names
from desk.reports.satisfaction import REGULATIONS, instrument_of
from desk.reports.telling import ALL, Group

LONGEST: Final = 9  # digits of an id
OFFERED: Final = ((3, 8), (6, 4), (12, 4), (1, 12))  # months of a period, and how many of them are offered


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a page shows it; `wrong` says what cannot be answered and how to ask instead."""

    period: Period
    service_id: int
    weight: str
    measure: Measure
    wrong: str | None = None

    @property
    def group(self) -> Group:
        """Whose figures are asked for."""
        return (self.service_id,) if self.service_id else ALL

    @property
    def arguments(self) -> dict[str, Any]:
        """All parts of the address."""
        found: dict[str, Any] = {"period": str(self.period)}
        if self.service_id:
            found["service"] = self.service_id
        if self.weight != EXACT:
            found["weight"] = self.weight
        if self.measure is not Measure.SKM_2017:
            found["measure"] = self.measure.value
        return found


def read_asked(today: date, names: Names) -> Asked:
    """Return what this request asks; without a period that of today's quarter."""
    wrong: list[str] = []
    now = Period(today.year, 3, (today.month - 1) // 3 + 1)
    period = _period(now, wrong)
    measure = _measure(wrong)
    weight = request.args.get("weight", "").strip() or EXACT
    if weight not in {each.name for each in instrument_of(measure).weights}:
        wrong.append(gettext("This weight is not in use under this regulation. Choose one from the list."))
        weight = EXACT
    return Asked(period, _service(names, wrong), weight, measure, " ".join(wrong) or None)


def _period(now: Period, wrong: list[str]) -> Period:
    text = request.args.get("period", "").strip()
    if not text:
        return now
    try:
        return read_period(text)
    except Refused:
        wrong.append(gettext("This is no period. Write 2026, 2026-S1, 2026-Q1 or 2026-03, or choose from the list."))
        return now


def _measure(wrong: list[str]) -> Measure:
    text = request.args.get("measure", "").strip()
    known = {each.value: each for each in REGULATIONS}
    if text and text not in known:
        wrong.append(gettext("There is no such regulation. Choose one from the list."))
    return known.get(text, Measure.SKM_2017)


def _service(names: Names, wrong: list[str]) -> int:
    text = request.args.get("service", "").strip()
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST else -1
    if number in names.services:
        return number
    if text:
        wrong.append(gettext("This office has no such service. Choose one from the list."))
    return 0


def offered_periods(today: date, chosen: Period) -> list[tuple[str, str]]:
    """Return (as written, in words) of the periods to choose from: quarters, half years, years, months."""
    found: list[Period] = []
    for months, count in OFFERED:
        period = Period(today.year, months, (today.month - 1) // months + 1)
        for _ in range(count):
            found.append(period)
            period = period.before
    if chosen not in found:
        found.insert(0, chosen)
    return [(str(each), period_words(each)) for each in found]


def period_words(period: Period) -> str:
    """Return a period in words: quarter 1 of 2026, January 2026."""
    match period.months:
        case 12:
            return str(period.year)
        case 6:
            return gettext("half year %(number)d of %(year)d", number=period.number, year=period.year)
        case 3:
            return gettext("quarter %(number)d of %(year)d", number=period.number, year=period.year)
        case _:
            return str(format_date(period.first, "MMMM y"))
