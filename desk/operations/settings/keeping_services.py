"""Services of an office: added, changed at once or on a later day, put in order.

Each thing that changes is an event of its own with ids, codes and figures; of texts it has digests, and what they said
before stands in `service_wordings`. Nothing of what is open changes with a service: promises that were made hold.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import func, insert, select, update

from desk.domain import services as rule
from desk.domain.access import require
from desk.domain.facts import JSON
from desk.domain.refusals import Reason, Refused
from desk.domain.services import TEXTS, Direction, Plan
from desk.models import Service
from desk.operations.finding import today
from desk.operations.requests import Done, Request
from desk.operations.settings import planned
from desk.operations.settings.calendar_demands import require_hours_soon
from desk.operations.settings.scheduling import keep_calendar
from desk.operations.settings.service_demands import (
    KEEPERS,
    KIND,
    KIND_ADDED,
    SERVICES,
    foresee_letter,
    get_row,
    read_plan,
    require_calendar,
    require_free_letter,
    require_head,
    require_letter,
    require_none_today,
    row_query,
    tell_service,
    tell_service_words,
)
from desk.operations.stream import Streams, Unit
from desk.reads.planned import holding_on

MOST_SERVICES: Final = 200
KEPT: Final = ("series", "icon", "wait_promise_s", "completion_steps", "daily_quota", "head_id", *TEXTS)


def add(streams: Streams, office_id: int, plan: Plan, request: Request) -> Done:
    """Add a service at the end of the list; answers service.

    Raises `Refused`: FORBIDDEN, INVALID (field), LETTER_TAKEN, LETTER_GIVEN_TODAY, HEAD_UNFIT, UNKNOWN calendar.
    """
    return streams.run(office_id, request, lambda unit: unit.done(service=add_in(unit, plan)))


def add_in(unit: Unit, plan: Plan) -> int:
    """Add a service in a unit that is under way and return its id; raises as `add`."""
    require(unit.actor, KEEPERS)
    values = plan.values
    mine = SERVICES.c.office_id == unit.office_id
    count, last = unit.connection.execute(select(func.count(), func.max(SERVICES.c.position)).where(mine)).one()
    if count >= MOST_SERVICES:
        raise Refused(Reason.INVALID, field="series")
    require_letter(unit, values["series"])
    require_head(unit, values["head_id"])
    require_calendar(unit, values["calendar_id"])
    row = {**values, "office_id": unit.office_id, "position": (last or 0) + 1, "retired": False}
    service_id: int = unit.connection.execute(insert(Service).values(**row).returning(Service.id)).scalar_one()
    unit.renew_configuration()
    tell_service(unit, "service_added", service_id, None, values["series"])
    for name in ("head_id", "calendar_id", "wait_promise_s", "completion_steps", "daily_quota"):
        if values[name] not in (None, []):
            tell_service(unit, f"service_{name}", service_id, None, values[name])
    return service_id


def plan_addition(streams: Streams, office_id: int, plan: Plan, request: Request, *, due: date) -> Done:
    """Let a service be added at the start of a later business day; answers planned.

    Raises as `desk.operations.settings.planned.plan`, INVALID (field), LETTER_TAKEN, HEAD_UNFIT, UNKNOWN calendar.
    """
    return planned.plan(streams, office_id, request, kind=KIND_ADDED, subject=0, values=plan.values, due=due)


def change(
    streams: Streams,
    office_id: int,
    service_id: int,
    wanted: Mapping[str, Any],
    request: Request,
    *,
    is_sure: bool = False,
) -> Done:
    """Set some or all of what a service is, at once; answers service, changed (how many things).

    `wanted` has the names of `Plan.values`. Raises as `add`, UNKNOWN, ALREADY_DONE where nothing differs, and unless
    `is_sure` NO_HOURS_SOON for a calendar by which it would be closed.
    """

    def work(unit: Unit) -> Done:
        count = change_in(unit, service_id, wanted, is_sure=is_sure)
        if not count:
            raise Refused(Reason.ALREADY_DONE)
        return unit.done(service=service_id, changed=count)

    return streams.run(office_id, request, work)


def change_in(unit: Unit, service_id: int, wanted: Mapping[str, Any], *, is_sure: bool = True) -> int:
    """Set what is wanted in a unit that is under way; return how many things were changed."""
    require(unit.actor, KEEPERS)
    values = rule.tidied(wanted)
    row = get_row(unit, service_id)
    found = rule.changed(_values_of(unit, row), values)
    _require_possible(unit, row, {name: to for name, (_, to) in found.items()})
    kept = {name: to for name, (_, to) in found.items() if name in KEPT}
    if kept:
        unit.connection.execute(update(SERVICES).where(SERVICES.c.id == service_id).values(**kept))
        unit.renew_configuration()
    for name, (before, after) in found.items():
        if name == "calendar_id":
            keep_calendar(unit, after, service_id, since=today(unit), is_sure=is_sure)
        elif name in TEXTS:
            tell_service_words(unit, service_id, name, before, after)
        else:
            tell_service(unit, f"service_{name}", service_id, before, after)
    return len(found)


def plan_change(
    streams: Streams,
    office_id: int,
    service_id: int,
    wanted: Mapping[str, Any],
    request: Request,
    *,
    due: date,
    is_sure: bool = False,
) -> Done:
    """Let what differs from what will hold then take effect at the start of a later business day; answers planned.

    Raises as `desk.operations.settings.planned.plan`, ALREADY_DONE where nothing differs, LETTER_TAKEN for a letter
    that another service will have by then, and NO_HOURS_SOON as `change`. What is refused for the day alone, as another
    letter while numbers are given out, is not refused here.
    """
    with streams.reading() as connection:
        row = connection.execute(row_query(office_id, service_id)).one_or_none()
        if row is None:
            raise Refused(Reason.UNKNOWN, id=service_id)
        kept = streams.configuration(connection, office_id).services[service_id].calendar_on(due)
        now = values_of(row, kept.calendar_id)
        before = holding_on(connection, office_id, now, due, kind=KIND, subject=service_id)
        found = rule.changed(before, rule.tidied(wanted))
        if "calendar_id" in found and not is_sure:
            require_hours_soon(connection, office_id, found["calendar_id"][1], due)
    if not found:
        raise Refused(Reason.ALREADY_DONE)
    values = {name: to for name, (_, to) in found.items()}
    return planned.plan(streams, office_id, request, kind=KIND, subject=service_id, values=values, due=due)


def _apply(unit: Unit, service_id: int, values: Mapping[str, JSON]) -> None:
    change_in(unit, service_id, values)


def _check(unit: Unit, service_id: int, values: Mapping[str, JSON]) -> None:
    require(unit.actor, KEEPERS)
    if service_id:
        get_row(unit, service_id)
    found = rule.tidied(values)
    if "head_id" in found:
        require_head(unit, found["head_id"])
    if "calendar_id" in found:
        require_calendar(unit, found["calendar_id"])


def _apply_addition(unit: Unit, subject: int, values: Mapping[str, JSON]) -> None:
    add_in(unit, read_plan(values))


def _check_addition(unit: Unit, subject: int, values: Mapping[str, JSON]) -> None:
    _check(unit, 0, read_plan(values).values)


planned.register(KIND, _apply, _check, foresee=foresee_letter)
planned.register(KIND_ADDED, _apply_addition, _check_addition, foresee=foresee_letter)


def move(streams: Streams, office_id: int, service_id: int, direction: Direction, request: Request) -> Done:
    """Move a service one place up or down among those in use, or among the retired; answers service.

    Raises `Refused`: FORBIDDEN, UNKNOWN. At an end of the list nothing changes.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, KEEPERS)
        row = get_row(unit, service_id)
        mine = (SERVICES.c.office_id == unit.office_id) & (SERVICES.c.retired == row.retired)
        query = select(SERVICES.c.id).where(mine).order_by(SERVICES.c.position, SERVICES.c.id)
        before = unit.connection.execute(query).scalars().all()
        after = rule.moved(before, service_id, direction)
        if list(after) != list(before):
            for place, each in enumerate(after, start=1):
                unit.connection.execute(update(SERVICES).where(SERVICES.c.id == each).values(position=place))
            unit.renew_configuration()
            tell_service(unit, "service_order", service_id, list(before), list(after))
        return unit.done(service=service_id)

    return streams.run(office_id, request, work)


def values_of(row: Any, calendar_id: int) -> dict[str, Any]:
    """Return what a service is, by the names of `Plan.values`."""
    steps = [list(step) for step in row.completion_steps]
    found = {name: getattr(row, name) for name in KEPT}
    return {**found, "completion_steps": steps, "calendar_id": calendar_id}


def _values_of(unit: Unit, row: Any) -> dict[str, Any]:
    return values_of(row, unit.configuration.services[row.id].calendar_on(today(unit)).calendar_id)


def _require_possible(unit: Unit, row: Any, wanted: Mapping[str, Any]) -> None:
    if "series" in wanted:
        require_none_today(unit, row.series)
        require_none_today(unit, wanted["series"])
        if not row.retired:
            require_free_letter(unit, wanted["series"], row.id)
    if "head_id" in wanted:
        require_head(unit, wanted["head_id"])
    if "calendar_id" in wanted:
        require_calendar(unit, wanted["calendar_id"])
