"""Calendars as a table: a row for each week of hours, closed date and special opening.

A calendar is known by its name, a date in it has one entry at most. A row of a calendar that is not there yet makes it
with its earliest week. Weeks that have begun stay as they were; what the file leaves out stays too.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from desk.domain.closures import ClosureKind, name_fits, read_date
from desk.domain.hours import Interval, Week
from desk.domain.refusals import Reason, Refused
from desk.domain.tables import CellFault, CellRefused, Line
from desk.domain.texts import one_line
from desk.domain.typed_hours import read_hours, write_hours
from desk.operations.settings import scheduling
from desk.operations.settings.scheduling import ClosedDay
from desk.operations.stream import Unit
from desk.operations.table_imports.carrying_out import Step, differences
from desk.reads.calendar_sheets import CalendarSheet, list_calendar_sheets
from desk.reads.reader import Reader

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEK, CLOSED, OPEN = "week", "closed", "open"
ENTRIES: Final = (WEEK, CLOSED, OPEN)
Row = dict[str, str]


@dataclass(slots=True)
class Known:
    """The calendars of the office by what a file calls them, with their rows by entry and date."""

    ids: dict[str, int] = field(default_factory=dict)
    weeks: dict[tuple[str, date], Row] = field(default_factory=dict)
    days: dict[tuple[str, date], Row] = field(default_factory=dict)


class Calendars:
    """The table of calendars."""

    code = "calendars"
    columns = ("calendar", "entry", "date", "name", "kind", "hours", *WEEKDAYS)
    needed = ("calendar", "entry", "date")
    in_all = False

    def rows(self, reader: Reader, office_id: int, day: date) -> list[Row]:
        """Return every week, closed date and special opening, by calendar, weeks first, then by date."""
        found: list[Row] = []
        for name, sheet in _named(list_calendar_sheets(reader, office_id)).items():
            days = sorted([*_closed(name, sheet), *_opened(name, sheet)], key=lambda row: row["date"])
            found += [*_weeks(name, sheet), *days]
        return found

    def look_up(self, reader: Reader, office_id: int, day: date) -> Known:
        """Return what there is."""
        known = Known()
        for name, sheet in _named(list_calendar_sheets(reader, office_id)).items():
            known.ids[name] = sheet.id
            known.weeks |= {(name, date.fromisoformat(row["date"])): row for row in _weeks(name, sheet)}
            entries = [*_closed(name, sheet), *_opened(name, sheet)]
            known.days |= {(name, date.fromisoformat(row["date"])): row for row in entries}
        return known

    def step(self, unit: Unit, known: Known, line: Line) -> Step:
        """Return what a row wants."""
        name, entry, day = one_line(line.cells["calendar"]), line.cells["entry"].strip().lower(), _day(line)
        if not name_fits(name):
            raise CellRefused(CellFault.MISSING, "calendar")
        if entry not in ENTRIES:
            raise CellRefused(CellFault.CHOICE, "entry", choices=", ".join(ENTRIES))
        if entry == WEEK:
            return _week_step(known, name, day, line)
        if name not in known.ids:
            raise CellRefused(CellFault.FIRST_WEEK, "calendar")
        return _day_step(known, name, day, entry, line)


def _named(sheets: list[CalendarSheet]) -> dict[str, CalendarSheet]:
    """Return calendars in use by what a file calls them: the name, and the number where several have the same."""
    used = [sheet for sheet in sheets if not sheet.retired]
    names = Counter(one_line(sheet.name) for sheet in used)
    return {calendar_key(sheet.id, sheet.name, alone=names[one_line(sheet.name)] == 1): sheet for sheet in used}


def calendar_key(calendar_id: int, name: str, *, alone: bool) -> str:
    """Return what a file calls a calendar; `alone` it has its name."""
    return one_line(name) if alone else f"{one_line(name)} (#{calendar_id})"


def calendar_keys(reader: Reader, office_id: int) -> dict[str, int]:
    """Return the calendars of an office that are in use by what a file calls them."""
    return {key: sheet.id for key, sheet in _named(list_calendar_sheets(reader, office_id)).items()}


def _weeks(name: str, sheet: CalendarSheet) -> list[Row]:
    return [
        {"calendar": name, "entry": WEEK, "date": each.since.isoformat(), **_typed(each.hours)} for each in sheet.weeks
    ]


def _cell(hours: Sequence[Sequence[int]]) -> str:
    """Return hours as a file has them: with the dash of every keyboard and every encoding."""
    return write_hours(hours, dash="-")


def _typed(hours: list[list[list[int]]]) -> Row:
    return {day: _cell(spans) for day, spans in zip(WEEKDAYS, hours, strict=True)}


def _closed(name: str, sheet: CalendarSheet) -> list[Row]:
    return [
        {"calendar": name, "entry": CLOSED, "date": each.day.isoformat(), "name": each.name, "kind": each.kind.value}
        for each in sheet.closed
    ]


def _opened(name: str, sheet: CalendarSheet) -> list[Row]:
    return [
        {
            "calendar": name, "entry": OPEN, "date": each.day.isoformat(), "name": each.name,
            "hours": _cell(each.hours),
        }
        for each in sheet.opened
    ]  # fmt: skip


def _day(line: Line) -> date:
    found = read_date(line.cells["date"].strip())
    if found is None:
        raise CellRefused(CellFault.DATE, "date")
    return found


def _week_step(known: Known, name: str, since: date, line: Line) -> Step:
    week = _week(known, name, since, line)
    wanted: Row = {day: _cell(spans) for day, spans in zip(WEEKDAYS, week, strict=True)}
    kept = known.weeks.get((name, since), {})
    changed = differences({day: kept.get(day, "") for day in WEEKDAYS}, wanted)
    key, is_new = f"{name} {WEEK} {since}", not kept

    def apply(unit: Unit) -> None:
        if name in known.ids:
            scheduling.change_week_in(unit, known.ids[name], week=week, since=since)
        else:
            known.ids[name] = _added(unit, name, week, since)
        known.weeks[(name, since)] = wanted

    return Step(key, changed, apply, is_new)


def _added(unit: Unit, name: str, week: Week, since: date) -> int:
    try:
        made: int = scheduling.add_calendar_in(unit, name=name, week=week, since=since).facts["calendar"]
    except Refused as refused:
        if refused.details.get("field") != "name":
            raise
        raise Refused(refused.reason, name=name, field="calendar") from refused
    return made


def _week(known: Known, name: str, since: date, line: Line) -> Week:
    """Return the typed week; a day without a column of the file stays as it is."""
    kept = known.weeks.get((name, since), {})
    return tuple(_hours(line.cells.get(day, kept.get(day, "")), day) for day in WEEKDAYS)


def _hours(text: str, column: str) -> tuple[Interval, ...]:
    try:
        return read_hours(text)
    except Refused as refused:
        raise Refused(refused.reason, field=column) from refused


def _day_step(known: Known, name: str, day: date, entry: str, line: Line) -> Step:
    kept = known.days.get((name, day), {})
    wanted = _entry(entry, kept, line)
    names = ("entry", "name", "kind", "hours")
    changed = differences(
        {each: kept.get(each, "") for each in names}, {each: wanted.get(each, "") for each in names}
    )  # fmt: skip
    calendar_id = known.ids[name]

    def apply(unit: Unit) -> None:
        if kept:
            scheduling.clear_day_in(unit, calendar_id, day=day)
        _write(calendar_id, day, wanted)(unit)
        known.days[(name, day)] = wanted

    return Step(f"{name} {day}", changed, apply, not kept)


def _entry(entry: str, kept: Row, line: Line) -> Row:
    """Return the wanted entry, as a row has it; raises where a name, a kind or hours cannot be."""
    name = one_line(line.cells.get("name", kept.get("name", "")))
    if not name_fits(name):
        raise Refused(Reason.NAME_UNFIT, field="name")
    if entry == CLOSED:
        kind = line.cells.get("kind", kept.get("kind", "")).strip().lower() or ClosureKind.OWN.value
        if kind not in {each.value for each in ClosureKind}:
            raise CellRefused(CellFault.CHOICE, "kind", choices=", ".join(each.value for each in ClosureKind))
        return {"entry": CLOSED, "name": name, "kind": kind}
    hours = _hours(line.cells.get("hours", kept.get("hours", "")), "hours")
    if not hours:
        raise Refused(Reason.NO_OPEN_HOURS, field="hours")
    return {"entry": OPEN, "name": name, "hours": _cell(hours)}


def _write(calendar_id: int, day: date, wanted: Row) -> Callable[[Unit], object]:
    name = wanted["name"]
    if wanted["entry"] == CLOSED:
        closed = ClosedDay(day, name, ClosureKind(wanted["kind"]))
        return lambda unit: scheduling.close_days_in(unit, calendar_id, [closed])
    hours = read_hours(wanted["hours"])
    return lambda unit: scheduling.open_specially_in(unit, calendar_id, day=day, name=name, hours=hours)
