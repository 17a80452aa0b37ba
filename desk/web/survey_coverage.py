"""The report of coverage and funnel of the survey, for supervisors, auditors and administrators."""

from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, abort, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.domain.access import Role
from desk.operations import looking
from desk.web.access import access, in_office
from desk.web.context import acting, desk, get_office
from desk.web.report_tabs import tabs
from desk.wording.coverage import LEAD, TITLE
from desk.wording.reports import PERIODS

if TYPE_CHECKING:
    from desk.web.fairness_answers import Answer  # brings numpy along, which only these pages need

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
    from desk.web.sheet_files import xlsx_answer

    found = _answered(office_id, "exported")
    if found.wrong:
        return _shown(office_id, found)
    office = get_office(office_id)
    about = [
        (gettext("Report"), gettext(TITLE)),
        (gettext("Office"), office.name),
        (gettext("Days"), found.days),
        *((gettext("Only"), each) for each in found.only),
        *((gettext("Method"), each) for each in found.methods),
    ]
    return xlsx_answer(found.sheets, about, office.zone, found.file_name)


@blueprint.get(f"{COVERAGE}/tables/<name>")
@access(READING)
def table(office_id: int, name: str) -> ResponseReturnValue:
    """Send one sheet as CSV."""
    from desk.web.sheet_files import csv_answer

    found = _answered(office_id, "exported")
    if found.wrong:
        return _shown(office_id, found)
    chosen = next((each for each in found.sheets if each.name == name), None)
    if chosen is None:
        abort(404)
    return csv_answer(chosen, get_office(office_id).zone, f"{found.file_name}-{name}")


def _answered(office_id: int, verb: str) -> "Answer":
    """Work the report out, and record who looked at it or took it along; nobody takes a refusal along."""
    from desk.reports.snapshot import snapshot
    from desk.web.coverage_answers import answer

    get_office(office_id)
    streams = desk().streams
    with snapshot(streams.engine) as connection:
        found = answer(connection, office_id, at=streams.clock())
    verb = "looked" if found.wrong else verb
    looking.record_look(
        streams, office_id, acting(office_id), verb=verb, subject="report coverage", subject_id=office_id
    )
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

    others = bool(acting(office_id).roles & OVERSEERS)
    return {
        "question_path": url_for("coverage.page", office_id=office_id),
        "tabs": [each for each in tabs(office_id, found.asked, "coverage") if others or each[2]],
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
