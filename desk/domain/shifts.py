"""The end-of-shift handover: everything an officer has, each with a receiver, or staying overnight where it may."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from desk.domain.access import FRONT_LINE, Actor, acting_person, require
from desk.domain.custody import Transaction
from desk.domain.lifecycle import RESTING_STATES, State
from desk.domain.refusals import Reason, Refused

# What can be handed over at the end of a shift; who is called or served is finished first.
HANDED_OVER: Final = RESTING_STATES | {State.WAITING}


@dataclass(frozen=True, slots=True)
class Parcel:
    """One transaction of the handover: to whom, None for staying with the officer overnight; and a note."""

    transaction_id: int
    receiver_id: int | None
    note: str | None = None


def require_own_shift(officer_id: int, actor: Actor) -> None:
    """Raise `Refused(FORBIDDEN)` unless the shift is the actor's own, or the actor supervises."""
    require(actor, FRONT_LINE)
    if acting_person(actor) != officer_id and not actor.supervises:
        raise Refused(Reason.FORBIDDEN)


def check_parcels(parcels: Sequence[Parcel], held: Iterable[Transaction]) -> list[Parcel]:
    """Return what is to be offered; each transaction that is held must be named once, and nothing else.

    Raises `Refused`: NOTHING_TO_HAND_OVER, LIST_CHANGED, MUST_BE_HANDED_OVER for a visitor who would stay overnight.
    """
    states = {each.id: each.state for each in held}
    if not states:
        raise Refused(Reason.NOTHING_TO_HAND_OVER)
    named = [each.transaction_id for each in parcels]
    if sorted(named) != sorted(states):
        raise Refused(Reason.LIST_CHANGED)
    kept = [each for each in parcels if each.receiver_id is None]
    staying = [each.transaction_id for each in kept if states[each.transaction_id] not in RESTING_STATES]
    if staying:
        raise Refused(Reason.MUST_BE_HANDED_OVER, transaction=staying[0])
    return [each for each in parcels if each.receiver_id is not None]
