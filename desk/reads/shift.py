"""The end of a shift: what an officer has, and handovers with what became of each of their offers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from desk.domain.handoffs import HandoffState
from desk.domain.lifecycle import OPEN_STATES, RESTING_STATES, State
from desk.models import HandoffRow, Note, Person, TransactionRow, Visit
from desk.models.transaction import offered
from desk.reads.reader import Reader

SHOWN: Final = 300


@dataclass(frozen=True, slots=True)
class Held:
    """One transaction under an officer's name; `offered_to` once an offer is open."""

    id: int
    number: str
    service_id: int
    state: State
    since: datetime
    due_at: datetime | None
    offered_to: str | None

    @property
    def may_stay(self) -> bool:
        """Whether it may stay with the officer overnight."""
        return self.state in RESTING_STATES

    @property
    def at_counter(self) -> bool:
        """Whether the visitor is called or served, which is finished first."""
        return self.state in (State.CALLED, State.SERVING)


@dataclass(frozen=True, slots=True)
class BatchOffer:
    """One offer of a handover."""

    id: int
    batch_id: int
    transaction_id: int
    number: str
    service_id: int
    transaction_state: str
    giver_id: int
    giver: str
    receiver_id: int
    receiver: str
    meant_for: str | None
    reason: str
    state: str
    offered_at: datetime
    note: str | None
    expires_at: datetime | None

    @property
    def open(self) -> bool:
        """Whether it still waits for its answer."""
        return self.state == HandoffState.OFFERED.value


def list_held(reader: Reader, office_id: int, officer_id: int) -> list[Held]:
    """Return what an officer has in person, by number of arrival; not the queues and pools they only head."""
    found, receiver = TransactionRow, aliased(Person)
    mine = (found.state != State.WAITING.value) | (found.addressee_id == officer_id) | found.offer_id.is_not(None)
    rows = reader.execute(
        select(found.id, Visit.label, found.service_id, found.state, found.since, found.due_at, receiver.name)
        .join(Visit, (Visit.office_id == found.office_id) & (Visit.id == found.visit_id))
        .outerjoin(HandoffRow, (HandoffRow.office_id == found.office_id) & (HandoffRow.id == found.offer_id))
        .outerjoin(receiver, receiver.id == HandoffRow.receiver_id)
        .where(found.office_id == office_id, found.ended_at.is_(None), found.state.in_(sorted(OPEN_STATES)))
        .where(found.holder_id == officer_id, found.pool_id.is_(None), mine)
        .order_by(found.id)
        .limit(SHOWN)
    )
    return [Held(row[0], row[1], row[2], State(row[3]), *row[4:]) for row in rows.tuples()]


def list_batch(reader: Reader, office_id: int, batch_id: int) -> list[BatchOffer]:
    """Return the offers of a handover, in the order in which they were made; empty for what is none."""
    return _offers(reader, _query(office_id).where(HandoffRow.batch_id == batch_id).order_by(HandoffRow.id))


def list_unanswered(reader: Reader, office_id: int) -> list[BatchOffer]:
    """Return the offers of all handovers that nobody has answered, the oldest first."""
    query = _query(office_id).where(offered(), HandoffRow.batch_id.is_not(None)).order_by(HandoffRow.id)
    return _offers(reader, query.limit(SHOWN))


def _offers(reader: Reader, query: Select[Any]) -> list[BatchOffer]:
    return [BatchOffer(*row) for row in reader.execute(query).tuples()]


def _query(office_id: int) -> Select[Any]:
    giver, receiver, meant = aliased(Person), aliased(Person), aliased(Person)
    offer, about = HandoffRow, TransactionRow
    return (
        select(
            offer.id,
            offer.batch_id,
            offer.transaction_id,
            Visit.label,
            about.service_id,
            about.state,
            offer.giver_id,
            giver.name,
            offer.receiver_id,
            receiver.name,
            meant.name,
            offer.reason,
            offer.state,
            offer.offered_at,
            Note.words,
            offer.expires_at,
        )
        .join(about, (about.office_id == offer.office_id) & (about.id == offer.transaction_id))
        .join(Visit, (Visit.office_id == about.office_id) & (Visit.id == about.visit_id))
        .join(giver, giver.id == offer.giver_id)
        .join(receiver, receiver.id == offer.receiver_id)
        .outerjoin(meant, meant.id == offer.meant_for_id)
        .outerjoin(Note, (Note.office_id == offer.office_id) & (Note.id == offer.id))
        .where(offer.office_id == office_id)
    )
