"""Reports for supervisors and auditors: waiting, work and handoffs of any days, on the screen and as files."""

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.operations.keeping import looking
from desk.web.access import OVERSEEING, access
from desk.web.context import acting, desk, get_office
from desk.web.reports.tabs import tabs
from desk.wording.reports import PERIODS, REPORTS

if TYPE_CHECKING:
    from desk.web.reports.answers import Answer  # brings numpy along, which only these pages need

blueprint = Blueprint("reports", __name__)


@blueprint.get("/offices/<int:office_id>/reports/waiting")
@access(OVERSEEING)
def waiting(office_id: int) -> ResponseReturnValue:
    """Show how long people waited."""
    return _page(office_id, "waiting")


@blueprint.get("/offices/<int:office_id>/reports/work")
@access(OVERSEEING)
def work(office_id: int) -> ResponseReturnValue:
    """Show who served how many, and how busy they were."""
    return _page(office_id, "work")


@blueprint.get("/offices/<int:office_id>/reports/handoffs")
@access(OVERSEEING)
def handoffs(office_id: int) -> ResponseReturnValue:
    """Show what was handed on, from whom to whom, and what it cost the visitor."""
    return _page(office_id, "handoffs")


@blueprint.get("/offices/<int:office_id>/reports/<any(waiting, work, handoffs):report>/workbook")
@access(OVERSEEING)
def workbook(office_id: int, report: str) -> ResponseReturnValue:
    """Send all tables of a report as one workbook."""
    from desk.web.reports.files import xlsx_answer

    found = _answered(office_id, report, "exported")
    if found.asked.wrong:
        return _shown(office_id, report, found)
    about = [
        (gettext("Report"), gettext(REPORTS[report])),
        (gettext("Office"), get_office(office_id).name),
        (gettext("Days"), found.days),
        *((gettext("Only"), each) for each in found.only),
        *((gettext("Method"), each) for each in found.methods),
    ]
    return xlsx_answer(found.tables, about, f"{report}-{found.file_name}")


@blueprint.get("/offices/<int:office_id>/reports/<any(waiting, work, handoffs):report>/tables/<name>")
@access(OVERSEEING)
def table(office_id: int, report: str, name: str) -> ResponseReturnValue:
    """Send one table of a report as CSV."""
    from desk.web.reports.answers import table_of
    from desk.web.reports.files import csv_answer

    found = _answered(office_id, report, "exported")
    if found.asked.wrong:
        return _shown(office_id, report, found)
    chosen = table_of(found, report, name)
    if chosen is None:
        abort(404)
    return csv_answer(chosen, f"{report}-{name}-{found.file_name}")


def _page(office_id: int, report: str) -> ResponseReturnValue:
    return _shown(office_id, report, _answered(office_id, report, "looked"))


def _shown(office_id: int, report: str, found: "Answer") -> ResponseReturnValue:
    """Return the page of an answer; also in place of a file when the question makes no sense."""
    links = {
        "tabs": tabs(office_id, found.asked, report),
        "presets": _presets(office_id, report, found),
        "workbook": _to("reports.workbook", office_id, found, report=report),
        "to_table": lambda name: _to("reports.table", office_id, found, report=report, name=name),
    }
    page = render_template("reports/page.html", report=report, title=gettext(REPORTS[report]), found=found, **links)
    return page, 422 if found.asked.wrong else 200


def _answered(office_id: int, report: str, verb: str) -> "Answer":
    """Work a report out, and record who looked at it or took it along; nobody takes a refusal along."""
    from desk.reports.snapshot import snapshot
    from desk.web.reports.answers import answer

    get_office(office_id)
    streams = desk().streams
    with snapshot(streams.engine) as connection:
        found = answer(connection, office_id, report, at=streams.clock())
    subject, verb = f"report {report}", "looked" if found.asked.wrong else verb
    looking.record_look(streams, office_id, acting(office_id), verb=verb, subject=subject, subject_id=office_id)
    return found


def _to(endpoint: str, office_id: int, found: "Answer", **more: str) -> str:
    """Return an address that asks the same question elsewhere."""
    arguments: dict[str, Any] = {**more, **found.asked.arguments}
    return url_for(endpoint, office_id=office_id, **arguments)


def _presets(office_id: int, report: str, found: "Answer") -> list[tuple[str, str, bool]]:
    """Return the named periods with the same narrowing: words, address, whether it is the one shown."""
    narrowing = found.asked.narrowing
    return [
        (
            gettext(words),
            url_for(f"reports.{report}", office_id=office_id, period=name, **narrowing),
            found.asked.period == name,
        )
        for name, words in PERIODS.items()
    ]
