"""How long people waited, and how their waiting ended.

The first wait lasts until service began, the visitor was handed over, or it ended; waits that a handoff began are
counted apart. Those still waiting count with the wait they have had so far.
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from desk.domain.lifecycle import Ending, State
from desk.reports.asking import Question, by_time, narrowed
from desk.reports.columns import Ints
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
ENDINGS: Final = (Ending.NO_SHOW, Ending.LEFT, Ending.CANCELLED, Ending.CLOSED_UNSERVED)
STANDS: Final = 2 + len(ENDINGS)  # gone otherwise, waiting still, and each of the endings
NOBODY: Final = (By.COUNTER, By.OFFICER)  # of whom 0 is none: not served yet


def waiting_tables(facts: Facts, question: Question, promises: Mapping[int, int]) -> list[Table]:
    """Return the tables; `promises` are the longest waits that services promise now, in seconds."""
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
        # One number says of a row whether it counts for the service level and was within it, and how it stands.
        stands = np.zeros(len(facts.words), np.int32)
        stands[[code for code in states if code >= 0]] = 1
        ended = np.zeros(len(facts.words), np.int32)
        for number, each in enumerate(ENDINGS, 2):
            if (code := facts.code(each.value)) >= 0:
                ended[code] = number
        level = self._within.astype(np.int32) + self._counted
        self._category = level * STANDS + np.maximum(stands[rows.state], ended[rows.ending])

    def table(self, by: By, groups: Groups) -> Table:
        """Return the table of a grouping."""
        tally = groups.tally(self._category, 3 * STANDS).reshape(-1, 3, STANDS)
        levels, stands = tally.sum(axis=2).tolist(), tally.sum(axis=1).tolist()
        first, handed = self._first.spreads(groups), self._handed.spreads(groups)
        lines = [
            Line(
                _key(by, key),
                (first[n].count, first[n].p50, first[n].p90, first[n].longest,
                 levels[n][2] / sum(levels[n][1:]) if sum(levels[n][1:]) else None,
                 handed[n].count, handed[n].p50, handed[n].p90, handed[n].longest,
                 *stands[n][1:]),
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
    return promised_waits(rows, promises)


def promised_waits(rows: Transactions, promises: Mapping[int, int]) -> Ints:
    """Return the first wait that each visitor was promised, in microseconds.

    Where check-in did not keep it, it is what the service the visitor came for promises now (`promises`, in seconds).
    """
    now = mapped(rows.first_service, {key: value * SECOND for key, value in promises.items()}, otherwise=0)
    found: Ints = np.where(rows.wait_promised >= 0, rows.wait_promised, now)
    return found


def service_level(rows: Transactions, limit: Any) -> tuple[Mask, Mask]:
    """Return whom service reached within the limit (microseconds), and who counts.

    The served count, and those whom nobody served or worked for until the limit had passed, whether they wait still or
    went away. Who went away earlier does not count.
    """
    served = rows.until_served >= 0
    untouched = ~served & (rows.processing + rows.paused == 0)
    within = served & (rows.until_served <= limit)
    return within, served | (untouched & (rows.total > limit))
