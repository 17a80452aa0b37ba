"""The satisfaction index of a period: what is counted, what of it may be told, what should be looked at."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from flask import g
from flask_babel import format_date, gettext
from sqlalchemy import Connection

from desk.domain.questionnaires import Measure
from desk.domain.skm_elements import weight_of
from desk.domain.skm_index import Index, Tallied
from desk.domain.skm_period import Period, read_period
from desk.domain.skm_sample import Sample
from desk.domain.skm_warnings import ReportWarning, WarningKind, warn_of_answers, warn_of_copies, warn_of_running
from desk.domain.tallies import Tally
from desk.reports.lasting import get_moment
from desk.reports.profiles import profile_of
from desk.reports.satisfaction import (
    REGULATIONS,
    Cell,
    instrument_of,
    load_cells,
    official,
    sample_of,
    tallied_of,
)
from desk.reports.score_intervals import index_interval
from desk.reports.skm_findings import warn_of_held
from desk.reports.survey_lately import find_served, find_survey
from desk.reports.telling import Telling
from desk.reports.telling_elements import ElementTelling, element_telling, whole_years
from desk.web.context import language
from desk.web.reports.charts import Chart
from desk.web.reports.sheets import Sheet
from desk.web.satisfaction.chart import heights, trend_chart
from desk.web.satisfaction.page import Answer, filled, why_elements_untold, why_untold
from desk.web.satisfaction.question import Asked, period_words
from desk.web.satisfaction.sheets import elements_sheet, origins_sheet, profile_sheet, services_sheet, trend_sheet
from desk.wording.skm import WARNINGS

TREND: Final = 8  # periods
# What warns of numbers of people only, and tells nothing of what they said.
OF_COUNTS: Final = frozenset(
    {
        WarningKind.NOT_OVER,
        WarningKind.FEW_SINCE_PUBLISHED,
        WarningKind.TOO_FEW_TO_PUBLISH,
        WarningKind.BELOW_SAMPLE,
        WarningKind.MORE_THAN_SERVED,
    }
)


@dataclass(frozen=True, slots=True)
class _Counted:
    """What is counted of the period asked for and of those before it, the newest first, and what of it may be told."""

    asked: Asked
    cells: Sequence[Cell]
    by_period: Mapping[Period, list[Cell]]
    bare: Telling
    telling: ElementTelling
    served: Mapping[int, int]

    @property
    def now(self) -> list[Cell]:
        """The answers of the period asked for."""
        return self.by_period[self.asked.period]

    def tally_of(self, period: Period) -> Tally:
        """Return what counts into the index of a period."""
        return official(self.by_period[period], self.asked.measure, self.asked.service_id)

    def tallied_of(self, period: Period) -> Tallied:
        """Return the same as the index takes it."""
        return tallied_of(instrument_of(self.asked.measure), self.tally_of(period))


def ikm(reader: Connection, bare: Answer, office_id: int) -> Answer:
    """Work the index of the period asked for out."""
    asked, counted = bare.asked, _count(reader, bare.asked, office_id)
    tally = counted.tally_of(asked.period)
    if not tally.answers:
        return filled(bare, nothing=True, instead=_other(reader, asked, office_id))
    weight, place = weight_of(instrument_of(asked.measure), asked.weight), (asked.period, asked.group)
    index = counted.telling.index_of(counted.tallied_of(asked.period), weight, *place)
    drawn = sample_of(counted.served, counted.now, tally.answers, asked.service_id)
    known = {"respondents": tally.answers, "sample": drawn}
    warnings = _warnings(counted, index, drawn, ZoneInfo(g.office.zone))
    if untold := counted.bare.why_not(*place):
        told = [warned(each, index) for each in warnings if each.kind in OF_COUNTS]
        return filled(bare, **known, warnings=told, hidden=why_untold(untold))
    said = [why_elements_untold(index), *(warned(each, index) for each in warnings)]
    sheets = _sheets(counted, index, bare)
    return filled(
        bare,
        **known,
        index=index,
        interval=index_interval(index, tally),
        warnings=[each for each in said if each],
        sheets=[each for each in sheets if each.rows],
        charts=_charts(sheets[1], asked),
    )


def _count(reader: Connection, asked: Asked, office_id: int) -> _Counted:
    """Read what is counted of whole years, the last of them that of the period."""
    periods = _back(asked.period)
    days = whole_years(periods[-1].first, asked.period.last)
    now = get_moment(reader, office_id)
    cells, bare = find_survey(reader, now, days, asked.today, asked.measure)
    return _Counted(
        asked,
        cells,
        {each: [cell for cell in cells if cell.month in each] for each in periods},
        bare,
        element_telling(cells, bare, instrument_of(asked.measure), asked.today),
        find_served(reader, now, asked.period),
    )


def _warnings(counted: _Counted, index: Index, drawn: Sample | None, zone: ZoneInfo) -> list[ReportWarning]:
    """Return what to look at: beside other periods only where nothing of this one is hidden."""
    asked, period = counted.asked, counted.asked.period
    tallied = counted.tallied_of(period)
    held = warn_of_held(counted.bare.since, period, zone)
    found = [*held, *warn_of_running(period, asked.today), *warn_of_answers(tallied, drawn)]
    if index.hidden:
        return found
    others = [each for each in counted.by_period if each != period and counted.telling.told(each, asked.group)]
    return [*found, *warn_of_copies(tallied, {str(each): counted.tallied_of(each) for each in others})]


def _sheets(counted: _Counted, index: Index, bare: Answer) -> list[Sheet]:
    """Return the tables: the elements, the trend, the services unless one is asked for, who answered, and how."""
    asked = counted.asked
    who = profile_of(counted.cells, counted.bare, asked.measure, asked.period, asked.group)
    services = [] if asked.service_id else [services_sheet(counted.now, counted.served, bare, counted.telling)]
    trend = trend_sheet(counted.by_period, bare, counted.telling)
    return [elements_sheet(index), trend, *services, profile_sheet(who), origins_sheet(counted.now, asked, who)]


def _charts(trend: Sheet, asked: Asked) -> dict[str, Chart]:
    """Return the picture of the trend where it has two figures."""
    drawn = [each for each in heights(trend) if each]
    return {"trend": trend_chart(trend, instrument_of(asked.measure))} if len(drawn) > 1 else {}


def _other(reader: Connection, asked: Asked, office_id: int) -> Measure | None:
    """Return the other regulation where the period was answered under that one."""
    days = (asked.period.first, asked.period.last)
    for measure in (each for each in REGULATIONS if each is not asked.measure):
        cells = load_cells(reader, office_id, *days, measure)
        if official(cells, measure, asked.service_id).answers:
            return measure
    return None


def _back(period: Period) -> list[Period]:
    """Return the period and those before it, the newest first."""
    found = [period]
    while len(found) < TREND:
        found.append(found[-1].before)
    return found


def warned(warning: ReportWarning, index: Index) -> str:
    """Return a warning in words, its elements by name."""
    details = dict(warning.details)
    if "elements" in details:
        for element in index.instrument.elements:
            name = element.english if language() == "en" else element.name
            details["elements"] = details["elements"].replace(element.key, name)
    for name in {"day", "last"} & details.keys():
        details[name] = format_date(date.fromisoformat(details[name]), "long")
    if "period" in details:
        details["period"] = period_words(read_period(details["period"]))
    if language() != "en":
        details |= {name: re.sub(r"(?<=\d)\.(?=\d)", ",", value) for name, value in details.items()}
    return gettext(WARNINGS[warning.kind], **details)
