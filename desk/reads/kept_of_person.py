"""Which visits, transactions and voices of an office are those of one person, known by an address or by a number.

The contacts of an office are looked through once, without anybody's lock: addresses have no index of their own, and
there are only those of the last months (`keep_contacts_days`).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final, Self

from sqlalchemy import ColumnElement, func, or_, select

from desk.domain.complaints import read_number
from desk.domain.identity import event_of
from desk.domain.phones import read_phone
from desk.domain.refusals import Reason, Refused
from desk.domain.sampling import normalized
from desk.models import EventRow, TransactionRow, Visit, VisitContact, VoiceContact, VoiceRow
from desk.reads.barred import list_handlers
from desk.reads.reader import Reader

CONTACTS: Any = VisitContact.__table__
VISITS: Any = Visit.__table__
TRANSACTIONS: Any = TransactionRow.__table__
EVENTS: Any = EventRow.__table__
VOICES: Any = VoiceRow.__table__
VOICE_CONTACTS: Any = VoiceContact.__table__
# A visit opens its transactions, or comes back for them, in the unit that started it: within so many events.
WITHIN: Final = 64


@dataclass(frozen=True, slots=True)
class Sought:
    """Who is meant: by an e-mail address or phone number as it was typed, or by the number of a visit and its day."""

    address: str = field(default="", repr=False)
    number: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A visit with the contact that was left for it, if any."""

    id: int
    number: str
    day: date
    name: str | None = field(repr=False)
    email: str | None = field(repr=False)
    phone: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class MatterLine:
    """A transaction of one of the visits."""

    id: int
    visit_id: int
    service_id: int
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class VoiceLine:
    """A complaint, a suggestion or a compliment; `barred` are those who had a hand in the matter."""

    id: int
    kind: str
    received_at: datetime
    closed_at: datetime | None
    is_erased: bool
    barred: frozenset[int]


@dataclass(frozen=True, slots=True)
class Kept:
    """What there is of one person; `addresses` are those by which the office knows them again."""

    visits: Sequence[VisitLine]
    transactions: Sequence[MatterLine]
    voices: Sequence[VoiceLine]
    addresses: tuple[str, ...] = field(default=(), repr=False)

    def shown_to(self, viewer_id: int | None) -> Self:
        """Return it without voices about a matter in which the viewer had a hand: that there is one is not told.

        Raises `Refused(UNKNOWN)` where nothing else is there.
        """
        shown = replace(self, voices=[each for each in self.voices if viewer_id not in each.barred])
        if not shown.visits and not shown.voices:
            raise Refused(Reason.UNKNOWN)
        return shown

    @property
    def open_transactions(self) -> list[int]:
        """The ids of the transactions that have not ended."""
        return [each.id for each in self.transactions if each.ended_at is None]


@dataclass(frozen=True, slots=True)
class Person:
    """A person as the office knows them: by which addresses, from which visits."""

    addresses: tuple[str, ...] = field(repr=False)
    visit_ids: tuple[int, ...]


def identify(reader: Reader, office_id: int, sought: Sought) -> Person:
    """Return who is meant, of whom there may be nothing; raises `Refused(INVALID)` (field)."""
    if sought.address.strip():
        addresses = tuple(each for each in (normalized(sought.address), _phone(sought.address)) if each)
        return Person(addresses, _visits_of(reader, office_id, addresses))
    visits = _of_number(reader, office_id, sought)
    addresses = tuple(normalized(each) for visit in visits for each in (visit.email, visit.phone) if each)
    more = _visits_of(reader, office_id, addresses) if addresses else ()
    return Person(addresses, tuple({each.id for each in visits} | {*more}))


def read_kept(reader: Reader, office_id: int, person: Person) -> Kept:
    """Return what the office has of a person; raises `Refused(UNKNOWN)` where there is nothing."""
    visits = _visits(reader, office_id, VISITS.c.id.in_(person.visit_ids))
    transactions = _transactions(reader, office_id, [each.id for each in visits])
    voices = _voices(reader, office_id, person.addresses, [each.id for each in transactions])
    if not visits and not voices:
        raise Refused(Reason.UNKNOWN)
    return Kept(visits, transactions, voices, person.addresses)


def handlers_of_person(reader: Reader, office_id: int, kept: Kept) -> set[int]:
    """Return who had a hand in any matter of a person, or in what they said something about."""
    found = list_handlers(reader, office_id, [each.id for each in kept.transactions])
    return set[int]().union(*found.values(), *(each.barred for each in kept.voices))


