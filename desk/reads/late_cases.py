"""Follow-ups and complaints that are late or that nobody may follow up: what they are about, never what was written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, literal, or_, select

from desk.models import FollowUpRow, Person, ResponseRow, VoiceRow
from desk.reads.barred import ANSWER, MATTER, list_handlers
from desk.reads.follow_ups import is_kept_apart, is_open_to_barred
from desk.reads.office_day import Day
from desk.reads.reader import Reader


@dataclass(frozen=True, slots=True)
class Late:
    """A follow-up or a complaint (`is_voice`) whose day has passed; `barred` must not learn of it.

    `unassigned_since` of a follow-up that nobody outside the chain may take, whether its day has passed or not.
    One that `is_kept_apart` has neither a time nor the number of its event on a screen.
    """

    id: int
    is_voice: bool
    service_id: int | None
    who_id: int | None
    who: str | None
    due_on: date
    barred: frozenset[int]
    unassigned_since: datetime | None = None
    is_kept_apart: bool = False
    day: date | None = None  # on which its answer came in


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for somebody: follow-ups of their own, and how much of the office's the administrator was told of."""

    own: int
    late_follow_ups: int
    late_complaints: int


def since_when(day: Day, case: Late) -> datetime:
    """Return when it was opened if it is nobody's, to the day where no more may be told; else when it became late."""
    if case.unassigned_since is None:
        return day.began_at - (day.today - case.due_on - timedelta(days=1))
    if case.is_kept_apart and case.day is not None:
        return day.began_at - (day.today - case.day)
    return case.unassigned_since


def list_overdue(reader: Reader, office_id: int, *, today: date, most: int) -> list[Late]:
    """Return what is late or is nobody's, at most so many of each kind: open follow-ups, then complaints."""
    found = FollowUpRow
    query = (
        select(found.__table__, MATTER, Person.name)
        .outerjoin(ResponseRow, ANSWER)
        .outerjoin(Person, Person.id == found.assigned_id)
        .where(
            found.office_id == office_id,
            found.closed_at.is_(None),
            or_(found.due_on < today, found.assigned_id.is_(None)),
        )
        .order_by(found.due_on, found.id)
        .limit(most)
    )
    rows = list(reader.execute(query))
    handlers = list_handlers(reader, office_id, [row.matter_id for row in rows])
    late = [
        Late(
            row.id,
            is_voice=False,
            service_id=row.service_id,
            who_id=row.assigned_id,
            who=row.name,
            due_on=row.due_on,
            barred=_hidden_from(row, handlers),
            unassigned_since=row.opened_at if row.assigned_id is None else None,
            is_kept_apart=is_kept_apart(row.privacy, row.voice_id),
            day=row.day,
        )
        for row in rows
    ]
    return late + _late_voices(reader, office_id, today, most)


def _hidden_from(row: Any, handlers: Mapping[int, frozenset[int]]) -> frozenset[int]:
    """Return who must not learn of a follow-up: whoever handled it may know of an answer that is linked openly."""
    if is_open_to_barred(row.privacy, row.voice_id):
        return frozenset()
    return frozenset(row.barred) | handlers.get(row.matter_id, frozenset())


def count_waiting(reader: Reader, office_id: int, person_id: int | None) -> Waiting:
    """Return what waits for somebody, for the navigation; nothing of which they must not learn is counted."""
    found, voice = FollowUpRow, VoiceRow
    own_or_late = or_(found.assigned_id == person_id, found.escalated_at.is_not(None))
    columns = (found.assigned_id, found.escalated_at, found.privacy, found.barred, found.voice_id, MATTER)
    of_them = (found.office_id == office_id, found.closed_at.is_(None), own_or_late)
    follow_ups = select(*columns).outerjoin(ResponseRow, ANSWER).where(*of_them)
    # Acknowledged after it was told, a complaint is late no more until it must be answered.
    is_late = or_(voice.acknowledged_at.is_(None), voice.escalated_at > voice.acknowledged_at)
    told = (literal(None), voice.escalated_at, literal(None), voice.barred, voice.id, voice.transaction_id)
    complaints = select(*told).where(
        voice.office_id == office_id, voice.closed_at.is_(None), voice.escalated_at.is_not(None), is_late
    )
    own = late = late_complaints = 0
    rows = list(reader.execute(follow_ups.union_all(complaints)))
    handlers = list_handlers(reader, office_id, [row.matter_id for row in rows if row.escalated_at is not None])
    for row in rows:
        own += row.assigned_id is not None and row.assigned_id == person_id
        if row.escalated_at is not None and person_id not in _hidden_from(row, handlers):
            late += row.privacy is not None
            late_complaints += row.privacy is None
    return Waiting(own, late, late_complaints)


def _late_voices(reader: Reader, office_id: int, today: date, most: int) -> list[Late]:
    voice = VoiceRow
    unanswered = and_(voice.answer_on < today, voice.answered_at.is_(None))
    unacknowledged = and_(voice.acknowledge_on < today, voice.acknowledged_at.is_(None))
    query = (
        select(voice.__table__)
        .where(voice.office_id == office_id, voice.closed_at.is_(None), or_(unanswered, unacknowledged))
        .order_by(voice.id)
        .limit(most)
    )
    rows = list(reader.execute(query))
    handlers = list_handlers(reader, office_id, [row.transaction_id for row in rows])
    return [
        Late(
            row.id,
            is_voice=True,
            service_id=row.service_id,
            who_id=None,
            who=None,
            due_on=row.answer_on if row.acknowledged_at is not None else row.acknowledge_on,
            barred=frozenset(row.barred) | handlers.get(row.transaction_id, frozenset()),
        )
        for row in rows
    ]
