"""What nothing can beat here: the bare server answering a constant, and the bare driver writing the same rows.

The driver's floor writes the rows of a check-in (or, in turn, of a call and of the no-show after it), a transaction for
each, from Python, all computed beforehand: no rules, no signatures, no look-ups but taking the office's row.
The tables have the columns, primary keys and indexes of the real ones, and neither foreign keys nor triggers.
"""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, cycle
from typing import Any

import psycopg
from sqlalchemy import Connection, MetaData, PrimaryKeyConstraint, Table
from sqlalchemy.engine import make_url

from desk.models import Base
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


@dataclass(frozen=True)
class FloorRow:
    """One row to write again and again, each time under a key of its own."""

    text: str
    values: tuple[Any, ...]
    varied: int  # the place of the value that tells the rows apart

    def under(self, key: int) -> list[Any]:
        """Return the values of the row with this key."""
        values = list(self.values)
        values[self.varied] = f"{key}-{values[self.varied]}" if isinstance(values[self.varied], str) else key
        return values


class DriverFloor:
    """Writes rows like those of the operations into tables like the real ones, with no Python of ours in between."""

    def __init__(self, url: str, operations: list[list[FloorRow]]) -> None:
        self._url = make_url(url)
        self._operations = operations
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
        operations = cycle(self._operations)
        while time.perf_counter() < stop:
            key = next(self._keys)
            cursor.execute("BEGIN IMMEDIATE" if self._sqlite else "BEGIN")
            cursor.execute(TAKE_ONE if self._sqlite else f"{TAKE_ONE} FOR UPDATE")
            cursor.fetchone()
            for row in next(operations):
                cursor.execute(row.text, row.under(key))
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


def prepare_floor(url: str, operations: list[list[Statement]]) -> DriverFloor:
    """Make tables like those the statements of each operation write to, and return the floor over them."""
    engine = open_engine(url)
    with engine.execution_options(desk_writes=True).begin() as connection:
        connection.exec_driver_sql("CREATE TABLE floor_head (id BIGINT PRIMARY KEY, number BIGINT)")
        connection.exec_driver_sql("INSERT INTO floor_head VALUES (1, 0)")
        rows = [
            [
                _row(connection, f"floor_{turn}_{number}", *content)
                for number, content in enumerate(_contents(statements))
            ]
            for turn, statements in enumerate(operations)
        ]
    engine.dispose()
    return DriverFloor(url, rows)


def _contents(statements: list[Statement]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield table and values of each write; an update counts as a row of its new values."""
    for text, values in statements:
        words = text.split()
        if words[0] == "INSERT":
            yield words[2], values
        elif words[0] == "UPDATE" and words[1] != "streams":
            yield words[1], {name.removeprefix("key_"): value for name, value in values.items()}


def _row(connection: Connection, name: str, real: str, values: dict[str, Any]) -> FloorRow:
    """Make a table like the real one and return the row that goes into it."""
    table = _like(Base.metadata.tables[real], name)
    table.create(connection)
    dialect = connection.dialect
    keys = [column.name for column in table.primary_key]
    columns = [column for column in table.columns if column.name in values or column.name in keys]
    plain = []
    for column in columns:
        process = column.type.dialect_impl(dialect).bind_processor(dialect)
        value = values.get(column.name, 0)
        plain.append(value if process is None else process(value))
    names = ", ".join(column.name for column in columns)
    marks = ", ".join(["?" if dialect.name == "sqlite" else "%s"] * len(columns))
    text = f"INSERT INTO {name} ({names}) VALUES ({marks})"  # noqa: S608  names of ours
    return FloorRow(text, tuple(plain), [column.name for column in columns].index(keys[-1]))


def _like(real: Table, name: str) -> Table:
    """Return a table with the columns, the key and the indexes of the real one; an update fills only some columns."""
    table = real.to_metadata(MetaData(), name=name)
    table.primary_key.name = f"{name}_pk"
    for constraint in list(table.constraints):
        if not isinstance(constraint, PrimaryKeyConstraint):
            table.constraints.discard(constraint)
    for column in table.columns:
        column.nullable = not column.primary_key
    for index in table.indexes:
        index.name, index.unique = f"{name}_{index.name}", False
    return table
