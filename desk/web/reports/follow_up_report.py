"""The report of follow-ups of a period: opened, closed, in time, how they ended, by service; page, CSV and workbook."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date, format_decimal, gettext
from sqlalchemy import select

from desk.domain.following_up import CLOSED, FollowUpState
from desk.domain.hours import business_day, day_bounds
from desk.models import Office
from desk.reads.follow_up_counts import Counted, count_period
from desk.reads.report_names import Names, get_names
from desk.web.access import OVERSEEING, access
from desk.web.context import acting, desk, get_office, language, reader
from desk.web.reports.downloads import record_report_look, sheet_answer, workbook_answer
from desk.web.reports.question import today_of
from desk.web.reports.tabs import tabs
from desk.web.satisfaction.question import Asked, offered_periods, period_words, read_asked
from desk.wording.follow_ups import LEFT_OUT, METHODS, REPORT_TITLE, STATES

if TYPE_CHECKING:
    from desk.reports.statistics import Estimate
    from desk.web.reports.sheets import Sheet

blueprint = Blueprint("follow_up_report", __name__)
REPORT: Final = "/offices/<int:office_id>/reports/follow-ups"
FEWEST: Final = 5  # of fewer no rate is shown
ENDS: Final = tuple(state for state in FollowUpState if state in CLOSED)


@dataclass(frozen=True, slots=True)
class Found:
    """The page ready to be shown, with the parts that the tables of all reports read."""

    asked: Asked
    names: Names
    periods: list[tuple[str, str]]
    sheets: "list[Sheet]"
    figures: list[tuple[str, str]]
    nothing: bool
    charts: dict[str, Any] = field(default_factory=dict)
    lists: dict[str, int] = field(default_factory=dict)
    sentence: str = ""

    @property
    def days(self) -> str:
        """The period in words, with its days."""
        first, last = self.asked.period.first, self.asked.period.last
        return f"{period_words(self.asked.period)} ({format_date(first)} – {format_date(last)})"

    @property
    def methods(self) -> list[str]:
        """How it is counted."""
        return [gettext(each) % () for each in METHODS]

    @property
    def left_out(self) -> str:
        """What is in no total, said whether there is any or not."""
        return gettext(LEFT_OUT)

    @property
    def file_name(self) -> str:
        """The name of a file without its ending."""
        return f"follow-ups-{self.asked.period}"


@blueprint.get(REPORT)
@access(OVERSEEING)
def page(office_id: int) -> ResponseReturnValue:
    """Show the report of a period."""
    return _shown(office_id, _found(office_id, "looked"))


@blueprint.get(f"{REPORT}/workbook")
@access(OVERSEEING)
def workbook(office_id: int) -> ResponseReturnValue:
    """Send the tables as one workbook."""
    found = _found(office_id, "exported")
    if found.asked.wrong:
        return _shown(office_id, found)
    return workbook_answer(office_id, gettext(REPORT_TITLE), found, time=gettext("Period"))


@blueprint.get(f"{REPORT}/tables/<name>")
@access(OVERSEEING)
def table(office_id: int, name: str) -> ResponseReturnValue:
    """Send one table as CSV."""
    found = _found(office_id, "exported")
    return _shown(office_id, found) if found.asked.wrong else sheet_answer(office_id, found, name)


def _shown(office_id: int, found: Found) -> ResponseReturnValue:
    kept = found.asked.arguments
    shown = render_template(
        "follow_ups/report.html",
        title=gettext(REPORT_TITLE),
        found=found,
        tabs=tabs(office_id, None, "follow_ups"),
        workbook=url_for("follow_up_report.workbook", office_id=office_id, **kept),
        to_table=lambda name: url_for("follow_up_report.table", office_id=office_id, name=name, **kept),
    )
    return shown, 422 if found.asked.wrong else 200


def _found(office_id: int, verb: str) -> Found:
    """Work the report out, and record who looked at it or took it along."""
    get_office(office_id)
    names, today = get_names(reader(), office_id), today_of(reader(), office_id, desk().streams.clock())
    asked = read_asked(today, names)
    record_report_look(office_id, "follow_ups", verb, wrong=asked.wrong)
    counted = [] if asked.wrong else _counted(office_id, asked)
    sheets = [_outcomes(counted), _by_service(counted, names)] if counted else []
    return Found(asked, names, offered_periods(today, asked.period), sheets, _figures(counted), nothing=not counted)


def _counted(office_id: int, asked: Asked) -> list[Counted]:
    zone, starts_at = _clock_of(office_id)
    since, _ = day_bounds(asked.period.first, zone, starts_at=starts_at)
    _, until = day_bounds(asked.period.last, zone, starts_at=starts_at)
    day_of: Callable[[datetime], date] = lambda at: business_day(at, zone, starts_at=starts_at)  # noqa: E731
    viewer_id = acting(office_id).person_id
    counted = count_period(reader(), office_id, since, until, viewer_id=viewer_id, day_of=day_of)
    return [each for each in counted if asked.service_id in (0, each.service_id)]


def _clock_of(office_id: int) -> tuple[ZoneInfo, time]:
    row = reader().execute(select(Office.zone, Office.day_starts_at).where(Office.id == office_id)).one()
    return ZoneInfo(row.zone), time(*divmod(row.day_starts_at, 60))


def _rate(hits: int, count: int) -> "Estimate | None":
    from desk.reports.statistics import Estimate, wilson

    return Estimate(hits / count, wilson(hits, count), count) if count >= FEWEST else None


def _sum(counted: Iterable[Counted]) -> tuple[int, int, int]:
    found = list(counted)
    return sum(each.opened for each in found), sum(each.closed for each in found), sum(each.in_time for each in found)


def _figures(counted: list[Counted]) -> list[tuple[str, str]]:
    from desk.web.reports.sheets import share_figure

    opened, closed, in_time = _sum(counted)
    if not opened:
        return []
    return [
        (str(format_decimal(opened)), gettext("opened")),
        (str(format_decimal(closed)), gettext("closed")),
        share_figure(_rate(closed, opened), gettext("closing rate")),
        share_figure(_rate(in_time, opened), gettext("closed in time")),
    ]


def _outcomes(counted: list[Counted]) -> "Sheet":
    from desk.web.reports.sheets import Column, Kind, Row, Sheet

    opened, closed, _ = _sum(counted)
    columns = (Column(gettext("Outcome"), Kind.TEXT), Column(gettext("Follow-ups"), Kind.COUNT))
    rows = [Row((gettext(STATES[state]), sum(each.outcomes[state] for each in counted))) for state in ENDS]
    rows.append(Row((gettext("Still open"), opened - closed)))
    return Sheet("outcomes", gettext("How they ended"), columns, rows)


def _by_service(counted: list[Counted], names: Names) -> "Sheet":
    from desk.web.reports.sheets import Column, Kind, Row, Sheet

    columns = (
        Column(gettext("Service"), Kind.TEXT),
        Column(gettext("Opened"), Kind.COUNT),
        Column(gettext("Closed follow-ups"), Kind.COUNT),
        Column(gettext("Closing rate"), Kind.SHARE),
        Column(gettext("Closed in time"), Kind.SHARE),
    )
    known = {service_id: words[language()] for service_id, words in names.services.items()}
    named = [(known.get(each.service_id or 0, gettext("not told")), each) for each in counted]
    rows = [
        Row((words, each.opened, each.closed, _rate(each.closed, each.opened), _rate(each.in_time, each.opened)))
        for words, each in sorted(named, key=lambda pair: pair[0].casefold())
    ]
    return Sheet("services", gettext("By service"), columns, rows)
