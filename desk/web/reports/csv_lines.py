"""Lines of CSV files that a spreadsheet opens without taking any cell for a formula, and sending them."""

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from flask import Response

from desk.operations.keeping.looking import record_look
from desk.web.context import OfficeView, acting, desk

# A spreadsheet takes what begins with one of these for a formula.
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def csv_line(cells: Iterable[str]) -> str:
    """Return one line with its end."""
    line = io.StringIO()
    csv.writer(line).writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells])
    return line.getvalue()


def csv_export(office: OfficeView, lines: Iterator[str], *, subject: str, name: str) -> Response:
    """Send lines as a file while they are read; recorded as an export of `subject`."""
    first = next(lines)  # while the request's language is known
    record_look(desk().streams, office.id, acting(office.id), verb="exported", subject=subject)
    answer = Response(chain([first], lines), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f"attachment; filename={name}-{office.code}.csv"
    return answer
