"""Calendars of an office: weeks by date, closures, special openings, and which service keeps which from when on.

Every change raises the calendar's version and appends who changed what; what has ended keeps the clocks it ended with.
Names of closures are words and stay out of the events.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from desk.domain.clocks import CHOOSABLE_CAUSES
from desk.domain.closures import ClosureKind
from desk.domain.facts import JSON, EventName, Fact
from desk.domain.hours import Interval
from desk.domain.hours import Week as HoursWeek
from desk.domain.reasons import PauseCause
from desk.domain.refusals import Reason, Refused
from desk.models import Calendar, Closure, Office, ServiceCalendar, SpecialOpening, Stream, Week
from desk.operations.requests import Done, Request
from desk.operations.settings.calendar_demands import (
    find_calendar,
    hours_on,
    raise_version,
    require_ahead,
    require_calendar_name,
    require_free_name,
    require_hours_soon,
    require_keeper,
    require_name,
    require_near,
    require_open,
    stored,
)
from desk.operations.stream import Streams, Unit

CALENDARS: Any = Calendar.__table__
STREAMS: Any = Stream.__table__


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """A date to be closed all day."""

    day: date
    name: str
    kind: ClosureKind = ClosureKind.OWN


def add_calendar(
    streams: Streams, office_id: int, request: Request, *, name: str, week: HoursWeek, since: date
) -> Done:
    """Create a calendar; answers calendar, version.

    Raises `Refused`: NAME_UNFIT, NAME_TAKEN, NO_OPEN_HOURS, DATE_OUT_OF_RANGE.
    """

    return streams.run(office_id, request, lambda unit: add_calendar_in(unit, name=name, week=week, since=since))


def add_calendar_in(unit: Unit, *, name: str, week: HoursWeek, since: date) -> Done:
    """Create a calendar in a unit under way; answers and raises as `add_calendar`."""
    require_keeper(unit.actor)
    require_calendar_name(name)
    require_open(week)
    require_near(unit, since)
    require_free_name(unit, name)
    row = {"office_id": unit.office_id, "name": name, "version": 1}
    calendar_id = unit.connection.execute(insert(Calendar).values(**row).returning(Calendar.id)).scalar_one()
    unit.connection.execute(insert(Week), {"calendar_id": calendar_id, "since": since, "hours": stored(week)})
    return tell_calendar(unit, calendar_id, 1, "added", {"since": since.isoformat(), "hours": stored(week)})


def change_week(
    streams: Streams, office_id: int, calendar_id: int, request: Request, *, week: HoursWeek, since: date
) -> Done:
    """Give a calendar other hours from today or a later date on; a week planned for that date is replaced.

    Answers calendar, version. Raises `Refused`: NO_OPEN_HOURS, DATE_OUT_OF_RANGE, UNKNOWN.
    """

    return streams.run(office_id, request, lambda unit: change_week_in(unit, calendar_id, week=week, since=since))


def change_week_in(unit: Unit, calendar_id: int, *, week: HoursWeek, since: date) -> Done:
    """Give a calendar other hours in a unit under way; answers and raises as `change_week`."""
    version = take_calendar(unit, calendar_id)
    require_open(week)
    require_ahead(unit, since)
    before = hours_on(unit, calendar_id, since)
    _replace(unit, Week, {"calendar_id": calendar_id, "since": since}, {"hours": stored(week)})
    told: dict[str, JSON] = {"since": since.isoformat(), "from": before, "hours": stored(week)}
    return tell_calendar(unit, calendar_id, version, "week", told)


def close_days(
    streams: Streams, office_id: int, calendar_id: int, request: Request, *, days: Iterable[ClosedDay]
) -> Done:
    """Close a calendar on these dates, all of them or none; answers calendar, version, days (how many).

    Raises `Refused`: CLOSED_ALREADY (with the date; also one with special hours), NAME_UNFIT, DATE_OUT_OF_RANGE, and
    INVALID for no dates at all.
    """
    wanted = sorted(days, key=lambda each: each.day)
    return streams.run(office_id, request, lambda unit: close_days_in(unit, calendar_id, wanted))


def close_days_in(unit: Unit, calendar_id: int, wanted: Sequence[ClosedDay]) -> Done:
    """Close a calendar on these dates in a unit under way; answers and raises as `close_days`."""
    version = take_calendar(unit, calendar_id)
    if not wanted:
        raise Refused(Reason.INVALID, field="days")
    for each in wanted:
        require_name(each.name)
        require_near(unit, each.day)
        _require_free(unit, calendar_id, each.day)
        row = {"calendar_id": calendar_id, "day": each.day, "name": each.name, "kind": each.kind.value}
        unit.connection.execute(insert(Closure), row)
    told: list[JSON] = [[each.day.isoformat(), each.kind.value] for each in wanted]
    return tell_calendar(unit, calendar_id, version, "closed", {"days": told}, days=len(wanted))


def open_specially(
    streams: Streams,
    office_id: int,
    calendar_id: int,
    request: Request,
    *,
    day: date,
    name: str,
    hours: tuple[Interval, ...],
) -> Done:
    """Give a date hours of its own, whatever the week says; a closure of that date waits until they are taken back.

    Answers calendar, version. Raises `Refused`: NO_OPEN_HOURS, NAME_UNFIT, DATE_OUT_OF_RANGE, CLOSED_ALREADY where the
    date has special hours already.
    """

    return streams.run(
        office_id, request, lambda unit: open_specially_in(unit, calendar_id, day=day, name=name, hours=hours)
    )


def open_specially_in(unit: Unit, calendar_id: int, *, day: date, name: str, hours: tuple[Interval, ...]) -> Done:
    """Give a date hours of its own in a unit under way; answers and raises as `open_specially`."""
    version = take_calendar(unit, calendar_id)
    require_name(name)
    require_near(unit, day)
    if not hours:
        raise Refused(Reason.NO_OPEN_HOURS)
    if _entry(unit, SpecialOpening, calendar_id, day):
        raise Refused(Reason.CLOSED_ALREADY, day=day.isoformat())
    stored: list[JSON] = [list(each) for each in hours]
    row = {"calendar_id": calendar_id, "day": day, "name": name, "hours": stored}
    unit.connection.execute(insert(SpecialOpening), row)
    told: dict[str, JSON] = {"day": day.isoformat(), "hours": stored}
    return tell_calendar(unit, calendar_id, version, "special", told, over=_entry(unit, Closure, calendar_id, day))


def clear_day(streams: Streams, office_id: int, calendar_id: int, request: Request, *, day: date) -> Done:
    """Take back special hours, else a closure: what lies below counts again, the closure or the week.

    Answers calendar, version, closed (whether a closure counts again). Raises `Refused(UNKNOWN)`.
    """

    return streams.run(office_id, request, lambda unit: clear_day_in(unit, calendar_id, day=day, only_the_top=True))


def clear_day_in(unit: Unit, calendar_id: int, *, day: date, only_the_top: bool = False) -> Done:
    """Take back all that a date has of its own in a unit under way, or what lies on top; answers as `clear_day`."""
    version = take_calendar(unit, calendar_id)
    # Special hours lie over a closure.
    known = [model for model in (SpecialOpening, Closure) if _entry(unit, model, calendar_id, day)]
    if not known:
        raise Refused(Reason.UNKNOWN, day=day.isoformat())
    gone = known[:1] if only_the_top else known
    for model in gone:
        unit.connection.execute(delete(model).where(model.calendar_id == calendar_id, model.day == day))
    told: dict[str, JSON] = {"day": day.isoformat(), "from": "special" if SpecialOpening in gone else "closed"}
    if gone != known:
        told["to"] = "closed"
    return tell_calendar(unit, calendar_id, version, "cleared", told, closed=gone != known)


def assign(
    streams: Streams,
    office_id: int,
    calendar_id: int,
    request: Request,
    *,
    service_id: int,
    since: date,
    is_sure: bool = False,
) -> Done:
    """Let a service keep this calendar from today or a later date on; answers calendar, version, service.

    Raises `Refused`: FORBIDDEN, UNKNOWN, DATE_OUT_OF_RANGE, and unless `is_sure` NO_HOURS_SOON for a calendar that does
    not open within `LOOK_AHEAD` from then on.
    """

    def work(unit: Unit) -> Done:
        require_keeper(unit.actor)
        service = unit.configuration.service(service_id).id
        return keep_calendar(unit, calendar_id, service, since=since, is_sure=is_sure)

    return streams.run(office_id, request, work)


def keep_calendar(unit: Unit, calendar_id: int, service_id: int, *, since: date, is_sure: bool = True) -> Done:
    """Let a service, retired or not, keep a calendar from a date on, in a unit under way; answers as `assign`."""
    version = take_calendar(unit, calendar_id)
    require_ahead(unit, since)
    if not is_sure:
        require_hours_soon(unit.connection, unit.office_id, calendar_id, since)
    before = unit.configuration.services[service_id].calendar_on(since).calendar_id
    _replace(unit, ServiceCalendar, {"service_id": service_id, "since": since}, {"calendar_id": calendar_id})
    told: dict[str, JSON] = {"service": service_id, "since": since.isoformat(), "from": before}
    return tell_calendar(unit, calendar_id, version, "assigned", told, service=service_id)


def change_clock_rules(
    streams: Streams, office_id: int, request: Request, *, causes: Iterable[PauseCause], risk_percent: int
) -> Done:
    """Choose which causes of a pause count for the office, and from which share on a promise is at risk (1 to 100).

    Answers causes, risk_percent. Raises `Refused(INVALID)` for a cause that never counts, or another share.
    """
    chosen = sorted({cause.value for cause in causes})

    def work(unit: Unit) -> Done:
        require_keeper(unit.actor)
        if not set(chosen) <= {cause.value for cause in CHOOSABLE_CAUSES}:
            raise Refused(Reason.INVALID, field="causes")
        if not 1 <= risk_percent <= 100:
            raise Refused(Reason.INVALID, field="risk_percent")
        rules = unit.configuration.rules
        before: list[JSON] = [*sorted(cause.value for cause in rules.counting)]
        values = {"clock_causes": chosen, "risk_percent": risk_percent}
        unit.connection.execute(update(Office).where(Office.id == office_id).values(**values))
        told: list[JSON] = [*chosen]
        unit.renew_configuration()
        clocks: dict[str, JSON] = {"setting": "clocks", "from": before, "to": told}
        risk: dict[str, JSON] = {"setting": "risk_percent", "from": rules.risk_percent, "to": risk_percent}
        for fact in (clocks, risk):
            if fact["from"] != fact["to"]:
                unit.append(Fact(EventName.SETTING_CHANGED, fact))
        return unit.done(causes=chosen, risk_percent=risk_percent)

    return streams.run(office_id, request, work)


def take_calendar(unit: Unit, calendar_id: int) -> int:
    """Raise the version of a calendar in use and return it; refuse who may not, and what is not there or retired."""
    found = find_calendar(unit, calendar_id)
    if found.retired:
        raise Refused(Reason.CALENDAR_RETIRED)
    return raise_version(unit, found)


def tell_calendar(unit: Unit, calendar_id: int, version: int, what: str, told: Mapping[str, JSON], **more: Any) -> Done:
    """Append the event of a change of a calendar and have every process read it anew; answers calendar, version."""
    unit.renew_configuration()
    payload: dict[str, JSON] = {"calendar": calendar_id, "version": version, "what": what, **told}
    unit.append(Fact(EventName.CALENDAR_CHANGED, payload))
    return unit.done(calendar=calendar_id, version=version, **more)


def _replace(unit: Unit, model: Any, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    unit.connection.execute(delete(model).filter_by(**key))
    unit.connection.execute(insert(model), {**key, **values})


def _entry(unit: Unit, model: Any, calendar_id: int, day: date) -> bool:
    query = select(func.count()).select_from(model).where(model.calendar_id == calendar_id, model.day == day)
    return bool(unit.connection.execute(query).scalar_one())


def _require_free(unit: Unit, calendar_id: int, day: date) -> None:
    if any(_entry(unit, model, calendar_id, day) for model in (Closure, SpecialOpening)):
        raise Refused(Reason.CLOSED_ALREADY, day=day.isoformat())
