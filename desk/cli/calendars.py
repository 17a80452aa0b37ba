"""`desk calendar`: dates on which an office is closed, from a file or from the holidays of a year."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from desk.cli.opening import OpenDesk, get_office, opened
from desk.cli.refusing import DOES_NOT_HOLD, Trouble, say
from desk.domain.access import SYSTEM
from desk.domain.closures import ClosureKind, Row, read_rows
from desk.operations.requests import Request
from desk.operations.settings.scheduling import ClosedDay, close_days
from desk.reads.calendar_sheets import CalendarSheet, list_calendar_sheets
from desk.reads.national_holidays import FIRST_YEAR, LAST_YEAR, Holiday, list_holidays
from desk.reads.office_day import get_day
from desk.wording.reasons import CLOSURE_KINDS, ROW_FAULTS


@click.group()
def calendar() -> None:
    """Close calendars on dates: collective leave from a file, public holidays of a year."""


_OFFICE = click.option("--office", "code", metavar="CODE", help="Of which office; the first one unless given.")
_CALENDAR = click.option("--calendar", "name", metavar="NAME", help="Which calendar, by name or id; may be left out "
                         "where there is only one.")  # fmt: skip


@calendar.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_OFFICE
@_CALENDAR
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in CLOSURE_KINDS]),
    default="collective",
    help="What the dates are.",
)
@click.option("--keep-good", is_flag=True, help="Take the good lines over although others are refused.")
def import_command(file: Path, code: str | None, name: str | None, kind: str, *, keep_good: bool) -> None:
    """Close a calendar on the dates of FILE: a date and a name on each line, as CSV.

    Refused lines are told one by one on standard error. Then nothing is changed and the exit code is 1, unless
    --keep-good is given.
    """
    with opened() as desk:
        office_id, sheet = _chosen(desk, code, name)
        closed = sheet.days
        with desk.streams.reading() as connection:
            today = get_day(connection, office_id, at=datetime.now(UTC)).today
        rows = read_rows(file.read_bytes(), closed=closed, today=today)
        refused = [row for row in rows if row.fault is not None]
        for row in refused:
            click.echo(_told(row), err=True)
        days = [ClosedDay(row.day, row.name, ClosureKind(kind)) for row in rows if row.day is not None]
        if refused and not keep_good:
            click.echo(f"{len(refused)} of {len(rows)} lines refused. Nothing was changed.", err=True)
            raise SystemExit(DOES_NOT_HOLD)
        _close(desk, office_id, sheet, days)


@calendar.command("holidays")
@click.option("--year", required=True, type=click.IntRange(FIRST_YEAR, LAST_YEAR), help="Of which year.")
@_OFFICE
@_CALENDAR
@click.option("--apply", "applied", is_flag=True, help="Close the calendar on these dates; without it, only show them.")
def holidays_command(year: int, code: str | None, name: str | None, *, applied: bool) -> None:
    """Show the public holidays and the collective leave of a year, and take over those the calendar lacks (--apply)."""
    with opened() as desk:
        office_id, sheet = _chosen(desk, code, name)
        known = sheet.days
        found = list_holidays(year)
        for each in found:
            say(_shown(each, known=each.day in known))
        if applied:
            _close(desk, office_id, sheet, [ClosedDay(each.day, each.name, each.kind) for each in found
                                            if each.day not in known])  # fmt: skip


def _chosen(desk: OpenDesk, code: str | None, name: str | None) -> tuple[int, CalendarSheet]:
    with desk.streams.reading() as connection:
        office = get_office(connection, code)
        sheets = [each for each in list_calendar_sheets(connection, office.id) if not each.retired]
    fitting = [each for each in sheets if name is None or name in (each.name, str(each.id))]
    if len(fitting) != 1:
        known = ", ".join(f"{each.id} {each.name!r}" for each in sheets) or "none"
        raise Trouble(f"Name one calendar of {office.code} with --calendar. There are: {known}.")
    return office.id, fitting[0]


def _close(desk: OpenDesk, office_id: int, sheet: CalendarSheet, days: list[ClosedDay]) -> None:
    if not days:
        say("There is nothing to take over.")
        return
    done: Any = close_days(desk.streams, office_id, sheet.id, Request(SYSTEM, "import_days"), days=days)
    say(f"{len(days)} dates are closed now in {sheet.name!r}, version {done.facts['version']}.")


def _told(row: Row) -> str:
    why = ROW_FAULTS[row.fault] if row.fault is not None else ""
    return f"line {row.line}: {row.text!r}: {why}"


def _shown(holiday: Holiday, *, known: bool) -> str:
    mark = " (in the calendar already)" if known else ""
    return f"{holiday.day}  {CLOSURE_KINDS[holiday.kind]:<16} {holiday.name}{mark}"
