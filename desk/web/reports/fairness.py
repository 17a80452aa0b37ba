"""The fairness register and the comparison of officers and handoffs, for supervisors and auditors."""

from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.domain.reasons import PickReason
from desk.web.access import OVERSEEING, access
from desk.web.context import desk, get_office
from desk.web.reports.downloads import only_lines, record_report_look, sheet_answer, workbook_answer
from desk.web.reports.tabs import tabs
from desk.wording.fairness import LEADS, PARTS, SHIFTS
from desk.wording.reasons import PICK_REASONS
from desk.wording.reports import PERIODS

if TYPE_CHECKING:
    from desk.web.reports.fairness_answers import Answer  # brings numpy along, which only these pages need

blueprint = Blueprint("fairness", __name__)
TOLD: Final = ("month", "quarter", "year")  # of the named periods, those of which satisfaction is told
ANY: Final = f"any({', '.join(PARTS)})"


@blueprint.get("/offices/<int:office_id>/reports/fairness")
@access(OVERSEEING)
def fairness(office_id: int) -> ResponseReturnValue:
    """Show the calls out of order, and how officers and shifts share in them."""
    return _page(office_id, "fairness")


@blueprint.get("/offices/<int:office_id>/reports/priority")
@access(OVERSEEING)
def priority(office_id: int) -> ResponseReturnValue:
    """Show how priority was used, and for which reasons."""
    return _page(office_id, "priority")


@blueprint.get("/offices/<int:office_id>/reports/waits")
@access(OVERSEEING)
def waits(office_id: int) -> ResponseReturnValue:
    """Show everyone who waited past the promise, and all work that passed its own."""
    return _page(office_id, "waits")


@blueprint.get("/offices/<int:office_id>/reports/consistency")
@access(OVERSEEING)
def consistency(office_id: int) -> ResponseReturnValue:
    """Show what goes along with a change of officer, and how much with who serves."""
    return _page(office_id, "consistency")


@blueprint.get("/offices/<int:office_id>/reports/associations")
@access(OVERSEEING)
def associations(office_id: int) -> ResponseReturnValue:
    """Show what goes along with satisfaction."""
    return _page(office_id, "associations")


@blueprint.get(f"/offices/<int:office_id>/reports/<{ANY}:report>/workbook")
@access(OVERSEEING)
def workbook(office_id: int, report: str) -> ResponseReturnValue:
    """Send all sheets of a report as one workbook."""
    found = _exported(office_id, report)
    if found.wrong:
        return _shown(office_id, found)
    result = [(gettext("Result"), found.sentence)] if found.sentence else []
    more = only_lines(found.only)
    return workbook_answer(office_id, gettext(PARTS[report]), found, time=gettext("Days"), more=more, last=result)


@blueprint.get(f"/offices/<int:office_id>/reports/<{ANY}:report>/tables/<name>")
@access(OVERSEEING)
def table(office_id: int, report: str, name: str) -> ResponseReturnValue:
    """Send one sheet of a report as CSV."""
    found = _exported(office_id, report)
    return _shown(office_id, found) if found.wrong else sheet_answer(office_id, found, name)


def _exported(office_id: int, report: str) -> "Answer":
    from desk.web.reports.fairness_answers import MOST_ROWS

    return _answered(office_id, report, "exported", rows=MOST_ROWS)


def _page(office_id: int, report: str) -> ResponseReturnValue:
    return _shown(office_id, _answered(office_id, report, "looked"))


def _shown(office_id: int, found: "Answer") -> ResponseReturnValue:
    """Return the page of an answer; also in place of a file when the question makes no sense."""
    title = gettext(PARTS[found.report])
    page = render_template("fairness/page.html", found=found, title=title, **_surroundings(office_id, found))
    return page, 422 if found.wrong else 200


def _answered(office_id: int, report: str, verb: str, *, rows: int | None = None) -> "Answer":
    """Work a report out, and record who looked at it or took it along."""
    from desk.reports.snapshot import snapshot
    from desk.web.reports.fairness_answers import answer

    get_office(office_id)
    streams = desk().streams
    with snapshot(streams.engine) as connection:
        found = answer(connection, office_id, report, at=streams.clock(), rows=rows)
    record_report_look(office_id, report, verb, wrong=found.wrong)
    return found


def _surroundings(office_id: int, found: "Answer") -> dict[str, Any]:
    """Return the links of a page, which all keep the question, and the choices of its form."""
    from desk.web.reports.fairness_answers import NARROWED_BY, PAGE

    report, kept = found.report, found.narrowed.arguments
    without_days = {**kept, "since": None, "until": None}

    def to(endpoint: str, **more: Any) -> str:
        return url_for(f"fairness.{endpoint}", office_id=office_id, **{**kept, **more})

    return {
        "lead": gettext(LEADS[report]),
        "tabs": tabs(office_id, found.asked, report),
        "presets": [
            (
                gettext(words),
                to(report, **{**without_days, "period": name}),
                found.asked.period == name,
            )
            for name, words in PERIODS.items()
            if report != "associations" or name in TOLD
        ],
        "workbook": to("workbook", report=report),
        "to_table": lambda name: to("table", report=report, name=name),
        "to_page": lambda argument, page, sheet: to(report, **{argument: page}, _anchor=f"part-{sheet}"),
        "page_rows": PAGE,
        "by": NARROWED_BY[report],
        "shifts": {code: gettext(words) for code, words in SHIFTS.items()},
        "reasons": {code.value: gettext(PICK_REASONS[code]) for code in PickReason},
    }
