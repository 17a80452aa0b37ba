"""What the counter console shows of transactions: those the officer has, one in particular, those finished today.

Every query stays on an index over what is open; only "finished today" looks at what ended, and only at the day's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select

from desk.domain.hours import business_day, day_bounds
from desk.domain.lifecycle import AT_COUNTER_STATES, RESTING_STATES, Action, Ending, State
from desk.models import (
    Call,
    CustodySegment,
    Office,
    QueueEntry,
    Service,
    Skill,
    TransactionRow,
    Visit,
    VisitContact,
)
from desk.reads.reader import Reader

HELD = tuple(sorted(state.value for state in AT_COUNTER_STATES | RESTING_STATES))
HELD_SHOWN = 100
FINISHED_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Day:
    """The office's business day, and for how many days a completed transaction may be opened again."""

    today: date
    began_at: datetime
    reopen_days: int


@dataclass(frozen=True, slots=True)
class ServiceName:
    """A service in both languages; `mine` if the officer may be given its visitors."""

    id: int
    series: str
    names: dict[str, str]
    promise_s: int
    retired: bool
    mine: bool


@dataclass(frozen=True, slots=True)
class CallMade:
    """The last call of a transaction."""

    officer_id: int
    called_at: datetime
    last_called_at: datetime
    times: int
    why: dict[str, Any]
    passed_over: list[dict[str, Any]]
    picked: str | None


@dataclass(frozen=True, slots=True)
class Item:
    """A transaction as the console shows it; `handler_id` has, or had at the end, custody of it."""

    id: int
    visit_id: int
    number: str
    service_id: int
    state: State
    since: datetime
    arrived_at: datetime
    priority: str
    priority_reason: str | None
    visitor: str | None
    here_today: bool
    handler_id: int | None
    counter_id: int | None
    addressee_id: int | None
    offer_id: int | None
    due_at: datetime | None
    overdue: bool
    cause: str | None
    ending: str | None
    outcome: str | None
    ended_at: datetime | None
    served_at: datetime | None
    missed_today: bool
    call: CallMade | None

    @property
    def at_counter(self) -> bool:
        """Whether the visitor is called or served."""
        return self.state in AT_COUNTER_STATES

    @property
    def called_by_handler(self) -> bool:
        """Whether the visitor is at the counter because whoever has the transaction called, not accepted it."""
        return self.at_counter and self.call is not None and self.call.officer_id == self.handler_id

    @property
    def present(self) -> bool:
        """Whether the visitor is here: waiting, called or served."""
        return self.state in AT_COUNTER_STATES or self.state is State.WAITING


def get_day(reader: Reader, office_id: int, *, at: datetime) -> Day:
    """Return the office's business day at an instant."""
    row = reader.execute(
        select(Office.zone, Office.day_starts_at, Office.reopen_days).where(Office.id == office_id)
    ).one()
    zone, starts_at = ZoneInfo(row.zone), time(*divmod(row.day_starts_at, 60))
    today = business_day(at, zone, starts_at=starts_at)
    return Day(today, day_bounds(today, zone, starts_at=starts_at)[0], row.reopen_days)


def list_services(reader: Reader, office_id: int, officer_id: int) -> list[ServiceName]:
    """Return the services of the office in their order, retired ones last; with the officer's own marked."""
    rows = reader.execute(
        select(
            Service.id,
            Service.series,
            Service.name_id,
            Service.name_en,
            Service.wait_promise_s,
            Service.retired,
            Skill.person_id,
        )
        .outerjoin(Skill, (Skill.service_id == Service.id) & (Skill.person_id == officer_id))
        .where(Service.office_id == office_id)
        .order_by(Service.retired, Service.position, Service.id)
    )
    return [
        ServiceName(
            row.id,
            row.series,
            {"id": row.name_id, "en": row.name_en},
            row.wait_promise_s,
            row.retired,
            row.person_id is not None,
        )
        for row in rows
    ]


def list_mine(reader: Reader, office_id: int, officer_id: int, *, at: datetime, day: Day) -> list[Item]:
    """Return what the officer has at the counter (first) and on the desk, the most urgent first."""
    rows = reader.execute(
        _items(office_id)
        .where(
            TransactionRow.holder_id == officer_id, TransactionRow.ended_at.is_(None), TransactionRow.state.in_(HELD)
        )
        .order_by(
            TransactionRow.counter_id.is_(None),
            TransactionRow.due_at.is_(None),
            TransactionRow.due_at,
            TransactionRow.since,
            TransactionRow.id,
        )
        .limit(HELD_SHOWN)
    ).all()
    return [_item(row, at=at, day=day) for row in rows]


