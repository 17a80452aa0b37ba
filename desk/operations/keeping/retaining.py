"""Carrying out the rules of retention: once a day, in small bites, each in a unit of its own.

A bite goes on where the last one stopped, along an index in the order in which things become due, so no history is
looked through twice; the mark is read under the office's lock, so any number of workers may take turns. What is erased
already counts for nothing, so going over it again does no harm.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final

from sqlalchemy import Select, and_, func, insert, not_, or_, select, update

from desk.domain import retention as rule
from desk.domain.clock import instant
from desk.domain.hours import business_day, day_bounds
from desk.domain.retention import FOR_EVER, RULE_OF, Place, Track
from desk.models import (
    FloorMessage,
    FollowUpRow,
    QueueEntry,
    ResponseRow,
    RetentionMark,
    SurveyImport,
    TransactionRow,
    VoiceRow,
)
from desk.operations.configuration import Rules
from desk.operations.keeping import erasing_words as words
from desk.operations.keeping.wiping import ask_for_wiping
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit
from desk.reads.erasures import get_retention_rules
from desk.reads.kept_of_person import WITHIN
from desk.reads.reader import Reader

MARKS: Any = RetentionMark.__table__
TRANSACTIONS: Any = TransactionRow.__table__
ENTRIES: Any = QueueEntry.__table__
RESPONSES: Any = ResponseRow.__table__
FOLLOW_UPS: Any = FollowUpRow.__table__
FLOOR: Any = FloorMessage.__table__
VOICES: Any = VoiceRow.__table__
IMPORTS: Any = SurveyImport.__table__
BITE: Final = 200
NEVER: Final = Place(instant(0))
# In the place of state, so that the partial index over addresses is enough.
SETTLED: Final = ("sent", "dead", "cancelled")


@dataclass(frozen=True, slots=True)
class Due:
    """A row that is due, with its place in the order; `subject_id` is what is erased by it."""

    at: datetime
    id: int
    subject_id: int


@dataclass(frozen=True, slots=True)
class Limits:
    """What is due: what lies before the moment, or on a day not after the last one."""

    until: datetime
    last_day: date


def expire(
    streams: Streams, office_id: int, request: Request, *, track: Track, now: bool = False, limit: int = BITE
) -> Done:
    """Take one bite of a track, if it is due; answers erased (a number), and left: whether more is due.

    A track that was never looked at begins on the next day, so that an upgrade erases nothing before somebody could
    set the rules; `now` waits for nothing.
    """

    def work(unit: Unit) -> Done:
        days = getattr(get_retention_rules(unit.connection, unit.office_id), RULE_OF[track])
        mark = _mark(unit, track)
        if mark.due_at > unit.at and not now:
            return unit.done(erased=0, left=False)
        if days == FOR_EVER:
            _write_mark(unit, track, {"due_at": _tomorrow(unit)})
            return unit.done(erased=0, left=False)
        limits = limits_of(unit.configuration.rules, unit.at, days)
        start = rule.start_from(_start(unit, track, mark), limits.until)
        found = _candidates(unit.connection, unit.office_id, track, start, limits, limit)
        counts = _ERASERS[track](unit, [each.subject_id for each in found], limits)
        if any(counts.values()):
            unit.append(rule.expired(track, counts))
            ask_for_wiping(unit)
        left = len(found) == limit
        place = Place(found[-1].at, found[-1].id) if left else Place(limits.until)
        _keep_mark(unit, track, mark, place, erased=sum(counts.values()), left=left)
        return unit.done(erased=sum(counts.values()), left=left)

    return streams.run(office_id, request, work)


def count_due(streams: Streams, office_id: int, track: Track) -> int:
    """Return how many rows a track would look at now, of which some may have nothing to erase; 0 for what is kept."""
    with streams.reading() as connection:
        days = getattr(get_retention_rules(connection, office_id), RULE_OF[track])
        if days == FOR_EVER:
            return 0
        limits = limits_of(streams.configuration(connection, office_id).rules, streams.clock(), days)
        mine = (MARKS.c.office_id == office_id, MARKS.c.track == track.value)
        mark = connection.execute(select(MARKS.c.reached_at, MARKS.c.reached_id).where(*mine)).one_or_none()
        start = NEVER if mark is None else rule.start_from(Place(*mark), limits.until)
        return _count_from(connection, office_id, track, start, limits)


def _count_from(reader: Reader, office_id: int, track: Track, start: Place, limits: Limits) -> int:
    if track is Track.LOOSE:
        return len(_loose(reader, office_id, start, limits, None))
    query = _QUERIES[track](office_id, start, limits).order_by(None)
    found: int = reader.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    return found


def limits_of(rules: Rules, at: datetime, days: int) -> Limits:
    """Return what is due at a moment of what is kept for so many days."""
    last = rule.last_day(business_day(at, rules.zone, starts_at=rules.day_starts_at), days)
    return Limits(day_bounds(last, rules.zone, starts_at=rules.day_starts_at)[1], last)


def is_any_due(reader: Reader, office_id: int, *, at: datetime) -> list[Track]:
    """Return the tracks that are to be looked at now, among them those never looked at."""
    query = select(MARKS.c.track, MARKS.c.due_at).where(MARKS.c.office_id == office_id)
    known = {Track(row.track): row.due_at for row in reader.execute(query)}
    return [track for track in Track if track not in known or known[track] <= at]


def _mark(unit: Unit, track: Track) -> Any:
    """Return the mark of a track; a new one is due when the day is over."""
    mine = (MARKS.c.office_id == unit.office_id, MARKS.c.track == track.value)
    row = unit.connection.execute(select(MARKS).where(*mine)).one_or_none()
    if row is None:
        values = {"office_id": unit.office_id, "track": track.value, "reached_at": NEVER.at, "reached_id": NEVER.id}
        unit.connection.execute(insert(MARKS), {**values, "due_at": _tomorrow(unit), "ran_at": None, "erased": 0})
        row = unit.connection.execute(select(MARKS).where(*mine)).one()
    return row


def _tomorrow(unit: Unit) -> datetime:
    rules = unit.configuration.rules
    today = business_day(unit.at, rules.zone, starts_at=rules.day_starts_at)
    return day_bounds(today, rules.zone, starts_at=rules.day_starts_at)[1]


def _start(unit: Unit, track: Track, mark: Any) -> Place:
    """Return where a track goes on; answers taken over since may lie on days it had left behind."""
    reached = Place(mark.reached_at, mark.reached_id)
    if track is not Track.LOOSE or mark.ran_at is None:
        return reached
    query = select(func.min(IMPORTS.c.first_day)).where(
        IMPORTS.c.office_id == unit.office_id, IMPORTS.c.made_at >= mark.ran_at
    )
    first = unit.connection.execute(query).scalar()
    return reached if first is None else min(reached, Place(_midnight(first)), key=lambda each: (each.at, each.id))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _keep_mark(unit: Unit, track: Track, mark: Any, place: Place, *, erased: int, left: bool) -> None:
    """Write down how far the track came; a run that is over is due again when the day is."""
    goes_on = mark.reached_id != 0
    values: dict[str, Any] = {"reached_at": place.at, "reached_id": place.id}
    values["erased"] = erased + (mark.erased if goes_on else 0)
    if not left:
        values |= {"ran_at": unit.at, "due_at": _tomorrow(unit)}
    _write_mark(unit, track, values)


def _write_mark(unit: Unit, track: Track, values: dict[str, Any]) -> None:
    mine = (MARKS.c.office_id == unit.office_id, MARKS.c.track == track.value)
    unit.connection.execute(update(MARKS).where(*mine).values(**values))


def _candidates(
    reader: Reader, office_id: int, track: Track, start: Place, limits: Limits, limit: int
) -> Sequence[Due]:
    if track is Track.LOOSE:
        return _loose(reader, office_id, start, limits, limit)
    query = _QUERIES[track](office_id, start, limits)
    return [Due(*row) for row in reader.execute(query.limit(limit)).tuples()]


def _after(at: Any, key: Any, start: Place) -> Any:
    """Return the condition of what comes after a place, in a form that walks along the index."""
    return and_(at >= start.at, not_(and_(at == start.at, key <= start.id)))


def _ordered(table: Any, at: Any, office_id: int, start: Place, limits: Limits, *, subject: Any = None) -> Select[Any]:
    subject = table.c.id if subject is None else subject
    due = (table.c.office_id == office_id, _after(at, table.c.id, start), at < limits.until)
    return select(at, table.c.id, subject.label("subject")).where(*due).order_by(at, table.c.id)


def _ended(office_id: int, start: Place, limits: Limits) -> Select[Any]:
    return _ordered(TRANSACTIONS, TRANSACTIONS.c.ended_at, office_id, start, limits)


def _answered(office_id: int, start: Place, limits: Limits) -> Select[Any]:
    subject = RESPONSES.c.transaction_id
    return _ordered(RESPONSES, RESPONSES.c.received_at, office_id, start, limits, subject=subject)


def _closed(office_id: int, start: Place, limits: Limits) -> Select[Any]:
    return _ordered(FOLLOW_UPS, FOLLOW_UPS.c.closed_at, office_id, start, limits)


def _told(office_id: int, start: Place, limits: Limits) -> Select[Any]:
    return _ordered(FLOOR, FLOOR.c.until_at, office_id, start, limits)


def _heard(office_id: int, start: Place, limits: Limits) -> Select[Any]:
    """What was erased is not in the index any more, so this track needs no place."""
    return _ordered(VOICES, VOICES.c.closed_at, office_id, NEVER, limits).where(VOICES.c.erased_at.is_(None))


def _sent(office_id: int, start: Place, limits: Limits) -> Select[Any]:
    """Messages that keep an address are few: those of the days of the rule. They need no place either."""
    table = words.DELIVERIES
    settled_at = func.coalesce(table.c.sent_at, table.c.due_at, type_=table.c.due_at.type)
    due = (table.c.address.is_not(None), table.c.state.in_(SETTLED), settled_at < limits.until)
    return (
        select(table.c.due_at, table.c.id, table.c.id.label("subject"))
        .where(table.c.office_id == office_id, *due)
        .order_by(table.c.id)
    )


def _loose(reader: Reader, office_id: int, start: Place, limits: Limits, limit: int | None) -> list[Due]:
    table, day = words.LOOSE, start.at.astimezone(UTC).date()
    after = and_(table.c.day >= day, not_(and_(table.c.day == day, table.c.id <= start.id)))
    query = (
        select(table.c.day, table.c.id)
        .where(table.c.office_id == office_id, after, table.c.day <= limits.last_day)
        .order_by(table.c.day, table.c.id)
    )
    return [Due(_midnight(row.day), row.id, row.id) for row in reader.execute(query.limit(limit))]


def _expire_contacts(unit: Unit, transaction_ids: Sequence[int], limits: Limits) -> dict[str, int]:
    """Erase the contacts of visits of which every transaction has ended that long ago; a later one comes later."""
    here = select(ENTRIES.c.visit_id).where(
        ENTRIES.c.office_id == unit.office_id, ENTRIES.c.transaction_id.in_(transaction_ids)
    )
    given = (words.CONTACTS.c.office_id == unit.office_id, words.CONTACTS.c.visit_id.in_(here))
    visits = unit.connection.execute(select(words.CONTACTS.c.visit_id).where(*given)).scalars().all()
    return {"contacts": words.erase_contacts(unit, [each for each in visits if not _is_busy(unit, each, limits)])}


def _is_busy(unit: Unit, visit_id: int, limits: Limits) -> bool:
    """Tell whether a transaction of a visit, or one that was opened in it, goes on or has not ended long ago."""
    later = or_(TRANSACTIONS.c.ended_at.is_(None), TRANSACTIONS.c.ended_at >= limits.until)
    begun = and_(TRANSACTIONS.c.id.between(visit_id, visit_id + WITHIN), TRANSACTIONS.c.first_visit_id == visit_id)
    mine = TRANSACTIONS.c.office_id == unit.office_id
    return any(
        unit.connection.execute(select(TRANSACTIONS.c.id).where(mine, which, later).limit(1)).first() is not None
        for which in (TRANSACTIONS.c.visit_id == visit_id, begun)
    )


def _expire_addresses(unit: Unit, delivery_ids: Sequence[int], limits: Limits) -> dict[str, int]:
    settled = words.DELIVERIES.c.state.in_(SETTLED)
    return {"addresses": words.erase_addresses(unit, words.DELIVERIES.c.id.in_(delivery_ids), settled)}


_QUERIES: Final[dict[Track, Callable[[int, Place, Limits], Select[Any]]]] = {
    Track.CONTACTS: _ended,
    Track.ANSWERS: _answered,
    Track.NOTES: _ended,
    Track.FOLLOW_UPS: _closed,
    Track.FLOOR: _told,
    Track.ADDRESSES: _sent,
    Track.VOICES: _heard,
}
_ERASERS: Final[dict[Track, Callable[[Unit, Sequence[int], Limits], dict[str, int]]]] = {
    Track.CONTACTS: _expire_contacts,
    Track.ANSWERS: lambda unit, ids, limits: words.erase_answers(unit, ids),
    Track.LOOSE: lambda unit, ids, limits: {"details": words.erase_loose(unit, ids)},
    Track.NOTES: lambda unit, ids, limits: {"notes": words.erase_notes(unit, ids)},
    Track.FOLLOW_UPS: lambda unit, ids, limits: {"notes": words.erase_case_words(unit, ids)},
    Track.FLOOR: lambda unit, ids, limits: {"floor": words.erase_floor_messages(unit, ids)},
    Track.ADDRESSES: _expire_addresses,
    Track.VOICES: lambda unit, ids, limits: {"voices": words.erase_voices(unit, ids)},
}
