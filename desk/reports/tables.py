"""What a report says: tables of figures and the codes of their columns; whoever shows them finds the words."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

Key: TypeAlias = "int | str | tuple[int, int] | tuple[To, int] | tuple[int, To, int]"
Value: TypeAlias = "int | float | None"

FEWEST: int = 5  # cases of one person below which no figures of theirs are shown


class Unit(StrEnum):
    """What a column's numbers are."""

    COUNT = "count"
    LENGTH = "length"  # microseconds
    SHARE = "share"  # 0 to 1


class To(StrEnum):
    """What a handoff goes to: a person, the queue of a service, or a pool; each has numbers of its own."""

    PERSON = "person"
    QUEUE = "queue"
    POOL = "pool"


class By(StrEnum):
    """What the lines of a table are about."""

    ALL = "all"
    SERVICE = "service"
    COUNTER = "counter"
    OFFICER = "officer"
    HOUR = "hour"  # (weekday, hour)
    DAY = "day"
    MONTH = "month"  # year * 12 + month - 1
    PAIR = "pair"  # (who gave, to what, its number)
    PLACE = "place"  # (queue or pool, its number)
    REASON = "reason"
    DECLINE = "decline"
    KIND = "kind"


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what it is about and its figures; none where `few` says that too few cases would tell on a person."""

    key: Key
    values: tuple[Value, ...]
    few: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a report."""

    name: str
    by: By
    columns: tuple[tuple[str, Unit], ...]
    lines: tuple[Line, ...]

    def column(self, name: str) -> list[Value]:
        """Return the figures of one column."""
        place = [each for each, _ in self.columns].index(name)
        return [line.values[place] for line in self.lines]


def veiled(table: Table, counted: str) -> Table:
    """Return the table of people with the figures of those who have too few cases left out."""
    counts = table.column(counted)
    lines = tuple(
        line if (count or 0) >= FEWEST else Line(line.key, (None,) * len(line.values), few=True)
        for line, count in zip(table.lines, counts, strict=True)
    )
    return Table(table.name, table.by, table.columns, lines)
