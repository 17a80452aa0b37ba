"""A copy of a SQLite database, taken while others write, and whether a copy is whole."""

from contextlib import suppress
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from desk.backups.manifest import BadBackup, Contents, read_contents
from desk.models.engine import engine_options, open_engine

_SQLITE: Final = engine_options("sqlite://")["module"]


def copy(url: str, target: Path) -> Contents:
    """Copy the database as it is at one instant, without what was erased; return what the copy holds.

    Nobody who writes waits. Raises `BadBackup` where the copy is not whole.
    """
    try:
        _run(url, "VACUUM INTO ?", str(target))
    except (_SQLITE.DatabaseError, SQLAlchemyError) as error:
        raise BadBackup(
            f"The database cannot be copied to {target.parent}: {getattr(error, 'orig', error)}."
        ) from error
    return examine(target)


def examine(file: Path) -> Contents:
    """Return what a copy holds, read without changing a byte of it; raise `BadBackup` where it is not whole."""
    engine = _reader(file)
    try:
        with engine.connect() as connection:
            said = connection.execute(text("PRAGMA integrity_check(1)")).scalar()
            found = read_contents(connection) if said == "ok" else None
    except (_SQLITE.DatabaseError, SQLAlchemyError) as error:
        raise BadBackup(f"The database in it cannot be read: {getattr(error, 'orig', error)}.") from error
    finally:
        engine.dispose()
    if said != "ok":
        raise BadBackup(f"The database in it is damaged: {said}.")
    if found is None:
        raise BadBackup("The database in it is not one of the desk.")
    return found


def fold(file: Path) -> None:
    """Fold the write-ahead log into the file, so that it holds everything by itself; one that is damaged stays."""
    with suppress(_SQLITE.DatabaseError, SQLAlchemyError):
        _run(f"sqlite:///{file.absolute()}", "PRAGMA wal_checkpoint(TRUNCATE)")


def _run(url: str, statement: str, *values: str) -> None:
    """Run a statement outside of any transaction."""
    engine = open_engine(url)
    try:
        connection = engine.raw_connection()
        try:
            connection.cursor().execute(statement, values)
        finally:
            connection.close()
    finally:
        engine.dispose()


def _reader(file: Path) -> Engine:
    address = f"file:{quote(str(file.absolute()))}?mode=ro&immutable=1"

    def connect() -> Any:
        return _SQLITE.connect(address, uri=True, isolation_level=None)

    return create_engine("sqlite://", module=_SQLITE, creator=connect, poolclass=NullPool, hide_parameters=True)
