"""How long people waited, and how their waiting ended.

The first wait lasts until service began, the visitor was handed over, or it ended; waits that a handoff began are
counted apart. Those still waiting count with the wait they have had so far.
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from desk.domain.lifecycle import Ending, State
from desk.reports.asking import Question, by_time, narrowed
from desk.reports.facts import Facts, Transactions
from desk.reports.measures import Groups, Mask, Ranked, grouped, mapped, together
from desk.reports.tables import By, Line, Table, Unit, veiled

SECOND: Final = 1_000_000
COLUMNS: Final = (
    ("transactions", Unit.COUNT),
    ("wait_p50", Unit.LENGTH),
    ("wait_p90", Unit.LENGTH),
    ("wait_longest", Unit.LENGTH),
    ("service_level", Unit.SHARE),
    ("handed", Unit.COUNT),
    ("handed_p50", Unit.LENGTH),
    ("handed_p90", Unit.LENGTH),
    ("handed_longest", Unit.LENGTH),
    ("still_waiting", Unit.COUNT),
    ("no_show", Unit.COUNT),
    ("left", Unit.COUNT),
    ("cancelled", Unit.COUNT),
    ("closed_unserved", Unit.COUNT),
)
NOBODY: Final = (By.COUNTER, By.OFFICER)  # of whom 0 is none: not served yet
ENDINGS: Final = (Ending.NO_SHOW, Ending.LEFT, Ending.CANCELLED, Ending.CLOSED_UNSERVED)


def waiting_tables(facts: Facts, question: Question, promises: Mapping[int, int]) -> list[Table]:
    """Return the tables; `promises` are the longest waits promised by service, in seconds."""
    rows: Transactions = narrowed(facts.transactions, question)
    measured = _Measured(facts, rows, question, promises)
    tables = [
        measured.table(By.ALL, together(len(rows.id))),
        measured.table(By.SERVICE, grouped(rows.first_service)),
        measured.table(By.COUNTER, grouped(rows.first_counter)),
        veiled(measured.table(By.OFFICER, grouped(rows.first_officer)), "transactions"),
        *(measured.table(by, groups) for by, groups in by_time(facts, rows.day).items()),
        measured.table(By.HOUR, grouped(rows.weekday * 24 + rows.hour)),
    ]
    return [each for each in tables if each.lines]


class _Measured:
    """The columns of the report worked out once, for any grouping."""

    def __init__(self, facts: Facts, rows: Transactions, question: Question, promises: Mapping[int, int]) -> None:
        handed = rows.handoff_wait > 0
        self._first = Ranked(rows.first_wait)
        self._handed = Ranked(rows.handoff_wait, handed)
        self._within, self._counted = service_level(rows, _limits(rows, question, promises))
        states = [facts.code(each.value) for each in (State.WAITING, State.CALLED)]
        self._still: Mask = np.isin(rows.state, states)
        self._ended: list[Mask] = [rows.ending == facts.code(each.value) for each in ENDINGS]

    def table(self, by: By, groups: Groups) -> Table:
        """Return the table of a grouping."""
        within, counted = groups.count(self._within), groups.count(self._counted)
        endings = [groups.count(mask) for mask in self._ended]
        first, handed = self._first.spreads(groups), self._handed.spreads(groups)
        still = groups.count(self._still)
        lines = [
            Line(
                _key(by, key),
                (first[n].count, first[n].p50, first[n].p90, first[n].longest,
                 within[n] / counted[n] if counted[n] else None,
                 handed[n].count, handed[n].p50, handed[n].p90, handed[n].longest,
                 still[n], *(each[n] for each in endings)),
            )
            for n, key in enumerate(groups.keys)
            if first[n].count and (key or by not in NOBODY)
        ]  # fmt: skip
        return Table(by.value, by, COLUMNS, tuple(lines))


def _key(by: By, key: int) -> Any:
    return divmod(key, 24) if by is By.HOUR else key


def _limits(rows: Transactions, question: Question, promises: Mapping[int, int]) -> Any:
    if question.within_s is not None:
        return question.within_s * SECOND
    return mapped(rows.first_service, {key: value * SECOND for key, value in promises.items()}, otherwise=0)


def service_level(rows: Transactions, limit: Any) -> tuple[Mask, Mask]:
    """Return whom service reached within the limit (microseconds), and who counts.

    The served count, and those whom nobody served or worked for until the limit had passed, whether they wait still or
    went away. Who went away earlier does not count.
    """
    served = rows.until_served >= 0
    untouched = ~served & (rows.processing + rows.paused == 0)
    within = served & (rows.until_served <= limit)
    return within, served | (untouched & (rows.total > limit))
