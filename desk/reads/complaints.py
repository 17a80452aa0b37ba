"""Complaints, suggestions and compliments as pages show them: to staff, to officers, to owners, and to whoever asks."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import aliased

from desk.domain.complaints import Deadlines, VoiceKind, VoiceState
from desk.models import (
    CaseWords,
    Facility,
    FollowUpRow,
    Person,
    Service,
    TransactionRow,
    Visit,
    VoiceContact,
    VoiceOfficer,
    VoiceRow,
)
from desk.reads.barred import list_handlers
from desk.reads.follow_ups import reference_of
from desk.reads.reader import Reader

LIMIT: Final = 200


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach somebody, and whether they agreed to be told by a message; personal data."""

    name: str | None
    email: str | None
    phone: str | None
    agreed: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """A voice for staff; `words` and the number are None where they were erased or are not tied."""

    id: int
    kind: VoiceKind
    state: VoiceState
    anonymous: bool
    service: str | None
    facility: str | None
    facility_id: int | None
    number: str | None
    transaction_id: int | None
    barred: frozenset[int]
    day: date
    received_at: datetime
    acknowledge_on: date | None
    answer_on: date | None
    acknowledged_at: datetime | None
    answered_at: datetime | None
    answer_id: int | None
    closed_at: datetime | None
    done_at: datetime | None
    escalated_at: datetime | None
    erased_at: datetime | None
    words: str | None
    language: str

    @property
    def reference(self) -> str:
        """How people name it."""
        return reference_of(self.id)

    @property
    def deadlines(self) -> Deadlines:
        """The dates of a complaint and what happened so far."""
        return Deadlines(
            self.acknowledge_on,
            self.answer_on,
            is_acknowledged=self.acknowledged_at is not None,
            is_answered=self.answered_at is not None,
        )


@dataclass(frozen=True, slots=True)
class Tracked:
    """A voice as whoever has its code sees it: where it stands, by when, and the office's answer."""

    office_id: int
    kind: VoiceKind
    state: VoiceState
    language: str
    received_at: datetime
    acknowledge_on: date | None
    answer_on: date | None
    answered_at: datetime | None
    answer: str | None
    erased: bool
    is_anonymous: bool


def list_voices(
    reader: Reader, office_id: int, *, language: str, viewer_id: int | None, kind: str = "", is_open: bool = False
) -> list[Heard]:
    """Return what visitors said, the newest first, at most 200; not what the viewer had a hand in."""
    query = _query(office_id, language).order_by(VoiceRow.received_at.desc(), VoiceRow.id.desc()).limit(LIMIT)
    if kind:
        query = query.where(VoiceRow.kind == kind)
    if is_open:
        query = query.where(VoiceRow.closed_at.is_(None))
    return [each for each in _all_heard(reader, office_id, query) if viewer_id not in each.barred]


def find_voice(reader: Reader, office_id: int, voice_id: int, *, language: str) -> Heard | None:
    """Return one of them; None where the office has none such."""
    return next(iter(_all_heard(reader, office_id, _query(office_id, language).where(VoiceRow.id == voice_id))), None)


def list_of_owner(reader: Reader, office_id: int, owner_id: int | None, *, language: str) -> list[Heard]:
    """Return what was said about the facilities somebody looks after: what is not done first, then the newest.

    Not a complaint about a matter in which they had a hand.
    """
    owned = select(Facility.id).where(Facility.office_id == office_id, Facility.owner_id == owner_id)
    query = _query(office_id, language).where(VoiceRow.facility_id.in_(owned))
    query = query.order_by(VoiceRow.done_at.is_not(None), VoiceRow.received_at.desc()).limit(LIMIT)
    found = _all_heard(reader, office_id, query)
    return [each for each in found if each.kind is not VoiceKind.COMPLAINT or owner_id not in each.barred]


def list_compliments(reader: Reader, office_id: int, person_id: int | None, *, language: str) -> list[Heard]:
    """Return the compliments that reached one officer, the newest first: nobody else's."""
    mine = and_(VoiceOfficer.office_id == VoiceRow.office_id, VoiceOfficer.voice_id == VoiceRow.id)
    query = _query(office_id, language).join(VoiceOfficer, mine).where(VoiceOfficer.person_id == person_id)
    newest = query.order_by(VoiceRow.received_at.desc(), VoiceRow.id.desc()).limit(LIMIT)
    return _all_heard(reader, office_id, newest)


def list_reached(reader: Reader, office_id: int, voice_id: int) -> list[tuple[int, str]]:
    """Return whom a compliment reaches, by name."""
    query = (
        select(Person.id, Person.name)
        .join(VoiceOfficer, VoiceOfficer.person_id == Person.id)
        .where(VoiceOfficer.office_id == office_id, VoiceOfficer.voice_id == voice_id)
        .order_by(Person.name, Person.id)
    )
    return [(row[0], row[1]) for row in reader.execute(query).tuples()]


