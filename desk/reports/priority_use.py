"""The use of priority: how many visits had it, for which reason, by which way of checking in, and who checked them in.

Special treatment is for those entitled to it (UU 25/2009, art. 29); its use is visible, and nobody's entitlement is
judged here. Counted are visits by the business day of their number, those of visitors who came back included.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Integer, String, and_, column, func, literal, select, table

from desk.domain.identity import id_of
from desk.domain.intake import CheckInChannel
from desk.domain.reasons import Priority
from desk.reads.reader import Reader
from desk.reports.fairness import RANKED, SHOWN
from desk.reports.statistics import Estimate, chance_of_luck, holm, wilson

VISITS = table(
    "visits",
    column("office_id", Integer),
    column("id", Integer),
    column("day"),
    column("channel", String),
    column("priority", String),
    column("priority_reason", String),
)
EVENTS = table("events", column("office_id", Integer), column("number", Integer), column("actor_id", Integer))


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
    officers: list[Use]
    hidden: int


def priority_use(reader: Reader, office_id: int, since: date, until: date) -> PriorityUse:
    """Count the visits from `since` to `until`, both included."""
    groups = _groups(reader, office_id, since, until)
    visits = sum(count for *_, count in groups)
    reasons: dict[str, int] = {}
    channels: dict[str, list[int]] = {}
    for channel, priority, reason, count in groups:
        of = channels.setdefault(channel, [0, 0])
        of[0] += count
        if priority == Priority.PRIORITY:
            of[1] += count
            reasons[reason or ""] = reasons.get(reason or "", 0) + count
    officers = _by_officer(reader, office_id, since, until)
    return PriorityUse(
        _use("", visits, sum(reasons.values())),
        [_use(reason, visits, count) for reason, count in sorted(reasons.items(), key=lambda each: -each[1])],
        [_use(channel, *counts) for channel, counts in sorted(channels.items(), key=lambda each: -each[1][0])],
        [each for each in officers if each.visits >= SHOWN],
        sum(each.visits < SHOWN for each in officers),
    )


def _use(key: str, visits: int, priority: int, chance: float | None = None) -> Use:
    share = Estimate(priority / visits, wilson(priority, visits), visits) if visits >= SHOWN else None
    return Use(key, visits, priority, share, chance)


def _groups(reader: Reader, office_id: int, since: date, until: date) -> list[tuple[Any, ...]]:
    kinds = (VISITS.c.channel, VISITS.c.priority, VISITS.c.priority_reason)
    query = select(*kinds, func.count()).where(*_in_time(office_id, since, until)).group_by(*kinds)
    return [tuple(row) for row in reader.execute(query)]


def _in_time(office_id: int, since: date, until: date) -> tuple[Any, ...]:
    return VISITS.c.office_id == office_id, VISITS.c.day.between(since, until)


def _by_officer(reader: Reader, office_id: int, since: date, until: date) -> list[Use]:
    """Return the check-ins at the desk by who made them, by the event that began each visit; the ranked by share."""
    began = and_(
        EVENTS.c.office_id == VISITS.c.office_id,
        EVENTS.c.number == VISITS.c.id - literal(id_of(office_id, number=0), Integer),
    )
    with_priority = func.sum((VISITS.c.priority == Priority.PRIORITY.value).cast(Integer))
    query = (
        select(EVENTS.c.actor_id, func.count(), with_priority)
        .join_from(VISITS, EVENTS, began)
        .where(*_in_time(office_id, since, until), VISITS.c.channel == CheckInChannel.STAFF.value)
        .group_by(EVENTS.c.actor_id)
    )
    counted = [(officer, int(count), int(hits)) for officer, count, hits in reader.execute(query) if officer]
    uses = _compared([_use(str(officer), count, hits) for officer, count, hits in sorted(counted)])
    return sorted(uses, key=lambda each: (each.visits < RANKED, -each.priority / each.visits, int(each.key)))


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
