"""Services as a table: a row for each service in use, known by the letter of its numbers.

A letter that no service in use has makes a new one. Nothing is retired by a file, and a letter is changed on the page
of its service only: in a file it would be another service.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from sqlalchemy import select

from desk.domain.refusals import Refused
from desk.domain.services import (
    ICONS,
    LETTER,
    LONGEST_WAIT_MINUTES,
    MOST_NUMBERS,
    NAMES,
    TEXTS,
    Plan,
    checked_steps,
    tidied,
)
from desk.domain.slips import BOUNDS
from desk.domain.tables import CellFault, CellRefused, Line
from desk.domain.texts import one_line
from desk.models import Person, Service
from desk.operations.settings import keeping_services
from desk.operations.settings.console_limits import OF_SERVICE, apply_of_service
from desk.operations.stream import Unit
from desk.operations.table_imports.calendars import calendar_keys
from desk.operations.table_imports.carrying_out import Step, differences
from desk.reads.calendars import kept_on, list_spans
from desk.reads.reader import Reader

SERVICES: Any = Service.__table__
FIGURES: Final = ("wait_minutes", "steps", "quota", "icon", "calendar", "head", "no_show_calls", "no_show_seconds")
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Known:
    """The services in use by letter as a file has them, with their ids; calendars and people by what a file says."""

    rows: Mapping[str, Row]
    ids: Mapping[str, int]
    calendars: Mapping[str, int]
    people: Mapping[str, int]


class Services:
    """The table of services."""

    code = "services"
    columns = ("letter", *TEXTS, *FIGURES)
    needed = ("letter",)
    in_all = False

    def rows(self, reader: Reader, office_id: int, day: date) -> list[Row]:
        """Return the services in use, in their order."""
        return [row for row, _ in _kept(reader, office_id, day)]

    def look_up(self, reader: Reader, office_id: int, day: date) -> Known:
        """Return what there is."""
        kept = _kept(reader, office_id, day)
        people = reader.execute(select(Person.username, Person.id)).tuples().all()
        return Known(
            {row["letter"]: row for row, _ in kept},
            {row["letter"]: service_id for row, service_id in kept},
            calendar_keys(reader, office_id),
            dict(people),
        )

    def step(self, unit: Unit, known: Known, line: Line) -> Step:
        """Return what a row wants."""
        letter = one_line(line.cells["letter"]).upper()
        if LETTER.fullmatch(letter) is None:
            raise CellRefused(CellFault.MISSING if not letter else CellFault.CHOICE, "letter", choices="A … ZZZ")
        kept = known.rows.get(letter)
        values = _values(known, line)
        given = {name: _written(name, values, line) for name in line.cells if name != "letter"}
        changed = differences(kept or {}, given)
        if kept is None:
            plan = _plan(letter, values, line)
            return Step(letter, changed, lambda unit: _add(unit, plan, values), is_new=True)
        wanted = {_SET[each.column]: values[_SET[each.column]] for each in changed}
        return Step(letter, changed, lambda unit: _change(unit, known.ids[letter], wanted))


_SET: Final[dict[str, str]] = {
    **{name: name for name in TEXTS},
    "wait_minutes": "wait_promise_s",
    "steps": "completion_steps",
    "quota": "daily_quota",
    "icon": "icon",
    "calendar": "calendar_id",
    "head": "head_id",
    "no_show_calls": "no_show_calls",
    "no_show_seconds": "no_show_after_s",
}
# What a new service needs at least.
_FIRST: Final = (*sorted(NAMES), "calendar", "head")


def _kept(reader: Reader, office_id: int, day: date) -> list[tuple[Row, int]]:
    query = select(SERVICES, Person.username).join(Person, Person.id == SERVICES.c.head_id)
    mine = (SERVICES.c.office_id == office_id, SERVICES.c.retired.is_(False))
    found = reader.execute(query.where(*mine).order_by(SERVICES.c.position, SERVICES.c.id)).all()
    names = {calendar_id: key for key, calendar_id in calendar_keys(reader, office_id).items()}
    on_day = {service_id: kept_on(spans, day) for service_id, spans in list_spans(reader, office_id).items()}
    return [(_row(each, names[on_day[each.id]]), each.id) for each in found]


def _row(row: Any, calendar: str) -> Row:
    return {
        "letter": row.series,
        **{name: getattr(row, name) for name in TEXTS},
        "wait_minutes": _minutes(row.wait_promise_s),
        "steps": _steps(row.completion_steps),
        "quota": _number(row.daily_quota),
        "icon": row.icon,
        "calendar": calendar,
        "head": row.username,
        "no_show_calls": _number(row.no_show_calls),
        "no_show_seconds": _number(row.no_show_after_s),
    }


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _add(unit: Unit, plan: Plan, values: Mapping[str, Any]) -> None:
    service_id = keeping_services.add_in(unit, plan)
    _limit(unit, service_id, {name: value for name, value in values.items() if value is not None})


def _change(unit: Unit, service_id: int, wanted: Mapping[str, Any]) -> None:
    keeping_services.change_in(unit, service_id, {name: to for name, to in wanted.items() if name not in OF_SERVICE})
    _limit(unit, service_id, wanted)


def _limit(unit: Unit, service_id: int, wanted: Mapping[str, Any]) -> None:
    """Set when a called visitor of a service has not come, as far as a row says so."""
    limits = {name: wanted[name] for name in OF_SERVICE if name in wanted}
    if limits:
        apply_of_service(unit, service_id, limits)


def _minutes(seconds: int) -> str:
    return f"{(Decimal(seconds) / 60).normalize():f}" if seconds % 3 == 0 else f"{seconds} s"


def _steps(steps: Iterable[Sequence[int]]) -> str:
    return "; ".join(f"{most}={days}" for most, days in steps)


def _values(known: Known, line: Line) -> dict[str, Any]:
    """Return what the cells of a row say, by the names of `Plan.values`; raises `CellRefused` and `Refused`."""
    read: dict[str, Callable[[str], Any]] = {
        "wait_minutes": _read_wait,
        "steps": _read_steps,
        "quota": lambda cell: _read_number(cell, "quota", 1, MOST_NUMBERS),
        "no_show_calls": lambda cell: _read_number(cell, "no_show_calls", *BOUNDS["no_show_calls"]),
        "no_show_seconds": lambda cell: _read_number(cell, "no_show_seconds", *BOUNDS["no_show_after_s"]),
        "icon": _read_icon,
        "calendar": lambda cell: _looked_up(cell, known.calendars, CellFault.CALENDAR, "calendar"),
        "head": lambda cell: _looked_up(cell.lower(), known.people, CellFault.PERSON, "head"),
    }
    found = {_SET[name]: read[name](line.cells[name].strip()) for name in FIGURES if name in line.cells}
    texts = {name: line.cells[name] for name in TEXTS if name in line.cells}
    return {**found, **tidied(texts)}


def _written(name: str, values: Mapping[str, Any], line: Line) -> str:
    """Return a cell as `_row` writes what it says."""
    value = values[_SET[name]]
    match name:
        case "wait_minutes":
            return _minutes(value)
        case "steps":
            return _steps(value)
        case "quota" | "no_show_calls" | "no_show_seconds":
            return _number(value)
        case "calendar":
            return one_line(line.cells[name])
        case "head":
            return line.cells[name].strip().lower()
        case _:
            return str(value)


def _read_wait(cell: str) -> int:
    seconds = re.fullmatch(r"(\d{1,6}) s", cell)
    if seconds is not None:
        return int(seconds[1])
    try:
        whole = Decimal(cell.replace(",", ".")) * 60
    except InvalidOperation as error:
        raise CellRefused(CellFault.NUMBER, "wait_minutes") from error
    if not whole.is_finite() or whole != whole.to_integral_value() or not 60 <= whole <= LONGEST_WAIT_MINUTES * 60:
        raise CellRefused(CellFault.NUMBER, "wait_minutes")
    return int(whole)


def _read_steps(cell: str) -> list[list[int]]:
    parts = [part.strip() for part in re.split(r"[;\n]", cell) if part.strip()]
    found = [re.fullmatch(r"(\d{1,6})\s*[=: ]\s*(\d{1,4})", part) for part in parts]
    if not all(found):
        raise CellRefused(CellFault.STEPS, "steps")
    try:
        steps = checked_steps([(int(each[1]), int(each[2])) for each in found if each is not None])
    except Refused as refused:
        raise CellRefused(CellFault.STEPS, "steps") from refused
    return [list(each) for each in steps]


def _read_number(cell: str, column: str, least: int, most: int) -> int | None:
    if not cell:
        return None
    if not re.fullmatch(r"[0-9]{1,4}", cell) or not least <= int(cell) <= most:
        raise CellRefused(CellFault.NUMBER, column)
    return int(cell)


def _read_icon(cell: str) -> str:
    if not cell:
        return ICONS[0]
    if cell not in ICONS:
        raise CellRefused(CellFault.CHOICE, "icon", choices=", ".join(ICONS))
    return cell


def _looked_up(cell: str, known: Mapping[str, int], fault: CellFault, column: str) -> int:
    name = one_line(cell)
    if not name:
        raise CellRefused(CellFault.MISSING, column)
    if name not in known:
        raise CellRefused(fault, column, name=name)
    return known[name]


def _plan(letter: str, values: Mapping[str, Any], line: Line) -> Plan:
    """Return a new service; raises `CellRefused` where the file has not what it needs."""
    for name in _FIRST:
        if not line.cells.get(name, "").strip():
            raise CellRefused(CellFault.MISSING, name)
    given = {name: values[name] for name in ("wait_promise_s", "daily_quota", "icon") if name in values}
    steps = tuple((most, days) for most, days in values.get("completion_steps", ()))
    texts = {name: values[name] for name in TEXTS if name in values}
    return Plan(letter, texts, values["calendar_id"], values["head_id"], completion_steps=steps, **given)
