"""Who served how many, how busy officers and counters were, and how the time of transactions was spent.

Service counts where it began. Occupancy is the time of serving over the time on duty and available (without breaks).
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
SPENT: Final = (
    ("transactions", Unit.COUNT),
    *((each.value, Unit.LENGTH) for each in STATES),
    ("mean_total", Unit.LENGTH),
)


def work_tables(facts: Facts, question: Question) -> list[Table]:
    """Return the tables; with a service asked for, occupancy is left out: nobody is on duty for one service alone."""
    legs: Legs = narrowed(facts.legs, question)
    serving: Legs = kept(legs, legs.state == facts.code(State.SERVING))
    duties = None if question.service_id else narrowed(facts.duties, question)
    tables = [
        _manned(facts, By.ALL, serving, duties),
        veiled(_manned(facts, By.OFFICER, serving, duties), "served"),
        _manned(facts, By.COUNTER, serving, duties),
        _served(By.SERVICE, grouped(serving.service), serving),
        *(_served(by, groups, serving) for by, groups in by_time(facts, serving.day).items()),
        _spent(facts, question),
    ]
    return [each for each in tables if each.lines]


def _served(by: By, groups: Groups, serving: Legs) -> Table:
    spreads = Ranked(serving.length).spreads(groups)
    total = groups.total(serving.length)
    lines = [
        Line(key, (each.count, each.p50, each.p90, each.longest, total[n]))
        for n, (key, each) in enumerate(zip(groups.keys, spreads, strict=True))
        if each.count
    ]
    return Table(by.value, by, SERVED, tuple(lines))


def _manned(facts: Facts, by: By, serving: Legs, duties: Duties | None) -> Table:
    """Return who served, with the time on duty beside it where that is known."""
    if duties is None:
        return _served(by, _groups(by, serving), serving)
    available, on_break = (_hours(facts, by, duties, state) for state in DutyState)
    served: dict[Any, tuple[Value, ...]] = {
        line.key: line.values for line in _served(by, _groups(by, serving), serving).lines
    }
    nothing: tuple[Value, ...] = (0, None, None, None, 0)
    lines = []
    for key in sorted(served.keys() | available.keys() | on_break.keys()):
        figures, there = served.get(key, nothing), available.get(key, 0)
        occupancy = (figures[4] or 0) / there if there else None
        lines.append(Line(key, (*figures, there, on_break.get(key, 0), occupancy)))
    return Table(by.value, by, SERVED + MANNED, tuple(lines))


def _groups(by: By, rows: Legs | Duties) -> Groups:
    columns: dict[By, Column] = {By.OFFICER: rows.officer, By.COUNTER: rows.counter}
    return grouped(columns[by]) if by in columns else together(len(rows.day))


def _hours(facts: Facts, by: By, duties: Duties, state: DutyState) -> dict[int, int]:
    """Return the time in a state at counters (not in the back office, where nobody serves), by key."""
    mine: Duties = kept(duties, (duties.state == facts.code(state)) & (duties.back_office == 0))
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
