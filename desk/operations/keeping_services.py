"""Services of an office: added, changed at once or on a later day, put in order, retired and brought back.

Each thing that changes is an event of its own with ids, codes and figures; of texts it has digests, and what they said
before stands in `service_wordings`. Nothing of what is open changes with a service: promises that were made hold.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import func, insert, select, update

from desk.domain import services as rule
from desk.domain.access import Role, require
from desk.domain.facts import JSON, EventName, Fact
from desk.domain.refusals import Reason, Refused
from desk.domain.services import TEXTS, Direction, Plan
from desk.models import Calendar, Membership, Person, Service, ServiceWording, Visit
from desk.operations import planned
from desk.operations.finding import MAX_SMALL_ID, today
from desk.operations.requests import Done, Request
from desk.operations.scheduling import keep_calendar
from desk.operations.stream import Streams, Unit

SERVICES: Any = Service.__table__
VISITS: Any = Visit.__table__
KEEPERS: Final = frozenset({Role.ADMIN})
HEADS: Final = (Role.AGENT, Role.SUPERVISOR)
MOST_SERVICES: Final = 200
KIND: Final = "service"
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
    _require_letter(unit, values["series"])
    _require_head(unit, values["head_id"])
    _require_calendar(unit, values["calendar_id"])
    row = {**values, "office_id": unit.office_id, "position": (last or 0) + 1, "retired": False}
    service_id: int = unit.connection.execute(insert(Service).values(**row).returning(Service.id)).scalar_one()
    unit.renew_configuration()
    _tell(unit, "service_added", service_id, None, values["series"])
    for name in ("head_id", "calendar_id", "wait_promise_s", "completion_steps", "daily_quota"):
        if values[name] not in (None, []):
            _tell(unit, f"service_{name}", service_id, None, values[name])
    return service_id


def change(streams: Streams, office_id: int, service_id: int, wanted: Mapping[str, Any], request: Request) -> Done:
    """Set some or all of what a service is, at once; answers service, changed (how many things).

    `wanted` has the names of `Plan.values`. Raises as `add`, UNKNOWN, and ALREADY_DONE where nothing differs.
    """

    def work(unit: Unit) -> Done:
        count = change_in(unit, service_id, wanted)
        if not count:
            raise Refused(Reason.ALREADY_DONE)
        return unit.done(service=service_id, changed=count)

    return streams.run(office_id, request, work)


def change_in(unit: Unit, service_id: int, wanted: Mapping[str, Any]) -> int:
    """Set what is wanted in a unit that is under way; return how many things were changed."""
    require(unit.actor, KEEPERS)
    values = rule.tidied(wanted)
    row = _get(unit, service_id)
    found = rule.changed(_values_of(unit, row), values)
    _require_possible(unit, row, {name: to for name, (_, to) in found.items()})
    kept = {name: to for name, (_, to) in found.items() if name in KEPT}
    if kept:
        unit.connection.execute(update(SERVICES).where(SERVICES.c.id == service_id).values(**kept))
        unit.renew_configuration()
    for name, (before, after) in found.items():
        if name == "calendar_id":
            keep_calendar(unit, after, service_id, since=today(unit))
        elif name in TEXTS:
            _tell_words(unit, service_id, name, before, after)
        else:
            _tell(unit, f"service_{name}", service_id, before, after)
    return len(found)


def plan_change(
    streams: Streams, office_id: int, service_id: int, wanted: Mapping[str, Any], request: Request, *, due: date
) -> Done:
    """Let what differs take effect at the start of a later business day; answers planned.

    Raises as `desk.operations.planned.plan`, and ALREADY_DONE where nothing differs. What is refused for the day alone,
    as another letter while numbers are given out, is not refused here.
    """
    with streams.reading() as connection:
        row = connection.execute(_query(office_id, service_id)).one_or_none()
        if row is None:
            raise Refused(Reason.UNKNOWN, id=service_id)
        kept = streams.configuration(connection, office_id).services[service_id].calendar_on(due)
    before = values_of(row, kept.calendar_id)
    found = rule.changed(before, rule.tidied(wanted))
    if not found:
        raise Refused(Reason.ALREADY_DONE)
    values = {name: to for name, (_, to) in found.items()}
    return planned.plan(streams, office_id, request, kind=KIND, subject=service_id, values=values, due=due)


def _apply(unit: Unit, service_id: int, values: Mapping[str, JSON]) -> None:
    change_in(unit, service_id, values)


def _check(unit: Unit, service_id: int, values: Mapping[str, JSON]) -> None:
    require(unit.actor, KEEPERS)
    _get(unit, service_id)
    found = rule.tidied(values)
    if "head_id" in found:
        _require_head(unit, found["head_id"])
    if "calendar_id" in found:
        _require_calendar(unit, found["calendar_id"])


planned.register(KIND, _apply, _check)


def move(streams: Streams, office_id: int, service_id: int, direction: Direction, request: Request) -> Done:
    """Move a service one place up or down among those in use, or among the retired; answers service.

    Raises `Refused`: FORBIDDEN, UNKNOWN. At an end of the list nothing changes.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, KEEPERS)
        row = _get(unit, service_id)
        mine = (SERVICES.c.office_id == unit.office_id) & (SERVICES.c.retired == row.retired)
        query = select(SERVICES.c.id).where(mine).order_by(SERVICES.c.position, SERVICES.c.id)
        before = unit.connection.execute(query).scalars().all()
        after = rule.moved(before, service_id, direction)
        if list(after) != list(before):
            for place, each in enumerate(after, start=1):
                unit.connection.execute(update(SERVICES).where(SERVICES.c.id == each).values(position=place))
            unit.renew_configuration()
            _tell(unit, "service_order", service_id, list(before), list(after))
        return unit.done(service=service_id)

    return streams.run(office_id, request, work)


