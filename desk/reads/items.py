"""A transaction as the console shows it: with its visit, who has it, its last call, and by when it is due."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from desk.domain.handoffs import HandoffState
from desk.domain.lifecycle import AT_COUNTER_STATES, Action, Ending, State
from desk.domain.looks import Look, look
from desk.models import Call, CustodySegment, HandoffRow, QueueEntry, Service, TransactionRow, Visit, VisitContact
from desk.reads.office_day import Day


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
    look: Look | None
    promising: bool
    complete_at: datetime | None
    cause: str | None
    ending: str | None
    outcome: str | None
    ended_at: datetime | None
    served_at: datetime | None
    missed_today: bool
    pool_id: int | None
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


def items_query(office_id: int) -> Select[Any]:
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
            Service.completion_steps,
            Call.officer_id,
            Call.called_at,
            Call.last_called_at,
            Call.times,
            Call.why,
            Call.passed_over,
            Call.picked,
            last_wait_ended_by().label("last_wait"),
            _due_by_handoff().label("handed_due_at"),
        )
        .join(Visit, (Visit.office_id == found.office_id) & (Visit.id == found.visit_id))
        .join(
            CustodySegment,
            same & (CustodySegment.transaction_id == found.id) & (CustodySegment.ordinal == found.segment),
        )
        .join(Service, Service.id == found.service_id)
        .outerjoin(Call, (Call.office_id == found.office_id) & (Call.id == found.call_id))
        .outerjoin(
            VisitContact, (VisitContact.office_id == found.office_id) & (VisitContact.visit_id == found.visit_id)
        )
        .where(found.office_id == office_id)
    )


def last_wait_ended_by() -> Any:
    """Return the subquery of the action that ended a transaction's last wait."""
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


def _due_by_handoff() -> Any:
    """By when the colleague who passed it on last wanted it done."""
    return (
        select(HandoffRow.due_at)
        .where(
            HandoffRow.office_id == TransactionRow.office_id,
            HandoffRow.transaction_id == TransactionRow.id,
            HandoffRow.state == HandoffState.ACCEPTED.value,
        )
        .order_by(HandoffRow.id.desc())
        .limit(1)
        .correlate(TransactionRow)
        .scalar_subquery()
    )


def item_from(row: Any, *, at: datetime, day: Day) -> Item:
    here_today, due_at = row.day == day.today, row.due_at or row.handed_due_at
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
        due_at=due_at,
        overdue=due_at is not None and due_at <= at,
        look=look(due_at, row.remind_at, at=at, ends_at=day.ends_at) if row.ended_at is None else None,
        promising=bool(row.completion_steps),
        complete_at=row.complete_at,
        cause=row.cause,
        ending=row.ending,
        outcome=row.outcome,
        ended_at=row.ended_at,
        served_at=row.served_at,
        missed_today=missed and here_today,
        pool_id=row.pool_id,
        call=_call(row),
    )


def _call(row: Any) -> CallMade | None:
    if row.called_at is None:
        return None
    return CallMade(row.officer_id, row.called_at, row.last_called_at, row.times, row.why, row.passed_over, row.picked)
