"""Reading a calendar from its rows."""

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from desk.domain import hours
from desk.models import Calendar, Closure, Office, Week
from desk.reads.reader import Reader


def get_calendar(reader: Reader, calendar_id: int) -> hours.Calendar:
    """Return the calendar with all its weeks and closures; the zone is its office's."""
    zone: str = reader.execute(
        select(Office.zone).join(Calendar, Calendar.office_id == Office.id).where(Calendar.id == calendar_id)
    ).scalar_one()
    weeks = reader.execute(select(Week.since, Week.hours).where(Week.calendar_id == calendar_id).order_by(Week.since))
    closures = reader.execute(select(Closure.day, Closure.name).where(Closure.calendar_id == calendar_id))
    return hours.Calendar(
        ZoneInfo(zone),
        tuple((since, week_from(stored)) for since, stored in weeks.tuples()),
        dict(closures.tuples().all()),
    )


def week_from(stored: Any) -> hours.Week:
    """Return a stored week (`hours[weekday]` is a list of [start, end]) as the domain sees it."""
    return hours.checked(tuple(tuple((start, end) for start, end in day) for day in stored))
