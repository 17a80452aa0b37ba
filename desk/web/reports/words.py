"""The tables of a report in words and figures, in the language of the request."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from flask_babel import format_date, format_decimal, format_percent, gettext, ngettext

from desk.reads.report_names import Names
from desk.reports.tables import By, Line, Table, To, Unit, Value
from desk.web.counter_words import called
from desk.web.reports.sheets import span
from desk.web.supervision.timeline import word
from desk.wording.reports import COLUMNS, SUBJECTS, TABLES

SECOND: Final = 1_000_000
NOTHING: Final = "–"


@dataclass(frozen=True, slots=True)
class Shown:
    """A table ready for a page: `lines` are (what it is about, figures), `ordered` the same lines as counted."""

    name: str
    by: str
    caption: str
    head: tuple[str, ...]
    lines: list[tuple[str, list[str]]]
    ordered: list[Line]
    raw: Table

    @property
    def columns(self) -> list[str | tuple[str, str]]:
        """The head as the table macro takes it."""
        return [self.head[0], *((each, "number") for each in self.head[1:])]

    @property
    def told(self) -> list[tuple[str, list[str]]]:
        """The lines of a page: those of too few are one, since each would say only that; files have them all."""
        kept = [line for line, counted in zip(self.lines, self.ordered, strict=True) if not counted.few]
        few = len(self.lines) - len(kept)
        if few < 2:
            return self.lines
        last = (
            ngettext("%(num)d pair", "%(num)d pairs", few)
            if self.raw.by is By.PAIR
            else ngettext("%(num)d line", "%(num)d lines", few)
        )
        return [*kept, (last, [gettext("under 5"), *[""] * (len(self.head) - 2)])]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The figures of the first line, each with its name."""
        return list(zip(self.lines[0][1], self.head[1:], strict=True))


def shown(table: Table, names: Names, language: str) -> Shown:
    """Return a table in words."""
    subject = subjects(table, names, language)
    few = gettext("under 5")
    units = [unit for _, unit in table.columns]
    ordered = list(table.lines)
    if table.by in (By.OFFICER, By.PAIR, By.PLACE):
        ordered.sort(key=lambda line: subject(line.key).casefold())
    lines = [
        (subject(line.key), [few, *[""] * (len(units) - 1)] if line.few else list(map(figure, line.values, units)))
        for line in ordered
    ]
    head = (gettext(SUBJECTS[table.by]), *(gettext(COLUMNS[name]) for name, _ in table.columns))
    return Shown(table.name, table.by.value, gettext(TABLES[table.name]), head, lines, ordered, table)


def figure(value: Value, unit: Unit) -> str:
    """Return a figure as people read it."""
    if value is None:
        return NOTHING
    match unit:
        case Unit.COUNT:
            return str(format_decimal(value))
        case Unit.SHARE:
            return str(format_percent(value, "0.0%" if value < 1 else "0%"))
        case _:
            return length(int(value))


def length(value: int) -> str:
    """Return a length of time in words, from microseconds: 45 s, 12 min 5 s, 1 h 5 min, 3 d 4 h."""
    return span(value // SECOND)


def subjects(table: Table, names: Names, language: str) -> Callable[[Any], str]:
    """Return what says in words what a line is about."""
    unknown = gettext("Somebody or something removed")

    def service(key: int) -> str:
        return names.services.get(key, {}).get(language, unknown)

    def person(key: int) -> str:
        return names.people.get(key, unknown)

    def place(key: tuple[To, int]) -> str:
        match key:
            case To.QUEUE, number:
                return gettext("queue %(service)s", service=service(number))
            case To.POOL, number:
                return gettext("pool %(pool)s", pool=names.pools.get(number, unknown))
            case _, number:
                return person(number)

    def pair(key: tuple[int, To, int]) -> str:
        return f"{person(key[0])} → {place(key[1:])}"

    words: dict[By, Callable[[Any], str]] = {
        By.ALL: lambda _: gettext("All"),
        By.SERVICE: service,
        By.COUNTER: lambda key: called(names.counters.get(key, unknown)),
        By.OFFICER: person,
        By.PAIR: pair,
        By.PLACE: place,
        By.HOUR: lambda key: f"{weekday(key[0])} {hour(key[1])}",
        By.DAY: lambda key: format_date(date.fromordinal(key), gettext("EEE d MMM y")),
        By.MONTH: month,
    }
    return words.get(table.by, word)


def weekday(number: int) -> str:
    """Return the short name of a weekday, Monday being 0."""
    return str(format_date(date(2024, 1, 1 + number), "EEE"))


def hour(number: int) -> str:
    """Return an hour of the day as the office writes it."""
    return gettext("%(hour)02d:00", hour=number)


def month(key: int) -> str:
    """Return the name of a month."""
    return str(format_date(date(key // 12, key % 12 + 1, 1), "MMM y"))