def find_kept(reader: Reader, office_id: int, sought: Sought) -> Kept:
    """Return what the office has of whoever is meant; raises `Refused`: INVALID (field), UNKNOWN."""
    return read_kept(reader, office_id, identify(reader, office_id, sought))


def _phone(typed: str) -> str | None:
    try:
        return None if "@" in typed else read_phone(typed)
    except Refused:
        return None


def _visits_of(reader: Reader, office_id: int, addresses: Collection[str]) -> tuple[int, ...]:
    email = func.lower(func.trim(CONTACTS.c.email)).in_(addresses)
    mine = (CONTACTS.c.office_id == office_id, or_(email, CONTACTS.c.phone.in_(addresses)))
    return tuple(reader.execute(select(CONTACTS.c.visit_id).where(*mine)).scalars())


def _of_number(reader: Reader, office_id: int, sought: Sought) -> list[VisitLine]:
    number = read_number(sought.number)
    if number is None:
        raise Refused(Reason.INVALID, field="number")
    if sought.day is None:
        raise Refused(Reason.INVALID, field="day")
    series, ordinal = number
    meant = (VISITS.c.day == sought.day, VISITS.c.series == series, VISITS.c.ordinal == ordinal)
    return _visits(reader, office_id, *meant)


def _visits(reader: Reader, office_id: int, *conditions: ColumnElement[bool]) -> list[VisitLine]:
    here = (CONTACTS.c.office_id == VISITS.c.office_id) & (CONTACTS.c.visit_id == VISITS.c.id)
    columns = (VISITS.c.id, VISITS.c.label, VISITS.c.day, CONTACTS.c.name, CONTACTS.c.email, CONTACTS.c.phone)
    query = select(*columns).outerjoin(CONTACTS, here).where(VISITS.c.office_id == office_id, *conditions)
    return [VisitLine(*row) for row in reader.execute(query.order_by(VISITS.c.id)).tuples()]


def _transactions(reader: Reader, office_id: int, visit_ids: Sequence[int]) -> list[MatterLine]:
    """Return the transactions that are of these visits now, began with one, or were continued in one."""
    found = {each for visit_id in visit_ids for each in _begun_with(reader, office_id, visit_id)}
    columns = (TRANSACTIONS.c.id, TRANSACTIONS.c.visit_id, TRANSACTIONS.c.service_id, TRANSACTIONS.c.ended_at)
    mine = or_(TRANSACTIONS.c.visit_id.in_(visit_ids), TRANSACTIONS.c.id.in_(found))
    query = select(*columns).where(TRANSACTIONS.c.office_id == office_id, mine).order_by(TRANSACTIONS.c.id)
    return [MatterLine(*row) for row in reader.execute(query).tuples()]


def _begun_with(reader: Reader, office_id: int, visit_id: int) -> list[int]:
    started = event_of(visit_id)
    query = select(EVENTS.c.transaction_id).where(
        EVENTS.c.office_id == office_id,
        EVENTS.c.number.between(started, started + WITHIN),
        EVENTS.c.visit_id == visit_id,
        EVENTS.c.transaction_id.is_not(None),
    )
    return list(reader.execute(query.distinct()).scalars())


def _voices(
    reader: Reader, office_id: int, addresses: Collection[str], transaction_ids: Collection[int]
) -> list[VoiceLine]:
    mine = or_(VOICES.c.id.in_(_voices_of(reader, office_id, addresses)), VOICES.c.transaction_id.in_(transaction_ids))
    query = select(VOICES).where(VOICES.c.office_id == office_id, mine).order_by(VOICES.c.id)
    rows = list(reader.execute(query))
    handlers = list_handlers(reader, office_id, [row.transaction_id for row in rows])
    return [
        VoiceLine(
            row.id,
            row.kind,
            row.received_at,
            row.closed_at,
            row.erased_at is not None,
            frozenset(row.barred) | handlers.get(row.transaction_id, frozenset()),
        )
        for row in rows
    ]


def _voices_of(reader: Reader, office_id: int, addresses: Collection[str]) -> list[int]:
    """Return the voices with such a contact; there the phone stands as it was typed."""
    wanted = {normalized(each) for each in addresses}
    query = select(VOICE_CONTACTS).where(VOICE_CONTACTS.c.office_id == office_id)
    return [
        row.voice_id
        for row in reader.execute(query)
        if normalized(row.email or "") in wanted or {normalized(row.phone or ""), _phone(row.phone or "")} & wanted
    ]
