"""Core statements compiled once and then given straight to the driver: for the few that every request needs.

Building, caching and running a Core statement costs several times what the driver needs for the same text. A `Prepared`
statement keeps what Core is good for (one definition for both databases, the column types) and pays for it once.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.expression import ClauseElement, Select

Processor = Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class _Compiled:
    text: str
    positional: bool
    binds: tuple[tuple[str, Processor], ...]  # in the order of the places, for positional drivers
    constants: Mapping[str, Any]
    make_row: Callable[[Sequence[Any]], Any]
    results: tuple[tuple[int, Callable[[Any], Any]], ...]


class Prepared:
    """One statement with named parameters (`bindparam`), to be run on a connection that is in a transaction."""

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def run(self, connection: Connection, values: Mapping[str, Any]) -> None:
        """Execute a statement that returns nothing."""
        self._executed(connection, values)

    def all(self, connection: Connection, values: Mapping[str, Any]) -> list[Any]:
        """Return the rows as named tuples."""
        compiled, cursor = self._executed(connection, values)
        return [_row(compiled, row) for row in cursor.fetchall()]

    def first(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        """Return the first row, None when there is none."""
        rows = self.all(connection, values)
        return rows[0] if rows else None

    def _executed(self, connection: Connection, values: Mapping[str, Any]) -> tuple[_Compiled, Any]:
        compiled = self._compiled.get(connection.dialect.name)
        if compiled is None:
            compiled = self._compiled[connection.dialect.name] = _compile(self._statement, connection.dialect)
        if compiled.constants:
            values = {**compiled.constants, **values}
        cursor = _cursor(connection)
        if compiled.positional:
            cursor.execute(
                compiled.text, [process(values[name]) if process else values[name] for name, process in compiled.binds]
            )
        else:
            bound = {name: process(values[name]) if process else values[name] for name, process in compiled.binds}
            cursor.execute(compiled.text, bound)
        return compiled, cursor


def _cursor(connection: Connection) -> Any:
    """Return the one cursor of the driver's connection that prepared statements share, one after the other."""
    cursor = connection.info.get("desk_cursor")
    if cursor is None:
        cursor = connection.info["desk_cursor"] = connection.connection.cursor()
    return cursor


def _row(compiled: _Compiled, raw: Sequence[Any]) -> Any:
    if not compiled.results:
        return compiled.make_row(raw)
    values = list(raw)
    for position, process in compiled.results:
        values[position] = process(values[position])
    return compiled.make_row(values)


def _compile(statement: ClauseElement, dialect: Dialect) -> _Compiled:
    compiled: Any = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    processors = {
        name: bind.type.dialect_impl(dialect).bind_processor(dialect) for bind, name in compiled.bind_names.items()
    }
    binds = tuple((name, processors[name]) for name in (compiled.positiontup if compiled.positional else processors))
    constants = {name: value for name, value in compiled.params.items() if value is not None}
    columns = list(statement.selected_columns) if isinstance(statement, Select) else []
    row = namedtuple("Row", [column.key for column in columns])  # type: ignore[misc]
    readers = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
    results = tuple((position, process) for position, process in enumerate(readers) if process is not None)
    return _Compiled(str(compiled), compiled.positional, binds, constants, row._make, results)
