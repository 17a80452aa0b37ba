"""Open offers to hand a transaction over: those made to an officer, and those the officer made."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import CompoundSelect, select, union_all
from sqlalchemy.orm import aliased

from desk.models import HandoffRow, HandoffWords, Note, Person, TransactionRow, Visit
from desk.models.transaction import offered
from desk.reads.reader import Reader

OFFERABLE: Final = ("waiting", "processing", "paused")  # the states of a transaction while an offer is open


@dataclass(frozen=True, slots=True)
class Offer:
    """One offer without an answer, with the words that go with it; `state` is the transaction's.

    `batch_id` is the handover it belongs to, `meant_for` the absent person whom the receiver covers.
    """

    id: int
    transaction_id: int
    number: str
    service_id: int
    state: str
    giver_id: int
    giver: str
    receiver_id: int
    receiver: str
    reason: str
    note: str | None
    offered_at: datetime
    expires_at: datetime | None
    due_at: datetime | None
    expects: str | None
    papers: str | None
    walks_along: bool
    to_counter_id: int | None
    batch_id: int | None
    meant_for: str | None


def list_open_offers(reader: Reader, office_id: int, officer_id: int, counter_id: int | None = None) -> list[Offer]:
    """Return the open offers to an officer (or to the counter they are at) and of the officer, the oldest first."""
    giver, receiver, meant = aliased(Person), aliased(Person), aliased(Person)
    offer, about = HandoffRow, TransactionRow
    rows = reader.execute(
        select(
            offer.id,
            offer.transaction_id,
            Visit.label,
            about.service_id,
            about.state,
            offer.giver_id,
            giver.name.label("giver"),
            offer.receiver_id,
            receiver.name.label("receiver"),
            offer.reason,
            Note.words,
            offer.offered_at,
            offer.expires_at,
            offer.due_at,
            HandoffWords.expects,
            HandoffWords.papers,
            offer.walks_along,
            offer.to_counter_id,
            offer.batch_id,
            meant.name,
        )
        .join(about, (about.office_id == offer.office_id) & (about.id == offer.transaction_id))
        .join(Visit, (Visit.office_id == about.office_id) & (Visit.id == about.visit_id))
        .join(giver, giver.id == offer.giver_id)
        .join(receiver, receiver.id == offer.receiver_id)
        .outerjoin(meant, meant.id == offer.meant_for_id)
        .outerjoin(Note, (Note.office_id == offer.office_id) & (Note.id == offer.id))
        .outerjoin(HandoffWords, (HandoffWords.office_id == offer.office_id) & (HandoffWords.id == offer.id))
        .where(offer.office_id == office_id, offer.id.in_(_open_offers(office_id, officer_id, counter_id)))
        .order_by(offer.id)
    )
    return [Offer(*row) for row in rows.tuples()]


def _open_offers(office_id: int, officer_id: int, counter_id: int | None) -> CompoundSelect[Any]:
    """Return the ids of open offers: those made to the officer or counter, and those of what the officer still has.

    Each part has an index over what is open; asked for both at once, SQLite walks all handoffs there ever were.
    """
    held = TransactionRow
    to_me = select(HandoffRow.id).where(
        HandoffRow.office_id == office_id, offered(), HandoffRow.receiver_id == officer_id
    )
    of_mine = select(held.offer_id).where(
        held.office_id == office_id,
        held.ended_at.is_(None),
        held.state.in_(OFFERABLE),
        held.holder_id == officer_id,
        held.offer_id.is_not(None),
    )
    to_my_counter = select(HandoffRow.id).where(
        HandoffRow.office_id == office_id, offered(), HandoffRow.to_counter_id == counter_id
    )
    return union_all(to_me, of_mine) if counter_id is None else union_all(to_me, to_my_counter, of_mine)
