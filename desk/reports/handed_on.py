"""Handoffs: from whom to whom, how quickly answered, why declined, and what they cost the visitor."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from desk.domain.handoffs import HandoffKind, HandoffState
from desk.reports.asking import Question, by_time, kept, narrowed
from desk.reports.columns import Column
from desk.reports.facts import Facts, Handoffs
from desk.reports.measures import Groups, Ranked, grouped, together
from desk.reports.tables import FEWEST, By, Key, Line, Table, To, Unit
from desk.reports.taking import Fate

COLUMNS: Final = (
    ("offered", Unit.COUNT),
    ("accepted", Unit.COUNT),
    ("declined", Unit.COUNT),
    ("expired", Unit.COUNT),
    ("withdrawn", Unit.COUNT),
    ("open", Unit.COUNT),
    ("acceptance_p50", Unit.LENGTH),
    ("acceptance_p90", Unit.LENGTH),
    ("acceptance_longest", Unit.LENGTH),
    ("taking_p50", Unit.LENGTH),
    ("taking_p90", Unit.LENGTH),
    ("taking_longest", Unit.LENGTH),
    ("added_p50", Unit.LENGTH),
    ("added_p90", Unit.LENGTH),
    ("added_longest", Unit.LENGTH),
    ("added_sum", Unit.LENGTH),
)
PLACES: Final = (
    ("handed_over", Unit.COUNT),
    ("taken", Unit.COUNT),
    ("lying", Unit.COUNT),
    ("untaken", Unit.COUNT),
    ("taking_p50", Unit.LENGTH),
    ("taking_p90", Unit.LENGTH),
    ("taking_longest", Unit.LENGTH),
)
DECLINES: Final = (("declined", Unit.COUNT),)
STATES: Final = (
    HandoffState.ACCEPTED,
    HandoffState.DECLINED,
    HandoffState.EXPIRED,
    HandoffState.WITHDRAWN,
    HandoffState.OFFERED,
)
AT_ONCE: Final = (HandoffKind.QUEUE, HandoffKind.POOL, HandoffKind.FORCED)
WIDTH: Final = 1 << 32  # more than any number of a person, a service or a pool
KINDS_OF_PLACE: Final = tuple(To)


def handoff_tables(facts: Facts, question: Question) -> list[Table]:
    """Return the tables.

    Acceptance times are of people who were asked: queues and pools take at once, and so does whom an order names. Of
    queues and pools is measured when somebody took it; what lies there still counts with its age.
    """
    rows: Handoffs = narrowed(facts.handoffs, question)
    measured = _Measured(facts, rows)
    pairs, keys = _pairs(rows)
    tables = [
        measured.table(By.ALL, together(len(rows.id)), [0]),
        measured.table(By.PAIR, pairs, keys),
        measured.places(*_places(rows)),
        measured.table(By.KIND, *_worded(facts, rows.kind)),
        measured.table(By.REASON, *_worded(facts, rows.reason)),
        _declines(facts, rows),
        *(measured.table(by, groups, groups.keys) for by, groups in by_time(facts, rows.day).items()),
    ]
    return [each for each in tables if each.lines]


class _Measured:
    """The columns of the report worked out once, for any grouping."""

    def __init__(self, facts: Facts, rows: Handoffs) -> None:
        self._states = [rows.state == facts.code(each.value) for each in STATES]
        asked = ~np.isin(rows.kind, [facts.code(each.value) for each in AT_ONCE])
        self._answered = Ranked(rows.answer, self._states[0] & asked)
        self._added = Ranked(rows.wait_after, rows.wait_after > 0)
        self._waits = rows.wait_after
        self._fates = [rows.fate == facts.code(each.value) for each in Fate]
        self._taking = Ranked(rows.taking, rows.taking >= 0)

    def table(self, by: By, groups: Groups, keys: Sequence[Key]) -> Table:
        """Return the table of a grouping; pairs of people with too few handoffs say no more than that."""
        counts, states = groups.count(), [groups.count(mask) for mask in self._states]
        answered, added = self._answered.spreads(groups), self._added.spreads(groups)
        taking = self._taking.spreads(groups)
        sums = groups.total(self._waits)
        lines = []
        for n, key in enumerate(keys):
            if not counts[n]:
                continue
            figures = (
                counts[n], *(each[n] for each in states),
                answered[n].p50, answered[n].p90, answered[n].longest,
                taking[n].p50, taking[n].p90, taking[n].longest,
                added[n].p50, added[n].p90, added[n].longest, sums[n],
            )  # fmt: skip
            few = by is By.PAIR and counts[n] < FEWEST
            lines.append(Line(key, (None,) * len(figures) if few else figures, few=few))
        return Table(by.value, by, COLUMNS, tuple(lines))

    def places(self, groups: Groups, keys: Sequence[tuple[To, int]]) -> Table:
        """Return queue by queue and pool by pool when somebody took what was handed over to it."""
        fates = [groups.count(mask) for mask in self._fates]
        taking = self._taking.spreads(groups)
        lines = [
            Line(key, (count, *(each[n] for each in fates), taking[n].p50, taking[n].p90, taking[n].longest))
            for n, (key, count) in enumerate(zip(keys, groups.count(), strict=True))
            if key[0] is not To.PERSON
        ]
        return Table(By.PLACE.value, By.PLACE, PLACES, tuple(lines))


def _pairs(rows: Handoffs) -> tuple[Groups, list[Key]]:
    """Return the handoffs by who gave them and who, or which queue or pool, got them."""
    places, receivers = _places(rows)
    groups = grouped(rows.giver.astype(np.int64) * len(receivers) + places.codes)
    keys: list[Key] = []
    for each in groups.keys:
        giver, place = divmod(each, len(receivers))
        keys.append((giver, *receivers[place]))
    return groups, keys


def _places(rows: Handoffs) -> tuple[Groups, list[tuple[To, int]]]:
    """Return the handoffs by what they went to."""
    pools, queues = rows.to_pool > 0, rows.to_service > 0
    kinds = np.select([pools, queues], [KINDS_OF_PLACE.index(To.POOL), KINDS_OF_PLACE.index(To.QUEUE)])
    numbers = np.select([pools, queues], [rows.to_pool, rows.to_service], rows.receiver)
    groups = grouped(kinds.astype(np.int64) * WIDTH + numbers)
    return groups, [(KINDS_OF_PLACE[each // WIDTH], each % WIDTH) for each in groups.keys]


def _worded(facts: Facts, codes: Column) -> tuple[Groups, list[Key]]:
    groups = grouped(codes)
    return groups, [facts.words[code] for code in groups.keys]


def _declines(facts: Facts, rows: Handoffs) -> Table:
    declined: Handoffs = kept(rows, rows.state == facts.code(HandoffState.DECLINED.value))
    groups, keys = _worded(facts, declined.decline_reason)
    lines = [Line(key, (count,)) for key, count in zip(keys, groups.count(), strict=True)]
    return Table(By.DECLINE.value, By.DECLINE, DECLINES, tuple(lines))
