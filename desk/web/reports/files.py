"""What is on the screen as a file: one table as CSV, all of them as a workbook."""

import csv
import io
from typing import Any, Final

from flask import Response
from flask_babel import gettext

from desk.reports.tables import Unit, Value
from desk.web.reports.csv_lines import FORMULA
from desk.web.reports.words import SECOND, Shown

CSV_TYPE: Final = "text/csv; charset=utf-8"
XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS: Final = {Unit.COUNT: "#,##0", Unit.SHARE: "0.0%", Unit.LENGTH: "[h]:mm:ss"}
DAY: Final = 86_400 * SECOND
LONGEST_TITLE: Final = 31


def csv_answer(table: Shown, name: str) -> Response:
    """Return one table as CSV: lengths in seconds, shares from 0 to 1, with a mark by which spreadsheets see UTF-8."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow([table.head[0], *map(_head, table.head[1:], _units(table))])
    for (subject, said), line in zip(table.lines, table.ordered, strict=True):
        figures = said if line.few else map(_plain, line.values, _units(table))
        rows.writerow([_harmless(subject), *figures])
    return _file("\ufeff" + text.getvalue(), CSV_TYPE, f"{name}.csv")


def xlsx_answer(tables: list[Shown], about: list[tuple[str, str]], name: str) -> Response:
    """Return all tables as a workbook, a sheet each, after one that says what it is about."""
    from openpyxl import Workbook

    book = Workbook()
    first = book.active
    first.title = gettext("About")
    for line in about:
        first.append([_harmless(each) for each in line])
    for table in tables:
        _sheet(book.create_sheet(table.caption[:LONGEST_TITLE]), table)
    written = io.BytesIO()
    book.save(written)
    return _file(written.getvalue(), XLSX_TYPE, f"{name}.xlsx")


def _sheet(sheet: Any, table: Shown) -> None:
    sheet.append(list(table.head))
    sheet.freeze_panes = "B2"
    for (subject, said), line in zip(table.lines, table.ordered, strict=True):
        figures = said[:1] if line.few else list(map(_cell, line.values, _units(table)))
        sheet.append([_harmless(subject), *figures])
        for cell, unit in zip(sheet[sheet.max_row][1:], _units(table), strict=False):
            cell.number_format = FORMATS[unit]


def _units(table: Shown) -> list[Unit]:
    return [unit for _, unit in table.raw.columns]


def _head(words: str, unit: Unit) -> str:
    return f"{words} (s)" if unit is Unit.LENGTH else words


def _plain(value: Value, unit: Unit) -> str:
    if value is None:
        return ""
    return f"{value / SECOND:.6f}".rstrip("0").rstrip(".") if unit is Unit.LENGTH else str(value)


def _cell(value: Value, unit: Unit) -> Value:
    return value / DAY if value is not None and unit is Unit.LENGTH else value


def _harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _file(content: str | bytes, kind: str, name: str) -> Response:
    answer = Response(content, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
