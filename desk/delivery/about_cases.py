"""What messages about cases say, looked up when they are claimed: to who complained, and to staff about what is late.

Whether to send one at all may have changed since it was queued: words were erased, a newer answer was given, somebody
did what was late, or whoever was to be told has had a hand in the matter meanwhile.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from desk.domain.access import Role
from desk.domain.complaints import Deadlines, is_late
from desk.domain.hours import business_day
from desk.domain.messages import MessageKind
from desk.domain.refusals import Reason, Refused
from desk.models import CaseWords, FollowUpRow, Membership, Office, Person, VoiceContact, VoiceRow
from desk.reads.barred import list_barred
from desk.reads.follow_ups import is_kept_apart

VOICES: Final[Any] = VoiceRow.__table__
FOLLOW_UPS: Final[Any] = FollowUpRow.__table__
CONTACTS: Final[Any] = VoiceContact.__table__
WORDS: Final[Any] = CaseWords.__table__
OFFICES: Final[Any] = Office.__table__
PEOPLE: Final[Any] = Person.__table__
MEMBERSHIPS: Final[Any] = Membership.__table__
TOLD: Final = (Role.SUPERVISOR.value, Role.ADMIN.value)


@dataclass(frozen=True, slots=True)
class VoiceNews:
    """What somebody who complained is told; `words` are the answer where the office has it go along."""

    voice_id: int
    office: str
    received_on: date
    acknowledge_on: date | None
    answer_on: date | None
    is_answer: bool
    words: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class LateNews:
    """What staff are told of a late case: its number and its day, nothing of what was said or by whom."""

    case_id: int
    office_id: int
    office: str
    is_voice: bool
    is_kept_apart: bool
    due_on: date
    is_raised: bool


def find_news(
    connection: Connection, office_id: int, deliveries: Sequence[Any], *, at: datetime
) -> dict[int, VoiceNews | LateNews | Refused]:
    """Return by its id what each delivery about a case says, or why it is not sent any more.

    Reasons: NO_LONGER_POSSIBLE (erased, or agreed to no more), LINK_REVOKED (a newer answer was given), ALREADY_DONE
    (late no more), FORBIDDEN (whoever was to be told works here no more), IN_THE_CHAIN, UNKNOWN.
    """
    known = _Known.read(connection, office_id, deliveries, at)
    found: dict[int, VoiceNews | LateNews | Refused] = {}
    for each in deliveries:
        try:
            found[each.id] = known.late(each) if each.person_id is not None else known.voice(each)
        except Refused as refused:
            found[each.id] = refused
    return found


@dataclass(frozen=True, slots=True)
class _Known:
    """What was read about deliveries of one office."""

    office: Any
    today: date
    voices: Mapping[int, Any]
    follow_ups: Mapping[int, Any]
    agreed: frozenset[int]
    words: Mapping[int, str]
    staff: frozenset[int]
    barred: Mapping[int, frozenset[int]]

    @classmethod
    def read(cls, connection: Connection, office_id: int, deliveries: Sequence[Any], at: datetime) -> "_Known":
        cases = [each.case_id for each in deliveries]
        office = connection.execute(select(OFFICES).where(OFFICES.c.id == office_id)).one()
        starts_at = time(*divmod(office.day_starts_at, 60))
        agreed = select(CONTACTS.c.voice_id).where(
            CONTACTS.c.office_id == office_id, CONTACTS.c.voice_id.in_(cases), CONTACTS.c.consented_at.is_not(None)
        )
        words = select(WORDS).where(WORDS.c.office_id == office_id, WORDS.c.id.in_([each.id for each in deliveries]))
        works = (MEMBERSHIPS.c.office_id == office_id, MEMBERSHIPS.c.role.in_(TOLD), PEOPLE.c.disabled_at.is_(None))
        staff = select(PEOPLE.c.id).join(MEMBERSHIPS, MEMBERSHIPS.c.person_id == PEOPLE.c.id).where(*works)
        return cls(
            office,
            business_day(at, ZoneInfo(office.zone), starts_at=starts_at),
            _rows(connection, VOICES, office_id, cases),
            _rows(connection, FOLLOW_UPS, office_id, cases),
            frozenset(connection.execute(agreed).scalars()),
            {row.id: row.words for row in connection.execute(words)} if office.complaint_answer_words else {},
            frozenset(connection.execute(staff).scalars()),
            list_barred(connection, office_id, cases),
        )

    def voice(self, delivery: Any) -> VoiceNews:
        """Return what whoever complained is told; raise `Refused` where nothing is to be said any more."""
        row, is_answer = self.voices.get(delivery.case_id), delivery.kind == MessageKind.VOICE_ANSWERED
        if row is None:
            raise Refused(Reason.UNKNOWN, id=delivery.case_id)
        if delivery.address is None or row.erased_at is not None or row.id not in self.agreed:
            raise Refused(Reason.NO_LONGER_POSSIBLE)
        if is_answer and row.answer_id != delivery.id:
            raise Refused(Reason.LINK_REVOKED)
        dates = (row.day, row.acknowledge_on, row.answer_on)
        words = self.words.get(delivery.id) if is_answer else None
        return VoiceNews(row.id, self.office.name, *dates, is_answer=is_answer, words=words)

    def late(self, delivery: Any) -> LateNews:
        """Return what a member of staff is told; raise `Refused` where it is late no more, or not for them."""
        follow_up, voice = self.follow_ups.get(delivery.case_id), self.voices.get(delivery.case_id)
        row = voice if follow_up is None else follow_up
        if row is None:
            raise Refused(Reason.UNKNOWN, id=delivery.case_id)
        if delivery.address is None or delivery.person_id not in self.staff:
            raise Refused(Reason.FORBIDDEN)
        if delivery.person_id in self.barred[row.id]:
            raise Refused(Reason.IN_THE_CHAIN)
        is_apart = follow_up is not None and is_kept_apart(follow_up.privacy, follow_up.voice_id)
        due_on = _passed(voice, self.today) if follow_up is None else _due(follow_up, self.today)
        is_raised = delivery.kind == MessageKind.CASE_RAISED
        return LateNews(row.id, row.office_id, self.office.name, follow_up is None, is_apart, due_on, is_raised)


def _rows(connection: Connection, table: Any, office_id: int, ids: Sequence[int]) -> dict[int, Any]:
    query = select(table).where(table.c.office_id == office_id, table.c.id.in_(ids))
    return {row.id: row for row in connection.execute(query)}


def _due(follow_up: Any, today: date) -> date:
    """Return the day that has passed; raise `Refused(ALREADY_DONE)` where none has."""
    if follow_up.closed_at is not None or today <= follow_up.due_on:
        raise Refused(Reason.ALREADY_DONE)
    due_on: date = follow_up.due_on
    return due_on


def _passed(voice: Any, today: date) -> date:
    deadlines = Deadlines(
        voice.acknowledge_on,
        voice.answer_on,
        is_acknowledged=voice.acknowledged_at is not None,
        is_answered=voice.answered_at is not None,
    )
    if voice.closed_at is not None or not is_late(deadlines, today=today):
        raise Refused(Reason.ALREADY_DONE)
    due_on: date = voice.answer_on if voice.acknowledged_at is not None else voice.acknowledge_on
    return due_on
