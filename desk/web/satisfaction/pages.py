"""The satisfaction index and the scores, for supervisors and auditors: pages, a workbook, tables."""

from decimal import Decimal
from typing import TYPE_CHECKING

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.web.access import OVERSEEING, access
from desk.web.context import acting, desk, get_office
from desk.web.reports.downloads import only_lines, record_report_look, sheet_answer, workbook_answer
from desk.web.reports.tabs import SATISFACTION, tabs

if TYPE_CHECKING:
    from desk.web.satisfaction.page import Answer  # brings numpy along, which only these pages need

blueprint = Blueprint("satisfaction", __name__)


@blueprint.get("/offices/<int:office_id>/reports/ikm")
@access(OVERSEEING)
def ikm(office_id: int) -> ResponseReturnValue:
    """Show the satisfaction index of a period."""
    return page_with(office_id, answered(office_id, "ikm", "looked"))


@blueprint.get("/offices/<int:office_id>/reports/scores")
@access(OVERSEEING)
def scores(office_id: int) -> ResponseReturnValue:
    """Show the other scores, by service, month and officer."""
    return page_with(office_id, answered(office_id, "scores", "looked"))


@blueprint.get("/offices/<int:office_id>/reports/<any(ikm, scores):report>/workbook")
@access(OVERSEEING)
def workbook(office_id: int, report: str) -> ResponseReturnValue:
    """Send all tables of a page as one workbook."""
    found = answered(office_id, report, "exported")
    if found.wrong:
        return page_with(office_id, found)
    warnings = ((gettext("Look at this"), each) for each in found.warnings)
    more = (*only_lines(found.only), *_headline(found), *warnings)
    return workbook_answer(office_id, gettext(SATISFACTION[report]), found, time=gettext("Period"), more=more)


def _headline(found: "Answer") -> "list[tuple[str, str | int | Decimal]]":
    from desk.web.satisfaction.page import method_words, weight_figure

    if found.questionnaire:
        return [(gettext("Tables by service, month, officer and leg: only"), found.questionnaire)]
    if found.index is None:
        return []
    letter = found.index.band.letter.value if found.index.band else "–"
    interval = found.interval
    bounds = () if interval is None else ((gettext("from"), interval.low), (gettext("to"), interval.high))
    method = () if interval is None else ((gettext("Interval of the index"), method_words(interval)),)
    return [
        (gettext("IKM"), found.index.shown if found.index.shown is not None else "–"),
        *((", ".join((gettext("IKM"), words)), Decimal(f"{value:.2f}")) for words, value in bounds),
        *method,
        (gettext("Quality"), letter),
        (gettext("Weight"), weight_figure(found.index.weight)),
        (gettext("Respondents"), found.respondents),
    ]


@blueprint.get("/offices/<int:office_id>/reports/<any(ikm, scores):report>/tables/<name>")
@access(OVERSEEING)
def table(office_id: int, report: str, name: str) -> ResponseReturnValue:
    """Send one table of a page as CSV."""
    found = answered(office_id, report, "exported")
    return page_with(office_id, found) if found.wrong else sheet_answer(office_id, found, name)


def answered(office_id: int, report: str, verb: str | None) -> "Answer":
    """Work a page out, and record who looked at it or took it along.

    Without a verb nothing is recorded: whoever asks has done so.
    """
    from desk.reports.snapshot import snapshot
    from desk.web.satisfaction.answers import answer

    get_office(office_id)
    streams = desk().streams
    with snapshot(streams.engine) as connection:
        found = answer(connection, office_id, report, at=streams.clock())
    if verb is not None:
        record_report_look(office_id, report, verb, wrong=found.wrong)
    return found


def page_with(office_id: int, found: "Answer") -> ResponseReturnValue:
    """Return the page of an answer; one that says what is wrong answers 422."""
    from desk.reports.satisfaction import instrument_of
    from desk.web.satisfaction.page import interval_words, shown, weight_figure

    report, kept = found.report, found.asked.arguments
    page = render_template(
        "satisfaction/page.html",
        report=report,
        title=gettext(SATISFACTION[report]),
        found=found,
        figure=shown,
        interval_words=interval_words,
        instead_title=instrument_of(found.instead).title if found.instead else "",
        weight_figure=weight_figure,
        may_publish=acting(office_id).supervises,
        tabs=tabs(office_id, None, report),
        workbook=url_for("satisfaction.workbook", office_id=office_id, report=report, **kept),
        to_table=lambda name: url_for("satisfaction.table", office_id=office_id, report=report, name=name, **kept),
    )
    return page, 422 if found.wrong else 200
