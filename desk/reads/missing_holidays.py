"""Public holidays and collective leave on which an office is open because nobody entered them."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from desk.domain.hours import Calendar
from desk.reads.national_holidays import list_holidays

AHEAD: Final = timedelta(days=31)  # so long before its end the next year counts too


def years_of(at: datetime, zone: ZoneInfo) -> tuple[int, ...]:
    """Return the years of which the holidays should be entered, by the clock of the office."""
    return tuple(sorted({at.astimezone(zone).year, (at + AHEAD).astimezone(zone).year}))


def count_missing(calendars: Collection[Calendar], at: datetime, zone: ZoneInfo) -> dict[int, int]:
    """Return by year how many from today on are open in one of the calendars; only years with any.

    A date with hours of its own was decided on by somebody, whatever they are. Without a calendar all are missing.
    """
    today = at.astimezone(zone).date()
    found = {
        year: sum(
            1
            for holiday in list_holidays(year)
            if holiday.day >= today and (not calendars or any(_is_open(each, holiday.day) for each in calendars))
        )
        for year in years_of(at, zone)
    }
    return {year: count for year, count in found.items() if count}


def _is_open(calendar: Calendar, day: date) -> bool:
    return day not in calendar.special and bool(calendar.intervals(day))
