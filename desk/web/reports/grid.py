"""Hour by weekday as a grid: each cell how long nine in ten waited, the darker the longer, and how many came."""

from dataclasses import dataclass
from typing import Any, Final

from flask_babel import format_decimal

from desk.reports.tables import Table
from desk.web.reports.words import hour, length, weekday

LEVELS: Final = 5


@dataclass(frozen=True, slots=True)
class Cell:
    """One hour of one weekday; `level` is 1 to 5 by the share of the longest."""

    wait: str
    count: str
    level: int


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows are hours, the cells of a row the weekdays; None where nobody came."""

    head: tuple[str, ...]
    rows: list[tuple[str, list[Cell | None]]]


def grid_of(table: Table) -> Grid:
    """Return the grid of a table by hour and weekday."""
    waits, counts = table.column("wait_p90"), table.column("transactions")
    longest = max((int(each) for each in waits if each), default=1)
    cells: dict[Any, Cell] = {}  # by weekday and hour
    for line, wait, count in zip(table.lines, waits, counts, strict=True):
        level = 1 + int(wait or 0) * (LEVELS - 1) // longest
        cells[line.key] = Cell(length(int(wait or 0)), str(format_decimal(count)), level)
    days = sorted({key[0] for key in cells})
    rows = [(hour(each), [cells.get((day, each)) for day in days]) for each in sorted({key[1] for key in cells})]
    return Grid(tuple(weekday(day) for day in days), rows)
