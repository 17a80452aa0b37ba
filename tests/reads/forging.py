"""Writing into the database behind the desk's back, as somebody would who has the file (and maybe the key)."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, delete, insert, text, update

from desk.domain.audit import FIRST_LINK, Entry, canonical, link
from desk.domain.facts import EventName
from desk.models import Base, EventRow, Stream
from desk.reads.findings import Findings
from desk.reads.replay import REBUILT, Rebuilt, event_from
from desk.reads.stream_check import read_entries
from tests.fixtures.office import KEYS

Edit = Callable[[list[Entry]], list[Entry]]

_UNGUARD_POSTGRES = """
SELECT format('ALTER TABLE %s DROP CONSTRAINT %I CASCADE', conrelid::regclass, conname) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND contype IN ('f', 'c', 'u')
UNION ALL SELECT format('DROP TRIGGER %I ON %s', tgname, tgrelid::regclass) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT format('DROP INDEX IF EXISTS %I', indexname) FROM pg_indexes
WHERE schemaname = 'public' AND indexname LIKE 'uq_%'
"""
_UNGUARD_SQLITE = """
SELECT 'DROP TRIGGER ' || name FROM sqlite_master WHERE type = 'trigger'
UNION ALL SELECT 'DROP INDEX ' || name FROM sqlite_master WHERE type = 'index' AND name LIKE 'uq_%' AND sql IS NOT NULL
"""


def unguard(connection: Connection) -> None:
    """Drop what would refuse: triggers, foreign keys, unique keys and checks, as far as the database allows."""
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
    for statement in connection.scalars(text(_UNGUARD_SQLITE if sqlite else _UNGUARD_POSTGRES)).all():
        connection.exec_driver_sql(statement)


def forge(connection: Connection, edit: Edit) -> None:
    """Let `edit` change the events, sign them all anew and rebuild the state from them: a flawless-looking lie."""
    entries = edit(list(read_entries(connection, 1)))
    connection.execute(delete(EventRow))
    mac = FIRST_LINK
    for entry in entries:
        mac = link(KEYS.key, mac, entry)
        connection.execute(insert(EventRow.__table__), {**_row(entry), "mac": mac})
    head = {"number": entries[-1].number, "mac": mac, "at": entries[-1].at, "epoch": entries[-1].epoch}
    connection.execute(update(Stream).values(**head))
    _rebuild(connection, entries)


def _row(entry: Entry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in Entry.__slots__}


def _rebuild(connection: Connection, entries: list[Entry]) -> None:
    rebuilt = Rebuilt(Findings(1))
    for entry in entries:
        if entry.name in set(EventName):
            rebuilt.apply(event_from(entry))
    for name in reversed([table.name for table in Base.metadata.sorted_tables if table.name in REBUILT]):
        connection.execute(text(f"DELETE FROM {name}"))
    for table in Base.metadata.sorted_tables:
        for row in rebuilt.tables.get(table.name, {}).values():
            connection.execute(insert(table), row)


def facts_of(entry: Entry) -> dict[str, Any]:
    """Return the payload as an object."""
    facts: dict[str, Any] = json.loads(entry.payload)
    return facts


def tell(entries: list[Entry], position: int, **facts: Any) -> list[Entry]:
    """Return the events with one that tells something else."""
    told = {**facts_of(entries[position]), **facts}
    entries[position] = replace(entries[position], payload=canonical(told))
    return entries


def find(entries: list[Entry], name: str, *, nth: int = 0, **facts: Any) -> int:
    """Return the position of the nth event of this name whose payload says so."""
    return [
        position
        for position, entry in enumerate(entries)
        if entry.name == name and facts.items() <= facts_of(entry).items()
    ][nth]
