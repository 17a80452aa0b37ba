"""What a visitor's wish about the turn does to the wait: another claim to be next, and where it stood before."""

from desk.domain.facts import Event
from desk.domain.projecting_steps import moved
from desk.domain.rows import Change, Row, Update


def gave_way(event: Event) -> list[Change]:
    """Project that somebody was let pass."""
    payload = event.payload
    values: Row = {
        "rank_at": payload["rank"],
        "own_rank_at": payload["own_rank"],
        "back_rank_at": payload["back_rank"],
        "gave_way": payload["times"],
        "wishes": payload["wishes"],
        "wish_id": event.id,
    }
    return [*moved(event), Update("queue_entries", _wait(event), values)]


def giving_way_undone(event: Event) -> list[Change]:
    """Project that the last wish was taken back; the one before it stays."""
    payload = event.payload
    values: Row = {
        "rank_at": payload["rank"],
        "own_rank_at": payload["own_rank"],
        "back_rank_at": None,
        "gave_way": payload["times"],
        "wish_id": None,
    }
    return [*moved(event), Update("queue_entries", _wait(event), values)]


def _wait(event: Event) -> Row:
    return {"office_id": event.office_id, "id": event.payload["wait"]}
