"""Keeping the report days up to date, some events at a time, without the office's lock.

A bite is read from one snapshot and worked out before anything is written; then it is written in one short transaction,
and only if nobody else has moved the head meanwhile. Whoever loses such a race has done nothing.
"""

import json
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from desk.domain.clock import micros
from desk.models import ReportDay, ReportHead
from desk.reports.biting import Bite, take_bite
from desk.reports.heads import get_head, list_behind, stored_of
from desk.reports.kinds import name_of
from desk.reports.snapshot import snapshot

BITE: Final = 2_000
WHOLE_BITE: Final = 20_000  # where nothing else waits for the answer
HEADS: Any = ReportHead.__table__


def offices_behind(engine: Engine) -> list[int]:
    """Return the offices whose report days are not up to date."""
    with snapshot(engine) as connection:
        return list_behind(connection)


def refresh(engine: Engine, office_id: int, *, at: datetime, bite: int = BITE) -> int:
    """Take in some of the events that came since; returns how many are left."""
    with snapshot(engine) as connection:
        head = get_head(connection, office_id)
        if head.behind == 0:
            return 0
        taken = take_bite(connection, head, min(head.newest, head.number + bite), at=micros(at))
    try:
        _write(engine, taken, at)
    except IntegrityError:
        return head.behind  # somebody else was the first to make this office's days
    return head.newest - taken.number


def refresh_office(engine: Engine, office_id: int, *, clock: Callable[[], datetime]) -> int:
    """Take in everything that came since; returns how many events that were."""
    with snapshot(engine) as connection:
        events = get_head(connection, office_id).behind
    while refresh(engine, office_id, at=clock(), bite=WHOLE_BITE):
        pass
    return events


def _write(engine: Engine, bite: Bite, at: datetime) -> None:
    with engine.execution_options(desk_writes=True).begin() as connection:
        if not _moved(connection, bite, at):
            return
        _remove(connection, bite)
        rows = [
            {
                "office_id": bite.before.office_id,
                "kind": name_of(kind),
                "day": date.fromordinal(day),
                "rows": count,
                "data": data,
            }
            for (kind, day), (count, data) in bite.blocks.items()
            if count
        ]
        if rows:
            connection.execute(insert(ReportDay), rows)


def _moved(connection: Connection, bite: Bite, at: datetime) -> bool:
    """Move the head if it still stands where this bite began; tell whether it did."""
    head, table = bite.before, HEADS
    mine = table.c.office_id == head.office_id
    values = dict(zip(("format", "zone", "day_starts_at"), head.rules, strict=True))
    values |= {"number": bite.number, "on_duty": json.dumps(bite.on_duty), "made_at": at}
    now = connection.execute(select(table).where(mine).with_for_update()).one_or_none()
    if stored_of(now) != head.stored:
        return False
    if now is None:
        connection.execute(insert(table), {"office_id": head.office_id, **values})
    else:
        connection.execute(update(table).where(mine).values(values))
    return True


def _remove(connection: Connection, bite: Bite) -> None:
    """Remove the days that are made anew: all there are, where none can be kept."""
    mine = ReportDay.office_id == bite.before.office_id
    if bite.before.number == 0:
        connection.execute(delete(ReportDay).where(mine))
        return
    days: dict[str, list[date]] = defaultdict(list)
    for kind, day in bite.blocks:
        days[name_of(kind)].append(date.fromordinal(day))
    for name, which in days.items():
        connection.execute(delete(ReportDay).where(mine, ReportDay.kind == name, ReportDay.day.in_(which)))
