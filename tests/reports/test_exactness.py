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
from sqlalchemy import update

from desk.models import EventRow, Service
from desk.reports.asking import Question
from desk.reports.checking import examine_days
from desk.reports.consistency import by_handoffs, figures_of
from desk.reports.facts import Facts, load_facts
from desk.reports.fairness import SHOWN
from desk.reports.handed_on import handoff_tables
from desk.reports.keeping import refresh
from desk.reports.late_work import list_late_work, works_of
from desk.reports.snapshot import snapshot
from desk.reports.tables import Table
from desk.reports.undue_waits import list_late, load_waits
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
    compare_promises(office, facts, told, at)
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
    processed = brute.processed_lines(told, at)
    veiled = {key: values if values[0] >= 5 else (None,) * 9 for key, values in processed.items()}
    assert lines(named(work_tables(facts, QUESTION), "behind")) == veiled
    pairs = brute.pair_lines(told, at)
    few = {key: values if values[0] >= 5 else (None,) * 16 for key, values in pairs.items()}
    tables = {each.name: lines(each) for each in handoff_tables(facts, QUESTION)}
    assert tables.get("pair", {}) == few
    assert tables.get("place", {}) == brute.place_lines(told, at)


def compare_promises(office: DeskOffice, facts: Facts, told: brute.Told, at: int) -> None:
    """Undue waits, late work and how the promise was kept with handoffs."""
    promises = {row.id: row.wait_promise_s for row in office.rows(Service)}
    with snapshot(office.engine) as connection:
        waits, works = load_waits(connection, facts), works_of(facts)
        visits = list_late(connection, waits, waits.listed(0))
        late = list_late_work(connection, works, works.listed(0))
        figures = figures_of(by_handoffs(waits), "work_kept")
    assert {each.transaction_id: (each.waited_s, each.promised_s) for each in visits} == brute.late_waits(
        told, at, promises
    )
    assert {
        each.transaction_id: (each.days, each.allowed_s, each.used_s, each.ended_at and brute._micros(each.ended_at))
        for each in late
    } == brute.late_work(told, at)
    assert [each.over_s for each in late] == sorted((each.over_s for each in late), reverse=True)
    kept = brute.work_kept(told, at)
    assert {each.handoffs: each.count for each in figures} == {group: len(values) for group, values in kept.items()}
    for each in figures:
        values = kept[each.handoffs]
        assert (each.estimate and each.estimate.value) == (
            pytest.approx(sum(values) / len(values)) if len(values) >= SHOWN else None
        )


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


def prepare_hasty_office(url: str) -> None:
    """Make the office with promises of few working days, so that some are passed within the days that are played."""
    prepare_office(url)
    office = DeskOffice(url)
    with office.streams.setting_up() as connection:
        steps = [[5, 1], [10, 2], [15, 3]]
        connection.execute(update(Service).where(Service.id == office.services["C"]).values(completion_steps=steps))
    office.engine.dispose()


class RandomReports(RandomDay):
    """Random days in which report days are made while work goes on."""

    @rule(events=st.integers(1, 40), hours=st.sampled_from((0.2, 1, 9, 50)), promised=st.sampled_from((1, 240, 1800)))
    def make_days(self, events: int, hours: float, promised: int) -> None:
        """Time goes by, and services promise another wait from then on; what was promised stays."""
        self.office.clock.tick(hours * 3600)
        with self.office.streams.setting_up() as connection:
            connection.execute(update(Service).values(wait_promise_s=promised))
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
    RandomReports.open_office = lambda: DeskOffice(fresh_database(prepare_hasty_office))

    run_state_machine_as_test(
        RandomReports,
        settings=settings(max_examples=days, stateful_step_count=steps, suppress_health_check=list(HealthCheck)),
    )
