"""Days that come again: the rows of a day played by the rules, moved in time and numbering, and signed anew.

Playing a day takes a second or two, three years of them an hour. A played day is kept as columns, in which ids and
instants are known by their size; a payload as the text between them. Writing goes straight to the driver.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, Final

import numpy as np
from sqlalchemy import Connection

from desk.domain.audit import Entry, link
from desk.models import Base

ID, INSTANT = 10**12, 10**15
DAY: Final = 86_400_000_000
OF_EVENTS: Final = frozenset({"number", "moved_by", "opened_by"})
LARGE: Final = re.compile(r"(\d{13,})")
ORDER: Final = ("visits", "visitor_tokens", "transactions", "queue_entries", "custody_segments", "calls", "handoffs",
                "invitations", "responses", "duties", "events", "remembered")  # fmt: skip
Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Place:
    """Where a day stands: the number of the event before it, and which day it is."""

    number: int
    day: int
    date: date


class PlayedDay:
    """The rows of one day, ready to come again elsewhere."""

    def __init__(self, rows: Rows, place: Place) -> None:
        self._place = place
        self._tables = {name: _columns(name, rows[name]) for name in ORDER if rows.get(name) and name not in _TRACES}
        self._payloads = [LARGE.split(row["payload"]) for row in rows["events"]]
        self._visits = [row["id"] for row in rows["visits"]]
        self.events = len(rows["events"])

    def again(self, place: Place, mac: str, key: bytes) -> tuple[dict[str, list[tuple[Any, ...]]], str]:
        """Return the rows of the day at another place, by table, and the last signature."""
        by, later = place.number - self._place.number, (place.day - self._place.day) * DAY
        found: dict[str, list[tuple[Any, ...]]] = {}
        for name, columns in self._tables.items():
            moved = [_moved(values, column, by, later, place) for column, values in columns]
            found[name] = list(zip(*moved, strict=True))
        names = [column for column, _ in self._tables["events"]]
        found["events"], mac = self._signed(found["events"], names, by, later, mac, key, place)
        visits = [each + by for each in self._visits]
        office = visits[0] >> 40
        at = found["events"][-1][names.index("at")]
        found["visitor_tokens"] = [(_hash(office, each), "status", office, each, 1) for each in visits]
        found["remembered"] = [_remembered(office, each, at) for each in visits]
        return found, mac

    def _signed(
        self, rows: list[Any], names: list[str], by: int, later: int, mac: str, key: bytes, place: Place
    ) -> tuple[list[tuple[Any, ...]], str]:
        old, new = self._place.date.isoformat(), place.date.isoformat()
        signed = []
        for row, parts in zip(rows, self._payloads, strict=True):
            moved = [part if n % 2 == 0 else str(int(part) + (later if int(part) >= INSTANT else by)) for n, part in
                     enumerate(parts)]  # fmt: skip
            values = dict(zip(names, row, strict=True))
            values["payload"] = "".join(moved).replace(old, new)
            mac = values["mac"] = link(key, mac, Entry(*(values[name] for name in Entry.__slots__)))
            signed.append(tuple(values.values()))
        return signed, mac


_TRACES: Final = ("visitor_tokens", "remembered")


def _hash(office: int, visit: int) -> str:
    return sha256(f"{office}-{visit}".encode()).hexdigest()


def _remembered(office: int, visit: int, at: int) -> tuple[Any, ...]:
    hashed = _hash(office, visit)
    return office, "kiosk:", hashed[:36], hashed, json.dumps({"facts": {"visit": visit}}), at


def _columns(name: str, rows: Sequence[dict[str, Any]]) -> list[tuple[str, list[Any]]]:
    columns = [column.name for column in Base.metadata.tables[name].columns]
    return [(column, [_plain(row.get(column)) for row in rows]) for column in columns]


def _plain(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict | list) else value


def _moved(values: list[Any], column: str, by: int, later: int, place: Place) -> list[Any]:
    """Return a column's values at the new place."""
    if column == "day":
        return [place.date.isoformat()] * len(values)
    if column in OF_EVENTS:
        return [value + by for value in values]
    if not any(isinstance(value, int) and value >= ID for value in values):
        return values
    numbers = np.array([-1 if value is None else value for value in values], np.int64)
    numbers += np.where(numbers >= INSTANT, later, np.where(numbers >= ID, by, 0))
    return [None if value < 0 else value for value in numbers.tolist()]


def write_rows(connection: Connection, rows: dict[str, list[tuple[Any, ...]]]) -> None:
    """Write rows with all columns of their tables, in the order of the models, straight through the driver."""
    for name in ORDER:
        if rows.get(name):
            columns = [column.name for column in Base.metadata.tables[name].columns]
            if connection.dialect.name == "postgresql":
                _copy(connection, name, columns, rows[name])
            else:
                marks = ", ".join("?" * len(columns))
                text = f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608
                connection.connection.cursor().executemany(text, rows[name])


def _copy(connection: Connection, name: str, columns: Iterable[str], rows: Iterable[tuple[Any, ...]]) -> None:
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {name} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