def _query(office_id: int, language: str) -> Select[Any]:
    voice, name = VoiceRow, Service.name_en if language == "en" else Service.name_id
    facility = Facility.name_en if language == "en" else Facility.name_id
    matter = and_(TransactionRow.office_id == voice.office_id, TransactionRow.id == voice.transaction_id)
    return (
        select(
            voice.__table__,
            name.label("service"),
            facility.label("facility"),
            Visit.label.label("number"),
            CaseWords.words,
        )
        .outerjoin(Service, Service.id == voice.service_id)
        .outerjoin(Facility, Facility.id == voice.facility_id)
        .outerjoin(TransactionRow, matter)
        .outerjoin(Visit, and_(Visit.office_id == voice.office_id, Visit.id == TransactionRow.visit_id))
        .outerjoin(CaseWords, and_(CaseWords.office_id == voice.office_id, CaseWords.id == voice.id))
        .where(voice.office_id == office_id)
    )


def _all_heard(reader: Reader, office_id: int, query: Select[Any]) -> list[Heard]:
    rows = list(reader.execute(query))
    handlers = list_handlers(reader, office_id, [row.transaction_id for row in rows])
    return [_heard(row, handlers.get(row.transaction_id, frozenset())) for row in rows]


def _heard(row: Any, handlers: frozenset[int]) -> Heard:
    return Heard(
        row.id,
        VoiceKind(row.kind),
        VoiceState(row.state),
        row.anonymous,
        row.service,
        row.facility,
        row.facility_id,
        row.number,
        row.transaction_id,
        frozenset(row.barred) | handlers,
        row.day,
        row.received_at,
        row.acknowledge_on,
        row.answer_on,
        row.acknowledged_at,
        row.answered_at,
        row.answer_id,
        row.closed_at,
        row.done_at,
        row.escalated_at,
        row.erased_at,
        row.words,
        row.language,
    )


def find_voice_contact(reader: Reader, office_id: int, voice_id: int) -> Contact | None:
    """Return how to reach whoever complained; None where they gave nothing."""
    found = VoiceContact
    query = select(found.name, found.email, found.phone, found.consented_at).where(
        found.office_id == office_id, found.voice_id == voice_id
    )
    row = reader.execute(query).one_or_none()
    return None if row is None else Contact(row.name, row.email, row.phone, row.consented_at is not None)


def find_follow_up_of(reader: Reader, office_id: int, voice_id: int) -> int | None:
    """Return the follow-up of a complaint; None where there is none."""
    query = select(FollowUpRow.id).where(FollowUpRow.office_id == office_id, FollowUpRow.voice_id == voice_id)
    return reader.execute(query).scalar_one_or_none()


def find_tracked(reader: Reader, office_id: int, voice_id: int) -> Tracked | None:
    """Return what the page behind a tracking code shows: nothing of the words, the visit or any officer.

    Of a compliment not even whether it reached one: that would tell whether number and day of a visit were right.
    """
    voice, answer = VoiceRow, aliased(CaseWords)
    query = (
        select(voice.__table__, answer.words.label("answer"))
        .outerjoin(answer, and_(answer.office_id == voice.office_id, answer.id == voice.answer_id))
        .where(voice.office_id == office_id, voice.id == voice_id)
    )
    row = reader.execute(query).one_or_none()
    if row is None:
        return None
    kind = VoiceKind(row.kind)
    return Tracked(
        row.office_id,
        kind,
        VoiceState.RECEIVED if kind is VoiceKind.COMPLIMENT else VoiceState(row.state),
        row.language,
        row.received_at,
        row.acknowledge_on,
        row.answer_on,
        row.answered_at,
        row.answer,
        row.erased_at is not None,
        row.anonymous,
    )


@dataclass(frozen=True, slots=True)
class OwnedFacility:
    """A facility with its names and who looks after it."""

    id: int
    code: str
    name: dict[str, str]
    owner_id: int | None
    owner: str | None
    retired: bool


def list_facilities(reader: Reader, office_id: int, *, retired: bool = False) -> list[OwnedFacility]:
    """Return the facilities of an office in their order; `retired` takes those along that are offered no more."""
    query = (
        select(Facility.__table__, Person.name.label("owner"))
        .outerjoin(Person, Person.id == Facility.owner_id)
        .where(Facility.office_id == office_id)
        .order_by(Facility.retired, Facility.position, Facility.id)
    )
    if not retired:
        query = query.where(Facility.retired.is_(False))
    return [
        OwnedFacility(
            row.id, row.code, {"id": row.name_id, "en": row.name_en}, row.owner_id, row.owner, row.retired
        )
        for row in reader.execute(query)
    ]  # fmt: skip
