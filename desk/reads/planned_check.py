"""Whether planned changes are still those that were planned: the record beside the trail against the trail."""

import json
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection, select

from desk.domain.audit import Entry, link
from desk.domain.facts import EventName
from desk.domain.identity import event_of, id_of
from desk.domain.planning import is_as_told
from desk.models import EventRow, PlannedChange
from desk.reads.findings import Findings
from desk.reads.replay import Span, read_raw

PLANNED: Any = PlannedChange.__table__
EVENTS: Any = EventRow.__table__
ENDS: Final[dict[str, str]] = {
    EventName.CHANGE_CARRIED_OUT.value: "applied",
    EventName.CHANGE_CANCELLED.value: "cancelled",
    EventName.CHANGE_REFUSED.value: "refused",
}


def is_as_planned(connection: Connection, row: Any, keys: Mapping[str, bytes]) -> bool:
    """Tell whether a planned change is what its event says, and the event what was signed."""
    number = event_of(row.id)
    part = Span(number - 2, number)
    found = [
        Entry(*(getattr(each, name) for name in Entry.__slots__))
        for each in read_raw(connection, "events", row.office_id, part, "number")
    ]
    if not found or found[-1].number != number or found[-1].key_id not in keys:
        return False
    entry, before = found[-1], found[0].mac if len(found) == 2 else None
    signed = before is not None and link(keys[entry.key_id], before, entry) == entry.mac
    return signed and _says_the_same(row, entry.name, entry.actor_id, json.loads(entry.payload), keys)


def _says_the_same(row: Any, name: str, actor_id: int | None, payload: Any, keys: Any) -> bool:
    if not isinstance(payload, dict):
        return False
    facts = (EventName.CHANGE_PLANNED.value, row.kind, row.subject, row.due.isoformat(), row.planned_by)
    said = (name, payload.get("setting"), payload.get("subject"), payload.get("due"), actor_id)
    return facts == said and is_as_told(row.wanted, payload, keys)


def check_planned(connection: Connection, findings: Findings, keys: Mapping[str, bytes]) -> None:
    """Compare every planned change with what the trail says of it: what, when, by whom, and what became of it."""
    plans, ends = _read_events(connection, findings.office_id)
    rows = connection.execute(select(PLANNED).where(PLANNED.c.office_id == findings.office_id)).all()
    for row in rows:
        event = plans.pop(row.id, None)
        if event is None or not _says_the_same(row, EventName.CHANGE_PLANNED.value, event[0], event[1], keys):
            findings.add(4, "planned", f"change {row.id}", "this planned change is not the one that was planned")
        elif row.state != ends.get(row.id, "planned"):
            findings.add(4, "planned", f"change {row.id}", f"it is {row.state}, but {ends.get(row.id, 'planned')}")
    for change_id in plans:
        findings.add(4, "planned", f"change {change_id}", "it was planned, and its record is missing")


def _read_events(connection: Connection, office_id: int) -> tuple[dict[int, tuple[int | None, Any]], dict[int, str]]:
    names = (EventName.CHANGE_PLANNED.value, *ENDS)
    query = select(EVENTS.c.number, EVENTS.c.name, EVENTS.c.actor_id, EVENTS.c.payload)
    plans: dict[int, tuple[int | None, Any]] = {}
    ends: dict[int, str] = {}
    for row in connection.execute(query.where(EVENTS.c.office_id == office_id, EVENTS.c.name.in_(names))):
        try:
            payload = json.loads(row.payload)
            if row.name in ENDS:
                ends[payload["change"]] = ENDS[row.name]
            else:
                plans[id_of(office_id, number=row.number)] = (row.actor_id, payload)
        except (ValueError, KeyError, TypeError):  # told by the check of the trail already
            continue
    return plans, ends
