"""The use of priority: how many visits had it, for which reason, by which way of checking in, and who checked them in.

Special treatment is for those entitled to it (UU 25/2009, art. 29); its use is visible, and nobody's entitlement is
judged here. Counted are visits by the business day of their number; those who came back for an open transaction are not
counted again.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from sqlalchemy import select

from desk.domain.identity import event_of
from desk.domain.intake import CheckInChannel
from desk.domain.reasons import Priority
from desk.models import EventRow
from desk.reads.reader import Reader
from desk.reports.columns import Ints, Words
from desk.reports.facts import Facts
from desk.reports.fairness import RANKED, SHOWN
from desk.reports.statistics import Estimate, Mask, chance_of_luck, holm, wilson

EVENTS: Any = EventRow.__table__
AT_ONCE: Final = 5_000
LONGEST_DAYS: Final = 366  # beyond which events are not looked through for who checked in


@dataclass(frozen=True, slots=True)
class Use:
    """How many of some visits had priority; no share where there are too few to tell, no chance where not compared."""

    key: str
    visits: int
    priority: int
    share: Estimate | None
    chance: float | None = None


@dataclass(frozen=True, slots=True)
class PriorityUse:
    """Priority in a time: altogether, by reason, by way of checking in, and by who checked visitors in at the desk."""

    total: Use
    reasons: list[Use]
    channels: list[Use]
    officers: list[Use] | None
    hidden: int


def priority_use(reader: Reader, facts: Facts) -> PriorityUse:
    """Count the visits of these facts, of which it needs the transactions."""
    visits = visits_of(facts)
    found = facts.transactions
    with_priority = found.priority[visits] == facts.code(Priority.PRIORITY)
    channel, reason = found.channel[visits], found.priority_reason[visits]
    reasons = np.bincount(reason[with_priority], minlength=len(facts.words))
    channels = np.bincount(channel, minlength=len(facts.words))
    hits = np.bincount(channel[with_priority], minlength=len(facts.words))
    officers = _by_officer(reader, facts, found.id[visits], channel, with_priority)
    return PriorityUse(
        _use("", channel.size, int(with_priority.sum())),
        [_use(facts.words[code], channel.size, int(reasons[code])) for code in _most(reasons)],
        [_use(facts.words[code], int(channels[code]), int(hits[code])) for code in _most(channels)],
        None if officers is None else [each for each in officers if each.visits >= SHOWN],
        sum(each.visits < SHOWN for each in officers or []),
    )


def visits_of(facts: Facts) -> Mask:
    """Return the first transaction of each visit.

    A check-in appends the event that begins the visit, then one for each transaction: only a visit's second or third
    transaction follows right after another.
    """
    ids = facts.transactions.id
    order = np.argsort(ids)
    first = np.ones(ids.size, bool)
    first[order[1:]] = np.diff(ids[order]) != 1
    return first


def _most(counts: Ints) -> list[int]:
    """Return the codes that occur, most frequent first."""
    order: list[int] = np.argsort(-counts, kind="stable").tolist()
    return [code for code in order if counts[code]]


def _use(key: str, visits: int, priority: int, chance: float | None = None) -> Use:
    share = Estimate(priority / visits, wilson(priority, visits), visits) if visits >= SHOWN else None
    return Use(key, visits, priority, share, chance)


def _by_officer(reader: Reader, facts: Facts, ids: Ints, channel: Words, with_priority: Mask) -> list[Use] | None:
    """Return the check-ins at the desk by who made them, as the event says that opened each transaction.

    Those to be ranked come first, the highest share on top. None over too long a time to look every event up.
    """
    if (facts.until - facts.since).days >= LONGEST_DAYS:
        return None
    at_desk = channel == facts.code(CheckInChannel.STAFF)
    clerks = _actors(reader, facts.office_id, ids[at_desk].tolist())
    counted: dict[int, list[int]] = {}
    for transaction, hit in zip(ids[at_desk].tolist(), with_priority[at_desk].tolist(), strict=True):
        of = counted.setdefault(clerks.get(transaction, 0), [0, 0])
        of[0] += 1
        of[1] += hit
    uses = _compared([_use(str(officer), *counts) for officer, counts in sorted(counted.items()) if officer])
    return sorted(uses, key=lambda each: (each.visits < RANKED, -each.priority / each.visits, int(each.key)))


def _actors(reader: Reader, office_id: int, ids: list[int]) -> dict[int, int]:
    """Return who acted in the events that opened these transactions."""
    found: dict[int, int] = {}
    for first in range(0, len(ids), AT_ONCE):
        numbers = {event_of(each): each for each in ids[first : first + AT_ONCE]}
        query = select(EVENTS.c.number, EVENTS.c.actor_id).where(
            EVENTS.c.office_id == office_id, EVENTS.c.number.in_(numbers)
        )
        found.update((numbers[number], actor or 0) for number, actor in reader.execute(query).tuples())
    return found


def _compared(uses: list[Use]) -> list[Use]:
    """Compare each officer with all others at the desk, where both have enough check-ins, corrected for all."""
    visits, hits = sum(each.visits for each in uses), sum(each.priority for each in uses)
    chances = {
        each.key: chance_of_luck(
            each.priority, each.visits, other_hits=hits - each.priority, other_count=visits - each.visits
        )
        for each in uses
        if each.visits >= RANKED and visits - each.visits >= RANKED
    }
    corrected = dict(zip(chances, holm(list(chances.values())), strict=True))
    return [_use(each.key, each.visits, each.priority, corrected.get(each.key)) for each in uses]
