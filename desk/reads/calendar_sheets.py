"""The calendars of an office as people keep them: weeks, closures, special hours, and the services that keep each."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from desk.domain.closures import ClosureKind
from desk.models import Calendar, Closure, Office, Service, ServiceCalendar, SpecialOpening, Week
from desk.reads.reader import Reader

LARGEST_ID = 2**31 - 1
_COLUMNS = (Calendar.id, Calendar.name, Calendar.version, Calendar.retired)


@dataclass(frozen=True, slots=True)
class WeekSheet:
    """Hours from a date on: for each weekday its [start, end] minutes."""

    since: date
    hours: list[list[list[int]]]


@dataclass(frozen=True, slots=True)
class ClosedSheet:
    """A date closed all day."""

    day: date
    name: str
    kind: ClosureKind


@dataclass(frozen=True, slots=True)
class OpenedSheet:
    """A date with hours of its own."""

    day: date
    name: str
    hours: list[list[int]]


@dataclass(frozen=True, slots=True)
class Keeping:
    """A service that keeps a calendar from a date on; `since` is None for the one it began with."""

    service_id: int
    names: dict[str, str]
    calendar_id: int
    since: date | None
    until: date | None = None  # from when on it keeps another

    def holds_on_or_after(self, day: date) -> bool:
        """Tell whether the service goes by it on a day, or will later."""
        return self.until is None or self.until > day


@dataclass(frozen=True, slots=True)
class CalendarSheet:
    """One calendar with everything in it, oldest first."""

    id: int
    name: str
    version: int
    weeks: list[WeekSheet]
    closed: list[ClosedSheet]
    opened: list[OpenedSheet]
    retired: bool = False

    @property
    def days(self) -> set[date]:
        """The dates that have an entry of their own."""
        return {each.day for each in self.closed} | {each.day for each in self.opened}

    def week_on(self, day: date) -> WeekSheet | None:
        """Return the week in force on a date."""
        return next((week for week in reversed(self.weeks) if week.since <= day), None)


@dataclass(frozen=True, slots=True)
class ClockSettings:
    """The office's choices for its clock."""

    causes: list[str]
    risk_percent: int


def list_calendar_sheets(reader: Reader, office_id: int) -> list[CalendarSheet]:
    """Return the calendars of an office by name, those in use first, then the retired ones."""
    query = select(*_COLUMNS).where(Calendar.office_id == office_id)
    return _sheets(reader, reader.execute(query.order_by(Calendar.retired, Calendar.name, Calendar.id)).all())


def find_calendar_sheet(reader: Reader, office_id: int, calendar_id: int) -> CalendarSheet | None:
    """Return one calendar of an office, None where it has no such calendar."""
    if not 0 < calendar_id <= LARGEST_ID:
        return None
    query = select(*_COLUMNS)
    rows = reader.execute(query.where(Calendar.office_id == office_id, Calendar.id == calendar_id)).all()
    return next(iter(_sheets(reader, rows)), None)


def _sheets(reader: Reader, rows: Any) -> list[CalendarSheet]:
    sheets = {row.id: CalendarSheet(row.id, row.name, row.version, [], [], [], row.retired) for row in rows}
    ids = list(sheets)
    for row in reader.execute(select(Week.__table__).where(Week.calendar_id.in_(ids)).order_by(Week.since)):
        sheets[row.calendar_id].weeks.append(WeekSheet(row.since, row.hours))
    for row in reader.execute(select(Closure.__table__).where(Closure.calendar_id.in_(ids)).order_by(Closure.day)):
        sheets[row.calendar_id].closed.append(ClosedSheet(row.day, row.name, ClosureKind(row.kind)))
    special = select(SpecialOpening.__table__).where(SpecialOpening.calendar_id.in_(ids))
    for row in reader.execute(special.order_by(SpecialOpening.day)):
        sheets[row.calendar_id].opened.append(OpenedSheet(row.day, row.name, row.hours))
    for sheet in sheets.values():  # special hours lie over a closure, which counts again once they are taken back
        opened = {each.day for each in sheet.opened}
        sheet.closed[:] = [each for each in sheet.closed if each.day not in opened]
    return list(sheets.values())


def list_keepings(reader: Reader, office_id: int) -> list[Keeping]:
    """Return which service in use keeps which calendar from when on, in the office's order and by date."""
    services = select(Service.id, Service.name_id, Service.name_en, Service.calendar_id, Service.position).where(
        Service.office_id == office_id, Service.retired.is_(False)
    )
    rows = reader.execute(services.order_by(Service.position, Service.id)).all()
    later = reader.execute(
        select(ServiceCalendar.__table__)
        .where(ServiceCalendar.service_id.in_([row.id for row in rows]))
        .order_by(ServiceCalendar.since)
    ).all()
    found: list[Keeping] = []
    for row in rows:
        names = {"id": row.name_id, "en": row.name_en}
        spans = [(None, row.calendar_id), *((one.since, one.calendar_id) for one in later if one.service_id == row.id)]
        ends = [*(since for since, _ in spans[1:]), None]
        found += [
            Keeping(row.id, names, calendar_id, since, until)
            for (since, calendar_id), until in zip(spans, ends, strict=True)
        ]
    return found


def get_clock_settings(reader: Reader, office_id: int) -> ClockSettings:
    """Return the choices of an existing office."""
    row = reader.execute(select(Office.clock_causes, Office.risk_percent).where(Office.id == office_id)).one()
    return ClockSettings(row.clock_causes, row.risk_percent)
