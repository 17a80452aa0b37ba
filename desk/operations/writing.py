"""Writing the projection of an event into the state tables, with statements prepared once."""

from functools import cache

from sqlalchemy import Connection, Table, bindparam, insert, update

from desk.domain import projection
from desk.domain.facts import Event
from desk.domain.rows import Insert, Update
from desk.models import Base
from desk.models.prepared import Prepared


def write(connection: Connection, event: Event) -> None:
    """Make the row changes of an event."""
    for change in projection.changes(event):
        match change:
            case Insert(table, row):
                inserting(table, tuple(row)).run(connection, row)
            case Update(table, key, values):
                statement = _updating(table, tuple(key), tuple(values))
                statement.run(connection, {**values, **{f"key_{name}": key[name] for name in key}})


@cache
def inserting(table: str, names: tuple[str, ...]) -> Prepared:
    """Return the prepared insert of these columns."""
    return Prepared(insert(_table(table)).values({name: bindparam(name) for name in names}))


@cache
def _updating(table: str, key: tuple[str, ...], names: tuple[str, ...]) -> Prepared:
    found = _table(table)
    statement = update(found).values({name: bindparam(name) for name in names})
    for name in key:
        statement = statement.where(found.c[name] == bindparam(f"key_{name}"))
    return Prepared(statement)


def _table(name: str) -> Table:
    return Base.metadata.tables[name]
