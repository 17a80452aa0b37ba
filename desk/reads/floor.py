"""The floor as it stands now: counters and desks, queues against their promise, promises at risk. Only what is open."""

from collections import Counter as Tally
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, literal_column, select

from desk.domain.counter_names import CounterName
from desk.domain.lifecycle import State
from desk.domain.risk import Standing, standing
from desk.models import Counter, Duty, Person, QueueEntry, Service, TransactionRow, Visit
from desk.models.transaction import at_counter, waiting
from desk.reads.clocks import ClockView
from desk.reads.counter_names import NAMED
from desk.reads.gaps import HOLDER, Scene
from desk.reads.reader import Reader
from desk.reads.staff import absent_on
from desk.reads.waits import promised_wait

MOST_AT_RISK: Final = 60
MOST_DUE: Final = 500


@dataclass(frozen=True, slots=True)
class Place:
    """A counter or desk in use, who is on duty there (None where it is closed) and whom they have called or serve.

    `since` is when the officer came or the break began or ended, `visitor_since` when the visitor was called or served.
    `on_desk` counts what the officer works on without the visitor; `absent` marks one on duty whose absence is planned.
    """

    counter_id: int
    name: CounterName
    back_office: bool
    duty_id: int | None
    officer_id: int | None
    officer: str | None
    duty: str | None
    reason: str | None
    since: datetime | None
    transaction_id: int | None
    number: str | None
    service_id: int | None
    state: str | None
    visitor_since: datetime | None
    on_desk: int = 0
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Queue:
    """Who waits for a service: how many, since when the longest, against what was promised."""

    service_id: int
    series: str
    names: dict[str, str]
    promise_s: int
    waiting: int
    longest_since: datetime | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class Risk:
    """A promise that is at risk or broken: a visitor who waits, or work that is due."""

    transaction_id: int
    number: str
    service_id: int
    waits: bool
    holder: str
    began_at: datetime
    due_at: datetime
    standing: Standing


@dataclass(frozen=True, slots=True)
class Waiting:
    """One wait of a visitor, since when and until when it should be over."""

    transaction_id: int
    number: str
    service_id: int
    holder: str
    since: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Floor:
    """All of it; risks the most urgent first."""

    places: tuple[Place, ...]
    queues: tuple[Queue, ...]
    risks: tuple[Risk, ...]
    more_at_risk: int

    @property
    def waiting(self) -> int:
        """How many wait altogether."""
        return sum(queue.waiting for queue in self.queues)

    @property
    def at_counters(self) -> int:
        """How many are called or served."""
        return sum(place.transaction_id is not None for place in self.places)

    @property
    def on_duty(self) -> int:
        """How many officers are on duty."""
        return sum(place.officer_id is not None for place in self.places)

    @property
    def on_break(self) -> int:
        """How many of them are on a break."""
        return sum(place.duty == "break" for place in self.places)


def get_floor(scene: Scene, promises: Mapping[int, ClockView]) -> Floor:
    """Return the floor of an office at the scene's moment; `promises` are those that run in working days."""
    waits = _list_waiting(scene.reader, scene.office_id)
    found = (*_waits_at_risk(scene, waits), *_work_at_risk(scene), *_promises_at_risk(scene, promises))
    # What is both due and promised counts once, by what is over first.
    first = {risk.transaction_id: risk for risk in sorted(found, key=lambda risk: risk.due_at, reverse=True)}
    risks = sorted(first.values(), key=lambda risk: risk.due_at)
    shown = tuple(risks[:MOST_AT_RISK])
    return Floor(_list_places(scene), _list_queues(scene, waits), shown, len(risks) - len(shown))


def _list_places(scene: Scene) -> tuple[Place, ...]:
    here, same = TransactionRow, Duty.office_id == scene.office_id
    rows = scene.reader.execute(
        select(
            Counter.id,
            NAMED,
            Counter.back_office,
            Duty.id.label("duty_id"),
            Duty.officer_id,
            Person.name.label("officer"),
            Duty.state.label("duty"),
            Duty.reason,
            Duty.since,
            here.id.label("transaction_id"),
            Visit.label,
            here.service_id,
            here.state,
            here.since.label("visitor_since"),
        )
        .outerjoin(Duty, same & (Duty.counter_id == Counter.id) & Duty.ended_at.is_(None))
        .outerjoin(Person, Person.id == Duty.officer_id)
        .outerjoin(here, (here.office_id == scene.office_id) & (here.counter_id == Counter.id) & at_counter())
        .outerjoin(Visit, (Visit.office_id == here.office_id) & (Visit.id == here.visit_id))
        .where(Counter.office_id == scene.office_id, Counter.retired.is_(False))
        .order_by(Counter.back_office, Counter.number, Counter.id)
    )
    on_desk, away = _count_on_desks(scene), absent_on(scene.reader, scene.office_id, scene.day.today)
    return tuple(
        replace(place, on_desk=on_desk.get(place.officer_id or 0, 0), absent=place.officer_id in away)
        for place in (Place(*row) for row in rows.tuples())
    )


