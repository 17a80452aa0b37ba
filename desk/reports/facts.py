"""What happened in an office between two days, as columns: the one source of every report.

What has ended is read from the report days, the rest (open, or touched by events since those were made) is worked out
from the state tables by the same code: the result is always exactly what the state tables say, also for today.

All lengths and instants are whole microseconds. Columns of `Words` are codes into `Facts.words` (0 is no word at all):

    facts = load_facts(reader, office_id, date(2026, 3, 1), date(2026, 3, 31), at=now)
    done = facts.transactions.ending == facts.code("completed")
    waits = facts.transactions.first_wait[done]
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from desk.reads.reader import Reader
from desk.reports.columns import Ints, Numbers, Words

Mask: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Transactions:
    """One row for each transaction opened in the time; those still open count up to `at`."""

    id: Ints
    day: Numbers  # the business day of its opening, as date.toordinal()
    hour: Numbers  # the hour of its opening in the office's zone, 0 to 23
    weekday: Numbers  # Monday is 0
    first_service: Numbers
    service: Numbers  # the last one
    channel: Words
    priority: Words
    priority_reason: Words
    state: Words
    ending: Words  # none while it is open
    outcome: Words
    opened_at: Ints
    ended_at: Ints  # 0 while it is open
    until_served: Ints  # from its opening to the first start of service; -1 for never
    first_wait: Ints  # the first queue entry: until service began, it was handed over, or it ended
    handoff_wait: Ints  # queue entries that a handoff began
    return_wait: Ints  # later ones that the visitor or the officer began: returned, reinstated, came back
    waiting: Ints  # time in each state; these five add up to `total`
    called: Ints
    serving: Ints
    processing: Ints
    paused: Ints
    total: Ints  # without the time between an end and a reopening
    handoffs: Numbers  # accepted ones
    first_officer: Numbers  # who served first and where; 0 for nobody
    first_counter: Numbers
    last_officer: Numbers  # who served or worked on it last; 0 for nobody
    officers: Numbers  # how many people called, served or worked on it
    calls: Numbers
    out_of_order: Numbers  # calls that were picked or passed somebody over
    passed_over: Numbers  # how many those calls passed over


@dataclass(frozen=True, slots=True)
class Legs:
    """One row for each custody segment that began in the time and was more than waiting, of any transaction."""

    transaction: Ints
    ordinal: Numbers
    day: Numbers
    officer: Numbers
    counter: Numbers  # 0 for none
    service: Numbers
    state: Words  # called, serving, processing, paused
    started_at: Ints
    length: Ints  # up to `at` while it is open


@dataclass(frozen=True, slots=True)
class Handoffs:
    """One row for each handoff that was offered in the time."""

    id: Ints
    transaction: Ints
    day: Numbers
    giver: Numbers
    receiver: Numbers
    kind: Words
    reason: Words
    state: Words
    decline_reason: Words
    from_service: Numbers
    to_service: Numbers  # 0 for one to a person
    to_counter: Numbers  # 0 for none
    offered_at: Ints
    answer: Ints  # from the offer to the answer, -1 while there is none
    wait_after: Ints  # what the visitor waited in the queue entries that followed from it


@dataclass(frozen=True, slots=True)
class Calls:
    """One row for each call that was made in the time."""

    id: Ints
    transaction: Ints
    day: Numbers
    officer: Numbers
    counter: Numbers
    service: Numbers
    called_at: Ints
    waited: Ints  # since the arrival, in whole seconds' worth of microseconds
    why: Words
    picked: Words  # the reason of a visitor called out of turn
    passed_over: Numbers  # how many were
    longest_overtaken: Ints  # by how long the one who had waited longest, -1 for none


@dataclass(frozen=True, slots=True)
class Duties:
    """One row for each stretch of a duty within one business day in which the officer was in one state."""

    duty: Ints
    day: Numbers
    officer: Numbers
    counter: Numbers
    back_office: Numbers  # 1 or 0
    state: Words  # available, break
    reason: Words  # of the break
    started_at: Ints
    length: Ints


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that began from `since` to `until` (both included) in an office, as of `at`."""

    office_id: int
    since: date
    until: date
    at: datetime
    words: tuple[str, ...]
    transactions: Transactions
    legs: Legs
    handoffs: Handoffs
    calls: Calls
    duties: Duties

    def code(self, word: str) -> int:
        """Return the code of a word in these columns, -1 when no row has it."""
        return self.words.index(word) if word in self.words else -1


EVERY_KIND = (Transactions, Legs, Handoffs, Calls, Duties)


def load_facts(
    reader: Reader, office_id: int, since: date, until: date, *, at: datetime, kinds: tuple[type, ...] = EVERY_KIND
) -> Facts:
    """Return what happened from `since` to `until`, both included; kinds that are not asked for are empty.

    Give a reader that sees one snapshot (`desk.reports.snapshot`): on PostgreSQL rows may otherwise move meanwhile.
    """
    raise NotImplementedError
