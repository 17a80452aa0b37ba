"""Who served how many, how busy officers and counters were, what was processed, and how transactions spent their time.

Service counts where it began, and so does processing. Occupancy is the time of serving over the time on duty at a
counter and available (without breaks); the back office has none, as work waits there without a visitor.
"""

from typing import Any, Final

import numpy as np

from desk.domain.lifecycle import State
from desk.domain.queueing import DutyState
from desk.reports.asking import Question, by_time, kept, narrowed
from desk.reports.building import STATES
from desk.reports.columns import Column
from desk.reports.facts import Duties, Facts, Legs
from desk.reports.measures import Groups, Ranked, grouped, together
from desk.reports.tables import By, Line, Table, Unit, Value, veiled

SERVED: Final = (
    ("served", Unit.COUNT),
    ("service_p50", Unit.LENGTH),
    ("service_p90", Unit.LENGTH),
    ("service_longest", Unit.LENGTH),
    ("serving", Unit.LENGTH),
)
MANNED: Final = (
    ("available", Unit.LENGTH),
    ("on_break", Unit.LENGTH),
    ("occupancy", Unit.SHARE),
)
BEHIND: Final = "behind"  # the table of the back office
PROCESSED: Final = (
    ("processed", Unit.COUNT),
    ("finished", Unit.COUNT),
    ("processing_p50", Unit.LENGTH),
    ("processing_p90", Unit.LENGTH),
    ("processing_longest", Unit.LENGTH),
    ("processing", Unit.LENGTH),
)
SPENT: Final = (
    ("transactions", Unit.COUNT),
    *((each.value, Unit.LENGTH) for each in STATES),
    ("mean_total", Unit.LENGTH),
)


def work_tables(facts: Facts, question: Question) -> list[Table]:
    """Return the tables; none where nothing happened.

    With a service asked for, occupancy and times on duty are left out: nobody is on duty for one service alone. With a
    counter asked for, so is processing, which is done at none.
    """
    legs: Legs = narrowed(facts.legs, question)
    serving: Legs = kept(legs, legs.state == facts.code(State.SERVING))
    duties = None if question.service_id else narrowed(facts.duties, question)
    ranked = Ranked(serving.length)

    def manned(by: By) -> Table:
        served = _served(by, _groups(by, serving), serving, ranked)
        return served if duties is None else _manned(facts, served, duties)

    tables = [
        veiled(manned(By.OFFICER), "served"),
        manned(By.COUNTER),
        *([] if question.counter_id else [veiled(_processed(facts, legs, duties), "processed")]),
        _served(By.SERVICE, grouped(serving.service), serving, ranked),
        *(_served(by, groups, serving, ranked) for by, groups in by_time(facts, serving.day).items()),
        _spent(facts, question),
    ]
    found = [each for each in tables if each.lines]
    return [_altogether(manned(By.ALL)), *found] if found else []


def _altogether(table: Table) -> Table:
    """Return the table with its one line, also where nobody served: the others may tell of other work."""
    nothing = Line(0, tuple(0 if unit is Unit.COUNT else None for _, unit in table.columns))
    return table if table.lines else Table(table.name, table.by, table.columns, (nothing,))


def _served(by: By, groups: Groups, serving: Legs, ranked: Ranked) -> Table:
    spreads = ranked.spreads(groups)
    total = groups.total(serving.length)
    lines = [
        Line(key, (each.count, each.p50, each.p90, each.longest, total[n]))
        for n, (key, each) in enumerate(zip(groups.keys, spreads, strict=True))
        if each.count
    ]
    return Table(by.value, by, SERVED, tuple(lines))


def _manned(facts: Facts, table: Table, duties: Duties) -> Table:
    """Return who served with the time on duty beside it; whoever was on duty and served nobody, too."""
    by, counters = table.by, kept(duties, duties.back_office == 0)
    available, on_break = (_hours(facts, by, counters, state) for state in DutyState)
    served: dict[Any, tuple[Value, ...]] = {line.key: line.values for line in table.lines}
    nothing: tuple[Value, ...] = (0, None, None, None, 0)
    lines = []
    for key in sorted(served.keys() | available.keys() | on_break.keys()):
        figures, there = served.get(key, nothing), available.get(key, 0)
        occupancy = (figures[4] or 0) / there if there else None
        lines.append(Line(key, (*figures, there, on_break.get(key, 0), occupancy)))
    return Table(by.value, by, SERVED + MANNED, tuple(lines))


def _processed(facts: Facts, legs: Legs, duties: Duties | None) -> Table:
    """Return who processed how much and for how long, and the time on duty in the back office.

    What lies in a pool is nobody's work yet. Whoever was on duty in the back office and processed nothing counts, too.
    """
    mine: Legs = kept(legs, (legs.state == facts.code(State.PROCESSING)) & (legs.pool == 0))
    groups, spreads = grouped(mine.officer), Ranked(mine.length)
    figures = zip(
        groups.keys,
        spreads.spreads(groups),
        groups.count(mine.finished == 1),
        groups.total(mine.length),
        strict=True,
    )
    done: dict[int, tuple[Value, ...]] = {
        key: (each.count, finished, each.p50, each.p90, each.longest, total) for key, each, finished, total in figures
    }
    if duties is None:
        return Table(BEHIND, By.OFFICER, PROCESSED, tuple(Line(key, values) for key, values in done.items()))
    behind = kept(duties, duties.back_office == 1)
    available, on_break = (_hours(facts, By.OFFICER, behind, state) for state in DutyState)
    nothing: tuple[Value, ...] = (0, 0, None, None, None, 0)
    lines = [
        Line(key, (*done.get(key, nothing), available.get(key, 0), on_break.get(key, 0), None))
        for key in sorted(done.keys() | available.keys() | on_break.keys())
    ]
    return Table(BEHIND, By.OFFICER, PROCESSED + MANNED, tuple(lines))


def _groups(by: By, rows: Legs | Duties) -> Groups:
    columns: dict[By, Column] = {By.OFFICER: rows.officer, By.COUNTER: rows.counter}
    return grouped(columns[by]) if by in columns else together(len(rows.day))


def _hours(facts: Facts, by: By, duties: Duties, state: DutyState) -> dict[int, int]:
    """Return the time in a state, by key."""
    mine: Duties = kept(duties, duties.state == facts.code(state))
    groups = _groups(by, mine)
    return dict(zip(groups.keys, groups.total(mine.length), strict=True)) if len(mine.day) else {}


def _spent(facts: Facts, question: Question) -> Table:
    """Return the time of transactions in each state, in all, by their last service."""
    rows = narrowed(facts.transactions, question)
    groups = grouped(rows.service)
    counts = groups.count()
    sums = [groups.total(getattr(rows, state.value)) for state in STATES]
    totals = np.array(groups.total(rows.total), np.int64)
    lines = [
        Line(key, (counts[n], *(each[n] for each in sums), int(totals[n]) // counts[n]))
        for n, key in enumerate(groups.keys)
    ]
    return Table("spent", By.SERVICE, SPENT, tuple(lines))
