"""One handoff as a slip: from whom to whom, about what, what is asked, by when, and which papers go with it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from desk.domain.counter_names import CounterName
from desk.models import Counter, HandoffRow, HandoffWords, Note, Person, Pool, Service, TransactionRow, Visit
from desk.reads.counter_names import NAMED
from desk.reads.reader import Reader


@dataclass(frozen=True, slots=True)
class Slip:
    """What stands on the slip; `to` names the receiver, with the pool, counter or service it went to."""

    handoff_id: int
    transaction_id: int
    number: str
    service: dict[str, str]
    kind: str
    state: str
    giver_id: int
    giver: str
    receiver_id: int
    receiver: str
    pool: str | None
    counter: CounterName | None
    to_service: dict[str, str] | None
    ordered_by: str | None
    reason: str
    note: str | None
    expects: str | None
    papers: tuple[str, ...]
    walks_along: bool
    offered_at: datetime
    answered_at: datetime | None
    due_at: datetime | None
    holder_id: int | None


def find_slip(reader: Reader, office_id: int, handoff_id: int) -> Slip | None:
    """Return the slip of a handoff, None where the office has no such handoff."""
    row = reader.execute(_query().where(HandoffRow.office_id == office_id, HandoffRow.id == handoff_id)).one_or_none()
    return None if row is None else _slip(row)


def _query() -> Select[Any]:
    handoff, about, queue = HandoffRow, TransactionRow, aliased(Service)
    giver, receiver, by = aliased(Person), aliased(Person), aliased(Person)
    return (
        select(
            handoff.__table__,
            about.holder_id,
            Visit.label,
            Service.name_id,
            Service.name_en,
            queue.name_id.label("queue_id"),
            queue.name_en.label("queue_en"),
            giver.name.label("giver"),
            receiver.name.label("receiver"),
            by.name.label("ordered_by"),
            Pool.name.label("pool"),
            NAMED.label("counter"),
            Note.words,
            HandoffWords.expects,
            HandoffWords.papers,
        )
        .join(about, (about.office_id == handoff.office_id) & (about.id == handoff.transaction_id))
        .join(Visit, (Visit.office_id == about.office_id) & (Visit.id == about.visit_id))
        .join(Service, Service.id == about.service_id)
        .join(giver, giver.id == handoff.giver_id)
        .join(receiver, receiver.id == handoff.receiver_id)
        .outerjoin(queue, queue.id == handoff.to_service_id)
        .outerjoin(by, by.id == handoff.answered_by_id)
        .outerjoin(Pool, Pool.id == handoff.to_pool_id)
        .outerjoin(Counter, Counter.id == handoff.to_counter_id)
        .outerjoin(Note, (Note.office_id == handoff.office_id) & (Note.id == handoff.id))
        .outerjoin(HandoffWords, (HandoffWords.office_id == handoff.office_id) & (HandoffWords.id == handoff.id))
    )


def _slip(row: Any) -> Slip:
    return Slip(
        row.id,
        row.transaction_id,
        row.label,
        {"id": row.name_id, "en": row.name_en},
        row.kind,
        row.state,
        row.giver_id,
        row.giver,
        row.receiver_id,
        row.receiver,
        row.pool,
        row.counter,
        None if row.queue_id is None else {"id": row.queue_id, "en": row.queue_en},
        row.ordered_by if row.kind == "forced" else None,
        row.reason,
        row.words,
        row.expects,
        tuple((row.papers or "").splitlines()),
        row.walks_along,
        row.offered_at,
        row.answered_at,
        row.due_at,
        row.holder_id,
    )
