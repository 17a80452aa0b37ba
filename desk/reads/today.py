"""Today in an office: every transaction that waited, was served or ended today, and everything still open."""

from collections import Counter as Counts
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from statistics import median
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, ScalarSelect, Select, func, or_, select, type_coerce

from desk.domain.clock import micros
from desk.domain.counter_names import CounterName
from desk.domain.hours import business_day, day_bounds
from desk.domain.looks import Look, look
from desk.models import Call, Counter, Duty, HandoffRow, Office, Person, Service, Stream, TransactionRow, Visit
from desk.models.transaction import at_counter, offered
from desk.reads.counter_names import NAMED
from desk.reads.reader import Reader
from desk.reads.waits import promised_wait

LIMIT = 200  # of those still open
PAGE: Final = 50  # of those that have ended
SECOND: Final = 1_000_000  # microseconds


@dataclass(frozen=True, slots=True)
class Row:
    """One transaction in the list; times in seconds, `late` when the first wait was or is longer than promised."""

    id: int
    number: str
    service_id: int
    service_names: dict[str, str]
    state: str
    ending: str | None
    priority: str
    holder: str | None
    counter: CounterName | None
    opened_at: datetime
    wait_s: float
    total_s: float
    late: bool
    handoffs: int
    out_of_order: int
    due_at: datetime | None
    overdue: bool
    look: Look | None


@dataclass(frozen=True, slots=True)
class Figures:
    """The day in numbers; None where there is nothing to count."""

    transactions: int
    waiting: int
    serving: int
    completed: int
    no_shows: int
    median_wait_s: float | None
    within_promise: tuple[int, int]
    open_offers: int


@dataclass(frozen=True, slots=True)
class Day:
    """The day in numbers, of all transactions, and the list as far as it is asked for."""

    figures: Figures
    rows: list[Row]  # the open ones first
    open: int = 0
    pages: int = 1  # of those that have ended
    page: int = 1


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list is narrowed to."""

    state: str = ""
    service_id: int = 0
    number: str = ""
    late: bool = False


EVERYTHING: Final = Filter()


@dataclass(frozen=True, slots=True)
class Post:
    """A counter and who is on duty there."""

    counter: CounterName
    officer: str | None
    state: str | None
    since: datetime | None
    number: str | None


@dataclass(frozen=True, slots=True)
class ClockState:
    """By how many seconds the office's newest event is later than the clock."""

    behind_s: float


def bounds_of_today(reader: Reader, office_id: int, *, at: datetime) -> tuple[datetime, datetime]:
    """Return when the office's business day of `at` begins and ends."""
    office = reader.execute(select(Office.zone, Office.day_starts_at).where(Office.id == office_id)).one()
    zone, starts_at = ZoneInfo(office.zone), time(*divmod(office.day_starts_at, 60))
    return day_bounds(business_day(at, zone, starts_at=starts_at), zone, starts_at=starts_at)


