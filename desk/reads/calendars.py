"""Reading calendars from their rows, and which of them each service kept from which date on."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from desk.domain import hours
from desk.models import Calendar, Closure, Office, Service, ServiceCalendar, SpecialOpening, Week
from desk.reads.reader import Reader


@dataclass(frozen=True, slots=True)
class KeptCalendar:
    """A calendar that a service keeps from a date on, in the version it has now."""

    since: date
    calendar_id: int
    version: int


@dataclass(frozen=True, slots=True)
class Kept:
    """All calendars a service kept and will keep, and the one that follows them by date."""

    spans: tuple[KeptCalendar, ...]
    calendar: hours.Calendar


def list_kept(reader: Reader, office_id: int) -> dict[int, Kept]:
    """Return for every service of an office, retired or not, the calendars it keeps by date."""
    versions, calendars = _calendars(reader, office_id)
    return {
        service_id: Kept(
            tuple(KeptCalendar(since, calendar_id, versions[calendar_id]) for since, calendar_id in found),
            hours.spliced([(since, calendars[calendar_id]) for since, calendar_id in found]),
        )
        for service_id, found in list_spans(reader, office_id).items()
    }


def list_spans(reader: Reader, office_id: int) -> dict[int, list[tuple[date, int]]]:
    """Return for every service of an office, retired or not, from which date on it keeps which calendar."""
    rows = reader.execute(select(Service.id, Service.calendar_id).where(Service.office_id == office_id))
    spans = {service_id: [(date.min, calendar_id)] for service_id, calendar_id in rows.tuples()}
    later = reader.execute(
        select(ServiceCalendar.service_id, ServiceCalendar.since, ServiceCalendar.calendar_id)
        .join(Service, Service.id == ServiceCalendar.service_id)
        .where(Service.office_id == office_id)
        .order_by(ServiceCalendar.service_id, ServiceCalendar.since)
    )
    for service_id, since, calendar_id in later.tuples():
        spans[service_id].append((since, calendar_id))
    return spans


def kept_on(spans: list[tuple[date, int]], day: date) -> int:
    """Return the calendar that is kept on a day, of those that are kept by date."""
    return next(calendar_id for since, calendar_id in reversed(spans) if since <= day)


def _calendars(reader: Reader, office_id: int) -> tuple[dict[int, int], dict[int, hours.Calendar]]:
    """Return the versions and the calendars of an office by id."""
    query = select(Calendar.id, Calendar.version, Office.zone).join(Office, Office.id == Calendar.office_id)
    rows = reader.execute(query.where(Calendar.office_id == office_id)).all()
    versions = {row.id: row.version for row in rows}
    return versions, read_calendars(reader, versions, ZoneInfo(rows[0].zone)) if rows else {}


def list_in_use(reader: Reader, office_id: int) -> tuple[hours.Calendar, ...]:
    """Return the calendars of an office that are not retired, whether a service keeps them or not."""
    query = select(Calendar.id, Office.zone).join(Office, Office.id == Calendar.office_id)
    rows = reader.execute(query.where(Calendar.office_id == office_id, Calendar.retired.is_(False))).all()
    return tuple(read_calendars(reader, [row.id for row in rows], ZoneInfo(rows[0].zone)).values()) if rows else ()


def read_calendars(reader: Reader, ids: Collection[int], zone: ZoneInfo) -> dict[int, hours.Calendar]:
    """Return these calendars with all their weeks, closures and special openings."""
    weeks: dict[int, list[tuple[date, hours.Week]]] = {each: [] for each in ids}
    closed: dict[int, dict[date, str]] = {each: {} for each in ids}
    special: dict[int, dict[date, tuple[hours.Interval, ...]]] = {each: {} for each in ids}
    for row in reader.execute(select(Week.__table__).where(Week.calendar_id.in_(weeks)).order_by(Week.since)):
        weeks[row.calendar_id].append((row.since, week_from(row.hours)))
    for row in reader.execute(select(Closure.__table__).where(Closure.calendar_id.in_(weeks))):
        closed[row.calendar_id][row.day] = row.name
    for row in reader.execute(select(SpecialOpening.__table__).where(SpecialOpening.calendar_id.in_(weeks))):
        special[row.calendar_id][row.day] = tuple((start, end) for start, end in row.hours)
    return {each: hours.Calendar(zone, tuple(weeks[each]), closed[each], special[each]) for each in weeks}


def week_from(stored: Any) -> hours.Week:
    """Return a stored week (`hours[weekday]` is a list of [start, end]) as the domain sees it."""
    return hours.checked(tuple(tuple((start, end) for start, end in day) for day in stored))


def get_calendar(reader: Reader, calendar_id: int) -> hours.Calendar:
    """Return one calendar; the zone is its office's."""
    query = select(Office.zone).join(Calendar, Calendar.office_id == Office.id).where(Calendar.id == calendar_id)
    zone: str = reader.execute(query).scalar_one()
    return read_calendars(reader, (calendar_id,), ZoneInfo(zone))[calendar_id]
