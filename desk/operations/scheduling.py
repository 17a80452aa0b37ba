"""Calendars of an office: weeks by date, closures, special openings, and which service keeps which from when on.

Every change raises the calendar's version and appends who changed what; what has ended keeps the clocks it ended with.
Names of closures are words and stay out of the events.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import delete, func, insert, select, update

from desk.domain.access import Actor, Role, require
from desk.domain.clocks import CHOOSABLE_CAUSES
from desk.domain.closures import FARTHEST, ClosureKind, name_fits
from desk.domain.facts import JSON, EventName, Fact
from desk.domain.hours import Interval, opens_at_all
from desk.domain.hours import Week as HoursWeek
from desk.domain.reasons import PauseCause
from desk.domain.refusals import Reason, Refused
from desk.models import Calendar, Closure, Office, ServiceCalendar, SpecialOpening, Stream, Week
from desk.operations.finding import MAX_SMALL_ID
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit

KEEPERS: Final = frozenset({Role.ADMIN, Role.SUPERVISOR})
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
    """Create a calendar; answers calendar, version. Raises `Refused`: NAME_UNFIT, NO_OPEN_HOURS, DATE_OUT_OF_RANGE."""

    return streams.run(office_id, request, lambda unit: add_calendar_in(unit, name=name, week=week, since=since))


def add_calendar_in(unit: Unit, *, name: str, week: HoursWeek, since: date) -> Done:
    """Create a calendar in a unit under way; answers and raises as `add_calendar`."""
    _require_keeper(unit.actor)
    _require_name(name)
    _require_open(week)
    _require_near(unit, since)
    row = {"office_id": unit.office_id, "name": name, "version": 1}
    calendar_id = unit.connection.execute(insert(Calendar).values(**row).returning(Calendar.id)).scalar_one()
    unit.connection.execute(insert(Week), {"calendar_id": calendar_id, "since": since, "hours": _stored(week)})
    return _changed(unit, calendar_id, 1, "added", {"since": since.isoformat(), "hours": _stored(week)})


def change_week(
    streams: Streams, office_id: int, calendar_id: int, request: Request, *, week: HoursWeek, since: date
) -> Done:
    """Give a calendar other hours from today or a later date on; a week planned for that date is replaced.

    Answers calendar, version. Raises `Refused`: NO_OPEN_HOURS, DATE_OUT_OF_RANGE, UNKNOWN.
    """

    return streams.run(office_id, request, lambda unit: change_week_in(unit, calendar_id, week=week, since=since))


def change_week_in(unit: Unit, calendar_id: int, *, week: HoursWeek, since: date) -> Done:
    """Give a calendar other hours in a unit under way; answers and raises as `change_week`."""
    version = _take(unit, calendar_id)
    _require_open(week)
    _require_ahead(unit, since)
    before = _hours_on(unit, calendar_id, since)
    _replace(unit, Week, {"calendar_id": calendar_id, "since": since}, {"hours": _stored(week)})
    told: dict[str, JSON] = {"since": since.isoformat(), "from": before, "hours": _stored(week)}
    return _changed(unit, calendar_id, version, "week", told)


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
    version = _take(unit, calendar_id)
    if not wanted:
        raise Refused(Reason.INVALID, field="days")
    for each in wanted:
        _require_name(each.name)
        _require_near(unit, each.day)
        _require_free(unit, calendar_id, each.day)
        row = {"calendar_id": calendar_id, "day": each.day, "name": each.name, "kind": each.kind.value}
        unit.connection.execute(insert(Closure), row)
    told: list[JSON] = [[each.day.isoformat(), each.kind.value] for each in wanted]
    return _changed(unit, calendar_id, version, "closed", {"days": told}, days=len(wanted))


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
    """Give a date hours of its own, whatever the week says; a closure of that date gives way.

    Answers calendar, version. Raises `Refused`: NO_OPEN_HOURS, NAME_UNFIT, DATE_OUT_OF_RANGE, CLOSED_ALREADY where the
    date has special hours already.
    """

    return streams.run(
        office_id, request, lambda unit: open_specially_in(unit, calendar_id, day=day, name=name, hours=hours)
    )


def open_specially_in(unit: Unit, calendar_id: int, *, day: date, name: str, hours: tuple[Interval, ...]) -> Done:
    """Give a date hours of its own in a unit under way; answers and raises as `open_specially`."""
    version = _take(unit, calendar_id)
    _require_name(name)
    _require_near(unit, day)
    if not hours:
        raise Refused(Reason.NO_OPEN_HOURS)
    if _entry(unit, SpecialOpening, calendar_id, day):
        raise Refused(Reason.CLOSED_ALREADY, day=day.isoformat())
    unit.connection.execute(delete(Closure).where(Closure.calendar_id == calendar_id, Closure.day == day))
    stored: list[JSON] = [list(each) for each in hours]
    row = {"calendar_id": calendar_id, "day": day, "name": name, "hours": stored}
    unit.connection.execute(insert(SpecialOpening), row)
    return _changed(unit, calendar_id, version, "special", {"day": day.isoformat(), "hours": stored})


def clear_day(streams: Streams, office_id: int, calendar_id: int, request: Request, *, day: date) -> Done:
    """Take back a closure or special hours: the week counts again. Answers calendar, version; `Refused(UNKNOWN)`."""

    return streams.run(office_id, request, lambda unit: clear_day_in(unit, calendar_id, day=day))


def clear_day_in(unit: Unit, calendar_id: int, *, day: date) -> Done:
    """Take back what a date has of its own in a unit under way; answers and raises as `clear_day`."""
    version = _take(unit, calendar_id)
    known = [model for model in (Closure, SpecialOpening) if _entry(unit, model, calendar_id, day)]
    if not known:
        raise Refused(Reason.UNKNOWN, day=day.isoformat())
    for model in known:
        unit.connection.execute(delete(model).where(model.calendar_id == calendar_id, model.day == day))
    before = "closed" if Closure in known else "special"
    return _changed(unit, calendar_id, version, "cleared", {"day": day.isoformat(), "from": before})


def assign(
    streams: Streams, office_id: int, calendar_id: int, request: Request, *, service_id: int, since: date
) -> Done:
    """Let a service keep this calendar from today or a later date on; answers calendar, version, service."""

    def work(unit: Unit) -> Done:
        _require_keeper(unit.actor)
        return keep_calendar(unit, calendar_id, unit.configuration.service(service_id).id, since=since)

    return streams.run(office_id, request, work)


def keep_calendar(unit: Unit, calendar_id: int, service_id: int, *, since: date) -> Done:
    """Let a service, retired or not, keep a calendar from a date on, in a unit under way; answers as `assign`."""
    version = _take(unit, calendar_id)
    _require_ahead(unit, since)
    before = unit.configuration.services[service_id].calendar_on(since).calendar_id
    _replace(unit, ServiceCalendar, {"service_id": service_id, "since": since}, {"calendar_id": calendar_id})
    told: dict[str, JSON] = {"service": service_id, "since": since.isoformat(), "from": before}
    return _changed(unit, calendar_id, version, "assigned", told, service=service_id)


def change_clock_rules(
    streams: Streams, office_id: int, request: Request, *, causes: Iterable[PauseCause], risk_percent: int
) -> Done:
    """Choose which causes of a pause count for the office, and from which share on a promise is at risk (1 to 100).

    Answers causes, risk_percent. Raises `Refused(INVALID)` for a cause that never counts, or another share.
    """
    chosen = sorted({cause.value for cause in causes})

    def work(unit: Unit) -> Done:
        _require_keeper(unit.actor)
        if not set(chosen) <= {cause.value for cause in CHOOSABLE_CAUSES}:
            raise Refused(Reason.INVALID, field="causes")
        if not 1 <= risk_percent <= 100:
            raise Refused(Reason.INVALID, field="risk_percent")
        rules = unit.configuration.rules
        before: list[JSON] = [*sorted(cause.value for cause in rules.counting)]
        values = {"clock_causes": chosen, "risk_percent": risk_percent}
        unit.connection.execute(update(Office).where(Office.id == office_id).values(**values))
        told: list[JSON] = [*chosen]
        _read_anew(unit)
        clocks: dict[str, JSON] = {"setting": "clocks", "from": before, "to": told}
        risk: dict[str, JSON] = {"setting": "risk_percent", "from": rules.risk_percent, "to": risk_percent}
        for fact in (clocks, risk):
            if fact["from"] != fact["to"]:
                unit.append(Fact(EventName.SETTING_CHANGED, fact))
        return unit.done(causes=chosen, risk_percent=risk_percent)

    return streams.run(office_id, request, work)


def _take(unit: Unit, calendar_id: int) -> int:
    """Raise the version of a calendar of this office and return it; refuse who may not, and what is not there."""
    _require_keeper(unit.actor)
    own = (CALENDARS.c.office_id == unit.office_id) & (CALENDARS.c.id == min(max(calendar_id, 0), MAX_SMALL_ID))
    version = unit.connection.execute(select(CALENDARS.c.version).where(own)).scalar_one_or_none()
    if version is None:
        raise Refused(Reason.UNKNOWN, id=calendar_id)
    unit.connection.execute(update(CALENDARS).where(own).values(version=version + 1))
    raised: int = version + 1
    return raised


def _changed(unit: Unit, calendar_id: int, version: int, what: str, told: Mapping[str, JSON], **more: Any) -> Done:
    _read_anew(unit)
    payload: dict[str, JSON] = {"calendar": calendar_id, "version": version, "what": what, **told}
    unit.append(Fact(EventName.CALENDAR_CHANGED, payload))
    return unit.done(calendar=calendar_id, version=version, **more)


def _hours_on(unit: Unit, calendar_id: int, day: date) -> JSON:
    """Return the hours of the week in force on a date; None before the first."""
    query = select(Week.hours).where(Week.calendar_id == calendar_id, Week.since <= day)
    found: Any = unit.connection.execute(query.order_by(Week.since.desc()).limit(1)).scalar_one_or_none()
    hours: JSON = found
    return hours


def _read_anew(unit: Unit) -> None:
    """Let every process read the office's configuration anew."""
    ours = STREAMS.c.office_id == unit.office_id
    unit.connection.execute(update(STREAMS).where(ours).values(configuration=STREAMS.c.configuration + 1))


