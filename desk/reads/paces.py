"""How fast queues move just now, and what that means for somebody who waits in them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ScalarSelect, Select, func, select

from desk.domain.estimate import LATELY, MOST, Called, Pace, back_by, pace_of, wait_range
from desk.domain.queueing import DutyState
from desk.models import Call, Duty, QueueEntry, Skill
from desk.reads.reader import Reader
from desk.reads.visits import Matter, VisitPage

CALLS: Any = Call.__table__
DUTIES: Any = Duty.__table__
ENTRIES: Any = QueueEntry.__table__
SKILLS: Any = Skill.__table__
AT_MOST: Final = 4 * MOST  # calls of all services that are asked about


def list_paces(reader: Reader, office_id: int, service_ids: Collection[int], *, at: datetime) -> dict[int, Pace]:
    """Return the pace of each of these services' queues; those of which too little is known are missing."""
    calls: dict[int, list[Called]] = defaultdict(list)
    counters: dict[int, int] = {}
    for row in reader.execute(_calls(office_id, sorted(service_ids), since=at - LATELY)):
        calls[row.service_id].append(Called(row.called_at, row.counter_id, row.joined_at))
        counters[row.service_id] = row.counters
    paces = {each: pace_of(calls[each], counters=count, at=at) for each, count in counters.items()}
    return {service_id: pace for service_id, pace in paces.items() if pace is not None}


def with_waits(reader: Reader, visit: VisitPage, *, at: datetime) -> tuple[Matter, ...]:
    """Return the transactions of a visit with the range in which each still waits, where something honest can be said.

    Nothing is said of who waits for one officer in person, is handed over just now, or wished not to be called yet.
    """
    wanted = {each.service_id for each in visit.matters if _is_in_turn(each)}
    paces = list_paces(reader, visit.office_id, wanted, at=at) if wanted else {}
    return tuple(_with_wait(each, paces, at=at) for each in visit.matters)


def _is_in_turn(matter: Matter) -> bool:
    return matter.before is not None and not (matter.addressed or matter.changing_hands or matter.not_before)


def _with_wait(matter: Matter, paces: dict[int, Pace], *, at: datetime) -> Matter:
    if not _is_in_turn(matter):
        return matter
    found = wait_range(matter.before or 0, paces.get(matter.service_id))
    return replace(matter, wait=found, back_by=back_by(found, at=at))


def _calls(office_id: int, service_ids: Sequence[int], *, since: datetime) -> Select[Any]:
    """Ask for the calls of these services, the newest first, each with how many counters serve its service now.

    A call that was taken back moved nobody on.
    """
    return (
        select(
            CALLS.c.service_id,
            CALLS.c.called_at,
            CALLS.c.counter_id,
            ENTRIES.c.joined_at,
            _counters(office_id).label("counters"),
        )
        .join(ENTRIES, (ENTRIES.c.office_id == CALLS.c.office_id) & (ENTRIES.c.id == CALLS.c.entry_id))
        .where(CALLS.c.office_id == office_id, CALLS.c.last_called_at >= since, CALLS.c.service_id.in_(service_ids))
        .where(CALLS.c.taken_back_at.is_(None))
        .order_by(CALLS.c.last_called_at.desc())
        .limit(AT_MOST)
    )


def _counters(office_id: int) -> ScalarSelect[int]:
    query = select(func.count()).select_from(DUTIES).join(SKILLS, SKILLS.c.person_id == DUTIES.c.officer_id)
    query = query.where(
        DUTIES.c.office_id == office_id,
        DUTIES.c.ended_at.is_(None),
        DUTIES.c.back_office.is_(False),
        DUTIES.c.state == DutyState.AVAILABLE.value,
        SKILLS.c.service_id == CALLS.c.service_id,
    )
    return query.correlate(CALLS).scalar_subquery()
