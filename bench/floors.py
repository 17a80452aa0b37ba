"""What nothing can beat here: the bare server answering a constant, and the bare driver writing the same rows.

The driver's floor writes the rows of a check-in (or of a call and the no-show after it) in one transaction each, from
Python, with everything computed beforehand: no rules, no signatures, no look-ups but taking the office's row.
"""

import threading
import time
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import psycopg
from sqlalchemy import Engine
from sqlalchemy.engine import make_url

from desk.models.engine import PRAGMAS, open_engine, sqlite
from desk.models.prepared import Prepared
from desk.operations.stream import Streams

Statement = tuple[str, Any]
TAKE_ONE = "SELECT number FROM floor_head WHERE id = 1"


def recorded(streams: Streams, act: Callable[[], Any]) -> list[Statement]:
    """Return the writing statements, with their values, that one operation gives to the driver."""
    found: list[Statement] = []
    original = Prepared.run

    def note(self: Prepared, connection: Any, values: Any) -> None:
        found.append((self.text_for(connection), dict(values)))
        original(self, connection, values)

    Prepared.run = note  # type: ignore[method-assign]
    try:
        act()
    finally:
        Prepared.run = original  # type: ignore[method-assign]
    return found


class DriverFloor:
    """Writes rows of the same number and size into copies of the tables without any Python of ours in between."""

    def __init__(self, url: str, rows: list[tuple[str, str, list[Any]]]) -> None:
        self._url = make_url(url)
        self._rows = rows
        self._keys = count(1)

    def rate(self, connections: int, seconds: float) -> float:
        """Return transactions per second over so many connections at once."""
        done = [0] * connections
        stop = time.perf_counter() + seconds
        threads = [threading.Thread(target=self._work, args=(index, stop, done)) for index in range(connections)]
        start = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sum(done) / (time.perf_counter() - start)

    def _work(self, index: int, stop: float, done: list[int]) -> None:
        connection = self._connect()
        cursor = connection.cursor()
        while time.perf_counter() < stop:
            key = next(self._keys)
            cursor.execute("BEGIN IMMEDIATE" if self._sqlite else "BEGIN")
            cursor.execute(TAKE_ONE if self._sqlite else f"{TAKE_ONE} FOR UPDATE")
            cursor.fetchone()
            for _, text, values in self._rows:
                cursor.execute(text, [key, *values])
            cursor.execute("UPDATE floor_head SET number = number + 1 WHERE id = 1")
            cursor.execute("COMMIT")
            done[index] += 1
        connection.close()

    @property
    def _sqlite(self) -> bool:
        return self._url.get_backend_name() == "sqlite"

    def _connect(self) -> Any:
        if self._sqlite:
            connection: Any = sqlite.connect(self._url.database, isolation_level=None, check_same_thread=False)
            for pragma in PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
            return connection
        plain = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
        return psycopg.connect(plain, autocommit=True, prepare_threshold=1)


def prepare_floor(url: str, statements: list[Statement]) -> DriverFloor:
    """Make tables like those the statements write to (a key and as much text) and return the floor over them."""
    engine = open_engine(url)
    mark = "?" if engine.dialect.name == "sqlite" else "%s"
    rows = []
    for number, (table, values) in enumerate(_contents(statements)):
        name = f"floor_{number}_{table}"
        _create(engine, name, len(values))
        marks = ", ".join([mark] * (len(values) + 1))
        rows.append((name, f"INSERT INTO {name} VALUES ({marks})", [_plain(value) for value in values]))  # noqa: S608
    with engine.execution_options(desk_writes=True).begin() as connection:
        connection.exec_driver_sql("CREATE TABLE floor_head (id BIGINT PRIMARY KEY, number BIGINT)")
        connection.exec_driver_sql("INSERT INTO floor_head VALUES (1, 0)")
    engine.dispose()
    return DriverFloor(url, rows)


def _contents(statements: list[Statement]) -> Iterator[tuple[str, list[Any]]]:
    """Yield table and values of each write; an update counts as a row of its new values."""
    for text, values in statements:
        words = text.split()
        if words[0] == "INSERT":
            yield words[2], list(values.values())
        elif words[0] == "UPDATE" and words[1] != "streams":
            yield words[1], [value for name, value in values.items() if not name.startswith("key_")]


def _create(engine: Engine, name: str, columns: int) -> None:
    clustered = " WITHOUT ROWID" if engine.dialect.name == "sqlite" else ""
    columns_text = ", ".join(f"c{number} TEXT" for number in range(columns))
    with engine.execution_options(desk_writes=True).begin() as connection:
        connection.exec_driver_sql(f"CREATE TABLE {name} (id BIGINT PRIMARY KEY, {columns_text}){clustered}")


def _plain(value: Any) -> Any:
    return None if value is None else str(value)
