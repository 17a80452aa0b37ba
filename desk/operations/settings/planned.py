"""Changes of settings that take effect on a later day: planned, cancelled, taken over by somebody else.

A module whose changes can wait registers how a kind of change is applied; that is the same function that an immediate
change uses, so the same rules hold. What becomes of a plan on its day is in `desk.operations.settings.carrying_out`.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from typing import Any, Final

from sqlalchemy import func, insert, select

from desk.domain import planning
from desk.domain.access import require
from desk.domain.closures import FARTHEST
from desk.domain.facts import JSON, EventName, Fact
from desk.domain.planning import keepers_of, told
from desk.domain.refusals import Reason, Refused
from desk.models import PlannedChange
from desk.operations.finding import today
from desk.operations.requests import Done, Request
from desk.operations.settings.plan_ends import end_plan, find_plan, told_of, wished
from desk.operations.stream import Streams, Unit
from desk.reads.planned_check import is_as_planned

PLANNED: Any = PlannedChange.__table__
ADMINISTRATORS: Final = planning.ADMINISTRATORS
WAITING: Final = "planned"
CANCELLED: Final = "cancelled"
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
    plans with it. The module must be imported by `desk.operations.settings.plannable`.
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
            return unit.done(planned=plan_in(unit, kind, subject, values, due))
        kind_of(kind).apply(unit, subject, values)
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
        return unit.done(planned=plan_in(unit, kind, subject, values, due))

    return streams.run(office_id, request, work)


def kind_of(kind: str) -> Kind:
    if kind not in _KINDS:
        import_module("desk.operations.settings.plannable")  # a program that has not come by any kind yet
    if kind not in _KINDS:
        raise Refused(Reason.INVALID, field="kind")
    return _KINDS[kind]


def plan_in(
    unit: Unit, kind: str, subject: int, values: Mapping[str, JSON], due: date, *, instead_of: int | None = None
) -> int:
    """Plan a change in a unit under way and return its id; raises as `plan`. It may take the place of another plan."""
    kind_of(kind).check(unit, subject, values)
    if not today(unit) < due <= today(unit) + FARTHEST:
        raise Refused(Reason.DATE_OUT_OF_RANGE, day=due.isoformat())
    _require_room(unit)
    kind_of(kind).foresee(unit, subject, values, due)
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
    if instead_of is not None:
        facts["instead_of"] = instead_of
    return unit.append(Fact(EventName.CHANGE_PLANNED, facts)).id


def cancel(streams: Streams, office_id: int, change_id: int, request: Request) -> Done:
    """Take back a change that has not been carried out; answers planned. Raises `Refused`: UNKNOWN, NOT_POSSIBLE_NOW.

    Whoever may plan such a change can, and whoever planned it.
    """

    def work(unit: Unit) -> Done:
        row = _get_waiting(unit, change_id, but_for_planner=True)
        _cancel(unit, row)
        return unit.done(planned=change_id)

    return streams.run(office_id, request, work)


def take_over(streams: Streams, office_id: int, change_id: int, request: Request) -> Done:
    """Plan what somebody else planned in one's own name, in its place; answers planned (its new id).

    So a plan outlives the account or the role of whoever made it. Raises `Refused`: as `plan`, UNKNOWN,
    NOT_POSSIBLE_NOW for what has ended, ALREADY_DONE for one's own, PLAN_ALTERED.
    """

    def work(unit: Unit) -> Done:
        row = _get_waiting(unit, change_id)
        if unit.actor.person_id == row.planned_by:
            raise Refused(Reason.ALREADY_DONE)
        if not is_as_planned(unit.connection, row, unit.keys.known):
            raise Refused(Reason.PLAN_ALTERED)
        _cancel(unit, row)
        values = json.loads(row.wanted)
        return unit.done(planned=plan_in(unit, row.kind, row.subject, values, row.due, instead_of=change_id))

    return streams.run(office_id, request, work)


def _get_waiting(unit: Unit, change_id: int, *, but_for_planner: bool = False) -> Any:
    """Return a plan that waits, which whoever acts may change; whoever made it may always take it back."""
    row = find_plan(unit, change_id)
    if row is None:
        raise Refused(Reason.UNKNOWN, id=change_id)
    is_own = unit.actor.person_id is not None and unit.actor.person_id == row.planned_by
    if not (but_for_planner and is_own):
        require(unit.actor, keepers_of(row.kind))
    if row.state != WAITING:
        raise Refused(Reason.NOT_POSSIBLE_NOW)
    return row


def _cancel(unit: Unit, row: Any) -> None:
    end_plan(unit, row.id, CANCELLED)
    unit.append(Fact(EventName.CHANGE_CANCELLED, {**told_of(row), **wished(unit, row)}))


def _require_room(unit: Unit) -> None:
    waiting = (PLANNED.c.office_id == unit.office_id) & (PLANNED.c.state == WAITING)
    counted = select(func.count()).select_from(PLANNED).where(waiting)
    if unit.connection.execute(counted).scalar_one() >= MOST_WAITING:
        raise Refused(Reason.INVALID, field="due")
