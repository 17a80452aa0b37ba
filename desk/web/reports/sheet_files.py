"""Sheets as files: all rows of one as CSV, several as a workbook. Lengths in seconds, shares from 0 to 1."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import Response
from flask_babel import gettext

from desk.reports.statistics import Estimate
from desk.web.reports.csv_lines import FORMULA
from desk.web.reports.sheets import DOUBTED, Column, Hidden, Kind, Row, Scored, Sheet

CSV_TYPE: Final = "text/csv; charset=utf-8"
XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_TITLE: Final = 31
FORBIDDEN: Final = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
DIGITS: Final = 6  # decimals of a figure in a file
# How a workbook shows the numbers of a column.
FORMATS: Final = {
    **dict.fromkeys((Kind.SHARE, Kind.PART, Kind.CHANCE), "0.0%"),
    Kind.WHOLE: "0%",
    **dict.fromkeys((Kind.SCORE_ABOUT, Kind.SCORE_MORE, Kind.RATIO, Kind.CONVERTED), "0.00"),
    **dict.fromkeys((Kind.POINTS, Kind.SPAN_ABOUT, Kind.SPAN_MORE), "0.0"),
    Kind.MEAN: "0.0000",
}
IN_SECONDS: Final = frozenset({Kind.SPAN, Kind.OFFICE, Kind.SPAN_ABOUT, Kind.SPAN_MORE})


def csv_answer(sheet: Sheet, zone: str, name: str) -> Response:
    """Return one sheet as CSV, with a mark by which spreadsheets see UTF-8."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(_heads(sheet.columns))
    rows.writerows([_plain(each) for each in _cells(sheet.columns, row, zone)] for row in sheet.rows)
    return _file("\ufeff" + text.getvalue(), CSV_TYPE, f"{name}.csv")


def xlsx_answer(sheets: Sequence[Sheet], about: Sequence[tuple[str, Any]], zone: str, name: str) -> Response:
    """Return the sheets as a workbook, after one that says what it is about and how it was counted.

    Numbers are numbers, shown as on the page.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    first = book.create_sheet(gettext("About"))
    for line in about:
        first.append([_formatted(first, _cell(each, zone), "General") for each in line])
    for sheet in sheets:
        page = book.create_sheet(_title(sheet.caption, book.sheetnames))
        page.append(_heads(sheet.columns))
        for row in sheet.rows:
            page.append(_formatted_cells(page, sheet.columns, row, zone))
    written = io.BytesIO()
    book.save(written)
    return _file(written.getvalue(), XLSX_TYPE, f"{name}.xlsx")


def _title(caption: str, taken: Sequence[str]) -> str:
    """Return a title that no other sheet has, whatever the case: two captions may begin with the same 31 characters."""
    known, title, number = {each.casefold() for each in taken}, caption.translate(FORBIDDEN)[:LONGEST_TITLE], 1
    while title.casefold() in known:
        number += 1
        title = f"{caption.translate(FORBIDDEN)[: LONGEST_TITLE - 3]} {number}"
    return title


def _heads(columns: Sequence[Column]) -> list[str]:
    heads: list[str] = []
    for column in columns:
        head = f"{column.head} (s)" if column.kind in IN_SECONDS else column.head
        heads += [head, gettext("from"), gettext("to")] if column.kind in DOUBTED else [head]
    return heads


def _cells(columns: Sequence[Column], row: Row, zone: str) -> list[Any]:
    found: list[Any] = []
    for column, value in zip(columns, row.values, strict=True):
        found += _three(value) if column.kind in DOUBTED else [_cell(value, zone)]
    return found


def _formatted_cells(page: Any, columns: Sequence[Column], row: Row, zone: str) -> list[Any]:
    formats: list[str] = []
    for column, value in zip(columns, row.values, strict=True):
        kind = value.kind if isinstance(value, Scored) else column.kind
        formats += [FORMATS.get(kind, "General")] * (3 if column.kind in DOUBTED else 1)
    return [_formatted(page, *each) for each in zip(_cells(columns, row, zone), formats, strict=True)]


def _formatted(page: Any, value: Any, form: str) -> Any:
    """Return a cell whose number is shown so; Decimals with as many decimals as they have."""
    from openpyxl.cell import WriteOnlyCell

    if isinstance(value, float):
        value = round(value, DIGITS)
    if isinstance(value, Decimal) and form == "General":
        form = f"{Decimal(0).scaleb(min(0, int(value.as_tuple().exponent))):f}"
    if form == "General" or not isinstance(value, (int, float, Decimal)):
        return value
    cell = WriteOnlyCell(page, value)
    cell.number_format = form
    return cell


def _three(value: Any) -> list[float | None]:
    if isinstance(value, Scored):
        value = value.estimate
    if value is None or value == "" or isinstance(value, Hidden):
        return [None, None, None]
    middle = value.value if isinstance(value, Estimate) else value.difference
    return [middle, value.interval.low, value.interval.high]


def _cell(value: Any, zone: str) -> Any:
    match value:
        case datetime():
            return value.astimezone(ZoneInfo(zone)).replace(tzinfo=None, microsecond=0)
        case str():
            return _harmless(value)
        case Hidden():
            return None
        case _:
            return value


def _plain(value: Any) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return value.isoformat(" ")
        case float():
            return f"{value:.{DIGITS}f}".rstrip("0").rstrip(".")
        case _:
            return str(value)


def _harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _file(content: str | bytes, kind: str, name: str) -> Response:
    answer = Response(content, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
