"""What the reports made of sheets have in common: the workbook, the file of one sheet, and the record of who looked."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from flask import Response, abort
from flask_babel import gettext

from desk.operations.keeping import looking
from desk.web.context import acting, desk, get_office

if TYPE_CHECKING:
    from desk.web.reports.sheets import Sheet  # brings numpy along, which only these pages need


class SheetReport(Protocol):
    """A report that was worked out, as far as its files need it."""

    @property
    def sheets(self) -> "Sequence[Sheet]":
        """All tables."""

    @property
    def days(self) -> str:
        """What time it is about, in words."""

    @property
    def methods(self) -> Iterable[str]:
        """How it is counted."""

    @property
    def file_name(self) -> str:
        """The name of a file without its ending."""


def record_report_look(office_id: int, report: str, verb: str, *, wrong: str | None) -> None:
    """Record who looked at a report or took it along; nobody takes a refusal along."""
    looking.record_look(
        desk().streams,
        office_id,
        acting(office_id),
        verb="looked" if wrong else verb,
        subject=f"report {report}",
        subject_id=office_id,
    )


def workbook_answer(
    office_id: int,
    title: str,
    found: SheetReport,
    *,
    time: str,
    more: Iterable[tuple[str, str | int | Decimal]] = (),
    last: Iterable[tuple[str, str]] = (),
) -> Response:
    """Return all sheets as one workbook; `time` is the head of its days, `more` stands before the methods."""
    from desk.web.reports.sheet_files import xlsx_answer

    office = get_office(office_id)
    about = [
        (gettext("Report"), title),
        (gettext("Office"), office.name),
        (time, found.days),
        *more,
        *((gettext("Method"), each) for each in found.methods),
        *last,
    ]
    return xlsx_answer(found.sheets, about, office.zone, found.file_name)


def sheet_answer(office_id: int, found: SheetReport, name: str) -> Response:
    """Return one sheet as CSV; 404 for one that the report does not have."""
    from desk.web.reports.sheet_files import csv_answer

    chosen = next((each for each in found.sheets if each.name == name), None)
    if chosen is None:
        abort(404)
    return csv_answer(chosen, get_office(office_id).zone, f"{found.file_name}-{name}")


def only_lines(only: Iterable[str]) -> list[tuple[str, str]]:
    """Return the lines of a workbook that say what a report is narrowed to."""
    return [(gettext("Only"), each) for each in only]
