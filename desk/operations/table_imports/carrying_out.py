"""Judging a table row by row in a unit that is rolled back, and carrying it out where it comes to what was shown."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Protocol

from desk.domain.access import Role, require
from desk.domain.refusals import Refused
from desk.domain.tables import (
    CellFault,
    CellRefused,
    Difference,
    JudgedRow,
    Line,
    RowFault,
    Table,
    Verdict,
    fault_of,
)
from desk.operations.finding import today
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit
from desk.reads.reader import Reader

KEEPERS: Final = frozenset({Role.ADMIN})


@dataclass(frozen=True, slots=True)
class Step:
    """What a row wants: its natural key, what it changes, and how that is done; nothing to do leaves it unchanged.

    `refused_then` are planned changes (ids) that nobody may make any more after it who planned them.
    """

    key: str
    differences: tuple[Difference, ...]
    apply: Callable[[Unit], object]
    is_new: bool = False
    refused_then: tuple[int, ...] = ()


class Kind(Protocol):
    """A kind of table: its columns, its rows as they are kept, and what a row of a file comes to."""

    @property
    def code(self) -> str:
        """By which it is asked for."""

    @property
    def columns(self) -> Sequence[str]:
        """All columns, in the order of an export."""

    @property
    def needed(self) -> Sequence[str]:
        """Those that a file must have."""

    @property
    def in_all(self) -> bool:
        """Whether it changes what several offices share."""

    def rows(self, reader: Reader, office_id: int, day: date) -> list[dict[str, str]]:
        """Return what is kept on a day, a row each, as a file has it."""

    def look_up(self, reader: Reader, office_id: int, day: date) -> Any:
        """Return what `step` looks rows up in."""

    def step(self, unit: Unit, known: Any, line: Line) -> Step:
        """Return what a row wants; raises `CellRefused` and `Refused`."""


@dataclass(frozen=True, slots=True)
class Report:
    """What becomes of every row of a file."""

    rows: tuple[JudgedRow, ...]
    encoding: str
    digest: str

    @property
    def counts(self) -> Mapping[Verdict, int]:
        """How many rows come to what."""
        found = Counter(each.verdict for each in self.rows)
        return {verdict: found[verdict] for verdict in Verdict}

    @property
    def refused_then(self) -> int:
        """How many planned changes would be refused on their day after it."""
        return sum(len(each.refused_then) for each in self.rows)

    @property
    def is_ready(self) -> bool:
        """Whether it can be carried out: nothing is refused, and there is something to do."""
        counts = self.counts
        return not counts[Verdict.REFUSED] and bool(counts[Verdict.NEW] + counts[Verdict.CHANGED])


class ShownAgain(Exception):
    """The file comes to something else than what was shown: nothing was done; `report` is what it comes to now."""

    def __init__(self, report: Report) -> None:
        super().__init__("shown again")
        self.report = report


class _Rehearsed(Exception):
    def __init__(self, report: Report) -> None:
        super().__init__("rehearsed")
        self.report = report


def rehearse(streams: Streams, office_id: int, kind: Kind, table: Table, request: Request) -> Report:
    """Return what a file would do; nothing is kept. Raises `Refused(FORBIDDEN)`."""

    def work(unit: Unit) -> Done:
        raise _Rehearsed(_judge(unit, kind, table))

    try:
        _run(streams, kind)(office_id, request, work)
    except _Rehearsed as rehearsed:
        return rehearsed.report
    raise AssertionError("a rehearsal never ends well")


def carry_out(streams: Streams, office_id: int, kind: Kind, table: Table, request: Request, *, seen: str) -> Done:
    """Do what was shown under this digest, all of it or nothing; answers new, changed, unchanged.

    Raises `ShownAgain` where it would come to something else by now, or to nothing; `Refused(FORBIDDEN)`.
    """

    def work(unit: Unit) -> Done:
        report = _judge(unit, kind, table)
        if report.digest != seen or not report.is_ready:
            raise ShownAgain(report)
        counts = {verdict.value: count for verdict, count in report.counts.items()}
        return unit.done(**counts)

    return _run(streams, kind)(office_id, request, work)


def _run(streams: Streams, kind: Kind) -> Callable[[int, Request, Callable[[Unit], Done]], Done]:
    return streams.run_in_all if kind.in_all else streams.run


def _judge(unit: Unit, kind: Kind, table: Table) -> Report:
    require(unit.actor, KEEPERS)
    known = kind.look_up(unit.connection, unit.office_id, today(unit))
    seen: dict[str, int] = {}
    rows = tuple(_judged(unit, kind, known, line, seen) for line in table.lines)
    return Report(rows, table.encoding, _digest(kind, table, rows))


def _judged(unit: Unit, kind: Kind, known: Any, line: Line, seen: dict[str, int]) -> JudgedRow:
    key = ""
    try:
        if line.fault is not None:
            raise line.fault
        step = kind.step(unit, known, line)
        key = step.key
        first = seen.setdefault(step.key.casefold(), line.line)
        if first != line.line:
            raise CellRefused(CellFault.TWICE, "", line=first)
        if not step.differences:
            return JudgedRow(line.line, step.key, Verdict.UNCHANGED)
        step.apply(unit)
    except (CellRefused, Refused) as error:
        named = key or " ".join(line.cells.get(each, "") for each in kind.needed).strip()
        return JudgedRow(line.line, named, Verdict.REFUSED, fault=fault_of(error))
    verdict = Verdict.NEW if step.is_new else Verdict.CHANGED
    return JudgedRow(line.line, step.key, verdict, step.differences, refused_then=step.refused_then)


def _digest(kind: Kind, table: Table, rows: Sequence[JudgedRow]) -> str:
    said = [[line.line, dict(line.cells)] for line in table.lines]
    told = [_told(row) for row in rows]
    text = json.dumps([kind.code, table.columns, said, told], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _told(row: JudgedRow) -> list[Any]:
    changes = [_of(each) for each in row.differences]
    return [row.line, row.key, row.verdict, changes, _why(row.fault), row.refused_then]


def _of(difference: Difference) -> list[str]:
    return [difference.column, difference.before, difference.after]


def _why(fault: RowFault | None) -> str:
    return "" if fault is None else f"{fault.code}:{fault.column}"


def differences(kept: Mapping[str, str], wanted: Mapping[str, str]) -> tuple[Difference, ...]:
    """Return the columns in which a row differs from what is kept, in their order."""
    pairs = ((name, kept.get(name, ""), value) for name, value in wanted.items())
    return tuple(Difference(*each) for each in pairs if each[1] != each[2])
