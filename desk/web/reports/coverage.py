"""The report of coverage and funnel of the survey, for supervisors, auditors and administrators."""

from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.domain.access import Role
from desk.web.access import access, in_office
from desk.web.context import acting, desk, get_office
from desk.web.reports.downloads import only_lines, record_report_look, sheet_answer, workbook_answer
from desk.web.reports.tabs import tabs, the_shown
from desk.wording.coverage import LEAD, TITLE
from desk.wording.reports import PERIODS

if TYPE_CHECKING:
    from desk.web.reports.fairness_answers import Answer  # brings numpy along, which only these pages need

blueprint = Blueprint("coverage", __name__)
READING: Final = in_office(Role.SUPERVISOR, Role.AUDITOR, Role.ADMIN)
OVERSEERS: Final = frozenset({Role.SUPERVISOR, Role.AUDITOR})
COVERAGE: Final = "/offices/<int:office_id>/reports/coverage"


@blueprint.get(COVERAGE)
@access(READING)
def page(office_id: int) -> ResponseReturnValue:
    """Show who was asked, who was not and why, and how far each stage went."""
    return _shown(office_id, _answered(office_id, "looked"))


@blueprint.get(f"{COVERAGE}/workbook")
@access(READING)
def workbook(office_id: int) -> ResponseReturnValue:
    """Send all sheets as one workbook."""
    found = _answered(office_id, "exported")
    if found.wrong:
        return _shown(office_id, found)
    return workbook_answer(office_id, gettext(TITLE), found, time=gettext("Days"), more=only_lines(found.only))


@blueprint.get(f"{COVERAGE}/tables/<name>")
@access(READING)
def table(office_id: int, name: str) -> ResponseReturnValue:
    """Send one sheet as CSV."""
    found = _answered(office_id, "exported")
    return _shown(office_id, found) if found.wrong else sheet_answer(office_id, found, name)


def _answered(office_id: int, verb: str) -> "Answer":
    """Work the report out, and record who looked at it or took it along."""
    from desk.reports.snapshot import snapshot
    from desk.web.reports.coverage_answers import answer

    get_office(office_id)
    streams = desk().streams
    with snapshot(streams.engine) as connection:
        found = answer(connection, office_id, at=streams.clock())
    record_report_look(office_id, "coverage", verb, wrong=found.wrong)
    return found


def _shown(office_id: int, found: "Answer") -> ResponseReturnValue:
    """Return the page of an answer; also in place of a file when the question makes no sense."""
    page = render_template(
        "fairness/page.html", found=found, title=gettext(TITLE), lead=gettext(LEAD), **_surroundings(office_id, found)
    )
    return page, 422 if found.wrong else 200


def _surroundings(office_id: int, found: "Answer") -> dict[str, Any]:
    """Return the links of the page, which all keep the question; administrators have no other report."""
    kept = found.narrowed.arguments
    without_days = {**kept, "since": None, "until": None}

    def to(endpoint: str, **more: Any) -> str:
        return url_for(f"coverage.{endpoint}", office_id=office_id, **{**kept, **more})

    groups = tabs(office_id, found.asked, "coverage")
    return {
        "question_path": url_for("coverage.page", office_id=office_id),
        "tabs": groups if acting(office_id).roles & OVERSEERS else the_shown(groups),
        "presets": [
            (gettext(words), to("page", **{**without_days, "period": name}), found.asked.period == name)
            for name, words in PERIODS.items()
        ],
        "workbook": to("workbook"),
        "to_table": lambda name: to("table", name=name),
        "by": ("service", "officer"),
        "shifts": {},
        "reasons": {},
    }
