"""Both clocks of a transaction as they stand at its end, for the event that ends it: nothing changes them later."""

from typing import Any

from sqlalchemy import bindparam, select

from desk.domain.clocks import Ruler, Stretch
from desk.domain.facts import JSON
from desk.models import CustodySegment
from desk.models.prepared import Prepared
from desk.operations.finding import TRANSACTIONS
from desk.operations.stream import Unit
from desk.reads.clocks import stretch_from

SEGMENTS: Any = CustodySegment.__table__
STRETCHES = Prepared(
    select(
        SEGMENTS.c.service_id,
        SEGMENTS.c.state,
        SEGMENTS.c.cause,
        SEGMENTS.c.started_at,
        SEGMENTS.c.ended_at,
        TRANSACTIONS.c.complete_at,
    )
    .join(
        TRANSACTIONS,
        (TRANSACTIONS.c.office_id == SEGMENTS.c.office_id) & (TRANSACTIONS.c.id == SEGMENTS.c.transaction_id),
    )
    .where(SEGMENTS.c.office_id == bindparam("office"), SEGMENTS.c.transaction_id == bindparam("transaction"))
    .order_by(SEGMENTS.c.ordinal)
)


def freeze(unit: Unit, transaction_id: int) -> dict[str, JSON]:
    """Return both clocks in whole seconds, the office time used since complete documents, and what they rest on."""
    rows = STRETCHES.all(unit.connection, {"office": unit.office_id, "transaction": transaction_id})
    stretches = [stretch_from(row) for row in rows]
    complete_at = rows[0].complete_at
    rules = unit.configuration.clock_rules
    ruler = Ruler(rules, stretches, at=unit.at)
    clocks = ruler.read(stretches)
    used = None if complete_at is None else ruler.office_time(stretches, since=complete_at)
    causes: list[JSON] = [*sorted(rules.counting)]
    return {
        "visitor_s": int(clocks.visitor.total_seconds()),
        "office_s": int(clocks.office.total_seconds()),
        "used_s": None if used is None else int(used.total_seconds()),
        "basis": {"calendars": _calendars(unit, stretches), "causes": causes},
    }


def _calendars(unit: Unit, stretches: list[Stretch]) -> JSON:
    """Return the calendars (id, version) that were in force while it lasted."""
    found: set[tuple[int, int]] = set()
    for each in stretches:
        service = unit.configuration.services[each.service_id]
        if len(service.kept) == 1:
            found.add((service.kept[0].calendar_id, service.kept[0].version))
            continue
        first, last = (at.astimezone(service.calendar.zone).date() for at in each.since(None, at=unit.at))
        later = {kept for kept in service.kept if first < kept.since <= last}
        found |= {(kept.calendar_id, kept.version) for kept in {service.calendar_on(first)} | later}
    return [[calendar_id, version] for calendar_id, version in sorted(found)]
