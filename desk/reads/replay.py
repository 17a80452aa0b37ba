"""Rebuilding the state tables from the event log, part by part, and comparing them with what is stored.

Values are compared as the driver gives them, not as the column types would smooth them: a flag of 2 is not true.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import ColumnClause, Connection, Select, Table, column, select, table

from desk.domain.audit import Entry
from desk.domain.clock import instant
from desk.domain.facts import Event, EventName
from desk.domain.projection import changes
from desk.domain.rows import Insert, Row
from desk.models import Base
from desk.reads.findings import Findings

BATCH: Final = 1_000
# What a tampered event may raise where it is read.
UNREADABLE: Final = (ValueError, TypeError, KeyError, AttributeError, OverflowError)
# Words that stand beside what the events made: they may have been erased.
WORDS: Final = frozenset(
    {("floor_messages", "words"), ("improvement_steps", "words"), ("survey_publications", "words")}
)
# What was counted into what was published has sums of few people, which stand in no event.
COUNTED: Final = frozenset({("survey_publications", "cells")})
# How far an invitation came, when a device was seen: written without the office's lock, so without an event.
# A device's name is words, and its secret stands in no event.
BESIDE: Final = (
    WORDS
    | COUNTED
    | {("invitations", each) for each in ("delivered_at", "begun_at", "begun_through")}
    | {("devices", each) for each in ("name", "secret_hash", "seen_at")}
)
# What events of earlier versions did not say, worked out when the columns were made.
SAID_LATER: Final = frozenset({("invitations", "service_id"), ("invitations", "officer_id")})
Key = tuple[Any, ...]

# What a transaction's own events write, by the column that says which transaction a row belongs to.
OF_TRANSACTIONS: Final = {
    "transactions": "id",
    "queue_entries": "transaction_id",
    "custody_segments": "transaction_id",
    "handoffs": "transaction_id",
    "calls": "transaction_id",
    "requests": "transaction_id",
    "invitations": "transaction_id",
    "responses": "transaction_id",
    "response_revisions": "transaction_id",
}
OF_THE_OFFICE: Final = {
    "visits": "id",
    "duties": "id",
    "absences": "id",
    "clock_epochs": "opened_by",
    "floor_messages": "id",
    "floor_readings": "message_id",
    "questionnaires": "id",
    "follow_ups": "id",
    "voices": "id",
    "case_steps": "id",
    "voice_officers": "voice_id",
    "survey_imports": "id",
    "improvements": "id",
    "improvement_places": "improvement_id",
    "improvement_steps": "id",
    "survey_publications": "id",
    "survey_points": "id",
    "devices": "id",
    "erasures": "id",
}
REBUILT: Final = OF_TRANSACTIONS | OF_THE_OFFICE


@dataclass(frozen=True, slots=True)
class Span:
    """Part of the ids of a table: those above `after`, up to and with `last`; None for no bound."""

    after: int | None
    last: int | None

    def of(self, query: Select[Any], name: str) -> Select[Any]:
        """Return the query limited to this part; what has no such id at all is in no part."""
        query = query.where(column(name).is_not(None))
        if self.after is not None:
            query = query.where(column(name) > self.after)
        if self.last is not None:
            query = query.where(column(name) <= self.last)
        return query


EVERYTHING: Final = Span(None, None)


def read_raw(connection: Connection, name: str, office_id: int, part: Span, by: str) -> Iterator[Any]:
    """Yield an office's rows of part of a table, ordered by `by` and key, with the driver's own values."""
    model = Base.metadata.tables[name]
    columns: list[ColumnClause[Any]] = [column(each.name) for each in model.columns]
    ordered = dict.fromkeys([by, *(each.name for each in model.primary_key)])
    query = part.of(select(*columns).select_from(table(name)).where(column("office_id") == office_id), by)
    with connection.execute(query.order_by(*map(column, ordered)), execution_options={"yield_per": BATCH}) as rows:
        yield from rows


def event_from(entry: Entry) -> Event:
    """Return a stored event as the projection takes it; raise one of `UNREADABLE` for one that makes no sense."""
    payload = json.loads(entry.payload)
    if not isinstance(payload, dict):
        raise TypeError("a payload is an object")
    return Event(
        entry.office_id,
        entry.number,
        entry.epoch,
        instant(entry.at),
        EventName(entry.name),
        payload,
        entry.transaction_id,
        entry.visit_id,
        entry.actor_kind,
        entry.actor_id,
    )


@dataclass(slots=True)
class Rebuilt:
    """State tables in memory, as the events so far make them."""

    findings: Findings
    tables: dict[str, dict[Key, Row]] = field(default_factory=lambda: {name: {} for name in REBUILT})

    def apply(self, event: Event) -> None:
        """Make the row changes of an event; one that makes no sense becomes a finding."""
        try:
            self._make_changes(event)
        except UNREADABLE as error:
            self._senseless(event, f"its payload makes no sense ({error!r})")

    def _make_changes(self, event: Event) -> None:
        for change in changes(event):
            rows = self.tables[change.table]
            if isinstance(change, Insert):
                self._insert(event, rows, _key_of(change.table, change.row), change.row)
            elif (row := rows.get(_key_of(change.table, change.key))) is not None:
                row |= change.values
            else:
                self._senseless(event, f"it changes a row of {change.table} that no event made: {change.key}")

    def _insert(self, event: Event, rows: dict[Key, Row], key: Key, row: Row) -> None:
        if key in rows:
            self._senseless(event, f"it makes a row that is there already: {key}")
        rows[key] = dict(row)

    def _senseless(self, event: Event, message: str) -> None:
        self.findings.add(4, "event", f"event {event.number}", f"{event.name}: {message}")

    def compare(self, connection: Connection, name: str, part: Span, by: str) -> list[Row]:
        """Compare part of a stored table with the rebuilt one, forget the rebuilt rows, return the stored ones."""
        rebuilt, self.tables[name] = self.tables[name], {}
        model = Base.metadata.tables[name]
        stored: list[Row] = []
        for raw in read_raw(connection, name, self.findings.office_id, part, by):
            row = {each.name: _plain(each, value) for each, value in zip(model.columns, raw, strict=True)}
            stored.append(row)
            key = _key_of(name, row)
            self._compare_row(model, key, row, rebuilt.pop(key, None))
        for key in rebuilt:
            self.findings.add(4, "missing", _subject(name, key), "the events made this row, it is not stored")
        return stored

    def _compare_row(self, model: Table, key: Key, stored: Row, rebuilt: Row | None) -> None:
        subject = _subject(model.name, key)
        if rebuilt is None:
            self.findings.add(4, "extra", subject, "no event made this row")
            return
        for name, value in stored.items():
            expected = rebuilt.get(name)
            if value != expected and not _stands_beside(model.name, name, expected):
                self.findings.add(4, "differs", subject, f"{name} is {value!r}, the events say {expected!r}")


def _stands_beside(table_name: str, name: str, expected: Any) -> bool:
    """Tell whether a column may differ from what the events make of it."""
    return (table_name, name) in BESIDE or (expected is None and (table_name, name) in SAID_LATER)


def _key_of(name: str, row: Row) -> Key:
    return tuple(row[each.name] for each in Base.metadata.tables[name].primary_key)


def _subject(name: str, key: Key) -> str:
    return f"{name} {'/'.join(str(part) for part in key[1:])}"


def _plain(model_column: Any, value: Any) -> Any:
    """Return a stored value in the form in which events carry it: JSON as objects, dates as ISO texts."""
    match type(model_column.type).__name__:
        case "JSON" if isinstance(value, str):
            try:
                return json.loads(value)
            except ValueError:
                return value
        case "LocalDate":
            return None if value is None else str(value)
        case _:
            return value
