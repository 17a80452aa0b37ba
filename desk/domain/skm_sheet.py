"""A file of survey answers, one respondent a row, read and judged row by row.

Takes commas or semicolons; UTF-8 with or without its mark, UTF-16 with its mark, or Windows-1252 throughout. A row that
is refused spoils no other; a line of column names that is refused spoils all (`desk.domain.skm_header`).
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from desk.domain.closures import read_date
from desk.domain.skm_elements import HIGHEST_SCORE, LOWEST_SCORE, Instrument
from desk.domain.skm_header import RESPONDENT, BadHeader, Header, HeaderFault, count_known, read_header
from desk.domain.skm_index import Tallied, tally
from desk.domain.skm_period import Period
from desk.domain.skm_profile import DATE, fits, value_of
from desk.domain.texts import one_line

_SCORES: Final[Mapping[str, int]] = {str(score): score for score in range(LOWEST_SCORE, HIGHEST_SCORE + 1)}
_NOT_GIVEN: Final = frozenset({"", "-"})


class RowFault(StrEnum):
    """Why a row of answers is refused."""

    ENCODING = "encoding"
    QUOTES = "quotes"
    CELL_TOO_LONG = "cell_too_long"
    COLUMNS = "columns"
    NO_ANSWER = "no_answer"
    OFF_SCALE = "off_scale"
    RESPONDENT_TWICE = "respondent_twice"
    PROFILE = "profile"
    DATE = "date"
    OUTSIDE_PERIOD = "outside_period"
    FUTURE = "future"
    SERVICE = "service"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One thing that is wrong in a line, with the column and what stands there, where it is about one.

    `taken_at` is when a row was taken over that is taken already.
    """

    line: int
    fault: RowFault | HeaderFault
    column: str = ""
    value: str = ""
    taken_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What one respondent said: 1 to 4 by element key, and the profile as far as it was given.

    Beside it the line and the respondent's number, if the file has one: it is not kept.
    """

    scores: Mapping[str, int]
    profile: Mapping[str, str]
    line: int = field(default=0, compare=False)
    respondent: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file that was read. `rows` counts respondents good and refused; without an instrument it is refused whole."""

    instrument: Instrument | None
    answers: tuple[Answer, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    rows: int = 0
    left_out: tuple[str, ...] = ()

    @property
    def rows_refused(self) -> int:
        """How many respondents are refused."""
        return self.rows - len(self.answers)

    @property
    def tallied(self) -> Tallied | None:
        """The sums of the good rows; None for a file that is refused whole."""
        return None if self.instrument is None else tally(self.instrument, [each.scores for each in self.answers])


@dataclass(frozen=True, slots=True)
class _Record:
    """The cells of one respondent, from the line on which they begin; None where they cannot be told (`fault`)."""

    line: int
    cells: list[str] | None
    readable: bool
    fault: RowFault = RowFault.QUOTES


@dataclass(slots=True)
class _Reading:
    """What was found so far."""

    header: Header
    period: Period | None
    answers: list[Answer] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    respondents: set[str] = field(default_factory=set)
    rows: int = 0


def read_sheet(data: bytes, *, period: Period | None = None) -> Sheet:
    """Return every respondent of a file that can be taken over, and everything that is wrong with the others.

    Blank lines are no respondents. With a period, a date outside it is refused.
    """
    lines = _lines(data)
    first = next((number for number, (text, _) in enumerate(lines) if text.strip()), None)
    if first is None:
        return Sheet(None, refusals=(Refusal(1, HeaderFault.EMPTY_FILE),))
    records = _records(lines[first:], first)
    head = next(records)
    header = read_header(head.cells or [])
    if isinstance(header, BadHeader):
        return Sheet(None, refusals=tuple(Refusal(head.line, *each) for each in header.faults))
    reading = _Reading(header, period)
    for record in records:
        _take(reading, record)
    return Sheet(header.instrument, tuple(reading.answers), tuple(reading.refusals), reading.rows, header.left_out)


def _lines(data: bytes) -> list[tuple[str, bool]]:
    """Return the lines as text, each with whether it could be read in the encoding of the file.

    A file in which no line with an accent is UTF-8 is Windows-1252. Where some are, the others do not belong.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = data.decode("utf-16", "replace").encode()
    is_marked = data.startswith(b"\xef\xbb\xbf")
    lines = data.removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True)
    accented = [line for line in lines if not line.isascii()]
    is_local = not is_marked and bool(accented) and not any(_reads(line, "utf-8") for line in accented)
    encoding = "cp1252" if is_local else "utf-8"
    return [(line.decode(encoding, "replace"), _reads(line, encoding)) for line in lines]


def _reads(line: bytes, encoding: str) -> bool:
    """Tell whether a line is text in this encoding: without NUL, and without the sign for what could not be read."""
    try:
        text = line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return "\0" not in text and "\ufffd" not in text


def text_of(data: bytes) -> str:
    """Return a file as text in the encoding in which it is read, to be shown and mended."""
    return "".join(text for text, _ in _lines(data)).replace("\0", "\ufffd")


def _records(lines: list[tuple[str, bool]], before: int) -> Iterator[_Record]:
    """Yield the records, that of the column names first; `before` lines came before them.

    Of comma and semicolon the sign is taken with which more columns are known.
    """
    both = [_split(lines, delimiter, before) for delimiter in ",;"]
    heads = [next(records) for records in both]
    known = [(count_known(head.cells or []), len(head.cells or [])) for head in heads]
    chosen = known.index(max(known))
    yield heads[chosen]
    yield from both[chosen]


def _split(lines: list[tuple[str, bool]], delimiter: str, before: int) -> Iterator[_Record]:
    """Yield the records; a cell in quotation marks may go over several lines, blank lines are none."""
    reader = csv.reader((text for text, _ in lines), delimiter=delimiter, strict=True, skipinitialspace=True)
    while True:
        began, fault = reader.line_num, RowFault.QUOTES
        try:
            cells: list[str] | None = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            cells = None
            fault = RowFault.CELL_TOO_LONG if "field limit" in str(error) else RowFault.QUOTES
        if cells is None or len(cells) > 1 or "".join(cells).strip():
            is_read = all(each for _, each in lines[began : reader.line_num])
            yield _Record(before + began + 1, cells, is_read, fault)


def _take(reading: _Reading, record: _Record) -> None:
    """Take one respondent over, or write down everything that is wrong with the row."""
    reading.rows += 1
    cells = [one_line(cell) for cell in record.cells or []]
    named, refusals = _named(reading.header, record, cells)
    answer, faults = _answer(reading, record.line, named) if not refusals else (None, refusals)
    if answer is None or faults:
        reading.refusals.extend(faults)
        return
    reading.answers.append(answer)
    if RESPONDENT in named:
        reading.respondents.add(named[RESPONDENT])


def _named(header: Header, record: _Record, cells: list[str]) -> tuple[dict[str, str], list[Refusal]]:
    """Return the cells that are not empty by column key, or why the row cannot be laid under the columns."""
    if not record.readable:
        return {}, [Refusal(record.line, RowFault.ENCODING)]
    if record.cells is None:
        return {}, [Refusal(record.line, record.fault)]
    width = len(header.columns)
    if len(cells) < width or any(cells[width:]):
        return {}, [Refusal(record.line, RowFault.COLUMNS, value=f"{len(cells)}/{width}")]
    pairs = zip(header.columns, cells, strict=False)
    return {key: cell for key, cell in pairs if key is not None and cell not in _NOT_GIVEN}, []


def _answer(reading: _Reading, line: int, named: Mapping[str, str]) -> tuple[Answer, list[Refusal]]:
    """Return what the respondent said, and everything in it that is refused."""
    given = {key: named[key] for key in reading.header.instrument.keys if key in named}
    faults = [Refusal(line, RowFault.OFF_SCALE, key, cell) for key, cell in given.items() if cell not in _SCORES]
    if not given:
        faults.append(Refusal(line, RowFault.NO_ANSWER))
    if named.get(RESPONDENT) in reading.respondents:
        faults.append(Refusal(line, RowFault.RESPONDENT_TWICE, RESPONDENT, named[RESPONDENT]))
    others = {key: cell for key, cell in named.items() if key != RESPONDENT and key not in given}
    profile = {}
    for column, text in others.items():
        value, fault = _profile_value(column, text, reading.period)
        profile[column] = value
        if fault is not None:
            faults.append(Refusal(line, fault, column, text))
    scores = {key: _SCORES.get(cell, 0) for key, cell in given.items()}
    return Answer(scores, profile, line, named.get(RESPONDENT, "")), faults


def _profile_value(column: str, text: str, period: Period | None) -> tuple[str, RowFault | None]:
    """Return a profile cell as it is kept, dates as 2025-03-31, with what is wrong with it."""
    if column != DATE:
        return value_of(column, text), None if fits(text) else RowFault.PROFILE
    day = read_date(text.partition(" ")[0])
    if day is None:
        return text, RowFault.DATE
    return day.isoformat(), RowFault.OUTSIDE_PERIOD if period is not None and day not in period else None