def _replace(unit: Unit, model: Any, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    unit.connection.execute(delete(model).filter_by(**key))
    unit.connection.execute(insert(model), {**key, **values})


def _entry(unit: Unit, model: Any, calendar_id: int, day: date) -> bool:
    query = select(func.count()).select_from(model).where(model.calendar_id == calendar_id, model.day == day)
    return bool(unit.connection.execute(query).scalar_one())


def _require_free(unit: Unit, calendar_id: int, day: date) -> None:
    if any(_entry(unit, model, calendar_id, day) for model in (Closure, SpecialOpening)):
        raise Refused(Reason.CLOSED_ALREADY, day=day.isoformat())


def _require_keeper(actor: Actor) -> None:
    require(actor, KEEPERS)


def _require_name(name: str) -> None:
    if not name_fits(name):
        raise Refused(Reason.NAME_UNFIT)


def _require_open(week: HoursWeek) -> None:
    if not opens_at_all(week):
        raise Refused(Reason.NO_OPEN_HOURS)


def _require_near(unit: Unit, day: date) -> None:
    """Refuse a date that must be a slip of the pen: more than ten years from today."""
    if abs(day - _today(unit)) > FARTHEST:
        raise Refused(Reason.DATE_OUT_OF_RANGE, day=day.isoformat())


def _require_ahead(unit: Unit, day: date) -> None:
    """Refuse a date that is over: hours and assignments of the past stay as they were."""
    _require_near(unit, day)
    if day < _today(unit):
        raise Refused(Reason.DATE_OUT_OF_RANGE, day=day.isoformat())


def _today(unit: Unit) -> date:
    at: datetime = unit.at
    return at.astimezone(unit.configuration.rules.zone).date()


def _stored(week: HoursWeek) -> list[JSON]:
    return [[list(interval) for interval in day] for day in week]
