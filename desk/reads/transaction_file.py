"""Everything about one transaction: where it stands, who had it from when to when, what happened, in which words."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from desk.domain.audit import FIRST_LINK, Entry, link
from desk.domain.clock import micros
from desk.domain.counter_names import CounterName
from desk.domain.identity import id_of
from desk.domain.invitation import Privacy
from desk.models import (
    Call,
    Counter,
    CustodySegment,
    EventRow,
    HandoffRow,
    HandoffWords,
    Note,
    Office,
    Person,
    Pool,
    Service,
    TransactionRow,
    Visit,
    VisitContact,
)
from desk.reads.answered import ANSWERS, find_asked, without_answers
from desk.reads.counter_names import NAMED
from desk.reads.items import last_wait_ended_by
from desk.reads.reader import Reader
from desk.reads.requests import list_requests_of
from desk.reads.transaction_views import (
    CallView,
    Contact,
    HandoffView,
    Happening,
    Segment,
    TransactionFile,
)
from desk.reads.waits import get_waits, promised_wait


def find_transaction_file(
    reader: Reader, office_id: int, transaction_id: int, *, at: datetime
) -> TransactionFile | None:
    """Return the file of a transaction as of `at`, None when the office has no such transaction."""
    row = _head(reader, office_id, transaction_id)
    if row is None:
        return None
    people = _people(reader, office_id, transaction_id)
    counters = dict(reader.execute(select(Counter.id, NAMED).where(Counter.office_id == office_id)).tuples().all())
    asked = find_asked(reader, office_id, transaction_id)
    is_linked = asked is None or asked.privacy is Privacy.LINKED
    notes, erased = _notes(reader, office_id, transaction_id, is_linked=is_linked)
    events = [
        replace(each, erased_at=erased.get(id_of(office_id, number=each.number or 0)))
        for each in _events(reader, office_id, transaction_id, people, notes)
    ]
    segments = _segments(reader, office_id, transaction_id, people, counters, at)
    return TransactionFile(
        **row._mapping,
        holder=people.get(row.holder_id),
        first_wait_s=_first_wait(row, at),
        waits=get_waits(reader, office_id, transaction_id, at=at),
        segments=segments,
        events=events if is_linked else without_answers(events, _zone(reader, office_id)),
        handoffs=_handoffs(reader, office_id, transaction_id, people, notes),
        calls=_calls(reader, office_id, transaction_id, people, counters),
        asked=asked,
        requests=list_requests_of(reader, office_id, transaction_id),
    )


def _head(reader: Reader, office_id: int, transaction_id: int) -> Any:
    found = TransactionRow
    return reader.execute(
        select(
            found.id,
            found.office_id,
            Visit.label.label("number"),
            found.visit_id,
            found.service_id,
            Service.name_id.label("service_id_name"),
            Service.name_en.label("service_en_name"),
            found.state,
            found.ending,
            found.outcome,
            found.holder_id,
            found.counter_id,
            found.offer_id,
            found.priority,
            Visit.priority_reason,
            found.opened_at,
            found.arrived_at,
            found.served_at,
            found.ended_at,
            found.due_at,
            promised_wait().label("wait_promise_s"),
            last_wait_ended_by().label("last_wait"),
        )
        .join(Visit, (Visit.office_id == found.office_id) & (Visit.id == found.visit_id))
        .join(Service, Service.id == found.service_id)
        .where(found.office_id == office_id, found.id == transaction_id)
    ).one_or_none()


def _first_wait(row: Any, at: datetime) -> float:
    until: datetime = row.served_at or row.ended_at or at
    return max(0.0, float((until - row.opened_at).total_seconds()))


def _people(reader: Reader, office_id: int, transaction_id: int) -> dict[int, str]:
    holders = select(CustodySegment.holder_id).where(
        CustodySegment.office_id == office_id, CustodySegment.transaction_id == transaction_id
    )
    actors = select(EventRow.actor_id).where(EventRow.office_id == office_id, EventRow.transaction_id == transaction_id)
    handed = HandoffRow.office_id == office_id, HandoffRow.transaction_id == transaction_id
    receivers, meant_for = (select(each).where(*handed) for each in (HandoffRow.receiver_id, HandoffRow.meant_for_id))
    query = select(Person.id, Person.name).where(
        Person.id.in_(holders) | Person.id.in_(actors) | Person.id.in_(receivers) | Person.id.in_(meant_for)
    )
    return _names(reader, query)


def _names(reader: Reader, query: Any) -> dict[int, str]:
    return dict(reader.execute(query).tuples().all())


def _notes(
    reader: Reader, office_id: int, transaction_id: int, *, is_linked: bool
) -> tuple[dict[int, str], dict[int, datetime]]:
    """Return what was written, and when what is not there any more was erased, by the event it was written with."""
    query = select(Note.id, Note.words, Note.erased_at).where(
        Note.office_id == office_id, Note.transaction_id == transaction_id
    )
    rows = reader.execute(query if is_linked else query.where(Note.kind.not_in(ANSWERS))).all()
    erased = {row.id: row.erased_at for row in rows if row.erased_at is not None}
    return {row.id: row.words for row in rows if row.erased_at is None}, erased


def _segments(
    reader: Reader,
    office_id: int,
    transaction_id: int,
    people: dict[int, str],
    counters: dict[int, CounterName],
    at: datetime,
) -> list[Segment]:
    rows = reader.execute(
        select(CustodySegment.__table__)
        .where(CustodySegment.office_id == office_id, CustodySegment.transaction_id == transaction_id)
        .order_by(CustodySegment.ordinal)
    )
    return [
        Segment(
            row.ordinal,
            row.state,
            row.holder_id,
            people.get(row.holder_id, ""),
            counters.get(row.counter_id),
            row.started_at,
            row.ended_at,
            max(timedelta(0), (row.ended_at or at) - row.started_at).total_seconds(),
            row.cause,
            row.due_at,
        )
        for row in rows
    ]


def _events(
    reader: Reader, office_id: int, transaction_id: int, people: dict[int, str], notes: dict[int, str]
) -> list[Happening]:
    rows = reader.execute(
        select(EventRow.__table__)
        .where(EventRow.office_id == office_id, EventRow.transaction_id == transaction_id)
        .order_by(EventRow.number)
    )
    return [
        Happening(
            row.number,
            row.at,
            row.name,
            row.actor_kind,
            people.get(row.actor_id),
            json.loads(row.payload),
            notes.get(office_id << 40 | row.number),
        )
        for row in rows
    ]


def _zone(reader: Reader, office_id: int) -> ZoneInfo:
    return ZoneInfo(reader.execute(select(Office.zone).where(Office.id == office_id)).scalar_one())


def _handoffs(
    reader: Reader, office_id: int, transaction_id: int, people: dict[int, str], notes: dict[int, str]
) -> list[HandoffView]:
    rows = reader.execute(
        select(
            HandoffRow.__table__,
            HandoffWords.expects,
            HandoffWords.papers,
            HandoffWords.erased_at,
            Pool.name.label("pool"),
        )
        .outerjoin(HandoffWords, (HandoffWords.office_id == HandoffRow.office_id) & (HandoffWords.id == HandoffRow.id))
        .outerjoin(Pool, Pool.id == HandoffRow.to_pool_id)
        .where(HandoffRow.office_id == office_id, HandoffRow.transaction_id == transaction_id)
        .order_by(HandoffRow.id)
    )
    return [_handoff(row, people, notes) for row in rows]


def _handoff(row: Any, people: dict[int, str], notes: dict[int, str]) -> HandoffView:
    return HandoffView(
        row.id,
        row.giver_id,
        people.get(row.giver_id, ""),
        row.receiver_id,
        people.get(row.receiver_id, ""),
        people.get(row.meant_for_id),
        row.kind,
        row.reason,
        row.state,
        row.offered_at,
        row.answered_at,
        row.expires_at,
        row.due_at,
        row.answer_reason,
        notes.get(row.id),
        row.expects,
        tuple((row.papers or "").splitlines()),
        row.walks_along,
        row.pool,
        row.erased_at,
    )


def _calls(
    reader: Reader, office_id: int, transaction_id: int, people: dict[int, str], counters: dict[int, CounterName]
) -> list[CallView]:
    mine = (Call.office_id == office_id, Call.transaction_id == transaction_id)
    rows = reader.execute(select(Call.__table__).where(*mine).order_by(Call.id))
    return [
        CallView(
            row.id,
            row.called_at,
            row.times,
            counters[row.counter_id],
            people.get(row.officer_id, ""),
            row.why,
            row.passed_over,
            row.picked,
        )
        for row in rows
    ]


def find_contact(reader: Reader, office_id: int, visit_id: int) -> Contact | None:
    """Return what the visitor left of themselves, None where there is nothing (any more)."""
    query = select(VisitContact.name, VisitContact.email, VisitContact.phone)
    row = reader.execute(query.where(VisitContact.office_id == office_id, VisitContact.visit_id == visit_id)).first()
    return None if row is None else Contact(*row)


@dataclass(frozen=True, slots=True)
class Verified:
    """Whether the events of one transaction are what was signed."""

    holds: bool
    checked: int
    first_bad: int | None


def verify_transaction(reader: Reader, office_id: int, transaction_id: int, keys: Mapping[str, bytes]) -> Verified:
    """Check the signature of each of the transaction's events against the event before it in the office's stream."""
    rows = reader.execute(
        select(EventRow.__table__)
        .where(EventRow.office_id == office_id, EventRow.transaction_id == transaction_id)
        .order_by(EventRow.number)
    ).all()
    before = [row.number - 1 for row in rows]
    query = select(EventRow.number, EventRow.mac).where(EventRow.office_id == office_id, EventRow.number.in_(before))
    macs = dict(reader.execute(query).tuples().all())
    for row in rows:
        entry = Entry(**{name: getattr(row, name) for name in Entry.__slots__ if name != "at"}, at=micros(row.at))
        key = keys.get(row.key_id)
        previous = macs.get(row.number - 1, FIRST_LINK if row.number == 1 else "")
        if key is None or link(key, previous, entry) != row.mac:
            return Verified(False, len(rows), row.number)
    return Verified(True, len(rows), None)
