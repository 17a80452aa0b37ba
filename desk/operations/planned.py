"""Changes of settings that take effect on a later day: planned, cancelled, carried out once, or refused then.

A module whose changes can wait registers how a kind of change is applied; that is the same function that an immediate
change uses, so the same rules hold. A change is carried out by the worker at the start of the office's business day,
in a unit of its own under the office's lock, by whoever planned it with the roles they hold then.
"""

import json
import logging
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from importlib import import_module
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from desk.domain.access import SYSTEM, Role, require
from desk.domain.closures import FARTHEST
from desk.domain.facts import JSON, EventName, Fact
from desk.domain.hours import business_day
from desk.domain.planning import told
from desk.domain.refusals import Reason, Refused
from desk.models import Office, PlannedChange
from desk.operations.finding import today
from desk.operations.plan_ends import find_planner, told_of, wished
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit
from desk.reads.planned_check import is_as_planned

LOG: Final = logging.getLogger(__name__)
PLANNED: Any = PlannedChange.__table__
ADMINISTRATORS: Final = frozenset({Role.ADMIN})
WAITING: Final = "planned"
APPLIED: Final = "applied"
CANCELLED: Final = "cancelled"
REFUSED: Final = "refused"
MOST_WAITING: Final = 500  # in one office; more must be a mistake of a program

