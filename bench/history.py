"""A past of many finished transactions, written straight to the tables.

One real transaction (number, call, start, end, decision) goes through the operations; its events and rows are the
pattern for all others, with ids, times and signatures of their own, so that the trail verifies and the doctor agrees.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, insert, select, update

from bench.office import BenchOffice
from desk.domain import projection
from desk.domain.audit import Entry, canonical, link
from desk.domain.clock import micros
from desk.domain.facts import Event, EventName
from desk.domain.identity import id_of
from desk.domain.rows import Insert
from desk.models import Base, Stream
from desk.operations.stream import Streams

BEGAN = datetime(2016, 1, 4, 1, 0, tzinfo=UTC)
PER_DAY = 400
PORTION = 5_000
EVENTS_EACH = 6


@dataclass
class _Pen:
    """Where the next event goes."""

    office_id: int
    number: int
    mac: str
    at: datetime
    key_id: str
    key: bytes


def write_history(streams: Streams, office: BenchOffice, transactions: int) -> None:
    """Append so many finished transactions to an office that has no visits yet."""
    with streams.engine.begin() as connection:
        head = connection.execute(select(Stream.__table__).where(Stream.office_id == office.id)).one()
        pen = _Pen(office.id, head.number, head.mac, BEGAN, streams.keys.signing, streams.keys.key)
    for first in range(0, transactions, PORTION):
        with streams.engine.begin() as connection:
            rows: dict[str, list[dict[str, Any]]] = {}
            for index in range(first, min(first + PORTION, transactions)):
                for table, row in _transaction(pen, office, index):
                    rows.setdefault(table, []).append(row)
            _write(connection, rows)
            connection.execute(
                update(Stream).where(Stream.office_id == office.id).values(number=pen.number, mac=pen.mac, at=pen.at)
            )


def _write(connection: Connection, rows: dict[str, list[dict[str, Any]]]) -> None:
    order = ("visits", "visitor_tokens", "transactions", "queue_entries", "custody_segments", "calls", "invitations",
             "events", "remembered")  # fmt: skip
    for table in order:
        if rows.get(table):
            connection.execute(insert(Base.metadata.tables[table]), rows[table])


def _transaction(pen: _Pen, office: BenchOffice, index: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the rows of one finished transaction, those of its events among them."""
    day, within = divmod(index, PER_DAY)
    pen.at = BEGAN + timedelta(days=day, seconds=60 * within)
    state: dict[tuple[str, Any], dict[str, Any]] = {}
    ids: dict[str, Any] = {"n": pen.number}
    for name, payload in _story(office, index, pen):
        pen.number += 1
        pen.at += timedelta(seconds=5)
        visit = id_of(pen.office_id, number=ids["n"] + 1)
        transaction = id_of(pen.office_id, number=ids["n"] + 2)
        about = None if name is EventName.VISIT_STARTED else transaction
        event = Event(pen.office_id, pen.number, 1, pen.at, name, payload, about, visit, "staff", office.officers[0])
        yield "events", _signed(pen, event)
        _apply(state, event)
    for (table, _), row in state.items():
        yield table, row
    secret = f"{pen.office_id}-{index}"
    hashed = sha256(secret.encode()).hexdigest()
    token = {"token_hash": hashed, "kind": "status", "office_id": pen.office_id, "subject_id": visit, "generation": 1}
    yield "visitor_tokens", token
    kept = {"office_id": pen.office_id, "scope": "kiosk:", "key": hashed[:36], "request_hash": hashed}
    yield "remembered", {**kept, "answer": json.dumps({"facts": {"visit": visit}}), "at": pen.at}


def _story(office: BenchOffice, index: int, pen: _Pen) -> Iterator[tuple[EventName, dict[str, Any]]]:
    n = pen.number
    day, within = divmod(index, PER_DAY)
    service = office.services[0]
    arrived = micros(pen.at)
    entry = id_of(pen.office_id, number=n + 2)
    officer, counter = office.officers[0], office.counters[0]
    common: dict[str, Any] = {"service": service, "rest": None, "joins": None, "ending": None, "served_first": False}
    yield EventName.VISIT_STARTED, {
        "day": (BEGAN + timedelta(days=day)).date().isoformat(), "series": "A", "ordinal": within + 1,
        "label": f"A{within + 1:03d}", "channel": "kiosk", "priority": "normal", "priority_reason": None,
        "came_back": False, "language": "id", "arrived": arrived,
    }  # fmt: skip
    joins = {"service": service, "arrived": arrived, "rank": arrived, "addressee": None, "not_before": None}
    yield EventName.TRANSACTION_OPENED, {
        "after": "waiting", "holder": office.head_id, "service": service, "priority": "normal", "segment": 1,
        "joins": joins,
    }  # fmt: skip
    yield EventName.TRANSACTION_CALLED, {
        **common, "action": "call", "before": "waiting", "after": "called", "holder": officer, "counter": counter,
        "closes": 1, "segment": 2, "entry": {"id": entry, "place": "called"},
        "why": {"code": "longest_wait", "waited": 300}, "passed_over": [], "picked": None, "note": None,
    }  # fmt: skip
    yield EventName.SERVICE_STARTED, {
        **common, "action": "start", "before": "called", "after": "serving", "holder": officer, "counter": counter,
        "closes": 2, "segment": 3, "entry": {"id": entry, "place": "over", "ended_by": "start"}, "served_first": True,
    }  # fmt: skip
    yield EventName.TRANSACTION_COMPLETED, {
        **common, "action": "complete", "before": "serving", "after": "ended", "holder": None, "counter": None,
        "closes": 3, "segment": None, "entry": None, "ending": "completed", "outcome": "fulfilled", "note": None,
    }  # fmt: skip
    yield EventName.INVITATION_DECIDED, {
        "decision": "invited", "reason": "by_link", "invitation": None, "generation": 1,
        "expires": arrived + 14 * 86_400_000_000,
    }  # fmt: skip


def _apply(state: dict[tuple[str, Any], dict[str, Any]], event: Event) -> None:
    """Fold an event into whole rows, so that each is written once."""
    for change in projection.changes(event):
        table = Base.metadata.tables[change.table]
        names = [column.name for column in table.primary_key]
        if isinstance(change, Insert):
            empty = {column.name: None for column in table.columns}
            state[change.table, tuple(change.row[name] for name in names)] = {**empty, **change.row}
        else:
            state[change.table, tuple(change.key[name] for name in names)].update(change.values)


def _signed(pen: _Pen, event: Event) -> dict[str, Any]:
    entry = Entry(
        event.office_id, event.number, 1, micros(event.at), event.name.value, event.actor_kind, event.actor_id,
        event.transaction_id, event.visit_id, canonical(event.payload), pen.key_id, "",
    )  # fmt: skip
    pen.mac = link(pen.key, pen.mac, entry)
    return {**{name: getattr(entry, name) for name in Entry.__slots__}, "mac": pen.mac}
