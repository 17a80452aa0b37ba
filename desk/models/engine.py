"""How the desk talks to its database: SQLite through a driver that carries a safe library, or PostgreSQL.

SQLite 3.7.0 to 3.51.2 can corrupt a WAL database when two connections commit and checkpoint at the same instant
(sqlite.org, "WAL reset bug"), and Python's own library is often among them; the wheel of `pysqlite3` has a fixed one.
"""

from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event, exc
from sqlalchemy.engine import make_url

try:
    import pysqlite3.dbapi2 as sqlite
except ImportError:  # no wheel for this kind of machine: Python's own, whose library must be new enough
    import sqlite3 as sqlite  # noqa: TID251

SAFE_SQLITE = (3, 51, 3)
BY_HAND = "by hand"  # what `desk_writes` says of connections whose transactions `desk.models.writers` begins and ends
# What is raised by a database that is away, busy or full; prepared statements meet the errors of the driver itself.
AWAY = (
    exc.OperationalError,
    exc.InterfaceError,
    exc.TimeoutError,
    sqlite.OperationalError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
)
BUSY_TIMEOUT_MS = 15_000
PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    f"busy_timeout = {BUSY_TIMEOUT_MS}",
    "cache_size = -65536",
    "temp_store = MEMORY",
    "mmap_size = 268435456",
    "wal_autocheckpoint = 2000",
    "secure_delete = ON",  # what was erased must not lie on in free parts of the file
)


# A statement that fails is logged without the values, which may be somebody's address.
QUIET: dict[str, Any] = {"hide_parameters": True}


def engine_options(url: str) -> dict[str, Any]:
    """Return the options `create_engine` needs for this database."""
    if make_url(url).get_backend_name() == "sqlite":
        return {
            **QUIET,
            "module": sqlite,
            "connect_args": {"check_same_thread": False},
            "pool_size": 20,
            "max_overflow": 40,
        }
    return {
        **QUIET,
        "pool_size": 20,
        "max_overflow": 20,
        "pool_pre_ping": False,
        "connect_args": {"prepare_threshold": 1},
    }


def open_engine(url: str) -> Engine:
    """Return an engine for the database, prepared."""
    return prepared(create_engine(url, **engine_options(url)))


def prepared(engine: Engine) -> Engine:
    """Attach what every SQLite connection needs: the pragmas, and transactions that begin as what they are."""
    if engine.dialect.name == "sqlite" and not event.contains(engine, "begin", _begin):
        event.listen(engine, "connect", _connected)
        event.listen(engine, "begin", _begin)
    return engine


def _connected(connection: Any, record: object) -> None:
    connection.isolation_level = None  # the driver must not begin transactions by itself
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    """A unit that writes takes the write lock at once: a reader that turns writer fails with "database is locked"."""
    writes = connection.get_execution_options().get("desk_writes", False)
    if writes != BY_HAND:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def sqlite_version() -> tuple[int, ...]:
    """Return the version of the SQLite library in use."""
    return tuple(int(part) for part in sqlite.sqlite_version.split("."))


def sqlite_fault() -> str | None:
    """Return what is wrong with the SQLite library in use, None when it is safe."""
    if sqlite_version() >= SAFE_SQLITE:
        return None
    found, safe = (".".join(map(str, each)) for each in (sqlite_version(), SAFE_SQLITE))
    return f"SQLite {found} can corrupt a database in WAL mode; {safe} or newer is needed"