def retire(streams: Streams, office_id: int, service_id: int, request: Request) -> Done:
    """Give no new numbers for a service; whoever waits for it is still called.

    Raises `Refused`: FORBIDDEN, UNKNOWN, ALREADY_DONE.
    """
    return _set_retired(streams, office_id, service_id, request, retired=True)


def bring_back(streams: Streams, office_id: int, service_id: int, request: Request) -> Done:
    """Offer a retired service again; raises as `retire`, LETTER_TAKEN and HEAD_UNFIT."""
    return _set_retired(streams, office_id, service_id, request, retired=False)


def _set_retired(streams: Streams, office_id: int, service_id: int, request: Request, *, retired: bool) -> Done:
    def work(unit: Unit) -> Done:
        require(unit.actor, KEEPERS)
        row = _get(unit, service_id)
        if row.retired is retired:
            raise Refused(Reason.ALREADY_DONE)
        if not retired:
            _require_free(unit, row.series, service_id)
            _require_head(unit, row.head_id)
        unit.connection.execute(update(SERVICES).where(SERVICES.c.id == service_id).values(retired=retired))
        unit.renew_configuration()
        _tell(unit, "service_retired", service_id, not retired, retired)
        return unit.done(service=service_id)

    return streams.run(office_id, request, work)


def values_of(row: Any, calendar_id: int) -> dict[str, Any]:
    """Return what a service is, by the names of `Plan.values`."""
    steps = [list(step) for step in row.completion_steps]
    found = {name: getattr(row, name) for name in KEPT}
    return {**found, "completion_steps": steps, "calendar_id": calendar_id}


def _values_of(unit: Unit, row: Any) -> dict[str, Any]:
    return values_of(row, unit.configuration.services[row.id].calendar_on(today(unit)).calendar_id)


def _query(office_id: int, service_id: int) -> Any:
    wanted = service_id if 0 < service_id <= MAX_SMALL_ID else 0
    return select(SERVICES).where(SERVICES.c.office_id == office_id, SERVICES.c.id == wanted)


def _get(unit: Unit, service_id: int) -> Any:
    row = unit.connection.execute(_query(unit.office_id, service_id)).one_or_none()
    if row is None:
        raise Refused(Reason.UNKNOWN, id=service_id)
    return row


def _require_possible(unit: Unit, row: Any, wanted: Mapping[str, Any]) -> None:
    if "series" in wanted:
        _require_none_today(unit, row.series)
        _require_none_today(unit, wanted["series"])
        if not row.retired:
            _require_free(unit, wanted["series"], row.id)
    if "head_id" in wanted:
        _require_head(unit, wanted["head_id"])
    if "calendar_id" in wanted:
        _require_calendar(unit, wanted["calendar_id"])


def _require_letter(unit: Unit, letter: str) -> None:
    _require_free(unit, letter, 0)
    _require_none_today(unit, letter)


def _require_free(unit: Unit, letter: str, service_id: int) -> None:
    """Refuse a letter that another service in use has: nobody could tell whose number is called."""
    services = unit.configuration.services.values()
    if any(each.series == letter and not each.retired and each.id != service_id for each in services):
        raise Refused(Reason.LETTER_TAKEN, letter=letter)


def _require_none_today(unit: Unit, letter: str) -> None:
    """Refuse to give a letter away, or to take it, on a day on which it was given out.

    Numbers would stay gapless, being counted by letter; but one service's would go on as another's in the same day.
    """
    mine = (VISITS.c.office_id == unit.office_id) & (VISITS.c.series == letter)
    given = select(VISITS.c.id).where(mine, VISITS.c.day == today(unit)).limit(1)
    if unit.connection.execute(given).first() is not None:
        raise Refused(Reason.LETTER_GIVEN_TODAY, letter=letter)


def _require_head(unit: Unit, person_id: int) -> None:
    query = (
        select(Person.id)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.office_id == unit.office_id, Membership.role.in_([role.value for role in HEADS]))
        .where(Person.id == person_id, Person.disabled_at.is_(None))
    )
    if unit.connection.execute(query).first() is None:
        raise Refused(Reason.HEAD_UNFIT)


def _require_calendar(unit: Unit, calendar_id: int) -> None:
    mine = (Calendar.office_id == unit.office_id) & (Calendar.id == calendar_id)
    if unit.connection.execute(select(Calendar.id).where(mine)).first() is None:
        raise Refused(Reason.UNKNOWN, id=calendar_id)


def _tell(unit: Unit, setting: str, service_id: int, before: JSON, after: JSON) -> None:
    facts: dict[str, JSON] = {"setting": setting, "service": service_id, "from": before, "to": after}
    unit.append(Fact(EventName.SETTING_CHANGED, facts))


def _tell_words(unit: Unit, service_id: int, text: str, before: str, after: str) -> None:
    facts: dict[str, JSON] = {"setting": "service_text", "service": service_id, "part": text}
    told = Fact(EventName.SETTING_CHANGED, {**facts, "from": unit.seal(before), "to": unit.seal(after)})
    event = unit.append(told)
    row = {"office_id": unit.office_id, "number": event.number, "service_id": service_id, "text": text}
    unit.connection.execute(insert(ServiceWording), {**row, "before": before, "after": after})
