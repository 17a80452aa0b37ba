"""The lobby board: which number goes to which counter, who is being served, how many wait. Numbers only, no names."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Select, bindparam, func, select

from desk.domain.counter_names import CounterName
from desk.domain.handoffs import HandoffState
from desk.domain.hours import business_day, day_bounds
from desk.domain.lifecycle import State
from desk.domain.opening import RINGS_FOR, Trial
from desk.models import (
    Call,
    Counter,
    Duty,
    HandoffRow,
    Office,
    OfficeTrial,
    QueueEntry,
    Service,
    Skill,
    Stream,
    TransactionRow,
    Visit,
)
from desk.models.transaction import at_counter, waiting
from desk.reads.counter_names import NAMED
from desk.reads.displays import Bilingual
from desk.reads.reader import Reader

TRANSACTIONS: Any = TransactionRow.__table__
CALLS: Any = Call.__table__
HANDOFFS: Any = HandoffRow.__table__
DUTIES: Any = Duty.__table__
HEAD: Final = select(Stream.number, Stream.mac).where(Stream.office_id == bindparam("office_id"))
NOWHERE: Final = Bilingual("", "")
LAST_SHOWN: Final = 4
# For so long a number that a colleague took over stands among the calls; numbers of calls are not touched by it.
BECKONING: Final = timedelta(minutes=2)
_PLACE: Final = (Counter.number, NAMED.label("counter"), Counter.location_id, Counter.location_en)


@dataclass(frozen=True, slots=True)
class Place:
    """A counter as its sign has it, and where it is."""

    called: CounterName
    location: Bilingual = NOWHERE

    @property
    def number(self) -> int:
        """The number on it."""
        return self.called.number

    def own_name(self, language: str) -> str | None:
        """Return the name in a language if it says more than "counter 3" does."""
        return self.called.own(language)

    def is_named(self, languages: Iterable[str]) -> bool:
        """Tell whether it has a name of its own in one of these languages."""
        return any(self.called.own(each) for each in languages)


@dataclass(frozen=True, slots=True)
class BoardCall:
    """A number at a counter; `mark` changes with every repeat of the call, and where a colleague takes over."""

    mark: str
    number: str
    place: Place


@dataclass(frozen=True, slots=True)
class BoardQueue:
    """How many wait for a service."""

    service_id: int
    series: str
    name: Bilingual
    waiting: int


@dataclass(frozen=True, slots=True)
class Choice:
    """Which part of the office a display shows: none means all.

    Where `counters` are chosen and no `services`, those wait here that whoever is on duty at these counters serves.
    """

    counters: frozenset[int] = frozenset()
    services: frozenset[int] = frozenset()


EVERYTHING: Final = Choice()


@dataclass(frozen=True, slots=True)
class Board:
    """What hangs on the wall, as of event `number` of the office."""

    number: int
    calls: tuple[BoardCall, ...]
    serving: tuple[BoardCall, ...]
    last: tuple[BoardCall, ...]
    queues: tuple[BoardQueue, ...]
    trial: str | None = None  # the mark of a trial that is on just now: it sounds, and calls nobody
    languages: str = "id"  # as the office has set it: id, en or both
    turn_s: int = 10

    @property
    def is_idle(self) -> bool:
        """Whether nobody is called, served or waiting."""
        return not (self.calls or self.serving or self.trial or any(queue.waiting for queue in self.queues))


def history_head(reader: Reader, office_id: int) -> tuple[int, str]:
    """Return the number of the newest event of an existing office, with what seals everything up to it."""
    number, mac = reader.execute(HEAD, {"office_id": office_id}).one()
    return number, mac


def get_board(reader: Reader, office_id: int, *, at: datetime, choice: Choice = EVERYTHING) -> Board:
    """Return the board of an existing office; calls newest first, those being served by counter."""
    counters = choice.counters
    head = reader.execute(
        select(
            Stream.number,
            Office.zone,
            Office.day_starts_at,
            Office.display_languages,
            Office.display_turn_s,
            OfficeTrial.event,
            OfficeTrial.at.label("tried_at"),
        )
        .join(Office, Office.id == Stream.office_id)
        .outerjoin(OfficeTrial, (OfficeTrial.office_id == Office.id) & (OfficeTrial.trial == Trial.DISPLAY.value))
        .where(Stream.office_id == office_id)
    ).one()
    day = business_day(at, ZoneInfo(head.zone), starts_at=time(*divmod(head.day_starts_at, 60)))
    since, _ = day_bounds(day, ZoneInfo(head.zone), starts_at=time(*divmod(head.day_starts_at, 60)))
    present = reader.execute(_at_counters(office_id)).all()
    rows = [row for row in present if not counters or row.counter_id in counters]
    return Board(
        head.number,
        tuple(_call(row) for row in rows if _beckons(row, at=at)),
        tuple(sorted((_call(row) for row in rows if not _beckons(row, at=at)), key=lambda call: call.place.number)),
        _last(reader, office_id, {row.label for row in present}, since=since, counters=counters),
        _queues(reader, office_id, _services(reader, office_id, choice)),
        f"trial-{head.event}" if head.tried_at is not None and head.tried_at > at - RINGS_FOR else None,
        head.display_languages,
        head.display_turn_s,
    )


def _at_counters(office_id: int) -> Select[Any]:
    """Return who is called or served where; after a handoff that is another counter than the call's."""
    return (
        select(
            TRANSACTIONS.c.id,
            TRANSACTIONS.c.state,
            TRANSACTIONS.c.since,
            taken_over_by().label("taken_over_by"),
            CALLS.c.id.label("call"),
            CALLS.c.times,
            TRANSACTIONS.c.counter_id,
            Visit.label,
            *_PLACE,
        )
        .join(Visit, (Visit.office_id == TRANSACTIONS.c.office_id) & (Visit.id == TRANSACTIONS.c.visit_id))
        .join(Counter, Counter.id == TRANSACTIONS.c.counter_id)
        .outerjoin(CALLS, (CALLS.c.office_id == TRANSACTIONS.c.office_id) & (CALLS.c.id == TRANSACTIONS.c.call_id))
        .where(TRANSACTIONS.c.office_id == office_id, at_counter())
        .order_by(CALLS.c.last_called_at.desc(), TRANSACTIONS.c.id)
    )


