"""What each event does to the state tables.

One definition serves twice: an operation applies it to the database in the same transaction that appends the event, and
`desk doctor` replays the whole log through it and compares. Times are microseconds since 1970, ids as stored.
"""

from collections.abc import Callable
from typing import Final

from desk.domain.clock import micros
from desk.domain.facts import Event, EventName
from desk.domain.handoffs import HandoffKind, HandoffState
from desk.domain.projecting_devices import device_changed, device_paired, device_revoked
from desk.domain.projecting_floor import floor_message_read, floor_message_sent
from desk.domain.projecting_follow_ups import (
    case_escalated,
    case_raised,
    case_told,
    follow_up_assigned,
    follow_up_opened,
    follow_up_stepped,
    voice_erased,
    voice_received,
    voice_stepped,
)
from desk.domain.projecting_improvements import carried, changed, planned, progressed, survey_published
from desk.domain.projecting_points import survey_point_closed, survey_point_opened
from desk.domain.projecting_privacy import personal_data_erased, personal_data_expired
from desk.domain.projecting_requests import (
    absence_began,
    absence_cancelled,
    absence_planned,
    request_answered,
    request_made,
    request_reopened,
)
from desk.domain.projecting_steps import as_object, completed_documents, moved, opened, start_taken_back
from desk.domain.projecting_surveys import (
    answers_taken_back,
    answers_taken_over,
    invitation_decided,
    invitation_held,
    invitation_retimed,
    invitation_revoked,
    invitation_superseded,
    invitation_used,
    questionnaire_published,
    response_received,
    response_revised,
)
from desk.domain.projecting_wishes import gave_way, giving_way_undone
from desk.domain.queueing import DutyState
from desk.domain.rows import Change, Insert, Row, Update


def changes(event: Event) -> list[Change]:
    """Return the row changes of an event, in the order in which they must be made."""
    project = _PROJECTIONS.get(event.name)
    return [] if project is None else project(event)


def _visit_started(event: Event) -> list[Change]:
    names = ("day", "series", "ordinal", "label", "channel", "priority", "priority_reason", "came_back", "language")
    row: Row = {name: event.payload[name] for name in names}
    row["arrived_at"] = event.payload["arrived"]
    return [Insert("visits", {"office_id": event.office_id, "id": event.id, **row})]


def _called(event: Event) -> list[Change]:
    payload, at = event.payload, micros(event.at)
    passed = payload["passed_over"]
    row: Row = {
        "office_id": event.office_id,
        "id": event.id,
        "transaction_id": event.transaction_id,
        "visit_id": event.visit_id,
        "entry_id": as_object(payload["entry"])["id"],
        "service_id": payload["service"],
        "counter_id": payload["counter"],
        "officer_id": payload["holder"],
        "called_at": at,
        "last_called_at": at,
        "times": 1,
        "why": payload["why"],
        "passed_over": passed,
        "passed_count": len(passed) if isinstance(passed, list) else 0,
        "picked": payload["picked"],
    }
    return [*moved(event, call_id=event.id), Insert("calls", row)]


def _call_repeated(event: Event) -> list[Change]:
    key: Row = {"office_id": event.office_id, "id": event.payload["call"]}
    values: Row = {"last_called_at": micros(event.at), "times": event.payload["times"]}
    return [*moved(event), Update("calls", key, values)]


def _call_taken_back(event: Event) -> list[Change]:
    key: Row = {"office_id": event.office_id, "id": event.payload["call"]}
    return [*moved(event), Update("calls", key, {"taken_back_at": micros(event.at)})]


def _handoff_offered(event: Event) -> list[Change]:
    return [*moved(event), _handoff_row(event, HandoffState.OFFERED, answered_at=None)]


def _transferred(event: Event) -> list[Change]:
    return [*moved(event), _handoff_row(event, HandoffState.ACCEPTED, answered_at=micros(event.at))]


