"""What the satisfaction pages are asked: a period, one service, a weight, which regulation or questionnaire."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from flask import request
from flask_babel import format_date, format_decimal, gettext

from desk.domain.questionnaires import Measure
from desk.domain.refusals import Refused
from desk.domain.skm_elements import EXACT
from desk.domain.skm_period import Period, read_period
from desk.reads.report_names import Names
from desk.reports.answered_periods import AnsweredPeriods
from desk.reports.satisfaction import REGULATIONS, instrument_of
from desk.reports.telling import ALL, Group

LONGEST: Final = 9  # digits of an id
OFFERED: Final = ((3, 8), (6, 4), (12, 4), (1, 12))  # months of a period, and how many of them are offered


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a page shows it; `wrong` says what cannot be answered and how to ask instead.

    `chosen` tells whether the measure was chosen, or is what stands there without a choice.
    """

    period: Period
    service_id: int
    weight: str
    measure: Measure
    wrong: str | None = None
    chosen: bool = False
    notice: str = ""  # what was taken instead of what was asked for, and why
    today: date = field(kw_only=True)

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
        if self.chosen or self.measure is not Measure.SKM_2017:
            found["measure"] = self.measure.value
        return found


def read_asked(today: date, names: Names, measures: Collection[Measure] = REGULATIONS) -> Asked:
    """Return what this request asks, by one of these measures; without a period that of today's quarter."""
    wrong: list[str] = []
    now = Period(today.year, 3, (today.month - 1) // 3 + 1)
    period = _period(now, wrong)
    measure = _measure(measures, wrong)
    weight, notice = _weight(measure, wrong)
    service_id = _service(names, wrong)
    chosen = measures is not REGULATIONS and bool(request.args.get("measure", "").strip())
    return Asked(period, service_id, weight, measure, " ".join(wrong) or None, chosen, notice, today=today)


def _period(now: Period, wrong: list[str]) -> Period:
    text = request.args.get("period", "").strip()
    if not text:
        return now
    try:
        return read_period(text)
    except Refused:
        wrong.append(gettext("This is no period. Write 2026, 2026-S1, 2026-Q1 or 2026-03, or choose from the list."))
        return now


def _measure(measures: Collection[Measure], wrong: list[str]) -> Measure:
    text = request.args.get("measure", "").strip()
    known = {each.value: each for each in measures}
    if text and text not in known:
        wrong.append(gettext("There is no such regulation or questionnaire. Choose one from the list."))
    return known.get(text, Measure.SKM_2017)


def _weight(measure: Measure, wrong: list[str]) -> tuple[str, str]:
    """Return the weight, and what to say where it is the regulation's own instead of one of the other regulation."""
    text = request.args.get("weight", "").strip() or EXACT
    known = {each: {weight.name for weight in instrument_of(each).weights} for each in REGULATIONS}
    if text == EXACT or text in known.get(measure, ()):
        return text, ""
    if measure in known and any(text in names for names in known.values()):
        own = instrument_of(measure).weights[0]
        words = gettext(
            "The weight %(weight)s belongs to the other regulation. The exact one of this regulation is used: %(own)s.",
            weight=format_decimal(Decimal(text), "0.0###"),
            own=str(own.value),
        )
        return EXACT, words
    wrong.append(gettext("This weight is not in use under this regulation. Choose one from the list."))
    return EXACT, ""


def _service(names: Names, wrong: list[str]) -> int:
    text = request.args.get("service", "").strip()
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST else -1
    if number in names.services:
        return number
    if text:
        wrong.append(gettext("This office has no such service. Choose one from the list."))
    return 0


def offered_periods(today: date, chosen: Period, answered: AnsweredPeriods | None = None) -> list[tuple[str, str]]:
    """Return (as written, in words) of the periods to choose from: quarters, half years, years, months.

    The latest, and beside them all that have answers: the years, and what they are made of in the year chosen.
    """
    found: set[Period] = {chosen} if answered is None else {chosen, *answered.years, *answered.parts}
    for months, count in OFFERED:
        period = Period(today.year, months, (today.month - 1) // months + 1)
        for _ in range(count):
            found.add(period)
            period = period.before
    order = [months for months, _ in OFFERED]
    listed = sorted(found, key=lambda each: (order.index(each.months), -each.first.toordinal()))
    return [(str(each), period_words(each)) for each in listed]


def days_words(period: Period, until: date) -> str:
    """Return the days of a period; of one that was not over, until when answers are counted."""
    days = f"{format_date(period.first, 'long')} – {format_date(period.last, 'long')}"
    if until not in period or until == period.last:
        return days
    return gettext("%(days)s; answers until %(until)s", days=days, until=format_date(until, "long"))


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
