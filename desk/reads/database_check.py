"""What must hold of the database itself before anything in it can be trusted."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection

from desk.models.engine import sqlite_fault
from desk.reads.findings import Findings

# How every connection must be set: what the pragma answers, and why.
_REQUIRED: Final = {
    "journal_mode": ("wal", "readers would stop writers"),
    "synchronous": (2, "a committed transaction can vanish in a power cut"),
    "foreign_keys": (1, "rows could refer to nothing"),
    "secure_delete": (1, "what is erased would lie on in free parts of the file"),
}


def check_database(connection: Connection, findings: Findings) -> None:
    """Note what is wrong with SQLite's library, settings and file; PostgreSQL looks after itself."""
    if connection.dialect.name != "sqlite":
        return
    for subject, message in (*_settings(connection), *_file(connection)):
        findings.add(0, "sqlite", subject, message)


def _settings(connection: Connection) -> Iterator[tuple[str, str]]:
    fault = sqlite_fault()
    if fault is not None:
        yield "library", fault
    for pragma, (required, why) in _REQUIRED.items():
        answer = connection.exec_driver_sql(f"PRAGMA {pragma}").scalar()
        if answer != required:
            yield pragma, f"it is {answer}, not {required}: {why}"


def _file(connection: Connection) -> Iterator[tuple[str, str]]:
    for answer in connection.exec_driver_sql("PRAGMA quick_check(20)").scalars():
        if answer != "ok":
            yield "file", str(answer)
    for table, *_, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check").all():
        yield "file", f"a row of {table} refers to a row of {parent} that is not there"
