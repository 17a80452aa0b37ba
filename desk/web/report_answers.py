"""Working a report out for a page or a file: the question, the facts, the tables, their pictures and words."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from flask_babel import format_date, gettext
from sqlalchemy import Connection

from desk.reads.report_names import Names, find_people, get_names
from desk.reports.asking import Question
from desk.reports.facts import Facts, load_facts
from desk.reports.handed_on import handoff_tables
from desk.reports.heads import get_head
from desk.reports.kinds import Duties, Handoffs, Kinds, Legs, Transactions
from desk.reports.tables import By, Table
from desk.reports.waiting import waiting_tables
from desk.reports.work import work_tables
from desk.web.context import language
from desk.web.report_charts import Chart, charts_of
from desk.web.report_grid import Grid, grid_of
from desk.web.report_question import Asked, read_question
from desk.web.report_words import Shown, shown
from desk.wording.reports import METHODS, PEOPLE, PERCENTILES

# More events than this since the report days were made are not worked out while somebody waits for a page.
MOST_BEHIND: Final = 100_000

KINDS: Final[dict[str, Kinds]] = {
    "waiting": (Transactions,),
    "work": (Transactions, Legs, Duties),
    "handoffs": (Handoffs,),
}


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
            self.names.counters.get(question.counter_id),
            self.names.people.get(question.officer_id),
        )
        return [each for each in named if each]

    @property
    def file_name(self) -> str:
        """The part of a file's name that tells the days."""
        return f"{self.asked.question.since.isoformat()}-{self.asked.question.until.isoformat()}"


def answer(reader: Connection, office_id: int, report: str, *, at: datetime) -> Answer:
    """Answer the question of this request."""
    asked, names = read_question(reader, office_id, at), get_names(reader, office_id)
    methods = [gettext(each) for each in (*METHODS[report], PERCENTILES, PEOPLE)]
    behind = get_head(reader, office_id).behind
    if asked.wrong or behind > MOST_BEHIND:
        return Answer(asked, names, methods, missing=behind if behind > MOST_BEHIND else 0)
    question = asked.question
    facts = load_facts(reader, office_id, question.since, question.until, at=at, kinds=KINDS[report])
    tables = _tables(report, facts, question, names)
    names.people.update(find_people(reader, _people(tables) - names.people.keys()))
    found = [shown(each, names, language()) for each in tables if each.by is not By.HOUR or report == "waiting"]
    grid = next((grid_of(each) for each in tables if each.by is By.HOUR), None)
    return Answer(asked, names, methods, found, charts_of(report, found), grid)


def _tables(report: str, facts: Facts, question: Question, names: Names) -> list[Table]:
    ways: dict[str, Callable[[], list[Table]]] = {
        "waiting": lambda: waiting_tables(facts, question, names.promises),
        "work": lambda: work_tables(facts, question),
        "handoffs": lambda: handoff_tables(facts, question),
    }
    return ways[report]()


def _people(tables: list[Table]) -> set[int]:
    """Return everybody a line is about."""
    found: set[int] = set()
    for table in tables:
        for line in table.lines:
            match line.key:
                case (giver, to):
                    found |= {giver, to} if to > 0 else {giver}
                case int() if table.by is By.OFFICER:
                    found.add(line.key)
                case _:
                    pass
    return found if any(table.by in (By.OFFICER, By.PAIR) for table in tables) else set()
