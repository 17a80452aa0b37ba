"""Changes of rows, as a projection says them and a database or a replay makes them."""

from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Insert:
    """A new row."""

    table: str
    row: Row


@dataclass(frozen=True, slots=True)
class Update:
    """New values of the row with this key (its primary key within the office)."""

    table: str
    key: Row
    values: Row


Change = Insert | Update
