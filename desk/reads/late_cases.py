"""Follow-ups and complaints whose day has passed, for the gap list: what they are about, never what was written."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, or_, select

from desk.domain.invitation import Privacy
from desk.models import FollowUpRow, Person, VoiceRow
from desk.reads.reader import Reader


@dataclass(frozen=True, slots=True)
class Late:
    """A follow-up or a complaint (`is_voice`) whose day has passed; `barred` must not learn of it."""

    id: int
    is_voice: bool
    service_id: int | None
    who_id: int | None
    who: str | None
    due_on: date
    barred: frozenset[int]


def list_overdue(reader: Reader, office_id: int, *, today: date, most: int) -> list[Late]:
    """Return what is late, at most so many of each kind: open follow-ups, then complaints."""
    found = FollowUpRow
    query = (
        select(found.id, found.service_id, found.assigned_id, Person.name, found.due_on, found.barred, found.privacy)
        .outerjoin(Person, Person.id == found.assigned_id)
        .where(found.office_id == office_id, found.closed_at.is_(None), found.due_on < today)
        .order_by(found.due_on, found.id)
        .limit(most)
    )
    late = [
        Late(
            row.id,
            is_voice=False,
            service_id=row.service_id,
            who_id=row.assigned_id,
            who=row.name,
            due_on=row.due_on,
            barred=frozenset() if row.privacy == Privacy.LINKED else frozenset(row.barred),
        )
        for row in reader.execute(query)
    ]
    return late + _late_voices(reader, office_id, today, most)


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
    return [
        Late(
            row.id,
            is_voice=True,
            service_id=row.service_id,
            who_id=None,
            who=None,
            due_on=row.answer_on if row.acknowledged_at is not None else row.acknowledge_on,
            barred=frozenset(row.barred),
        )
        for row in reader.execute(query)
    ]
