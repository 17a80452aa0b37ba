"""What a calendar must have to be kept, and a date to be set: what the changes of calendars ask for."""

from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import select

from desk.domain.access import Actor, Role, require
from desk.domain.closures import FARTHEST, name_fits
from desk.domain.facts import JSON
from desk.domain.hours import Week as HoursWeek
from desk.domain.hours import opens_at_all
from desk.domain.refusals import Reason, Refused
from desk.models import Office, Week
from desk.operations.stream import Unit
from desk.reads.calendars import read_calendars
from desk.reads.reader import Reader

KEEPERS: Final = frozenset({Role.ADMIN, Role.SUPERVISOR})
LOOK_AHEAD: Final = 14  # days within which a calendar should open


def require_hours_soon(reader: Reader, office_id: int, calendar_id: int, since: date) -> None:
    """Refuse a calendar that does not open within `LOOK_AHEAD` days from a date on: a service would be closed by it."""
    zone: str = reader.execute(select(Office.zone).where(Office.id == office_id)).scalar_one()
    kept = read_calendars(reader, [calendar_id], ZoneInfo(zone))[calendar_id]
    if not any(kept.intervals(since + timedelta(days=each)) for each in range(LOOK_AHEAD)):
        raise Refused(Reason.NO_HOURS_SOON)


def hours_on(unit: Unit, calendar_id: int, day: date) -> JSON:
    """Return the hours of the week in force on a date; None before the first."""
    query = select(Week.hours).where(Week.calendar_id == calendar_id, Week.since <= day)
    found: Any = unit.connection.execute(query.order_by(Week.since.desc()).limit(1)).scalar_one_or_none()
    hours: JSON = found
    return hours


def require_keeper(actor: Actor) -> None:
    require(actor, KEEPERS)


def require_name(name: str) -> None:
    if not name_fits(name):
        raise Refused(Reason.NAME_UNFIT)


def require_open(week: HoursWeek) -> None:
    if not opens_at_all(week):
        raise Refused(Reason.NO_OPEN_HOURS)


def require_near(unit: Unit, day: date) -> None:
    """Refuse a date that must be a slip of the pen: more than ten years from today."""
    if abs(day - local_today(unit)) > FARTHEST:
        raise Refused(Reason.DATE_OUT_OF_RANGE, day=day.isoformat())


def require_ahead(unit: Unit, day: date) -> None:
    """Refuse a date that is over: hours and assignments of the past stay as they were."""
    require_near(unit, day)
    if day < local_today(unit):
        raise Refused(Reason.DATE_OUT_OF_RANGE, day=day.isoformat())


def local_today(unit: Unit) -> date:
    at: datetime = unit.at
    return at.astimezone(unit.configuration.rules.zone).date()


def stored(week: HoursWeek) -> list[JSON]:
    return [[list(interval) for interval in day] for day in week]