def read_day(
    reader: Reader,
    office_id: int,
    *,
    at: datetime,
    wanted: Filter = EVERYTHING,
    most: int | None = LIMIT,
    page: int = 1,
) -> Day:
    """Return the day in numbers, and what the filter lets through: at most so many open ones, a page of ended ones."""
    begins, ends = bounds_of_today(reader, office_id, at=at)
    found = TransactionRow
    # Each has an index of its own; asked for both at once, a database walks through all there ever was.
    briefs = [
        brief
        for condition in (found.ended_at.is_(None), found.ended_at >= begins)
        for brief in reader.execute(_briefs(at).where(found.office_id == office_id, condition))
    ]
    fitting = sorted((brief for brief in briefs if _fits(brief, wanted)), key=lambda brief: -brief.id)
    still, ended = ([brief.id for brief in fitting if (brief.ending is None) is lasts] for lasts in (True, False))
    pages = max(1, -(-len(ended) // PAGE))
    page = min(max(page, 1), pages)
    shown = still[:most] + ended[PAGE * (page - 1) : PAGE * page]
    rows = reader.execute(_columns().where(found.office_id == office_id, found.id.in_(shown)))
    told = sorted((_row(row, at, ends) for row in rows), key=lambda row: row.ending is not None)
    return Day(_figures(reader, office_id, briefs), told, len(still), pages, page)


def _briefs(at: datetime) -> Select[Any]:
    """Ask for what the day is counted and filtered by; `waited` is the first wait in microseconds, so far."""
    found = TransactionRow
    until = func.coalesce(*(type_coerce(each, BigInteger) for each in (found.served_at, found.ended_at)), micros(at))
    waited = (until - type_coerce(found.opened_at, BigInteger)).label("waited")
    return select(found.id, found.state, found.ending, found.service_id, Visit.label, waited, _promised()).join(
        Visit, (Visit.office_id == found.office_id) & (Visit.id == found.visit_id)
    )


def _promised() -> Any:
    return promised_wait().label("wait_promise_s")


def _fits(brief: Any, wanted: Filter) -> bool:
    """Tell whether the filter lets it through; a state may also be an ending."""
    return (
        wanted.state in ("", brief.state, brief.ending)
        and wanted.service_id in (0, brief.service_id)
        and wanted.number.upper() in brief.label
        and (_is_late(brief) or not wanted.late)
    )


def _is_late(brief: Any) -> bool:
    return bool(brief.waited > brief.wait_promise_s * SECOND)


def _columns() -> Select[Any]:
    found = TransactionRow
    columns = (
        found.id,
        Visit.label,
        found.service_id,
        Service.name_id,
        Service.name_en,
        _promised(),
        found.state,
        found.ending,
        found.priority,
        Person.name.label("holder"),
        NAMED.label("counter"),
        found.opened_at,
        found.served_at,
        found.ended_at,
        found.handoffs,
        found.due_at,
        found.remind_at,
        _out_of_order().label("out_of_order"),
    )
    return (
        select(*columns)
        .join(Visit, (Visit.office_id == found.office_id) & (Visit.id == found.visit_id))
        .join(Service, Service.id == found.service_id)
        .outerjoin(Person, Person.id == found.holder_id)
        .outerjoin(Counter, Counter.id == found.counter_id)
        .order_by(found.id.desc())
    )


def _out_of_order() -> ScalarSelect[Any]:
    """How often it was called before others who came first; a call that was taken back passed over nobody."""
    return (
        select(func.count())
        .where(
            Call.office_id == TransactionRow.office_id,
            Call.transaction_id == TransactionRow.id,
            Call.taken_back_at.is_(None),
            or_(Call.picked.is_not(None), Call.passed_count > 0),
        )
        .correlate(TransactionRow)
        .scalar_subquery()
    )


def _row(row: Any, at: datetime, ends: datetime) -> Row:
    waited = _seconds((row.served_at or row.ended_at or at) - row.opened_at)
    return Row(
        row.id,
        row.label,
        row.service_id,
        {"id": row.name_id, "en": row.name_en},
        row.state,
        row.ending,
        row.priority,
        row.holder,
        row.counter,
        row.opened_at,
        waited,
        _seconds((row.ended_at or at) - row.opened_at),
        waited > row.wait_promise_s,
        row.handoffs,
        row.out_of_order,
        row.due_at,
        row.due_at is not None and row.ended_at is None and row.due_at <= at,
        None if row.ended_at is not None else look(row.due_at, row.remind_at, at=at, ends_at=ends),
    )


def _seconds(span: timedelta) -> float:
    return max(0.0, span.total_seconds())


def _figures(reader: Reader, office_id: int, briefs: Sequence[Any]) -> Figures:
    """Count the day; those still waiting count with the wait they have had so far."""
    offers = reader.execute(
        select(func.count()).select_from(HandoffRow).where(HandoffRow.office_id == office_id, offered())
    ).scalar_one()
    states, endings = Counts(each.state for each in briefs), Counts(each.ending for each in briefs)
    waits = [max(0, each.waited) / SECOND for each in briefs]
    return Figures(
        transactions=len(briefs),
        waiting=states["waiting"],
        serving=states["called"] + states["serving"],
        completed=endings["completed"],
        no_shows=endings["no_show"],
        median_wait_s=median(waits) if waits else None,
        within_promise=(sum(not _is_late(each) for each in briefs), len(briefs)),
        open_offers=offers,
    )


def list_posts(reader: Reader, office_id: int) -> list[Post]:
    """Return the counters in use with who is on duty and which number is there."""
    rows = reader.execute(
        select(NAMED, Person.name.label("officer"), Duty.state, Duty.since, Visit.label)
        .outerjoin(
            Duty, (Duty.office_id == Counter.office_id) & (Duty.counter_id == Counter.id) & Duty.ended_at.is_(None)
        )
        .outerjoin(Person, Person.id == Duty.officer_id)
        .outerjoin(
            TransactionRow,
            (TransactionRow.office_id == Counter.office_id) & (TransactionRow.counter_id == Counter.id) & at_counter(),
        )
        .outerjoin(Visit, (Visit.office_id == TransactionRow.office_id) & (Visit.id == TransactionRow.visit_id))
        .where(Counter.office_id == office_id, Counter.retired.is_(False))
        .order_by(Counter.back_office, Counter.number)
    )
    return [Post(*row) for row in rows]


def clock_state(reader: Reader, office_id: int, *, at: datetime) -> ClockState:
    """Return how far the clock is behind the office's newest event."""
    latest: datetime = reader.execute(select(Stream.at).where(Stream.office_id == office_id)).scalar_one()
    return ClockState(_seconds(latest - at))


def event_number(reader: Reader, office_id: int) -> int:
    """Return the number of the office's newest event."""
    return reader.execute(select(Stream.number).where(Stream.office_id == office_id)).scalar_one()


def list_service_names(reader: Reader, office_id: int) -> list[tuple[int, dict[str, str]]]:
    """Return the services of the office with their names in both languages."""
    query = select(Service.id, Service.name_id, Service.name_en).where(Service.office_id == office_id)
    rows = reader.execute(query.order_by(Service.position, Service.id))
    return [(row.id, {"id": row.name_id, "en": row.name_en}) for row in rows]