def _handoff_row(event: Event, state: HandoffState, *, answered_at: int | None) -> Change:
    payload = event.payload
    row: Row = {
        "office_id": event.office_id,
        "id": event.id,
        "transaction_id": event.transaction_id,
        "giver_id": payload["giver"],
        "receiver_id": payload["receiver"],
        "kind": payload["kind"],
        "to_counter_id": payload.get("to_counter"),
        "to_service_id": payload["service"] if payload["kind"] == HandoffKind.QUEUE.value else None,
        "reason": payload["reason"],
        "due_at": payload["due"],
        "expires_at": payload.get("expires"),
        "meant_for_id": payload.get("meant_for"),
        "batch_id": payload.get("batch"),
        "state": state.value,
        "offered_at": micros(event.at),
        "answered_at": answered_at,
        "to_pool_id": payload.get("to_pool"),
        "walks_along": payload.get("walks_along", False),
        "answered_by_id": None if answered_at is None else event.actor_id,
    }
    return Insert("handoffs", row)


def _handoff_answered(event: Event) -> list[Change]:
    states = {
        EventName.HANDOFF_ACCEPTED: HandoffState.ACCEPTED,
        EventName.HANDOFF_DECLINED: HandoffState.DECLINED,
        EventName.HANDOFF_WITHDRAWN: HandoffState.WITHDRAWN,
        EventName.HANDOFF_EXPIRED: HandoffState.EXPIRED,
    }
    key: Row = {"office_id": event.office_id, "id": event.payload["handoff"]}
    values: Row = {
        "state": states[event.name].value,
        "answered_at": micros(event.at),
        "answer_reason": event.payload.get("reason"),
        "answered_by_id": event.actor_id,
    }
    if "receiver" in event.payload:
        values["receiver_id"] = event.payload["receiver"]
    return [*moved(event), Update("handoffs", key, values)]


def _news_seen(event: Event) -> list[Change]:
    key: Row = {"office_id": event.office_id, "id": event.payload["transaction"]}
    return [Update("transactions", key, {"alert_id": None})]


def _duty_started(event: Event) -> list[Change]:
    payload, at = event.payload, micros(event.at)
    row: Row = {
        "office_id": event.office_id,
        "id": event.id,
        "officer_id": payload["officer"],
        "counter_id": payload["counter"],
        "back_office": payload["back_office"],
        "state": payload["state"],
        "since": at,
        "started_at": at,
    }
    return [Insert("duties", row)]


def _duty_changed(event: Event) -> list[Change]:
    at = micros(event.at)
    key: Row = {"office_id": event.office_id, "id": event.payload["duty"]}
    match event.name:
        case EventName.BREAK_STARTED:
            values: Row = {"state": DutyState.BREAK.value, "reason": event.payload["reason"], "since": at}
        case EventName.BREAK_ENDED:
            values = {"state": DutyState.AVAILABLE.value, "reason": None, "since": at}
        case _:
            values = {"ended_at": at}
    return [Update("duties", key, values)]


def _clock_confirmed(event: Event) -> list[Change]:
    row: Row = {
        "office_id": event.office_id,
        "epoch": event.epoch,
        "began_at": micros(event.at),
        "previous_ended_at": event.payload["previous_ended"],
        "opened_by": event.number,
    }
    return [Insert("clock_epochs", row)]


_STEPS: Final = (
    EventName.SERVICE_STARTED,
    EventName.TAKEN_FROM_POOL,
    EventName.RETURNED_TO_QUEUE,
    EventName.VISITOR_PART_FINISHED,
    EventName.TRANSACTION_PAUSED,
    EventName.TRANSACTION_RESUMED,
    EventName.VISITOR_CAME_BACK,
    EventName.TRANSACTION_COMPLETED,
    EventName.TRANSACTION_CANCELLED,
    EventName.VISITOR_MISSED_CALL,
    EventName.VISITOR_LEFT,
    EventName.CLOSED_UNSERVED,
    EventName.TRANSACTION_REOPENED,
    EventName.NO_SHOW_REINSTATED,
    EventName.CALL_CONTINUED,
    EventName.SERVICE_CONTINUED,
)

