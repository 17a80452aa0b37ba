"""Dates on which a calendar is closed, and reading them from a file that somebody wrote elsewhere."""

import csv
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from desk.domain.texts import one_line

LONGEST_NAME: Final = 200
FARTHEST: Final = timedelta(days=10 * 366)
_HEADS: Final = frozenset({"date", "tanggal", "day", "tgl"})
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_LOCAL: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


class ClosureKind(StrEnum):
    """Why a calendar is closed on a date: public holiday, collective leave (*cuti bersama*), or the office's own."""

    NATIONAL = "national"
    COLLECTIVE = "collective"
    OWN = "own"


class RowFault(StrEnum):
    """Why a row of a file is refused."""

    ENCODING = "encoding"
    COLUMNS = "columns"
    DATE = "date"
    YEAR = "year"
    NAME = "name"
    TWICE = "twice"
    CLOSED_ALREADY = "closed_already"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file: a date and a name to be taken over, or why it is refused; `text` is what it says."""

    line: int
    text: str
    day: date | None = None
    name: str = ""
    fault: RowFault | None = None


def read_rows(data: bytes, *, closed: Collection[date], today: date) -> list[Row]:
    """Return every line of a file of dates and names ("2027-03-09,Cuti Bersama …"), each judged by itself.

    Takes commas or semicolons, dates as 2027-03-09 or 09/03/2027, with or without a line of column names; UTF-8, or
    UTF-16 with its mark. A line that is not UTF-8 is refused and spoils no other.
    """
    seen: set[date] = set()
    rows: list[Row] = []
    for number, raw in enumerate(_lines(data), start=1):
        row = _judged(number, raw, closed=closed, seen=seen, today=today)
        if row is not None:
            rows.append(row)
            if row.day is not None:
                seen.add(row.day)
    return rows


def _lines(data: bytes) -> Iterator[bytes]:
    """Yield the lines as UTF-8 where the file is in one of the encodings that say so themselves."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = data.decode("utf-16", "replace").encode()
    yield from data.removeprefix(b"\xef\xbb\xbf").splitlines()


def _judged(number: int, raw: bytes, *, closed: Collection[date], seen: set[date], today: date) -> Row | None:
    """Return what a line comes to, None for an empty one and for the line of column names."""
    text = one_line(raw.decode(errors="replace"))
    cells = [one_line(cell) for cell in next(csv.reader([text], delimiter=_delimiter(text)), [])]
    while cells and not cells[-1]:
        cells.pop()
    if not cells or (number == 1 and cells[0].lower() in _HEADS):
        return None
    if not _is_utf8(raw):
        return Row(number, text, fault=RowFault.ENCODING)
    if len(cells) != 2:
        return Row(number, text, fault=RowFault.NAME if len(cells) == 1 else RowFault.COLUMNS)
    day = read_date(cells[0])
    fault = _fault(day, cells[1], closed=closed, seen=seen, today=today)
    return Row(number, text, day if fault is None else None, cells[1], fault)


def _fault(day: date | None, name: str, *, closed: Collection[date], seen: set[date], today: date) -> RowFault | None:
    if day is None:
        return RowFault.DATE
    if abs(day - today) > FARTHEST:
        return RowFault.YEAR
    if not name_fits(name):
        return RowFault.NAME
    if day in seen:
        return RowFault.TWICE
    return RowFault.CLOSED_ALREADY if day in closed else None


def name_fits(name: str) -> bool:
    """Tell whether a name has 1 to 200 characters."""
    return 0 < len(name) <= LONGEST_NAME


def read_date(text: str) -> date | None:
    """Return a date written as 2027-03-09 or 09/03/2027; None for anything else."""
    iso, local = _ISO.fullmatch(text), _LOCAL.fullmatch(text)
    if iso is None and local is None:
        return None
    year, month, day = map(int, iso.groups() if iso is not None else reversed(local.groups()) if local else ())
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _delimiter(text: str) -> str:
    return ";" if ";" in text and "," not in text.partition(";")[0] else ","


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True
