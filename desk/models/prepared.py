"""Core statements compiled once and then given straight to the driver: for the few that every request needs.

Building, caching and running a Core statement costs several times what the driver needs for the same text. A `Prepared`
statement keeps what Core is good for (one definition for both databases, the column types) and pays for it once.

Where a connection says that it may (`begin_deferring`), what returns nothing is kept back and sent together with the
next statement that does: on PostgreSQL one way to the server and back instead of one for each.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, Connection, literal_column
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.expression import ClauseElement, Select

Processor = Callable[[Any], Any] | None
_CURSOR: Final = "desk_cursor"
_SENDER: Final = "desk_sender"
_KEPT_BACK: Final = "desk_kept_back"


@dataclass(frozen=True, slots=True)
class _Compiled:
    text: str
    bind: Callable[[Mapping[str, Any]], Any]  # the values as the driver wants them
    make_row: Callable[[Sequence[Any]], Any]
    results: tuple[tuple[int, Callable[[Any], Any]], ...]


class Prepared:
    """One statement with named parameters (`bindparam`), to be run on a connection that is in a transaction."""

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def run(self, connection: Connection, values: Mapping[str, Any]) -> None:
        """Execute a statement that returns nothing, at the latest together with the next that returns something."""
        compiled = self._compiled_for(connection)
        send(connection, compiled.text, compiled.bind(values))

    def all(self, connection: Connection, values: Mapping[str, Any]) -> list[Any]:
        """Return the rows as named tuples."""
        compiled = self._compiled_for(connection)
        rows = fetch(connection, compiled.text, compiled.bind(values))
        if not compiled.results:
            return [compiled.make_row(row) for row in rows]
        return [_row(compiled, row) for row in rows]

    def blobs(self, connection: Connection, values: Mapping[str, Any]) -> list[Any]:
        """Return the rows as `all` does, for those with many bytes: PostgreSQL would write each byte as two digits."""
        if connection.dialect.name != "postgresql":
            return self.all(connection, values)
        compiled = self._compiled_for(connection)
        flush(connection)
        driver: Any = connection.connection
        with driver.cursor(binary=True) as cursor:
            cursor.execute(compiled.text, compiled.bind(values))
            return [_row(compiled, row) for row in cursor.fetchall()]

    def first(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        """Return the first row, None when there is none."""
        rows = self.all(connection, values)
        return rows[0] if rows else None

    def text_for(self, connection: Connection) -> str:
        """Return the statement as this connection's driver gets it."""
        return self._compiled_for(connection).text

    def _compiled_for(self, connection: Connection) -> _Compiled:
        name = connection.dialect.name
        compiled = self._compiled.get(name)
        if compiled is None:
            compiled = self._compiled[name] = _compile(self._statement, connection.dialect)
        return compiled


def at_most(number: int) -> ColumnElement[int]:
    """Return a number of rows for LIMIT as a literal: SQLite plans a statement anew whenever a bound limit is given."""
    return literal_column(str(number))


def begin_deferring(connection: Connection) -> None:
    """Let this connection keep back what returns nothing, until `flush`; only where the driver has a pipeline."""
    if connection.dialect.name == "postgresql":
        connection.info[_SENDER] = connection.connection.cursor()
        connection.info[_KEPT_BACK] = []


def send(connection: Connection, text: str, values: Any = None) -> None:
    """Execute a driver's statement that returns nothing, or keep it back where the connection may."""
    info = connection.info
    kept_back = info.get(_KEPT_BACK)
    if kept_back is None:
        cursor = info.get(_CURSOR) or _cursor(connection)
        cursor.execute(text) if values is None else cursor.execute(text, values)
    else:
        kept_back.append((text, values))


def fetch(connection: Connection, text: str, values: Any) -> list[Any]:
    """Execute a driver's statement, after everything kept back, and return its rows."""
    info = connection.info
    cursor = info.get(_CURSOR) or _cursor(connection)
    if info.get(_KEPT_BACK):
        with cursor.connection.pipeline():
            _send_kept_back(info)
            cursor.execute(text, values)
    else:
        cursor.execute(text, values)
    rows: list[Any] = cursor.fetchall()
    return rows


def flush(connection: Connection) -> None:
    """Send everything kept back; raises what the database has against it."""
    info = connection.info
    if info.get(_KEPT_BACK):
        with info[_SENDER].connection.pipeline():
            _send_kept_back(info)


def forget(connection: Connection) -> None:
    """Do not send what is still kept back: its unit was refused."""
    kept_back = connection.info.get(_KEPT_BACK)
    if kept_back:
        kept_back.clear()


def _send_kept_back(info: dict[Any, Any]) -> None:
    kept_back, sender = info[_KEPT_BACK], info[_SENDER]
    statements, kept_back[:] = tuple(kept_back), ()
    for text, values in statements:
        sender.execute(text, values)


def _cursor(connection: Connection) -> Any:
    """Return the one cursor of the driver's connection that prepared statements share, one after the other."""
    cursor = connection.info[_CURSOR] = connection.connection.cursor()
    return cursor


def _row(compiled: _Compiled, raw: Sequence[Any]) -> Any:
    values = list(raw)
    for position, process in compiled.results:
        values[position] = process(values[position])
    return compiled.make_row(values)


def _compile(statement: ClauseElement, dialect: Dialect) -> _Compiled:
    compiled: Any = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    processors = {
        name: bind.type.dialect_impl(dialect).bind_processor(dialect) for bind, name in compiled.bind_names.items()
    }
    names = tuple(compiled.positiontup if compiled.positional else processors)
    constants = {name: value for name, value in compiled.params.items() if value is not None}
    columns = list(statement.selected_columns) if isinstance(statement, Select) else []
    row = namedtuple("Row", [column.key for column in columns])  # type: ignore[misc]
    readers = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
    results = tuple((position, process) for position, process in enumerate(readers) if process is not None)
    bind = _binder(names, processors, constants, positional=compiled.positional)
    return _Compiled(str(compiled), bind, partial(tuple.__new__, row), results)


def _binder(
    names: tuple[str, ...], processors: Mapping[str, Processor], constants: Mapping[str, Any], *, positional: bool
) -> Callable[[Mapping[str, Any]], Any]:
    """Return what turns named values into those of the driver: in the order of their places, or by name."""
    if not names:
        return lambda values: () if positional else {}
    pick: Any = itemgetter(*names) if len(names) > 1 else lambda values: (values[names[0]],)
    steps = tuple((place, process) for place, name in enumerate(names) if (process := processors[name]) is not None)
    if positional and not steps and not constants:
        return cast(Callable[[Mapping[str, Any]], Any], pick)

    def bind(values: Mapping[str, Any]) -> Any:
        picked = pick({**constants, **values} if constants else values)
        if steps:
            picked = list(picked)
            for place, process in steps:
                picked[place] = process(picked[place])
        return picked if positional else dict(zip(names, picked, strict=True))

    return bind
