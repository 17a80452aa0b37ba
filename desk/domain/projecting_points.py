"""What setting up and closing posters and tablets does to the state tables."""

from desk.domain.clock import micros
from desk.domain.facts import Event
from desk.domain.rows import Change, Insert, Row, Update


def survey_point_opened(event: Event) -> list[Change]:
    """A poster or a tablet, for the whole office, a service or a counter."""
    payload = event.payload
    row: Row = {
        "office_id": event.office_id,
        "id": event.id,
        "kind": payload["kind"],
        "service_id": payload["service"],
        "counter_id": payload["counter"],
        "opened_at": micros(event.at),
        "opened_by": event.actor_id,
    }
    return [Insert("survey_points", row)]


def survey_point_closed(event: Event) -> list[Change]:
    """Its link takes nothing any more."""
    key: Row = {"office_id": event.office_id, "id": event.payload["point"]}
    return [Update("survey_points", key, {"closed_at": micros(event.at)})]
