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
    positions: tuple[str, ...] | None  # names in order for positional drivers, None for named ones
    binds: tuple[tuple[str, Processor], ...]
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
        self._cursor(connection, values).close()

    def all(self, connection: Connection, values: Mapping[str, Any]) -> list[Any]:
        """Return the rows as named tuples."""
        cursor = self._cursor(connection, values)
        rows = cursor.fetchall()
        cursor.close()
        compiled = self._compiled[connection.dialect.name]
        return [_row(compiled, row) for row in rows]

    def first(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        """Return the first row, None when there is none."""
        cursor = self._cursor(connection, values)
        row = cursor.fetchone()
        cursor.close()
        return None if row is None else _row(self._compiled[connection.dialect.name], row)

    def _cursor(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        compiled = self._compiled.get(connection.dialect.name)
        if compiled is None:
            compiled = self._compiled[connection.dialect.name] = _compile(self._statement, connection.dialect)
        bound = {
            name: process(_given(name, values, compiled)) if process else _given(name, values, compiled)
            for name, process in compiled.binds
        }
        cursor = connection.connection.cursor()
        if compiled.positions is None:
            cursor.execute(compiled.text, bound)
        else:
            cursor.execute(compiled.text, [bound[name] for name in compiled.positions])
        return cursor


def _given(name: str, values: Mapping[str, Any], compiled: _Compiled) -> Any:
    return values[name] if name in values else compiled.constants[name]


def _row(compiled: _Compiled, raw: Sequence[Any]) -> Any:
    if not compiled.results:
        return compiled.make_row(raw)
    values = list(raw)
    for position, process in compiled.results:
        values[position] = process(values[position])
    return compiled.make_row(values)


def _compile(statement: ClauseElement, dialect: Dialect) -> _Compiled:
    compiled: Any = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    binds = tuple(
        (name, bind.type.dialect_impl(dialect).bind_processor(dialect)) for bind, name in compiled.bind_names.items()
    )
    constants = {name: value for name, value in compiled.params.items() if value is not None}
    columns = list(statement.selected_columns) if isinstance(statement, Select) else []
    row = namedtuple("Row", [column.key for column in columns])  # type: ignore[misc]
    processors = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
    results = tuple((position, process) for position, process in enumerate(processors) if process is not None)
    positions = tuple(compiled.positiontup) if compiled.positional else None
    return _Compiled(str(compiled), positions, binds, constants, row._make, results)