def list_finished(reader: Reader, office_id: int, officer_id: int, *, at: datetime, day: Day) -> list[Item]:
    """Return what the officer finished today, or had when it ended; the newest first, a dozen at most."""
    rows = reader.execute(
        _items(office_id)
        .where(TransactionRow.ended_at >= day.began_at, CustodySegment.holder_id == officer_id)
        .order_by(TransactionRow.ended_at.desc(), TransactionRow.id.desc())
        .limit(FINISHED_SHOWN)
    ).all()
    return [_item(row, at=at, day=day) for row in rows]


def find_item(reader: Reader, office_id: int, transaction_id: int, *, at: datetime, day: Day) -> Item | None:
    """Return one transaction of the office, None when there is none."""
    row = reader.execute(_items(office_id).where(TransactionRow.id == transaction_id)).one_or_none()
    return None if row is None else _item(row, at=at, day=day)


def find_visit_of(reader: Reader, office_id: int, transaction_id: int) -> int | None:
    """Return the visit a transaction belongs to now, None where the office has no such transaction."""
    found = TransactionRow
    query = select(found.visit_id).where(found.office_id == office_id, found.id == transaction_id)
    return reader.execute(query).scalar_one_or_none()


def _items(office_id: int) -> Select[Any]:
    """Return the query of transactions with their visit, newest custody segment and last call."""
    found = TransactionRow
    same = CustodySegment.office_id == found.office_id
    return (
        select(
            found.__table__,
            Visit.label,
            Visit.day,
            Visit.priority_reason,
            VisitContact.name.label("visitor"),
            CustodySegment.holder_id.label("handler_id"),
            CustodySegment.cause,
            Call.officer_id,
            Call.called_at,
            Call.last_called_at,
            Call.times,
            Call.why,
            Call.passed_over,
            Call.picked,
            _last_wait_ended_by().label("last_wait"),
        )
        .join(Visit, (Visit.office_id == found.office_id) & (Visit.id == found.visit_id))
        .join(
            CustodySegment,
            same & (CustodySegment.transaction_id == found.id) & (CustodySegment.ordinal == found.segment),
        )
        .outerjoin(Call, (Call.office_id == found.office_id) & (Call.id == found.call_id))
        .outerjoin(
            VisitContact, (VisitContact.office_id == found.office_id) & (VisitContact.visit_id == found.visit_id)
        )
        .where(found.office_id == office_id)
    )


def _last_wait_ended_by() -> Any:
    return (
        select(QueueEntry.ended_by)
        .where(
            QueueEntry.office_id == TransactionRow.office_id,
            QueueEntry.transaction_id == TransactionRow.id,
        )
        .order_by(QueueEntry.id.desc())
        .limit(1)
        .correlate(TransactionRow)
        .scalar_subquery()
    )


def _item(row: Any, *, at: datetime, day: Day) -> Item:
    here_today = row.day == day.today
    missed = row.last_wait == Action.NO_SHOW.value and row.ending in (None, Ending.NO_SHOW.value)
    return Item(
        id=row.id,
        visit_id=row.visit_id,
        number=row.label,
        service_id=row.service_id,
        state=State(row.state),
        since=row.ended_at or row.since,
        arrived_at=row.arrived_at,
        priority=row.priority,
        priority_reason=row.priority_reason,
        visitor=row.visitor,
        here_today=here_today,
        handler_id=row.handler_id,
        counter_id=row.counter_id,
        addressee_id=row.addressee_id,
        offer_id=row.offer_id,
        due_at=row.due_at,
        overdue=row.due_at is not None and row.due_at <= at,
        cause=row.cause,
        ending=row.ending,
        outcome=row.outcome,
        ended_at=row.ended_at,
        served_at=row.served_at,
        missed_today=missed and here_today,
        call=_call(row),
    )


def _call(row: Any) -> CallMade | None:
    if row.called_at is None:
        return None
    return CallMade(row.officer_id, row.called_at, row.last_called_at, row.times, row.why, row.passed_over, row.picked)


def own_services(services: Sequence[ServiceName]) -> list[int]:
    """Return the ids of the services the officer may be given visitors of."""
    return [service.id for service in services if service.mine]
