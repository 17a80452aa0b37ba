"""What the worker looks for now and then: low answers that belong to no transaction, and what is late.

What is late is told to the supervisors, and after as many working days as the office has set once more, to the
administrators; by mail too, if the office wants that.

An anonymous answer is followed up the day after, with all of its day at once: opened beside the event that its link was
used, the follow-up would lead to the transaction. Sheets of paper may be typed in long after their day: for them counts
when they were typed. Files open none: they hold what was followed up, or not, where it was given.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import and_, or_, select

from desk.domain import following_up as rule
from desk.domain.complaints import Deadlines, VoiceKind, escalated, is_late, must_escalate
from desk.domain.following_up import FollowUpRules, Matter, Origin
from desk.domain.hours import business_day, day_bounds
from desk.domain.invitation import InvitationState, Privacy
from desk.domain.lateness import Level, raised
from desk.domain.lifecycle import State
from desk.models import CustodySegment, FollowUpRow, InvitationRow, LooseResponse, Office, SurveyImport, VoiceRow
from desk.operations.complaints.following_up import due_date, open_follow_up, today_of
from desk.operations.complaints.telling_staff import LateCase, tell_staff
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit
from desk.reads.barred import list_barred
from desk.reads.follow_up_rules import get_follow_up_rules
from desk.reads.questionnaires import find_questionnaire

FOLLOW_UPS: Any = FollowUpRow.__table__
LOOSE: Any = LooseResponse.__table__
VOICES: Any = VoiceRow.__table__
IMPORTS: Any = SurveyImport.__table__
# Of answers so old nobody would want to be told; the worker looks far more often.
LOOK_BACK_DAYS: Final = 14
FOLLOWED: Final = ("anonymous", "poster")
PAPER: Final = "paper"


def list_offices(streams: Streams) -> list[int]:
    """Return every office."""
    with streams.reading() as connection:
        return list(connection.execute(select(Office.id).order_by(Office.id)).scalars())


def look_after(streams: Streams, office_id: int, request: Request) -> Done:
    """Open follow-ups for low answers of the days before, and tell what is late or stayed so.

    Answers opened and escalated (numbers).
    """

    def work(unit: Unit) -> Done:
        opened = _open_loose(unit)
        late = [*_late_follow_ups(unit), *_late_voices(unit)]
        return unit.done(opened=opened, escalated=sum(_escalate(unit, late)))

    return streams.run(office_id, request, work)


def _open_loose(unit: Unit) -> int:
    rules = get_follow_up_rules(unit.connection, unit.office_id)
    opened = 0
    for row in _list_unfollowed(unit):
        questionnaire = find_questionnaire(unit.connection, unit.office_id, row.questionnaire_id)
        if rule.is_low(questionnaire, row.answers, row.satisfaction, rules):
            matter = Matter(
                Origin.SCORE,
                Privacy.ANONYMOUS,
                row.day,
                service_id=row.service_id or None,
                loose_id=row.id,
                satisfaction=row.satisfaction,
            )
            barred = _may_have_handled(unit, row.day, row.service_id)
            open_follow_up(unit, matter, barred=barred, days=rules.follow_up_days)
            opened += 1
    return opened


def _list_unfollowed(unit: Unit) -> list[Any]:
    """Return the answers of the days before that nobody follows up yet, not too old."""
    today, rules = today_of(unit), unit.configuration.rules
    first = today - timedelta(days=LOOK_BACK_DAYS)
    typed_since, _ = day_bounds(first, rules.zone, starts_at=rules.day_starts_at)
    followed = select(FOLLOW_UPS.c.loose_id).where(
        FOLLOW_UPS.c.office_id == unit.office_id, FOLLOW_UPS.c.loose_id == LOOSE.c.id
    )
    mine = select(LOOSE).where(LOOSE.c.office_id == unit.office_id, LOOSE.c.day < today, ~followed.exists())
    batch = and_(IMPORTS.c.office_id == LOOSE.c.office_id, IMPORTS.c.id == LOOSE.c.import_id)
    queries = (
        mine.where(LOOSE.c.day >= first, LOOSE.c.origin.in_(FOLLOWED)),
        mine.join(IMPORTS, batch).where(IMPORTS.c.origin == PAPER, IMPORTS.c.made_at >= typed_since),
    )
    rows = [row for query in queries for row in unit.connection.execute(query).all()]
    # By their random ids: in the order in which they came, the first would be the first whose link was used.
    return sorted(rows, key=lambda row: (row.day, row.id))


def _may_have_handled(unit: Unit, day: date, service_id: int | None) -> set[int]:
    """Return who handled any of the transactions of which the answer may be."""
    rules = unit.configuration.rules
    since, _ = day_bounds(day - timedelta(days=rules.survey_valid_days), rules.zone, starts_at=rules.day_starts_at)
    _, until = day_bounds(day, rules.zone, starts_at=rules.day_starts_at)
    asked, held = InvitationRow, CustodySegment
    query = (
        select(held.holder_id)
        .join(asked, (asked.office_id == held.office_id) & (asked.transaction_id == held.transaction_id))
        .where(
            asked.office_id == unit.office_id,
            asked.decided_at >= since,
            asked.decided_at < until,
            asked.privacy == Privacy.ANONYMOUS.value,
            asked.state == InvitationState.ANSWERED.value,
            held.state != State.WAITING.value,
        )
    )
    if service_id:
        query = query.where(held.service_id == service_id)
    return set(unit.connection.execute(query.distinct()).scalars())


@dataclass(frozen=True, slots=True)
class _Late:
    """A row that is late: `why` is what it must be told for now, None where that was done."""

    row: Any
    kind: str
    why: str | None


def _late_follow_ups(unit: Unit) -> Iterator[_Late]:
    query = select(FOLLOW_UPS).where(
        FOLLOW_UPS.c.office_id == unit.office_id,
        FOLLOW_UPS.c.closed_at.is_(None),
        FOLLOW_UPS.c.due_on < today_of(unit),
        or_(FOLLOW_UPS.c.escalated_at.is_(None), FOLLOW_UPS.c.raised_at.is_(None)),
    )
    for row in unit.connection.execute(query.order_by(FOLLOW_UPS.c.id)).all():
        yield _Late(row, "follow_up", "due" if row.escalated_at is None else None)


def _late_voices(unit: Unit) -> Iterator[_Late]:
    today = today_of(unit)
    query = select(VOICES).where(
        VOICES.c.office_id == unit.office_id, VOICES.c.kind == VoiceKind.COMPLAINT.value, VOICES.c.closed_at.is_(None)
    )
    for row in unit.connection.execute(query.order_by(VOICES.c.id)).all():
        deadlines = Deadlines(
            row.acknowledge_on,
            row.answer_on,
            is_acknowledged=row.acknowledged_at is not None,
            is_answered=row.answered_at is not None,
            escalated_on=_day_of(unit, row.escalated_at),
        )
        if must_escalate(deadlines, today=today):
            yield _Late(row, "voice", "answer" if today > row.answer_on else "acknowledge")
        elif is_late(deadlines, today=today):
            yield _Late(row, "voice", None)


def _day_of(unit: Unit, at: datetime | None) -> date | None:
    rules = unit.configuration.rules
    return None if at is None else business_day(at, rules.zone, starts_at=rules.day_starts_at)


def _escalate(unit: Unit, late: list[_Late]) -> Iterator[int]:
    """Tell of each what is to be told now; yields how much that was."""
    rules = get_follow_up_rules(unit.connection, unit.office_id)
    due = [(each, level) for each in late if (level := _level(unit, each, rules)) is not None]
    barred = list_barred(unit.connection, unit.office_id, [each.row.id for each, _ in due])
    for each, level in due:
        row = each.row
        if level is Level.SUPERVISORS:
            unit.append(escalated(row.id, each.kind, each.why or "due"))
        else:
            unit.append(raised(row.id, each.kind))
        if rules.late_mail:
            shared_id = row.voice_id or row.id if each.kind == "follow_up" else row.id
            tell_staff(unit, LateCase(row.id, each.kind, shared_id, barred[row.id]), level)
        yield 1


def _level(unit: Unit, late: _Late, rules: FollowUpRules) -> Level | None:
    """Return the level at which a case is told of now; None where nothing is to be told."""
    row = late.row
    if late.why is not None:
        return Level.SUPERVISORS
    told_on = _day_of(unit, row.escalated_at)
    if row.raised_at is not None or told_on is None or not rules.late_raise_days:
        return None
    raise_on = due_date(unit, row.service_id, rules.late_raise_days, since=told_on)
    return Level.ADMINISTRATORS if today_of(unit) >= raise_on else None
