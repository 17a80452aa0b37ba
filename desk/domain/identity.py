"""Ids that tell their office.

Whatever an event brings into being carries the id `office_id << 40 | event number`, so the office whose stream must be
taken is known from any id without a query, no sequence is needed, and ids of one office lie together in every key.
They stay below 2**53, which JSON readers in browsers can hold exactly.
"""

from desk.domain.refusals import Reason, Refused

EVENT_BITS = 40
MAX_OFFICE_ID = (1 << 13) - 1
MAX_EVENT_NUMBER = (1 << EVENT_BITS) - 1


def id_of(office_id: int, *, number: int) -> int:
    """Return the id of what event `number` of the office created."""
    return office_id << EVENT_BITS | number


def office_of(entity_id: int) -> int:
    """Return the office an id belongs to; raise `Refused(UNKNOWN)` for a number that cannot be an id."""
    office_id = entity_id >> EVENT_BITS
    if not 0 < office_id <= MAX_OFFICE_ID:
        raise Refused(Reason.UNKNOWN, id=entity_id)
    return office_id


def event_of(entity_id: int) -> int:
    """Return the number of the event that created the entity."""
    return entity_id & MAX_EVENT_NUMBER
