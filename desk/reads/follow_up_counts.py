"""What became of the follow-ups of a period, as the report counts them for one reader.

What somebody must not learn of is in no total of theirs: they would have it by subtraction.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from desk.domain.following_up import CLOSED, FollowUpState
from desk.reads.barred import ANSWER, FOLLOW_UPS, MATTER, RESPONSES, handled_by
from desk.reads.follow_ups import is_open_to_barred
from desk.reads.reader import Reader


@dataclass(frozen=True, slots=True)
class Counted:
    """Follow-ups opened in a period: how many were closed, in time, and how each ended; by service."""

    service_id: int | None
    opened: int
    closed: int
    in_time: int
    outcomes: dict[FollowUpState, int]


def count_period(
    reader: Reader,
    office_id: int,
    since: datetime,
    until: datetime,
    *,
    viewer_id: int | None,
    day_of: Callable[[datetime], date],
) -> list[Counted]:
    """Return, by service, what became of the follow-ups opened in [since, until) of which the viewer may know.

    `day_of` gives the office's day.
    """
    found = FOLLOW_UPS.c
    columns = (
        found.service_id,
        found.state,
        found.closed_at,
        found.due_on,
        found.privacy,
        found.voice_id,
        found.barred,
    )
    query = select(*columns, MATTER).outerjoin(RESPONSES, ANSWER)
    opened = (found.office_id == office_id, found.opened_at >= since, found.opened_at < until)
    groups: dict[int | None, list[Any]] = {}
    for row in _known(reader, office_id, list(reader.execute(query.where(*opened))), viewer_id):
        groups.setdefault(row.service_id, []).append(row)
    return [_counted(service_id, rows, day_of) for service_id, rows in groups.items()]


def _known(reader: Reader, office_id: int, rows: list[Any], viewer_id: int | None) -> list[Any]:
    """Return those of which the viewer may know."""
    hidden = [row for row in rows if not is_open_to_barred(row.privacy, row.voice_id)]
    own = handled_by(reader, office_id, viewer_id, [row.matter_id for row in hidden])
    return [
        row
        for row in rows
        if is_open_to_barred(row.privacy, row.voice_id) or not (viewer_id in row.barred or row.matter_id in own)
    ]


def _counted(service_id: int | None, rows: list[Any], day_of: Callable[[datetime], date]) -> Counted:
    closed = [row for row in rows if row.closed_at is not None]
    in_time = sum(day_of(row.closed_at) <= row.due_on for row in closed)
    states = [FollowUpState(row.state) for row in closed]
    outcomes = {state: states.count(state) for state in FollowUpState if state in CLOSED}
    return Counted(service_id, len(rows), len(closed), in_time, outcomes)
