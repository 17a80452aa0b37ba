"""What the events of the follow-up plan and of publishing do to the state tables."""

from desk.domain.clock import micros
from desk.domain.facts import JSON, Event
from desk.domain.improvement import Status, StepKind
from desk.domain.projecting_steps import as_object
from desk.domain.rows import Change, Insert, Row, Update


def planned(event: Event) -> list[Change]:
    """A new measure, in the plan of one period."""
    payload = event.payload
    row: Row = {
        "office_id": event.office_id,
        "id": event.id,
        "element": payload["element"],
        "due": payload["due"],
        "owner_id": payload["owner"],
        "status": Status.PLANNED.value,
        "words_id": event.id,
        "planned_at": micros(event.at),
    }
    return [Insert("improvements", row), _place(event, event.id, payload["period"]), _step(event, StepKind.PLANNED)]


def changed(event: Event) -> list[Change]:
    """Another element, time, person or other words; what it was stands in the step."""
    payload = event.payload
    values: Row = {"element": payload["element"], "due": payload["due"], "owner_id": payload["owner"]}
    if payload["words"] is not None:
        values["words_id"] = event.id
    return [Update("improvements", _key(event), values), _step(event, StepKind.CHANGED)]


def progressed(event: Event) -> list[Change]:
    """How far it came."""
    return [Update("improvements", _key(event), {"status": event.payload["to"]}), _step(event, StepKind.PROGRESSED)]


def carried(event: Event) -> list[Change]:
    """It stands in the plan of the next period too."""
    return [_place(event, event.payload["improvement"], event.payload["to"]), _step(event, StepKind.CARRIED)]


def survey_published(event: Event) -> list[Change]:
    """A version of a period's figures, which never changes."""
    figures = as_object(event.payload["figures"])
    row: Row = {
        "office_id": event.office_id,
        "id": event.id,
        "period": figures["period"],
        "version": event.payload["version"],
        "figures": figures,
        "published_at": micros(event.at),
        "published_by": event.actor_id,
    }
    return [Insert("survey_publications", row)]


def _key(event: Event) -> Row:
    return {"office_id": event.office_id, "id": event.payload["improvement"]}


def _place(event: Event, improvement_id: JSON, period: JSON) -> Change:
    key: Row = {"office_id": event.office_id, "period": period, "improvement_id": improvement_id}
    return Insert("improvement_places", {**key, "since": event.number})


def _step(event: Event, kind: StepKind) -> Change:
    payload = event.payload
    row: Row = {
        "office_id": event.office_id,
        "id": event.id,
        "improvement_id": payload["improvement"] if kind is not StepKind.PLANNED else event.id,
        "kind": kind.value,
        "before": payload.get("from"),
        "after": payload.get("to"),
        "person_id": event.actor_id,
        "at": micros(event.at),
    }
    return Insert("improvement_steps", row)
