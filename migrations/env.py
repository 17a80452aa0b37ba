"""How Alembic reaches the database: `desk.cli.database` hands over the engine, this module keeps the unit whole.

All pending revisions run in one transaction, on SQLite too, so a failure or a kill leaves the database as it was. A
second process that upgrades at the same time waits for the first and then finds nothing to do.
"""

from typing import Any

from alembic import context
from sqlalchemy import Connection, Engine

# Any number that nothing else of this database locks by.
LOCK = 0x6465736B
# How long to wait for another process that migrates, for tables that are in use, and for one statement.
POSTGRESQL_LIMITS = {"lock_timeout": "5s", "statement_timeout": "10min"}
OTHER_MIGRATION_SECONDS = 900


def run() -> None:
    """Run what the command asked for."""
    engine: Engine = context.config.attributes["engine"]
    with engine.execution_options(desk_writes=True).connect() as connection:
        on_sqlite = connection.dialect.name == "sqlite"
        if on_sqlite:
            _set_pragma(connection, f"busy_timeout = {1000 * OTHER_MIGRATION_SECONDS}")
            _set_pragma(connection, "foreign_keys = OFF")
        with connection.begin():
            if not on_sqlite:
                _take_turn(connection)
            context.configure(connection=connection, transactional_ddl=True, render_as_batch=on_sqlite)
            context.run_migrations()
            if on_sqlite:
                _check_foreign_keys(connection)
        if on_sqlite:
            _set_pragma(connection, "foreign_keys = ON")


def _set_pragma(connection: Connection, pragma: str) -> None:
    """Set it outside of any transaction.

    Inside, SQLite ignores a change of foreign keys, and changing a table there means copying it. The time-out is for
    another process that migrates: this one waits for the lock of the file until that has ended.
    """
    cursor = connection.connection.cursor()
    cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _check_foreign_keys(connection: Connection) -> None:
    broken: list[Any] = list(connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(5))
    if broken:
        raise RuntimeError(f"the migration would break foreign keys: {broken}")


def _take_turn(connection: Connection) -> None:
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{OTHER_MIGRATION_SECONDS}s'")
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
    for name, limit in POSTGRESQL_LIMITS.items():
        connection.exec_driver_sql(f"SET LOCAL {name} = '{limit}'")
    # Every change in an office takes its row here first: so those of processes that serve on wait at the beginning, and
    # hold nothing meanwhile that the migration wants.
    if connection.dialect.has_table(connection, "streams"):
        connection.exec_driver_sql("LOCK TABLE streams IN EXCLUSIVE MODE")


run()
