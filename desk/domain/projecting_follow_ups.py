"""What follow-ups and voices write into the state tables; words stand beside them under the id of their event."""

from typing import Final

from desk.domain.clock import micros
from desk.domain.complaints import PUBLIC_WORDS, VoiceKind, VoiceState, VoiceStep
from desk.domain.facts import JSON, Event
from desk.domain.following_up import CLOSED, FollowUpState
from desk.domain.rows import Change, Insert, Row, Update

_TABLES: Final = {"follow_up": "follow_ups", "voice": "voices"}


def _step(event: Event, case: JSON, step: JSON, *, to: JSON = None, digest: JSON = None) -> Change:
    row: Row = {
        "office_id": event.office_id,
        "id": event.id,
        "case_id": case,
        "step": step,
        "actor_id": event.actor_id,
        "to_id": to,
        "at": micros(event.at),
        "digest": digest,
    }
    return Insert("case_steps", row)


def follow_up_opened(event: Event) -> list[Change]:
    """Project a new follow-up."""
    payload = event.payload
    row: Row = {
        "office_id": event.office_id,
        "id": event.id,
        "origin": payload["origin"],
        "state": FollowUpState.OPEN.value,
        "privacy": payload["privacy"],
        "assigned_id": payload["assigned"],
        "barred": payload["barred"],
        "service_id": payload["service"],
        "facility_id": payload["facility"],
        "transaction_id": payload["transaction"],
        "response_id": payload["response"],
        "loose_id": payload["loose"],
        "voice_id": payload["voice"],
        "satisfaction": payload["satisfaction"],
        "day": payload["day"],
        "due_on": payload["due"],
        "opened_at": micros(event.at),
    }
    return [Insert("follow_ups", row), _step(event, event.id, "opened", to=payload["assigned"])]


def follow_up_stepped(event: Event) -> list[Change]:
    """Project a step; steps of the system (a corrected answer) do not count as somebody's touch."""
    payload = event.payload
    is_closed = payload["state"] in CLOSED
    values: Row = {
        "state": payload["state"],
        "closed_at": micros(event.at) if is_closed else None,
        "closed_by": event.actor_id if is_closed else None,
    }
    if event.actor_id is not None:
        values["touched_at"] = micros(event.at)
    if payload["due"] is not None:
        values |= {"due_on": payload["due"], "escalated_at": None, "raised_at": None}
    key: Row = {"office_id": event.office_id, "id": payload["follow_up"]}
    told = _step(event, payload["follow_up"], payload["step"], digest=payload["words"])
    return [Update("follow_ups", key, values), told]


def follow_up_assigned(event: Event) -> list[Change]:
    """Project that somebody else follows up."""
    payload = event.payload
    key: Row = {"office_id": event.office_id, "id": payload["follow_up"]}
    told = _step(event, payload["follow_up"], "assigned", to=payload["to"], digest=payload["words"])
    return [Update("follow_ups", key, {"assigned_id": payload["to"]}), told]


def voice_received(event: Event) -> list[Change]:
    """Project a complaint, a suggestion or a compliment, and whom the compliment reaches."""
    payload, officers = event.payload, event.payload["officers"]
    # Earlier events call a compliment passed on that reached nobody.
    is_kept = payload["kind"] == VoiceKind.COMPLIMENT and not officers
    state = VoiceState.KEPT.value if is_kept else payload["state"]
    row: Row = {
        "office_id": event.office_id,
        "id": event.id,
        "kind": payload["kind"],
        "state": state,
        "channel": payload["channel"],
        "language": payload["language"],
        "anonymous": payload["anonymous"],
        "service_id": payload["service"],
        "facility_id": payload["facility"],
        "transaction_id": payload["transaction"],
        "barred": payload["barred"],
        "day": payload["day"],
        "received_at": micros(event.at),
        "acknowledge_on": payload["acknowledge"],
        "answer_on": payload["answer"],
        "closed_at": micros(event.at) if state in (VoiceState.KEPT, VoiceState.PASSED_ON) else None,
        "contact": payload["contact"],
    }
    told = _step(event, event.id, "received", digest=payload["words"])
    return [Insert("voices", row), told, *_reached(event, event.id, officers)]


def _reached(event: Event, voice_id: JSON, officers: JSON) -> list[Change]:
    """Return whom a compliment reaches."""
    people = officers if isinstance(officers, list) else ()
    return [
        Insert("voice_officers", {"office_id": event.office_id, "voice_id": voice_id, "person_id": each})
        for each in people
    ]


def voice_stepped(event: Event) -> list[Change]:
    """Project a step about a voice; the words of the last public one are the answer, a compliment reaches officers."""
    payload, at = event.payload, micros(event.at)
    step = VoiceStep(str(payload["step"]))
    values: Row = {"state": payload["state"]}
    if step is VoiceStep.DONE:
        values["done_at"] = at
    elif step in PUBLIC_WORDS:
        values |= {"answered_at": at, "answer_id": event.id, "closed_at": at}
    elif step is not VoiceStep.PASSED_ON:
        values["acknowledged_at"] = at
    key: Row = {"office_id": event.office_id, "id": payload["voice"]}
    told = _step(event, payload["voice"], step.value, digest=payload["words"])
    return [Update("voices", key, values), told, *_reached(event, payload["voice"], payload.get("officers"))]


def voice_erased(event: Event) -> list[Change]:
    """Project that words and contact are gone."""
    key: Row = {"office_id": event.office_id, "id": event.payload["voice"]}
    erased = Update("voices", key, {"erased_at": micros(event.at)})
    return [erased, _step(event, event.payload["voice"], "erased")]


def case_escalated(event: Event) -> list[Change]:
    """Project that the administrator was told of something late."""
    payload = event.payload
    key: Row = {"office_id": event.office_id, "id": payload["case"]}
    table = _TABLES[str(payload["kind"])]
    return [Update(table, key, {"escalated_at": micros(event.at)}), _step(event, payload["case"], "escalated")]


def case_raised(event: Event) -> list[Change]:
    """Project that something which stayed late was passed up to the next level."""
    payload = event.payload
    key: Row = {"office_id": event.office_id, "id": payload["case"]}
    table = _TABLES[str(payload["kind"])]
    return [Update(table, key, {"raised_at": micros(event.at)}), _step(event, payload["case"], "raised")]


def case_told(event: Event) -> list[Change]:
    """Project that a message about something late was queued to somebody."""
    return [_step(event, event.payload["case"], "told", to=event.payload["to"])]
