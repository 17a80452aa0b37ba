"""What pairing, setting and revoking devices does to the state tables. Names are words and stand in no event."""

from desk.domain.clock import micros
from desk.domain.facts import Event
from desk.domain.rows import Change, Insert, Row, Update


def device_paired(event: Event) -> list[Change]:
    """A device of the office; its secret is kept beside the row, as a digest."""
    payload = event.payload
    row: Row = {
        "office_id": event.office_id,
        "id": event.id,
        "kind": payload["kind"],
        "counter_id": payload["counter"],
        "settings": payload["settings"],
        "paired_at": micros(event.at),
        "paired_by": event.actor_id,
    }
    return [Insert("devices", row)]


def device_changed(event: Event) -> list[Change]:
    """It is set otherwise."""
    payload = event.payload
    key: Row = {"office_id": event.office_id, "id": payload["device"]}
    return [Update("devices", key, {"counter_id": payload["counter"], "settings": payload["settings"]})]


def device_revoked(event: Event) -> list[Change]:
    """It opens nothing any more."""
    key: Row = {"office_id": event.office_id, "id": event.payload["device"]}
    return [Update("devices", key, {"revoked_at": micros(event.at)})]