Apply = Callable[[Unit, int, Mapping[str, JSON]], None]
Check = Callable[[Unit, int, Mapping[str, JSON]], None]
Foresee = Callable[[Unit, int, Mapping[str, JSON], date], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of change is applied, what is refused already when it is planned, and what is known of its day."""

    apply: Apply
    check: Check
    foresee: Foresee


_KINDS: Final[dict[str, Kind]] = {}


def _by_an_administrator(unit: Unit, subject: int, values: Mapping[str, JSON]) -> None:
    require(unit.actor, ADMINISTRATORS)


def _nothing_known(unit: Unit, subject: int, values: Mapping[str, JSON], due: date) -> None:
    """Foresee nothing."""


def register(
    kind: str, apply: Apply, check: Check = _by_an_administrator, *, foresee: Foresee = _nothing_known
) -> None:
    """Say how a kind of change is carried out: `apply(unit, subject, values)` writes it and appends its event.

    `kind` is the name of the setting (desk.wording.settings has its label). `apply` asks for the role of `unit.actor`
    and for everything else that an immediate change is refused for; `check` refuses, on the day of planning, what will
    never be right, and `foresee(unit, subject, values, due)` what clashes with what holds on its day by now, other
    plans with it. The module must be imported by `desk.operations.plannable`.
    """
    _KINDS[kind] = Kind(apply, check, foresee)


def known_kinds() -> frozenset[str]:
    """Return every kind that can be planned."""
    return frozenset(_KINDS)


def change(
    streams: Streams,
    office_id: int,
    request: Request,
    *,
    kind: str,
    subject: int,
    values: Mapping[str, JSON],
    due: date | None = None,
) -> Done:
    """Make a change at once, or plan it where `due` is a later business day; answers planned (None: it is made).

    Raises `Refused` for what the kind refuses, and as `plan` does.
    """

    def work(unit: Unit) -> Done:
        if due is not None and due != today(unit):
            return unit.done(planned=_plan(unit, kind, subject, values, due))
        _known(kind).apply(unit, subject, values)
        return unit.done(planned=None)

    return streams.run(office_id, request, work)


def plan(
    streams: Streams,
    office_id: int,
    request: Request,
    *,
    kind: str,
    subject: int,
    values: Mapping[str, JSON],
    due: date,
) -> Done:
    """Plan a change for the start of a later business day; answers planned (its id).

    `subject` is the id of what is changed, 0 for the office itself. Raises `Refused`: DATE_OUT_OF_RANGE for today, the
    past or more than ten years ahead, INVALID for a kind nobody knows or too many plans, and what the kind checks.
    """

    def work(unit: Unit) -> Done:
        return unit.done(planned=_plan(unit, kind, subject, values, due))

    return streams.run(office_id, request, work)


def _known(kind: str) -> Kind:
    if kind not in _KINDS:
        import_module("desk.operations.plannable")  # a program that has not come by any kind yet
    if kind not in _KINDS:
        raise Refused(Reason.INVALID, field="kind")
    return _KINDS[kind]


def _plan(unit: Unit, kind: str, subject: int, values: Mapping[str, JSON], due: date) -> int:
    _known(kind).check(unit, subject, values)
    if not today(unit) < due <= today(unit) + FARTHEST:
        raise Refused(Reason.DATE_OUT_OF_RANGE, day=due.isoformat())
    _require_room(unit)
    _known(kind).foresee(unit, subject, values, due)
    row = {
        "office_id": unit.office_id,
        "id": unit.next_id,
        "kind": kind,
        "subject": subject,
        "wanted": json.dumps(dict(values), ensure_ascii=False),
        "due": due,
        "planned_by": unit.actor.person_id,
        "planned_at": unit.at,
        "state": WAITING,
    }
    unit.connection.execute(insert(PlannedChange), row)
    facts: dict[str, JSON] = {"setting": kind, "subject": subject, "due": due.isoformat()}
    facts["wanted"] = told(dict(values), unit.keys.key)
    return unit.append(Fact(EventName.CHANGE_PLANNED, facts)).id


def cancel(streams: Streams, office_id: int, change_id: int, request: Request) -> Done:
    """Take back a change that has not been carried out; answers planned. Raises `Refused`: UNKNOWN, NOT_POSSIBLE_NOW.

    Administrators can, and whoever planned it.
    """

    def work(unit: Unit) -> Done:
        row = _find(unit, change_id)
        if row is None:
            raise Refused(Reason.UNKNOWN, id=change_id)
        if unit.actor.person_id is None or unit.actor.person_id != row.planned_by:
            require(unit.actor, ADMINISTRATORS)
        if row.state != WAITING:
            raise Refused(Reason.NOT_POSSIBLE_NOW)
        _end(unit, change_id, CANCELLED)
        unit.append(Fact(EventName.CHANGE_CANCELLED, {**told_of(row), **wished(unit, row)}))
        return unit.done(planned=change_id)

    return streams.run(office_id, request, work)


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
            .where(PLANNED.c.due <= _business_day(streams, office), PLANNED.c.kind.in_(_KINDS))
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
        _KINDS[row.kind].apply(unit, row.subject, json.loads(row.wanted))
        unit.actor, unit.planned = SYSTEM, None
        _end(unit, change_id, APPLIED)
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
        _end(unit, change_id, REFUSED, why)
        facts = {**told_of(row), **wished(unit, row), "reason": refused.reason.value}
        unit.append(Fact(EventName.CHANGE_REFUSED, facts))
        return unit.done(state=REFUSED)

    return str(streams.run(office_id, Request(SYSTEM, "refuse_change", {"change": change_id}), work).facts["state"])


def _find(unit: Unit, change_id: int) -> Any:
    mine = (PLANNED.c.office_id == unit.office_id) & (PLANNED.c.id == change_id)
    return unit.connection.execute(select(PLANNED).where(mine)).one_or_none()


def _find_due(unit: Unit, change_id: int) -> Any:
    """Return a change that still waits and is due; read under the office's lock, so it is carried out once."""
    row = _find(unit, change_id)
    return row if row is not None and row.state == WAITING and row.due <= today(unit) else None


def _end(unit: Unit, change_id: int, state: str, why: str | None = None) -> None:
    mine = (PLANNED.c.office_id == unit.office_id) & (PLANNED.c.id == change_id)
    unit.connection.execute(update(PLANNED).where(mine).values(state=state, ended_at=unit.at, why=why))


def _require_room(unit: Unit) -> None:
    waiting = (PLANNED.c.office_id == unit.office_id) & (PLANNED.c.state == WAITING)
    counted = select(func.count()).select_from(PLANNED).where(waiting)
    if unit.connection.execute(counted).scalar_one() >= MOST_WAITING:
        raise Refused(Reason.INVALID, field="due")


def _business_day(streams: Streams, office: Any) -> date:
    return business_day(streams.clock(), ZoneInfo(office.zone), starts_at=time(*divmod(office.day_starts_at, 60)))
