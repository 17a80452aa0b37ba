"""What becomes of planned changes on their day: each is carried out once, or refused, and whoever planned it is told.

It happens at the start of the office's business day, in a unit of its own under the office's lock, by whoever planned
it with the roles they hold then.
"""

import json
import logging
import traceback
from datetime import date, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from desk.domain.access import SYSTEM
from desk.domain.facts import EventName, Fact
from desk.domain.hours import business_day
from desk.domain.refusals import Reason, Refused
from desk.models import Office, PlannedChange
from desk.operations.finding import today
from desk.operations.requests import Done, Request
from desk.operations.settings.plan_ends import end_plan, find_plan, find_planner, told_of, wished
from desk.operations.settings.planned import WAITING, kind_of, known_kinds
from desk.operations.settings.telling_planners import tell_planner
from desk.operations.stream import Streams, Unit
from desk.reads.planned_check import is_as_planned

LOG: Final = logging.getLogger(__name__)
PLANNED: Any = PlannedChange.__table__
APPLIED: Final = "applied"
REFUSED: Final = "refused"


def offices_with_due_changes(streams: Streams) -> list[int]:
    """Return the offices on whose business day a planned change is due."""
    query = (
        select(PLANNED.c.office_id, func.min(PLANNED.c.due).label("first"), Office.zone, Office.day_starts_at)
        .join(Office, Office.id == PLANNED.c.office_id)
        .where(PLANNED.c.state == WAITING)
        .group_by(PLANNED.c.office_id, Office.zone, Office.day_starts_at)
    )
    with streams.reading() as connection:
        rows = connection.execute(query).all()
    return [row.office_id for row in rows if row.first <= _business_day(streams, row)]


def carry_out_due(streams: Streams, office_id: int) -> dict[int, str]:
    """Carry out what is due in an office, the earliest first; returns what became of each, by its id.

    One that is refused, or fails, keeps none of the others. What only a newer version of the program knows how to do
    is left to it.
    """
    return {
        change_id: state
        for change_id in _list_due(streams, office_id)
        if (state := _carry_out(streams, office_id, change_id))
    }


def _list_due(streams: Streams, office_id: int) -> list[int]:
    with streams.reading() as connection:
        office = connection.execute(select(Office.zone, Office.day_starts_at).where(Office.id == office_id)).one()
        query = (
            select(PLANNED.c.id)
            .where(PLANNED.c.office_id == office_id, PLANNED.c.state == WAITING)
            .where(PLANNED.c.due <= _business_day(streams, office), PLANNED.c.kind.in_(known_kinds()))
            .order_by(PLANNED.c.due, PLANNED.c.id)
        )
        return list(connection.execute(query).scalars())


def _carry_out(streams: Streams, office_id: int, change_id: int) -> str:
    """Apply one change, or write down why not; returns its state, empty where somebody else was faster."""

    def apply(unit: Unit) -> Done:
        row = _find_due(unit, change_id)
        if row is None:
            return unit.done(state="")
        if not is_as_planned(unit.connection, row, unit.keys.known):
            raise Refused(Reason.PLAN_ALTERED)
        unit.actor, unit.planned = find_planner(unit, row.planned_by), change_id
        kind_of(row.kind).apply(unit, row.subject, json.loads(row.wanted))
        unit.actor, unit.planned = SYSTEM, None
        end_plan(unit, change_id, APPLIED)
        unit.append(Fact(EventName.CHANGE_CARRIED_OUT, told_of(row)))
        return unit.done(state=APPLIED)

    try:
        done = streams.run(office_id, Request(SYSTEM, "carry_out_change", {"change": change_id}), apply)
    except Refused as refused:
        return _refuse(streams, office_id, change_id, refused)
    except Exception as error:
        if isinstance(error, DBAPIError) and not isinstance(error, IntegrityError):
            raise  # the database is away: later
        # Where, but not what it says: that may quote what somebody typed.
        place = traceback.extract_tb(error.__traceback__)[-1]
        LOG.error("change %d: %s at %s:%d", change_id, type(error).__name__, place.filename, place.lineno or 0)
        return _refuse(streams, office_id, change_id, Refused(Reason.INVALID))
    return str(done.facts["state"])


def _refuse(streams: Streams, office_id: int, change_id: int, refused: Refused) -> str:
    def work(unit: Unit) -> Done:
        row = _find_due(unit, change_id)
        if row is None:
            return unit.done(state="")
        why = json.dumps({"reason": refused.reason.value, "details": refused.details}, ensure_ascii=False, default=str)
        end_plan(unit, change_id, REFUSED, why)
        facts = {**told_of(row), **wished(unit, row), "reason": refused.reason.value}
        tell_planner(unit, row, unit.append(Fact(EventName.CHANGE_REFUSED, facts)).id)
        return unit.done(state=REFUSED)

    return str(streams.run(office_id, Request(SYSTEM, "refuse_change", {"change": change_id}), work).facts["state"])


def _find_due(unit: Unit, change_id: int) -> Any:
    """Return a change that still waits and is due; read under the office's lock, so it is carried out once."""
    row = find_plan(unit, change_id)
    return row if row is not None and row.state == WAITING and row.due <= today(unit) else None


def _business_day(streams: Streams, office: Any) -> date:
    return business_day(streams.clock(), ZoneInfo(office.zone), starts_at=time(*divmod(office.day_starts_at, 60)))
