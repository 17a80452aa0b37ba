"""Tables that people keep in a spreadsheet: reading the text of a file, cells no spreadsheet takes for a formula,
and what becomes of each row.

A row is known by its natural key (the letter of a service, a user name, a calendar and a date). It is new, changed,
unchanged or refused; a column that the file has not leaves alone what is kept.
"""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from desk.domain.refusals import Reason, Refused

MOST_ROWS: Final = 5_000
LONGEST_CELL: Final = 20_000
SEPARATORS: Final = (",", ";", "\t")
# A cell that begins so is a formula to a spreadsheet; a quote before it says that it is text.
_GUARDED: Final = re.compile(r"'*[=+\-@\t\r]")
_MARKED: Final = re.compile(r"'+[=+\-@\t\r]")
_UNREADABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
# A letter of several bytes in UTF-8: in Windows-1252 it would be gibberish such as “Ã©”.
_UTF8_LETTER: Final = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


class Verdict(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


class FileFault(StrEnum):
    """Why a file as a whole cannot be read."""

    EMPTY = "empty"
    ENCODING = "encoding"
    MIXED = "mixed"
    NO_HEAD = "no_head"
    NO_COLUMNS = "no_columns"
    UNKNOWN_COLUMNS = "unknown_columns"
    TWO_COLUMNS = "two_columns"
    QUOTES = "quotes"
    TOO_MANY_ROWS = "too_many_rows"
    WORKBOOK = "workbook"
    TOO_LARGE = "too_large"


class CellFault(StrEnum):
    """Why a row is refused before anything is tried; what is tried has a `Reason`."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    TOO_MANY_CELLS = "too_many_cells"
    FORMULA = "formula"
    TWICE = "twice"
    DATE = "date"
    NUMBER = "number"
    CHOICE = "choice"
    STEPS = "steps"
    CALENDAR = "calendar"
    PERSON = "person"
    FIXED = "fixed"
    NOT_HERE = "not_here"
    FIRST_WEEK = "first_week"
    EMAIL = "email"
    PHONE = "phone"


class FileRefused(Exception):
    """A file cannot be read; `details` fill the sentence."""

    def __init__(self, fault: FileFault, **details: object) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.details = details


class CellRefused(Exception):
    """A cell cannot be taken over."""

    def __init__(self, fault: CellFault, column: str, **details: object) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.column = column
        self.details = details


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a file by the names of its columns; `line` is where it stands."""

    line: int
    cells: Mapping[str, str]
    fault: CellRefused | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Table:
    """What a file says; `encoding` is how it was read."""

    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    encoding: str = "UTF-8"


@dataclass(frozen=True, slots=True)
class Difference:
    """A column that changes, from what to what."""

    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RowFault:
    """Why a row is refused, and in which column if it is one."""

    code: CellFault | Reason
    column: str = ""
    details: Mapping[str, object] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """What becomes of a row; `refused_then` are planned changes (ids) that would be refused on their day after it."""

    line: int
    key: str
    verdict: Verdict
    differences: tuple[Difference, ...] = ()
    fault: RowFault | None = None
    refused_then: tuple[int, ...] = ()


def guarded(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula; `unguarded` gives it back."""
    return f"'{text}" if _GUARDED.match(text) else text


def unguarded(text: str) -> str:
    """Return what a guarded cell says."""
    return text[1:] if _MARKED.match(text) else text


def decoded(data: bytes) -> tuple[str, str]:
    """Return the text of a file and its encoding; raises `FileRefused`: EMPTY, ENCODING, MIXED.

    UTF-8 and UTF-16 say what they are; what is neither, and could be Windows-1252, is read as that. A file put together
    of both is neither, and no reading of it says what was meant.
    """
    if not data.strip(b"\xef\xbb\xbf\xff\xfe \r\n\t\x00"):
        raise FileRefused(FileFault.EMPTY)
    for mark, name in ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"), (b"\xef\xbb\xbf", "UTF-8-SIG")):
        if data.startswith(mark):
            return _strictly(data, name), name.removesuffix("-SIG")
    try:
        return _strictly(data, "UTF-8"), "UTF-8"
    except FileRefused as refused:
        if _UTF8_LETTER.search(data):
            raise FileRefused(FileFault.MIXED) from refused
        return _strictly(data, "windows-1252"), "Windows-1252"


def _strictly(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise FileRefused(FileFault.ENCODING) from error
    if _UNREADABLE.search(text):
        raise FileRefused(FileFault.ENCODING)
    return text


def read_csv(data: bytes, *, known: Sequence[str], needed: Sequence[str]) -> Table:
    """Return the table of a CSV file with a line of column names; the separator is the one that finds most of them.

    Raises `FileRefused`.
    """
    text, encoding = decoded(data)
    head = text.lstrip().splitlines()[0]
    separator = max(SEPARATORS, key=lambda each: len({*_names(head.split(each))} & {*known}))
    try:
        rows = list(csv.reader(text.splitlines(keepends=True), delimiter=separator, strict=True))
    except csv.Error as error:
        raise FileRefused(FileFault.QUOTES) from error
    return table_of(rows, known=known, needed=needed, encoding=encoding)


def table_of(rows: Sequence[Sequence[str]], *, known: Sequence[str], needed: Sequence[str], encoding: str) -> Table:
    """Return the table of these rows, of which the first that says anything names the columns; raises `FileRefused`."""
    filled = [(number, row) for number, row in enumerate(rows, start=1) if any(cell.strip() for cell in row)]
    if not filled:
        raise FileRefused(FileFault.EMPTY)
    columns = _checked(_names(filled[0][1]), known=known, needed=needed)
    if len(filled) > MOST_ROWS + 1:
        raise FileRefused(FileFault.TOO_MANY_ROWS, most=MOST_ROWS, rows=len(filled) - 1)
    return Table(columns, tuple(_line(number, row, columns) for number, row in filled[1:]), encoding)


def _names(cells: Sequence[str]) -> list[str]:
    names = [cell.strip().strip('"').strip().lower() for cell in cells]
    while names and not names[-1]:
        names.pop()
    return names


def _checked(names: list[str], *, known: Sequence[str], needed: Sequence[str]) -> tuple[str, ...]:
    if not {*names} & {*known}:
        raise FileRefused(FileFault.NO_HEAD, columns=", ".join(known))
    unknown = [each or "–" for each in names if each not in known]
    if unknown:
        raise FileRefused(FileFault.UNKNOWN_COLUMNS, columns=", ".join(unknown)[:200], known=", ".join(known))
    missing = [each for each in needed if each not in names]
    if missing:
        raise FileRefused(FileFault.NO_COLUMNS, columns=", ".join(missing))
    if len({*names}) < len(names):
        raise FileRefused(FileFault.TWO_COLUMNS)
    return tuple(names)


def _line(number: int, row: Sequence[str], columns: tuple[str, ...]) -> Line:
    cells = {name: unguarded(cell.strip(" ")) for name, cell in zip(columns, row, strict=False)}
    fault = None
    if any(cell.strip() for cell in row[len(columns) :]):
        fault = CellRefused(CellFault.TOO_MANY_CELLS, "", most=len(columns))
    longest = next((name for name, cell in cells.items() if len(cell) > LONGEST_CELL), None)
    if longest is not None:
        fault = CellRefused(CellFault.TOO_LONG, longest, most=LONGEST_CELL)
    return Line(number, {name: cells.get(name, "") for name in columns}, fault)


def fault_of(error: CellRefused | Refused) -> RowFault:
    """Return why a row is refused."""
    if isinstance(error, CellRefused):
        return RowFault(error.fault, error.column, error.details)
    return RowFault(error.reason, str(error.details.get("field", "")), error.details)
