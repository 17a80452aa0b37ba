"""The kinds of rows that reports count, as columns. Lengths and instants are whole microseconds, 0 stands for nobody.

The order of the fields is the format of the report days. Whoever changes it raises `FORMAT`: all days are made anew.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

from desk.reports.columns import Ints, Numbers, Words

FORMAT: Final = 4


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
    first_wait: Ints  # the first queue entry: until service began, it was handed over, or it ended; called counts
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
    calls: Numbers  # like the next two without those that were taken back
    out_of_order: Numbers  # calls that were picked or passed somebody over
    passed_over: Numbers  # how many those calls passed over
    wait_promised: Ints  # the first wait promised at check-in; -1 where that was not kept: what the service promises
    work_promised: Ints  # the office's time promised since complete documents; -1 where nothing is promised
    work_used: Ints  # how much of the office's time since then it took, up to `at` while it is open


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
    pool: Numbers  # in which it lies until somebody takes it, 0 for none
    finished: Numbers  # 1 where it was the last of a transaction that was completed, else 0


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
    to_pool: Numbers  # 0 for none
    fate: Words  # of one to a queue or a pool: taken, lying, untaken
    taking: Ints  # until somebody took it, up to `at` while it lies there; -1 for never, and to a person


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
    taken_back: Numbers  # 1 for a slip that was taken back at once, else 0: nobody counts it


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


Kinds: TypeAlias = tuple[type, ...]
EVERY_KIND: Kinds = (Transactions, Legs, Handoffs, Calls, Duties)


def name_of(kind: type) -> str:
    """Return the name under which a kind's days are kept."""
    return kind.__name__.lower()
