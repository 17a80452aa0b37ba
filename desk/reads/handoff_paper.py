"""What of a handoff may stand on a paper that a visitor carries: places, the matter, papers and times; nobody's name.

Notes and instructions are words among colleagues, in which anything may stand: they stay on the page of the staff.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from desk.domain.counter_names import CounterName
from desk.domain.handoffs import HandoffKind, HandoffState
from desk.domain.lifecycle import PRESENT_STATES, State
from desk.models import Counter, Duty, TransactionRow
from desk.reads.counter_names import NAMED
from desk.reads.disposition import Slip, find_slip
from desk.reads.handoff_reasons import list_reasons
from desk.reads.reader import Reader

# Of what was declined, withdrawn or not answered no paper is printed: it would lead to a counter that expects nobody.
HOLDING: Final = frozenset({HandoffState.OFFERED, HandoffState.ACCEPTED})


@dataclass(frozen=True, slots=True)
class HandoffPlace:
    """From where or to where: a counter, or the name of a pool or queue by language; and where it is."""

    name: CounterName | dict[str, str]
    location: dict[str, str]


@dataclass(frozen=True, slots=True)
class HandoffPaper:
    """A handoff for a receipt printer; `origin` and `target` are None where an officer sits at no counter now."""

    number: str
    visit_id: int
    service: dict[str, str]
    reason: dict[str, str] | None
    origin: HandoffPlace | None
    target: HandoffPlace | None
    papers: tuple[str, ...]
    offered_at: datetime
    due_at: datetime | None
    to_queue: bool
    visitor_carries: bool


def find_handoff_paper(reader: Reader, office_id: int, handoff_id: int) -> HandoffPaper | None:
    """Return what is printed about a handoff; None where there is none, or it holds no more."""
    slip = find_slip(reader, office_id, handoff_id)
    if slip is None or slip.state not in HOLDING:
        return None
    about = (TransactionRow.office_id == office_id, TransactionRow.id == slip.transaction_id)
    row = reader.execute(select(TransactionRow.visit_id, TransactionRow.state).where(*about)).one()
    to_queue = slip.kind == HandoffKind.QUEUE
    return HandoffPaper(
        number=slip.number,
        visit_id=row.visit_id,
        service=slip.service,
        reason=_reason(reader, office_id, slip.reason),
        origin=_desk_of(reader, office_id, slip.giver_id),
        target=_target(reader, office_id, slip),
        papers=slip.papers,
        offered_at=slip.offered_at,
        due_at=slip.due_at,
        to_queue=to_queue,
        visitor_carries=State(row.state) in PRESENT_STATES and (slip.walks_along or to_queue),
    )


def _reason(reader: Reader, office_id: int, code: str) -> dict[str, str] | None:
    return next((each.label for each in list_reasons(reader, office_id) if each.code == code), None)


def _target(reader: Reader, office_id: int, slip: Slip) -> HandoffPlace | None:
    """Return where it went: a pool or a queue by its name, a counter with where it is."""
    if slip.pool is not None:
        return HandoffPlace(dict.fromkeys(("id", "en"), slip.pool), {})
    if slip.to_service is not None:
        return HandoffPlace(slip.to_service, {})
    if slip.counter is not None:
        number, name = slip.counter.number, slip.counter.name
        same = (Counter.office_id == office_id, Counter.number == number, Counter.name == name)
        return _place(reader.execute(_counters().where(*same).order_by(Counter.retired, Counter.id)).first())
    return _desk_of(reader, office_id, slip.receiver_id)


def _desk_of(reader: Reader, office_id: int, person_id: int) -> HandoffPlace | None:
    on_duty = (Duty.office_id == office_id, Duty.officer_id == person_id, Duty.ended_at.is_(None))
    return _place(reader.execute(_counters().join(Duty, Duty.counter_id == Counter.id).where(*on_duty)).first())


def _counters() -> Any:
    return select(NAMED.label("counter"), Counter.location_id, Counter.location_en)


def _place(row: Any) -> HandoffPlace | None:
    if row is None:
        return None
    return HandoffPlace(row.counter, {"id": row.location_id, "en": row.location_en})
