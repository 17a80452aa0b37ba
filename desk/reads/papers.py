"""What can be printed about a transaction: the ticket of its visit, the receipt, the slips of its handoffs."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from desk.domain.counter_names import CounterName
from desk.models import Counter, HandoffRow, Pool, Service, TransactionRow, Visit
from desk.reads.counter_names import NAMED
from desk.reads.handoff_paper import HOLDING
from desk.reads.reader import Reader


@dataclass(frozen=True, slots=True)
class HandoffEntry:
    """A handoff that holds; `target` is the counter, pool or queue it went to, None for an officer."""

    id: int
    offered_at: datetime
    state: str
    parties: frozenset[int]
    target: CounterName | str | None


@dataclass(frozen=True, slots=True)
class Papers:
    """A transaction with what is printed of it; `service` by language."""

    transaction_id: int
    visit_id: int
    number: str
    service: dict[str, str]
    language: str
    holder_id: int | None
    has_receipt: bool
    handoffs: tuple[HandoffEntry, ...]


def find_papers(reader: Reader, office_id: int, transaction_id: int, *, language: str) -> Papers | None:
    """Return what can be printed; None where the office has no such transaction."""
    about = TransactionRow
    query = (
        select(
            about.visit_id, about.holder_id, about.complete_at, Visit.label, Visit.language, Service.name_id,
            Service.name_en,
        )
        .join(Visit, (Visit.office_id == about.office_id) & (Visit.id == about.visit_id))
        .join(Service, Service.id == about.service_id)
        .where(about.office_id == office_id, about.id == transaction_id)
    )  # fmt: skip
    row = reader.execute(query).one_or_none()
    if row is None:
        return None
    return Papers(
        transaction_id,
        row.visit_id,
        row.label,
        {"id": row.name_id, "en": row.name_en},
        row.language,
        row.holder_id,
        row.complete_at is not None,
        _handoffs(reader, office_id, transaction_id, language),
    )


def _handoffs(reader: Reader, office_id: int, transaction_id: int, language: str) -> tuple[HandoffEntry, ...]:
    """Return those that hold, the newest first."""
    found = HandoffRow
    named = Service.name_id if language == "id" else Service.name_en
    query = (
        select(
            found.id, found.offered_at, found.state, found.giver_id, found.receiver_id, NAMED.label("counter"),
            Pool.name.label("pool"), named.label("queue"),
        )
        .outerjoin(Counter, Counter.id == found.to_counter_id)
        .outerjoin(Pool, Pool.id == found.to_pool_id)
        .outerjoin(Service, Service.id == found.to_service_id)
        .where(found.office_id == office_id, found.transaction_id == transaction_id, found.state.in_(HOLDING))
    )  # fmt: skip
    return tuple(
        HandoffEntry(
            row.id,
            row.offered_at,
            row.state,
            frozenset((row.giver_id, row.receiver_id)),
            row.counter or row.pool or row.queue,
        )
        for row in reader.execute(query.order_by(found.offered_at.desc(), found.id.desc()))
    )
