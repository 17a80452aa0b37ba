"""What requests and absences write into the state tables."""

from typing import Final

from desk.domain.clock import micros
from desk.domain.facts import Event, EventName
from desk.domain.requesting import RequestState
from desk.domain.rows import Change, Insert, Row, Update

_STATES: Final = {
    EventName.REQUEST_ANSWERED: RequestState.ANSWERED,
    EventName.REQUEST_DECLINED: RequestState.DECLINED,
    EventName.REQUEST_WITHDRAWN: RequestState.WITHDRAWN,
    EventName.REQUEST_CLOSED: RequestState.CLOSED,
}


def request_made(event: Event) -> list[Change]:
    """Project a new request."""
    payload = event.payload
    row: Row = {
        "office_id": event.office_id,
        "id": event.id,
        "transaction_id": event.transaction_id,
        "asker_id": payload["asker"],
        "asked_id": payload["asked"],
        "meant_for_id": payload["meant_for"],
        "queue_id": payload["queue"],
        "kind": payload["kind"],
        "blocks": payload["blocks"],
        "due_at": payload["due"],
        "state": RequestState.ASKED.value,
        "asked_at": micros(event.at),
    }
    return [Insert("requests", row)]


def request_answered(event: Event) -> list[Change]:
    """Project what became of a request; the words of an answer stand under the event's id."""
    key: Row = {"office_id": event.office_id, "id": event.payload["request"]}
    values: Row = {
        "state": _STATES[event.name].value,
        "closed_at": micros(event.at),
        "closed_by": event.id,
        "decline_reason": event.payload.get("reason"),
    }
    return [Update("requests", key, values)]


def request_reopened(event: Event) -> list[Change]:
    """Project that the end which closed a request was a slip: it waits for its answer as before."""
    key: Row = {"office_id": event.office_id, "id": event.payload["request"]}
    values: Row = {"state": RequestState.ASKED.value, "closed_at": None, "closed_by": None}
    return [Update("requests", key, values)]


def absence_planned(event: Event) -> list[Change]:
    """Project a planned absence."""
    payload = event.payload
    row: Row = {
        "office_id": event.office_id,
        "id": event.id,
        "person_id": payload["person"],
        "deputy_id": payload["deputy"],
        "begins_on": payload["begins"],
        "ends_on": payload["ends"],
        "planned_at": micros(event.at),
    }
    return [Insert("absences", row)]


def absence_began(event: Event) -> list[Change]:
    """Project that an absence has begun."""
    key: Row = {"office_id": event.office_id, "id": event.payload["absence"]}
    return [Update("absences", key, {"began_at": micros(event.at)})]


def absence_cancelled(event: Event) -> list[Change]:
    """Project that an absence was cancelled."""
    key: Row = {"office_id": event.office_id, "id": event.payload["absence"]}
    return [Update("absences", key, {"cancelled_at": micros(event.at)})]