_PROJECTIONS: Final[dict[EventName, Callable[[Event], list[Change]]]] = {
    **dict.fromkeys(_STEPS, moved),
    EventName.VISIT_STARTED: _visit_started,
    EventName.TRANSACTION_OPENED: opened,
    EventName.TRANSACTION_CALLED: _called,
    EventName.CALL_REPEATED: _call_repeated,
    EventName.CALL_TAKEN_BACK: _call_taken_back,
    EventName.START_TAKEN_BACK: start_taken_back,
    EventName.VISITOR_GAVE_WAY: gave_way,
    EventName.GIVING_WAY_UNDONE: giving_way_undone,
    EventName.HANDOFF_OFFERED: _handoff_offered,
    EventName.TRANSFERRED_TO_QUEUE: _transferred,
    EventName.HANDED_TO_POOL: _transferred,
    EventName.HANDOVER_FORCED: _transferred,
    EventName.HANDOFF_NEWS_SEEN: _news_seen,
    EventName.HANDOFF_ACCEPTED: _handoff_answered,
    EventName.HANDOFF_DECLINED: _handoff_answered,
    EventName.HANDOFF_WITHDRAWN: _handoff_answered,
    EventName.HANDOFF_EXPIRED: _handoff_answered,
    EventName.DOCUMENTS_COMPLETED: completed_documents,
    EventName.COMPLETENESS_CORRECTED: completed_documents,
    EventName.DUTY_STARTED: _duty_started,
    EventName.BREAK_STARTED: _duty_changed,
    EventName.BREAK_ENDED: _duty_changed,
    EventName.DUTY_ENDED: _duty_changed,
    EventName.FLOOR_MESSAGE_SENT: floor_message_sent,
    EventName.FLOOR_MESSAGE_READ: floor_message_read,
    EventName.INVITATION_DECIDED: invitation_decided,
    EventName.INVITATION_SUPERSEDED: invitation_superseded,
    EventName.INVITATION_HELD: invitation_held,
    EventName.INVITATION_RETIMED: invitation_retimed,
    EventName.INVITATION_USED: invitation_used,
    EventName.INVITATION_REVOKED: invitation_revoked,
    EventName.RESPONSE_RECEIVED: response_received,
    EventName.RESPONSE_REVISED: response_revised,
    EventName.QUESTIONNAIRE_PUBLISHED: questionnaire_published,
    EventName.ANSWERS_TAKEN_OVER: answers_taken_over,
    EventName.ANSWERS_TAKEN_BACK: answers_taken_back,
    EventName.IMPROVEMENT_PLANNED: planned,
    EventName.IMPROVEMENT_CHANGED: changed,
    EventName.IMPROVEMENT_PROGRESSED: progressed,
    EventName.IMPROVEMENT_CARRIED: carried,
    EventName.SURVEY_PUBLISHED: survey_published,
    EventName.SURVEY_POINT_OPENED: survey_point_opened,
    EventName.SURVEY_POINT_CLOSED: survey_point_closed,
    EventName.DEVICE_PAIRED: device_paired,
    EventName.DEVICE_CHANGED: device_changed,
    EventName.DEVICE_REVOKED: device_revoked,
    EventName.PERSONAL_DATA_ERASED: personal_data_erased,
    EventName.PERSONAL_DATA_EXPIRED: personal_data_expired,
    EventName.CLOCK_CONFIRMED: _clock_confirmed,
    EventName.FOLLOW_UP_OPENED: follow_up_opened,
    EventName.FOLLOW_UP_STEPPED: follow_up_stepped,
    EventName.FOLLOW_UP_ASSIGNED: follow_up_assigned,
    EventName.VOICE_RECEIVED: voice_received,
    EventName.VOICE_STEPPED: voice_stepped,
    EventName.VOICE_ERASED: voice_erased,
    EventName.CASE_ESCALATED: case_escalated,
    EventName.CASE_RAISED: case_raised,
    EventName.CASE_TOLD: case_told,
    EventName.REQUEST_MADE: request_made,
    EventName.REQUEST_ANSWERED: request_answered,
    EventName.REQUEST_DECLINED: request_answered,
    EventName.REQUEST_WITHDRAWN: request_answered,
    EventName.REQUEST_CLOSED: request_answered,
    EventName.REQUEST_REOPENED: request_reopened,
    EventName.ABSENCE_PLANNED: absence_planned,
    EventName.ABSENCE_BEGAN: absence_began,
    EventName.ABSENCE_CANCELLED: absence_cancelled,
}
