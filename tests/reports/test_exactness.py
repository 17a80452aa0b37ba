"""Reports are exactly what the events say, whatever happened and however far the report days are made.

Random days as in `tests/operations/test_random_days.py`, with somebody bringing report days up to date now and then.
"""

from collections.abc import Callable
from dataclasses import fields
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from desk.models import EventRow
from desk.reports.asking import Question
from desk.reports.checking import examine_days
from desk.reports.facts import Facts, load_facts
from desk.reports.handed_on import handoff_tables
from desk.reports.keeping import refresh
from desk.reports.snapshot import snapshot
from desk.reports.tables import Table
from desk.reports.waiting import waiting_tables
from desk.reports.work import work_tables
from tests.fixtures.databases import FreshDatabase
from tests.fixtures.office import DeskOffice, prepare_office
from tests.operations.test_random_days import RandomDay
from tests.reports import brute_force as brute

SINCE, UNTIL = date(2026, 1, 1), date(2027, 1, 1)
QUESTION = Question(SINCE, UNTIL)
PROMISES = {1: 300, 2: 1, 3: 900}


def load(office: DeskOffice, since: date = SINCE, until: date = UNTIL) -> Facts:
    with snapshot(office.engine) as connection:
        return load_facts(connection, office.id, since, until, at=office.clock.now)


def rows_of(facts: Facts, kind: Any) -> list[tuple[Any, ...]]:
    """The rows of a kind, its words as texts."""
    columns = [getattr(kind, each.name) for each in fields(kind)]
    texts = [
        [facts.words[code] for code in column] if column.dtype == "int16" else column.tolist() for column in columns
    ]
    return sorted(zip(*texts, strict=True))


def compare(office: DeskOffice) -> None:
    """The facts, and the tables made of them, are what counting one by one gives."""
    told, at = brute.tell(office.rows(EventRow), office.id), brute._micros(office.clock.now)
    facts = load(office)
    assert rows_of(facts, facts.transactions) == sorted(brute.transaction_rows(told, at))
    assert rows_of(facts, facts.legs) == sorted(brute.leg_rows(told, at))
    assert rows_of(facts, facts.handoffs) == sorted(brute.handoff_rows(told, at))
    assert rows_of(facts, facts.calls) == sorted(brute.call_rows(told, at))
    assert rows_of(facts, facts.duties) == sorted(brute.duty_rows(told, at))
    compare_tables(facts, told, at)
    compare_part(office, facts)


def compare_tables(facts: Facts, told: brute.Told, at: int) -> None:
    waiting = {each.name: lines(each) for each in waiting_tables(facts, QUESTION, PROMISES)}
    keys: dict[str, Callable[[brute.Story], Any]] = {
        "all": lambda story: 0,
        "service": lambda story: story.first_service,
        "hour": lambda story: (brute.wall(story.opened_at).weekday(), brute.wall(story.opened_at).hour),
        "month": lambda story: brute.wall(story.opened_at).year * 12 + brute.wall(story.opened_at).month - 1,
    }
    for name, key in keys.items():
        assert waiting[name] == brute.waiting_lines(told, at, PROMISES, key), name
    served = brute.served_lines(told, at)
    veiled = {key: values if values[0] >= 5 else (None,) * 8 for key, values in served.items()}
    assert lines(named(work_tables(facts, QUESTION), "officer")) == veiled
    pairs = brute.pair_lines(told, at)
    few = {key: values if values[0] >= 5 else (None,) * 13 for key, values in pairs.items()}
    assert lines(named(handoff_tables(facts, QUESTION), "pair")) == few


def compare_part(office: DeskOffice, facts: Facts) -> None:
    """A few of the days hold what these days hold of the whole."""
    first, last = date(2026, 3, 2), date(2026, 3, 3)
    part = load(office, first, last)
    for kind in ("transactions", "legs", "handoffs", "calls", "duties"):
        day = [each.name for each in fields(getattr(facts, kind))].index("day")
        wanted = [
            row for row in rows_of(facts, getattr(facts, kind)) if first.toordinal() <= row[day] <= last.toordinal()
        ]
        assert rows_of(part, getattr(part, kind)) == wanted


def named(tables: list[Table], name: str) -> Table:
    return next(each for each in tables if each.name == name)


def lines(table: Table) -> dict[Any, tuple[Any, ...]]:
    return {line.key: line.values for line in table.lines}


class RandomReports(RandomDay):
    """Random days in which report days are made while work goes on."""

    @rule(events=st.integers(1, 40))
    def make_days(self, events: int) -> None:
        refresh(self.office.engine, self.office.id, at=self.office.clock.now, bite=events)

    def teardown(self) -> None:
        """Everything agrees as it stands, once all days are made, and the doctor of the days finds nothing."""
        office = self.office
        try:
            compare(office)
            while refresh(office.engine, office.id, at=office.clock.now, bite=50):
                pass
            compare(office)
            with snapshot(office.engine) as connection:
                assert examine_days(connection, sample=100) == []
        finally:
            office.engine.dispose()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("database_kind", "days", "steps"), [("sqlite", 6, 40), ("postgres", 3, 30)], indirect=["database_kind"]
)
def test_reports_of_random_days(fresh_database: FreshDatabase, days: int, steps: int) -> None:
    RandomReports.open_office = lambda: DeskOffice(fresh_database(prepare_office))

    run_state_machine_as_test(
        RandomReports,
        settings=settings(max_examples=days, stateful_step_count=steps, suppress_health_check=list(HealthCheck)),
    )
