"""Writing the projection of an event into the state tables, with statements prepared once."""

from functools import cache

from sqlalchemy import Connection, Insert, Table, Update, bindparam, insert, update

from desk.domain import projection
from desk.domain.facts import Event
from desk.models import Base


def write(connection: Connection, event: Event) -> None:
    """Make the row changes of an event."""
    for change in projection.changes(event):
        match change:
            case projection.Insert(table, row):
                connection.execute(_insert(table), row)
            case projection.Update(table, key, values):
                statement = _update(table, tuple(key), tuple(values))
                connection.execute(statement, {**values, **{f"key_{name}": key[name] for name in key}})


@cache
def _insert(table: str) -> Insert:
    return insert(_table(table))


@cache
def _update(table: str, key: tuple[str, ...], names: tuple[str, ...]) -> Update:
    found = _table(table)
    statement = update(found).values({name: bindparam(name) for name in names})
    for name in key:
        statement = statement.where(found.c[name] == bindparam(f"key_{name}"))
    return statement


def _table(name: str) -> Table:
    return Base.metadata.tables[name]
