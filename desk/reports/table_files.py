"""Tables as files and files as tables: CSV and workbooks. What is written is read again as it was."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, time
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

from desk.domain.tables import MOST_ROWS, CellFault, CellRefused, FileFault, FileRefused, Line, Table, guarded, table_of
from desk.domain.tables import read_csv as csv_table

LARGEST_FILE: Final = 10 << 20
# Of a workbook as it is unpacked: what grows beyond this was made to.
LARGEST_UNPACKED: Final = 64 << 20
MOST_PARTS: Final = 500
MOST_COLUMNS: Final = 200
WORKBOOK: Final = b"PK\x03\x04"
OLD_WORKBOOK: Final = b"\xd0\xcf\x11\xe0"
FORMULA: Final = "\x00formula"


def read_table(data: bytes, *, known: Sequence[str], needed: Sequence[str]) -> Table:
    """Return the table in a CSV file or in the first sheet of a workbook; raises `FileRefused`."""
    if len(data) > LARGEST_FILE:
        raise FileRefused(FileFault.TOO_LARGE, most=LARGEST_FILE >> 20)
    if data.startswith(OLD_WORKBOOK):
        raise FileRefused(FileFault.WORKBOOK)
    if not data.startswith(WORKBOOK):
        return csv_table(data, known=known, needed=needed)
    _require_bounded(data)
    rows = list(_rows_of(data))
    return _without_formulas(table_of(rows, known=known, needed=needed, encoding="XLSX"))


def write_csv(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """Return a table as CSV, in UTF-8 with a mark by which spreadsheets see it."""
    text = io.StringIO()
    written = csv.writer(text)
    written.writerow(columns)
    written.writerows([[guarded(row.get(name, "")) for name in columns] for row in rows])
    return ("\ufeff" + text.getvalue()).encode()


def write_xlsx(columns: Sequence[str], rows: Iterable[Mapping[str, str]], title: str) -> bytes:
    """Return a table as a workbook of one sheet; every cell is text."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for cells in [list(columns), *([guarded(row.get(name, "")) for name in columns] for row in rows)]:
        line = [WriteOnlyCell(sheet, value=each) for each in cells]
        for cell in line:
            cell.data_type, cell.number_format = "s", "@"
        sheet.append(line)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _require_bounded(data: bytes) -> None:
    """Refuse a workbook that unpacks to more than a table needs; what its directory says is what it can unpack to."""
    try:
        with ZipFile(io.BytesIO(data)) as parts:
            infos = parts.infolist()
    except (BadZipFile, zipfile.LargeZipFile, ValueError, OSError) as error:
        raise FileRefused(FileFault.WORKBOOK) from error
    if len(infos) > MOST_PARTS or sum(each.file_size for each in infos) > LARGEST_UNPACKED:
        raise FileRefused(FileFault.TOO_LARGE, most=LARGEST_FILE >> 20)


def _rows_of(data: bytes) -> Iterator[list[str]]:
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        sheet = book.worksheets[0]
        for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS)):
            if number > MOST_ROWS * 2:
                raise FileRefused(FileFault.TOO_MANY_ROWS, most=MOST_ROWS, rows=number)
            yield [_text_of(cell) for cell in row]
    except FileRefused:
        raise
    except Exception as error:  # whatever a broken workbook makes its reader raise
        raise FileRefused(FileFault.WORKBOOK) from error


def _text_of(cell: Any) -> str:
    if getattr(cell, "data_type", None) == "f":
        return FORMULA
    value = cell.value
    if isinstance(value, datetime) and value.time() == time(0):
        value = value.date()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value)


def _without_formulas(table: Table) -> Table:
    return Table(table.columns, tuple(_judged(line) for line in table.lines), table.encoding)


def _judged(line: Line) -> Line:
    found = next((name for name, cell in line.cells.items() if cell == FORMULA), None)
    if found is None:
        return line
    cells = {name: "" if cell == FORMULA else cell for name, cell in line.cells.items()}
    return Line(line.line, cells, CellRefused(CellFault.FORMULA, found))
