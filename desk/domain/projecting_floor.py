"""What messages to the floor do to the state tables."""

from desk.domain.clock import micros
from desk.domain.facts import Event
from desk.domain.rows import Change, Insert, Row


def floor_message_sent(event: Event) -> list[Change]:
    """Project a message; its words are no part of it: the operation puts them beside the row, where they may go."""
    row: Row = {
        "office_id": event.office_id,
        "id": event.id,
        "sender_id": event.payload["sender"],
        "counter_id": event.payload["counter"],
        "sent_at": micros(event.at),
        "until_at": event.payload["until"],
    }
    return [Insert("floor_messages", row)]


def floor_message_read(event: Event) -> list[Change]:
    """Project that somebody read it."""
    row: Row = {
        "office_id": event.office_id,
        "message_id": event.payload["message"],
        "person_id": event.payload["reader"],
        "read_at": micros(event.at),
    }
    return [Insert("floor_readings", row)]
