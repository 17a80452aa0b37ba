"""Lines of CSV files that a spreadsheet opens without taking any cell for a formula."""

import csv
import io
from collections.abc import Iterable
from typing import Final

# A spreadsheet takes what begins with one of these for a formula.
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def csv_line(cells: Iterable[str]) -> str:
    """Return one line with its end."""
    line = io.StringIO()
    csv.writer(line).writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells])
    return line.getvalue()