def taken_over_by() -> Any:
    """Return the accepted handoff with which whoever serves began to: the visitor went there without being called."""
    return (
        select(HANDOFFS.c.id)
        .where(
            HANDOFFS.c.office_id == TRANSACTIONS.c.office_id,
            HANDOFFS.c.transaction_id == TRANSACTIONS.c.id,
            HANDOFFS.c.answered_at == TRANSACTIONS.c.since,
            HANDOFFS.c.receiver_id == TRANSACTIONS.c.holder_id,
            HANDOFFS.c.state == HandoffState.ACCEPTED.value,
            TRANSACTIONS.c.state == State.SERVING.value,
        )
        .limit(1)
        .correlate(TRANSACTIONS)
        .scalar_subquery()
    )


def beckons(taken_over_by: int | None, since: datetime, *, at: datetime) -> bool:
    """Whether somebody taken over by a colleague is still to be told where to go."""
    return taken_over_by is not None and at - since < BECKONING


def _beckons(row: Any, *, at: datetime) -> bool:
    return row.state == State.CALLED or beckons(row.taken_over_by, row.since, at=at)


def _shown(query: Select[Any], counters: frozenset[int]) -> Select[Any]:
    return query.where(Counter.id.in_(sorted(counters))) if counters else query


def _last(
    reader: Reader, office_id: int, shown: set[str], *, since: datetime, counters: frozenset[int]
) -> tuple[BoardCall, ...]:
    """Return the latest calls of the day whose numbers are at no counter now, not at others either; no slips."""
    query = (
        select(CALLS.c.id, CALLS.c.id.label("call"), CALLS.c.times, Visit.label, *_PLACE)
        .join(Visit, (Visit.office_id == CALLS.c.office_id) & (Visit.id == CALLS.c.visit_id))
        .join(Counter, Counter.id == CALLS.c.counter_id)
        .where(CALLS.c.office_id == office_id, CALLS.c.last_called_at >= since, CALLS.c.taken_back_at.is_(None))
        .order_by(CALLS.c.last_called_at.desc(), CALLS.c.id.desc())
        .limit(4 * LAST_SHOWN + len(shown))
    )
    rows = reader.execute(_shown(query, counters))
    found: dict[str, BoardCall] = {}
    for row in rows:
        if row.label not in shown:
            found.setdefault(row.label, _call(row))
    return tuple(found.values())[:LAST_SHOWN]


def _services(reader: Reader, office_id: int, choice: Choice) -> frozenset[int]:
    """Return the services whose waiting are counted, none for all; so it is while nobody is on duty there."""
    if choice.services or not choice.counters:
        return choice.services
    query = (
        select(Skill.service_id)
        .join(DUTIES, DUTIES.c.officer_id == Skill.person_id)
        .where(DUTIES.c.office_id == office_id, DUTIES.c.ended_at.is_(None))
        .where(DUTIES.c.counter_id.in_(sorted(choice.counters)))
    )
    return frozenset(reader.execute(query.distinct()).scalars())


def _queues(reader: Reader, office_id: int, services: frozenset[int]) -> tuple[BoardQueue, ...]:
    mine = (QueueEntry.office_id == Service.office_id) & (QueueEntry.service_id == Service.id) & waiting()
    rows = reader.execute(
        select(
            Service.id,
            Service.series,
            Service.name_id,
            Service.name_en,
            Service.retired,
            func.count(QueueEntry.id).label("waiting"),
        )
        .outerjoin(QueueEntry, mine)
        .where(Service.office_id == office_id)
        .group_by(Service.id, Service.series, Service.name_id, Service.name_en, Service.retired, Service.position)
        .order_by(Service.position, Service.id)
    )
    chosen = (row for row in rows if not services or row.id in services)
    shown = (row for row in chosen if row.waiting or not row.retired)  # whoever waits is still called
    return tuple(BoardQueue(row.id, row.series, Bilingual(row.name_id, row.name_en), row.waiting) for row in shown)


def _call(row: Any) -> BoardCall:
    mark = f"{row.call or row.id}:{row.times or 0}"
    taken_over_by = getattr(row, "taken_over_by", None)
    place = Place(row.counter, Bilingual(row.location_id, row.location_en))
    return BoardCall(mark if taken_over_by is None else f"{taken_over_by}:0", row.label, place)
