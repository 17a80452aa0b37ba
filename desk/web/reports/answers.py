"""Working a report out for a page or a file: the question, the facts, the tables, their pictures and words."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeAlias

from flask_babel import format_date, gettext
from sqlalchemy import Connection

from desk.reads.report_names import Names, find_people, get_names
from desk.reports import handed_on, waiting, work
from desk.reports.asking import Question
from desk.reports.facts import Facts, load_facts
from desk.reports.heads import get_head
from desk.reports.kinds import Duties, Handoffs, Kinds, Legs, Transactions
from desk.reports.tables import By, Table, To, Unit
from desk.web.context import language
from desk.web.counter_words import called
from desk.web.reports.charts import Chart, charts_of
from desk.web.reports.grid import Grid, grid_of
from desk.web.reports.question import Asked, read_question
from desk.web.reports.words import Shown, shown
from desk.wording.reports import METHODS, PEOPLE, PERCENTILES

Columns: TypeAlias = tuple[tuple[str, Unit], ...]

# More events than this since the report days were made are not worked out while somebody waits for a page.
MOST_BEHIND: Final = 100_000

KINDS: Final[dict[str, Kinds]] = {
    "waiting": (Transactions,),
    "work": (Transactions, Legs, Duties),
    "handoffs": (Handoffs,),
}
# The columns that the tables of a report read; the others stay where they are.
ONLY: Final[dict[str, dict[type, frozenset[str]]]] = {
    "waiting": {
        Transactions: frozenset((
            "day", "hour", "weekday", "first_service", "first_counter", "first_officer", "state", "ending",
            "until_served", "first_wait", "handoff_wait", "processing", "paused", "total", "wait_promised",
        )),
    },
    "work": {
        Transactions: frozenset((
            "day", "first_service", "first_counter", "first_officer", "service", "waiting", "called", "serving",
            "processing", "paused", "total",
        )),
        Legs: frozenset(("day", "officer", "counter", "service", "state", "length", "pool", "finished")),
    },
    "handoffs": {},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """A report ready to be shown; `missing` says how many events are not worked out yet, if too many are."""

    asked: Asked
    names: Names
    methods: list[str]
    tables: list[Shown] = field(default_factory=list)
    charts: dict[str, Chart] = field(default_factory=dict)
    grid: Grid | None = None
    missing: int = 0

    @property
    def days(self) -> str:
        """The days in words."""
        first, last = self.asked.question.since, self.asked.question.until
        return str(format_date(first)) if first == last else f"{format_date(first)} – {format_date(last)}"

    @property
    def only(self) -> list[str]:
        """What the report is narrowed to, in words."""
        question = self.asked.question
        named = (
            self.names.services.get(question.service_id, {}).get(language()),
            called(self.names.counters.get(question.counter_id)),
            self.names.people.get(question.officer_id),
        )
        return [each for each in named if each]

    @property
    def file_name(self) -> str:
        """The part of a file's name that tells the days."""
        return f"{self.asked.question.since.isoformat()}-{self.asked.question.until.isoformat()}"


def answer(reader: Connection, office_id: int, report: str, *, at: datetime) -> Answer:
    """Answer the question of this request."""
    names = get_names(reader, office_id)
    asked = read_question(reader, office_id, at, names)
    methods = [gettext(each) for each in (*METHODS[report], PERCENTILES, PEOPLE)]
    behind = get_head(reader, office_id).behind
    if asked.wrong or behind > MOST_BEHIND:
        return Answer(asked, names, methods, missing=behind if behind > MOST_BEHIND else 0)
    question = asked.question
    facts = load_facts(reader, office_id, question.since, question.until, at=at, kinds=KINDS[report], only=ONLY[report])
    tables = _tables(report, facts, question, names)
    names.people.update(find_people(reader, _people(tables) - names.people.keys()))
    found = [shown(each, names, language()) for each in tables if each.by is not By.HOUR or report == "waiting"]
    grid = next((grid_of(each) for each in tables if each.by is By.HOUR), None)
    return Answer(asked, names, methods, found, charts_of(report, found), grid)


def table_of(found: Answer, report: str, name: str) -> Shown | None:
    """Return one table of an answer, without lines where nothing happened; None if there is no such table."""
    there = next((each for each in found.tables if each.name == name), None)
    columns = _columns(report, found.asked.question).get(name)
    # A long time has no table of days and a short one none of months, although much happened.
    if there or columns is None or found.missing or (found.tables and name in (By.DAY, By.MONTH)):
        return there
    by = {"spent": By.SERVICE, work.BEHIND: By.OFFICER}.get(name) or By(name)
    return shown(Table(name, by, columns, ()), found.names, language())


def _columns(report: str, question: Question) -> dict[str, Columns]:
    """Return the columns of all tables that a report can have."""
    times = (By.DAY, By.MONTH)
    match report:
        case "waiting":
            return _alike(waiting.COLUMNS, By.ALL, By.SERVICE, By.COUNTER, By.OFFICER, By.HOUR, *times)
        case "work":
            manned = work.SERVED if question.service_id else work.SERVED + work.MANNED
            served = _alike(manned, By.ALL, By.OFFICER, By.COUNTER) | _alike(work.SERVED, By.SERVICE, *times)
            processed = work.PROCESSED if question.service_id else work.PROCESSED + work.MANNED
            behind = {} if question.counter_id else {work.BEHIND: processed}
            return {**served, **behind, "spent": work.SPENT}
        case _:
            handed = _alike(handed_on.COLUMNS, By.ALL, By.PAIR, By.KIND, By.REASON, *times)
            return handed | _alike(handed_on.PLACES, By.PLACE) | _alike(handed_on.DECLINES, By.DECLINE)


def _alike(columns: Columns, *names: By) -> dict[str, Columns]:
    return {name.value: columns for name in names}


def _tables(report: str, facts: Facts, question: Question, names: Names) -> list[Table]:
    ways: dict[str, Callable[[], list[Table]]] = {
        "waiting": lambda: waiting.waiting_tables(facts, question, names.promises),
        "work": lambda: work.work_tables(facts, question),
        "handoffs": lambda: handed_on.handoff_tables(facts, question),
    }
    return ways[report]()


def _people(tables: list[Table]) -> set[int]:
    """Return everybody a line is about; other tables' keys are numbers too, but not of people."""
    found: set[int] = set()
    for table in tables:
        for line in table.lines:
            match table.by, line.key:
                case By.PAIR, (int(giver), to, int(number)):
                    found |= {giver, number} if to is To.PERSON else {giver}
                case By.OFFICER, int(officer):
                    found.add(officer)
                case _:
                    pass
    return found