def _count_on_desks(scene: Scene) -> dict[int, int]:
    held = TransactionRow
    states: list[Any] = [literal_column(f"'{state.value}'") for state in (State.PROCESSING, State.PAUSED)]
    query = (
        select(held.holder_id, func.count())
        .where(held.office_id == scene.office_id, held.ended_at.is_(None), held.state.in_(states))
        .group_by(held.holder_id)
    )
    return {holder: count for holder, count in scene.reader.execute(query).tuples() if holder is not None}


def _list_waiting(reader: Reader, office_id: int) -> list[Waiting]:
    """Return everybody who waits: the first wait since the number was taken, a later one since it began.

    What counts is the promise given with the number, for a later wait that of the queue.
    """
    entry, about = QueueEntry, TransactionRow
    rows = reader.execute(
        select(
            entry.transaction_id,
            Visit.label,
            entry.service_id,
            HOLDER.name.label("holder"),
            about.served_at,
            about.opened_at,
            entry.joined_at,
            Service.wait_promise_s,
            promised_wait().label("first_promise_s"),
        )
        .join(about, (about.office_id == entry.office_id) & (about.id == entry.transaction_id))
        .join(Visit, (Visit.office_id == entry.office_id) & (Visit.id == entry.visit_id))
        .join(HOLDER, HOLDER.id == about.holder_id)
        .join(Service, Service.id == entry.service_id)
        .where(entry.office_id == office_id, waiting())
        .order_by(entry.rank_at, entry.id)
    )
    return [_waiting(row) for row in rows]


def _waiting(row: Any) -> Waiting:
    first = row.served_at is None
    since, promised_s = (row.opened_at, row.first_promise_s) if first else (row.joined_at, row.wait_promise_s)
    due_at = since + timedelta(seconds=promised_s)
    return Waiting(row.transaction_id, row.label, row.service_id, row.holder, since, due_at)


def _list_queues(scene: Scene, waits: Sequence[Waiting]) -> tuple[Queue, ...]:
    counts = Tally(wait.service_id for wait in waits)
    longest: dict[int, Waiting] = {}
    for wait in sorted(waits, key=lambda each: each.since):
        longest.setdefault(wait.service_id, wait)
    rows = scene.reader.execute(
        select(Service.id, Service.series, Service.name_id, Service.name_en, Service.wait_promise_s, Service.retired)
        .where(Service.office_id == scene.office_id)
        .order_by(Service.position, Service.id)
    )
    return tuple(
        Queue(
            row.id,
            row.series,
            {"id": row.name_id, "en": row.name_en},
            row.wait_promise_s,
            counts[row.id],
            longest[row.id].since if row.id in longest else None,
            _judged(scene, longest[row.id]) if row.id in longest else Standing.ON_TIME,
        )
        for row in rows
        if not row.retired or counts[row.id]
    )


def _judged(scene: Scene, wait: Waiting) -> Standing:
    return standing(wait.since, wait.due_at, at=scene.at, percent=scene.thresholds.risk_percent)


def _waits_at_risk(scene: Scene, waits: Iterable[Waiting]) -> list[Risk]:
    judged = ((wait, _judged(scene, wait)) for wait in waits)
    return [
        Risk(wait.transaction_id, wait.number, wait.service_id, True, wait.holder, wait.since, wait.due_at, how)
        for wait, how in judged
        if how is not Standing.ON_TIME
    ]


def _work_at_risk(scene: Scene) -> list[Risk]:
    """Judge what is worked on without the visitor and has a due time, from the day the number was taken."""
    found = TransactionRow
    rows = scene.reader.execute(
        select(found.id, Visit.label, found.service_id, HOLDER.name.label("holder"), found.opened_at, found.due_at)
        .join(Visit, (Visit.office_id == found.office_id) & (Visit.id == found.visit_id))
        .join(HOLDER, HOLDER.id == found.holder_id)
        .where(
            found.office_id == scene.office_id,
            found.ended_at.is_(None),
            found.state == literal_column(f"'{State.PROCESSING.value}'"),
            found.due_at.is_not(None),
        )
        .order_by(found.due_at, found.id)
        .limit(MOST_DUE)
    )
    risks = []
    for row in rows:
        how = standing(row.opened_at, row.due_at, at=scene.at, percent=scene.thresholds.risk_percent)
        if how is not Standing.ON_TIME:
            risks.append(Risk(row.id, row.label, row.service_id, False, row.holder, row.opened_at, row.due_at, how))
    return risks


def _promises_at_risk(scene: Scene, promises: Mapping[int, ClockView]) -> list[Risk]:
    """Return the promises in working days that are at risk or broken by the office's clock."""
    late = {
        each: view.promise
        for each, view in promises.items()
        if view.promise is not None and view.promise.standing is not Standing.ON_TIME
    }
    found = TransactionRow
    rows = scene.reader.execute(
        select(found.id, Visit.label, found.service_id, HOLDER.name.label("holder"))
        .join(Visit, (Visit.office_id == found.office_id) & (Visit.id == found.visit_id))
        .join(HOLDER, HOLDER.id == found.holder_id)
        .where(found.office_id == scene.office_id, found.id.in_(late))
    )
    return [
        Risk(row.id, row.label, row.service_id, False, row.holder, late[row.id].complete_at, late[row.id].promised_at,
             late[row.id].standing)
        for row in rows
    ]  # fmt: skip
