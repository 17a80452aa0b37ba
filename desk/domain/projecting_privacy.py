"""What erasing personal data does to the state tables: a line of the register, and nothing else that is counted."""

from desk.domain.clock import micros
from desk.domain.facts import Event
from desk.domain.rows import Change, Insert, Row


def personal_data_erased(event: Event) -> list[Change]:
    """Project an erasure that somebody asked for."""
    return [_line(event, "erased", "reason", event.payload["transactions"])]


def personal_data_expired(event: Event) -> list[Change]:
    """Project a bite of the rules of retention."""
    return [_line(event, "expired", "track", [])]


def _line(event: Event, kind: str, why: str, transactions: object) -> Insert:
    row: Row = {
        "office_id": event.office_id,
        "id": event.id,
        "kind": kind,
        "why": event.payload[why],
        "transactions": transactions if isinstance(transactions, list) else [],
        "counts": event.payload["counts"],
        "at": micros(event.at),
        "person_id": event.actor_id,
        "by_handler": event.payload.get("by_handler") is True,
    }
    return Insert("erasures", row)
