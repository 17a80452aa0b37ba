"""The end-of-shift handover: one unit offers all that an officer has; it is accepted one by one, or at once."""

from collections.abc import Sequence

from sqlalchemy import select

from desk.domain.custody import Transaction
from desk.domain.handoffs import HandoffKind
from desk.domain.identity import office_of
from desk.domain.reasons import HandoffReason
from desk.domain.refusals import Reason, Refused
from desk.domain.shifts import HANDED_OVER, Parcel, check_parcels, require_own_shift
from desk.models.transaction import offered
from desk.operations.finding import HANDOFFS, MAX_SMALL_ID, get_transaction, list_under_name
from desk.operations.handing_off import offer_covered, take_over
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit
from desk.operations.terms import Given


def hand_over_shift(
    streams: Streams, office_id: int, officer_id: int, parcels: Sequence[Parcel], request: Request
) -> Done:
    """Offer everything an officer has to the receivers named, all or nothing; a supervisor may for somebody else.

    What is already offered has its own way and is not named. Answers batch (None when all stays), offers (ids),
    staying (ids of transactions). Raises `Refused`: FORBIDDEN, NOTHING_TO_HAND_OVER, LIST_CHANGED, MUST_BE_HANDED_OVER
    for a visitor who would stay overnight, and what refuses an offer; the refusal names the transaction.
    """

    def work(unit: Unit) -> Done:
        require_own_shift(officer_id, unit.actor)
        leaving = check_parcels(parcels, _to_hand_over(unit, officer_id))
        batch = unit.next_id
        offers = [_offer(unit, each, batch) for each in leaving]
        staying = [each.transaction_id for each in parcels if each.receiver_id is None]
        return unit.done(batch=batch if offers else None, offers=offers, staying=staying)

    return streams.run(office_id, request, work)


def _to_hand_over(unit: Unit, officer_id: int) -> list[Transaction]:
    if not 0 < officer_id <= MAX_SMALL_ID:
        raise Refused(Reason.UNKNOWN, id=officer_id)
    held = list_under_name(unit, officer_id)
    return [each for each in held if each.state in HANDED_OVER and not each.offered]


def _offer(unit: Unit, parcel: Parcel, batch: int) -> int:
    given = Given(HandoffReason.SHIFT_END, parcel.note, listed=False)
    transaction = get_transaction(unit, parcel.transaction_id)
    receiver_id = parcel.receiver_id or 0
    try:
        return offer_covered(unit, transaction, receiver_id, HandoffKind.OFFICER, given, batch=batch).id
    except Refused as refused:
        raise Refused(refused.reason, **{**refused.details, "transaction": parcel.transaction_id}) from refused


def accept_all(streams: Streams, batch_id: int, request: Request) -> Done:
    """Accept all that is still offered to the one who acts in a handover, all or nothing.

    Answers batch, accepted (ids of handoffs). Raises `Refused`: OFFER_CLOSED when nothing is left, and what refuses an
    acceptance.
    """

    def work(unit: Unit) -> Done:
        mine = unit.connection.execute(
            select(HANDOFFS.c.id)
            .where(HANDOFFS.c.office_id == unit.office_id, HANDOFFS.c.batch_id == batch_id)
            .where(HANDOFFS.c.receiver_id == unit.actor.person_id, offered())
            .order_by(HANDOFFS.c.id)
        ).scalars()
        found = mine.all()
        if not found:
            raise Refused(Reason.OFFER_CLOSED)
        for handoff_id in found:
            take_over(unit, handoff_id)
        return unit.done(batch=batch_id, accepted=list(found))

    return streams.run(office_of(batch_id), request, work)
