"""What a calendar must have to be kept, and a date to be set: what the changes of calendars ask for."""

from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from desk.domain.access import Actor, Role, require
from desk.domain.closures import FARTHEST, name_fits
from desk.domain.facts import JSON
from desk.domain.hours import Week as HoursWeek
from desk.domain.hours import opens_at_all
from desk.domain.refusals import Reason, Refused
from desk.domain.texts import one_line
from desk.models import Calendar, Office, Week
from desk.operations.finding import MAX_SMALL_ID
from desk.operations.stream import Unit
from desk.reads.calendars import read_calendars
from desk.reads.reader import Reader

CALENDARS: Any = Calendar.__table__
LONGEST_NAME: Final = 120
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


def find_calendar(unit: Unit, calendar_id: int) -> Any:
    """Return a calendar of this office, retired or not, for whoever may change it; raises `Refused(UNKNOWN)`."""
    require_keeper(unit.actor)
    own = (CALENDARS.c.office_id == unit.office_id) & (CALENDARS.c.id == min(max(calendar_id, 0), MAX_SMALL_ID))
    found = unit.connection.execute(select(CALENDARS).where(own)).one_or_none()
    if found is None:
        raise Refused(Reason.UNKNOWN, id=calendar_id)
    return found


def raise_version(unit: Unit, calendar: Any) -> int:
    """Raise the version of a calendar by one and return it."""
    raised: int = calendar.version + 1
    unit.connection.execute(update(CALENDARS).where(CALENDARS.c.id == calendar.id).values(version=raised))
    return raised


def require_calendar_name(name: str) -> None:
    """Refuse no name, and one that is too long for what calendars are called."""
    require_name(name)
    if len(name) > LONGEST_NAME:
        raise Refused(Reason.INVALID, field="name")


def require_free_name(unit: Unit, name: str, *, but: int = 0) -> None:
    """Refuse a name that reads like that of another calendar in use."""
    others = (CALENDARS.c.office_id == unit.office_id, CALENDARS.c.id != but, CALENDARS.c.retired.is_(False))
    names = unit.connection.execute(select(CALENDARS.c.name).where(*others)).scalars()
    if one_line(name).casefold() in {one_line(each).casefold() for each in names}:
        raise Refused(Reason.NAME_TAKEN, name=name, field="name")


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
