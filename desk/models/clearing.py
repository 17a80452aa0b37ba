"""Clearing the files of a database of what was erased from it, as far as a program can.

SQLite overwrites what goes (`secure_delete`), but the words stand in the write-ahead log until that is emptied.
PostgreSQL keeps rows that went as dead ones until it vacuums.
"""

from collections.abc import Collection
from typing import Final

from sqlalchemy import Connection, Engine

from desk.models.engine import BUSY_TIMEOUT_MS, BY_HAND

WAIT_MS: Final = 200  # how long writers may be held up while readers of the log are waited for


def clear(engine: Engine, tables: Collection[str]) -> bool:
    """Empty SQLite's log, or let PostgreSQL vacuum these tables; False where somebody still reads the log."""
    if engine.dialect.name == "sqlite":
        return _empty_log(engine)
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        for table in tables:  # where the role may not, PostgreSQL warns and passes it by
            connection.exec_driver_sql(f"VACUUM (SKIP_LOCKED) {table}")
    return True


def rewrite(engine: Engine, tables: Collection[str]) -> bool:
    """Write the file of SQLite, or these tables of PostgreSQL, anew: unused parts of pages may hold copies of rows.

    It holds up whoever writes for as long as it takes. False where somebody still reads SQLite's log.
    """
    if engine.dialect.name == "sqlite":
        with _by_hand(engine) as connection:
            connection.exec_driver_sql("VACUUM")
        return _empty_log(engine)
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        for table in tables:
            connection.exec_driver_sql(f"VACUUM (FULL) {table}")
    return True


def _by_hand(engine: Engine) -> Connection:
    """Return a connection without a transaction, in which neither is possible."""
    return engine.execution_options(desk_writes=BY_HAND).connect()


def _empty_log(engine: Engine) -> bool:
    with _by_hand(engine) as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)").all()  # most of the work, holding up nobody
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {WAIT_MS}").all()
        try:
            busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        finally:
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}").all()
    return not busy
