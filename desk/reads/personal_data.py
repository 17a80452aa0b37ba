"""All that an office keeps of one person, as that person may have it (UU 27/2022): plain values, ready for JSON.

Left out: links and their tokens, what was answered confidentially or anonymously (the office promised to show it beside
no name), and voices about a matter in which whoever makes the export had a hand. Every export says so, whether there is
one or not.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, select

from desk.domain.invitation import Privacy
from desk.models import (
    CaseStep,
    CaseWords,
    Delivery,
    HandoffWords,
    Note,
    Person,
    Service,
    SurveyAsking,
    TransactionRow,
    Visit,
    VisitContact,
    VoiceContact,
)
from desk.reads.answered import ANSWERS, find_asked
from desk.reads.kept_of_person import Kept, MatterLine, VisitLine, VoiceLine
from desk.reads.reader import Reader

VISITS: Any = Visit.__table__
CONTACTS: Any = VisitContact.__table__
DELIVERIES: Any = Delivery.__table__
NOTES: Any = Note.__table__
Object = dict[str, Any]
GIVEN: Final = ("name", "email", "phone", "consented_at")
MESSAGE: Final = ("kind", "channel", "address", "state", "queued_at", "sent_at")


def collect(reader: Reader, office_id: int, kept: Kept) -> Object:
    """Return the person's data as far as it is `shown_to` whoever makes the export.

    Instants are ISO texts in UTC, names of services in both languages.
    """
    return {
        "visits": [_visit(reader, office_id, each, kept) for each in kept.visits],
        "voices": [_voice(reader, office_id, each) for each in kept.voices],
    }


def _visit(reader: Reader, office_id: int, visit: VisitLine, kept: Kept) -> Object:
    query = (
        select(VISITS, CONTACTS.c.consented_at)
        .outerjoin(CONTACTS, (CONTACTS.c.office_id == VISITS.c.office_id) & (CONTACTS.c.visit_id == VISITS.c.id))
        .where(VISITS.c.office_id == office_id, VISITS.c.id == visit.id)
    )
    row = reader.execute(query).one()
    return {
        "number": visit.number,
        "day": visit.day.isoformat(),
        "arrived_at": _moment(row.arrived_at),
        "channel": row.channel,
        "language": row.language,
        "priority": row.priority,
        "priority_reason": row.priority_reason,
        "name": visit.name,
        "email": visit.email,
        "phone": visit.phone,
        "consented_at": _moment(row.consented_at),
        "messages": _messages(reader, office_id, DELIVERIES.c.visit_id == visit.id),
        "asked_at": _asked_at(reader, office_id, visit.id),
        "transactions": [
            _transaction(reader, office_id, each) for each in kept.transactions if each.visit_id == visit.id
        ],
    }


def _messages(reader: Reader, office_id: int, *conditions: ColumnElement[bool]) -> list[Object]:
    query = select(*(DELIVERIES.c[name] for name in MESSAGE)).where(DELIVERIES.c.office_id == office_id, *conditions)
    return [_plain(row._mapping) for row in reader.execute(query.order_by(DELIVERIES.c.id))]


def _asked_at(reader: Reader, office_id: int, visit_id: int) -> list[str | None]:
    mine = (SurveyAsking.office_id == office_id, SurveyAsking.visit_id == visit_id)
    query = select(SurveyAsking.asked_at).where(*mine).distinct()  # a row for each address of the visit
    return [_moment(each) for each in reader.execute(query).scalars()]


def _transaction(reader: Reader, office_id: int, matter: MatterLine) -> Object:
    query = (
        select(TransactionRow.__table__, Service.name_id, Service.name_en)
        .join(Service, Service.id == TransactionRow.service_id)
        .where(TransactionRow.office_id == office_id, TransactionRow.id == matter.id)
    )
    row = reader.execute(query).one()
    return {
        "service": {"id": row.name_id, "en": row.name_en},
        "opened_at": _moment(row.opened_at),
        "ended_at": _moment(row.ended_at),
        "state": row.state,
        "ending": row.ending,
        "outcome": row.outcome,
        "answer": _answer(reader, office_id, matter.id),
        "notes": list(_notes(reader, office_id, matter.id)),
        "handed_on": list(_handed_on(reader, office_id, matter.id)),
    }


def _answer(reader: Reader, office_id: int, transaction_id: int) -> Object | None:
    asked = find_asked(reader, office_id, transaction_id)
    if asked is None or not asked.is_answered:
        return None
    if asked.privacy is not Privacy.LINKED:
        return {"kept": asked.privacy.value}
    answers = [
        {"question": _words(each.question), "answer": _words(each.answer)} for each in asked.answers
    ]  # fmt: skip
    return {"kept": asked.privacy.value, "answers": answers, "comment": asked.comment or None}


def _words(words: Any) -> Object:
    return {language: words.in_language(language) for language in ("id", "en")}


def _notes(reader: Reader, office_id: int, transaction_id: int) -> Iterator[Object]:
    query = (
        select(NOTES.c.written_at, NOTES.c.kind, NOTES.c.words, Person.name)
        .outerjoin(Person, Person.id == NOTES.c.author_id)
        .where(NOTES.c.office_id == office_id, NOTES.c.transaction_id == transaction_id, NOTES.c.words != "")
        .where(NOTES.c.kind.not_in(ANSWERS))
        .order_by(NOTES.c.id)
    )
    for row in reader.execute(query):
        yield {"written_at": _moment(row.written_at), "by": row.name, "words": row.words}


def _handed_on(reader: Reader, office_id: int, transaction_id: int) -> Iterator[Object]:
    query = select(HandoffWords.expects, HandoffWords.papers).where(
        HandoffWords.office_id == office_id, HandoffWords.transaction_id == transaction_id
    )
    for row in reader.execute(query.order_by(HandoffWords.id)):
        if row.expects or row.papers:
            yield {"expects": row.expects, "papers": (row.papers or "").splitlines()}


def _voice(reader: Reader, office_id: int, voice: VoiceLine) -> Object:
    query = select(VoiceContact.name, VoiceContact.email, VoiceContact.phone, VoiceContact.consented_at).where(
        VoiceContact.office_id == office_id, VoiceContact.voice_id == voice.id
    )
    contact = reader.execute(query).one_or_none()
    return {
        "kind": voice.kind,
        "received_at": _moment(voice.received_at),
        "closed_at": _moment(voice.closed_at),
        **(dict.fromkeys(GIVEN) if contact is None else _plain(contact._mapping)),
        "messages": _messages(reader, office_id, DELIVERIES.c.case_id == voice.id, DELIVERIES.c.person_id.is_(None)),
        "words": _steps(reader, office_id, voice.id),
    }


def _steps(reader: Reader, office_id: int, voice_id: int) -> Sequence[Object]:
    same = (CaseWords.office_id == CaseStep.office_id) & (CaseWords.id == CaseStep.id)
    query = (
        select(CaseStep.at, CaseStep.step, CaseWords.words)
        .join(CaseWords, same)
        .where(CaseStep.office_id == office_id, CaseStep.case_id == voice_id)
        .order_by(CaseStep.id)
    )
    return [_plain(row._mapping) for row in reader.execute(query)]


def _plain(values: Any) -> Object:
    return {name: _moment(value) if isinstance(value, datetime) else value for name, value in values.items()}


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds")


def as_json(data: Object) -> str:
    """Return the data as a file that people and programs can read."""
    return json.dumps(data, ensure_ascii=False, indent=2)
