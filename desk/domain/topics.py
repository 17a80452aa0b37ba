"""What each event may change on a screen; streams tell pages the topics, and nothing else.

`queue`: who waits where. `board`: who is called or served at which counter. `desk`: one officer's own work, offers and
duties. `transaction`: anything about one transaction. `survey`: the question afterwards. `staff`: who works here, and
who stands in for whom. `floor`: messages to consoles. `device`: which kiosks, displays and tablets are paired.
"""

from typing import Final

from desk.domain.facts import EventName

_QUEUE: Final = frozenset({"queue", "transaction", "desk"})
_COUNTER: Final = frozenset({"queue", "board", "transaction", "desk"})
_WORK: Final = frozenset({"transaction", "desk"})
_DUTY: Final = frozenset({"board", "desk"})
_SURVEY: Final = frozenset({"survey", "transaction"})
_STAFF: Final = frozenset({"desk", "staff"})
_FLOOR: Final = frozenset({"floor"})
_DEVICE: Final = frozenset({"device"})
_OFFICE: Final = frozenset({"office", "queue", "board", "desk"})

TOPICS: Final[dict[EventName, frozenset[str]]] = {
    EventName.OFFICE_OPENED: _OFFICE,
    EventName.SETTING_CHANGED: _OFFICE,
    EventName.STAFF_ENROLLED: _OFFICE,
    EventName.TRIAL_MADE: frozenset({"board"}),
    EventName.VISIT_STARTED: frozenset({"queue"}),
    EventName.TRANSACTION_OPENED: _QUEUE,
    EventName.TRANSACTION_CALLED: _COUNTER,
    EventName.CALL_REPEATED: _COUNTER,
    EventName.SERVICE_STARTED: _COUNTER,
    EventName.RETURNED_TO_QUEUE: _COUNTER,
    EventName.TRANSFERRED_TO_QUEUE: _COUNTER,
    EventName.HANDOFF_OFFERED: _COUNTER,
    EventName.HANDOFF_ACCEPTED: _COUNTER,
    EventName.HANDOFF_DECLINED: _QUEUE,
    EventName.HANDOFF_WITHDRAWN: _QUEUE,
    EventName.HANDOFF_EXPIRED: _QUEUE,
    EventName.VISITOR_PART_FINISHED: _COUNTER,
    EventName.TRANSACTION_PAUSED: _COUNTER,
    EventName.TRANSACTION_RESUMED: _COUNTER,
    EventName.VISITOR_CAME_BACK: _QUEUE,
    EventName.DOCUMENTS_COMPLETED: _WORK,
    EventName.COMPLETENESS_CORRECTED: _WORK,
    EventName.TRANSACTION_COMPLETED: _COUNTER,
    EventName.TRANSACTION_CANCELLED: _COUNTER,
    EventName.VISITOR_MISSED_CALL: _COUNTER,
    EventName.VISITOR_LEFT: _COUNTER,
    EventName.VISITOR_GAVE_WAY: _QUEUE,
    EventName.GIVING_WAY_UNDONE: _QUEUE,
    EventName.CLOSED_UNSERVED: _COUNTER,
    EventName.TRANSACTION_REOPENED: _WORK,
    EventName.NO_SHOW_REINSTATED: _QUEUE,
    EventName.CALL_TAKEN_BACK: _COUNTER,
    EventName.START_TAKEN_BACK: _COUNTER,
    EventName.CALL_CONTINUED: _COUNTER,
    EventName.SERVICE_CONTINUED: _COUNTER,
    EventName.HANDED_TO_POOL: _COUNTER,
    EventName.TAKEN_FROM_POOL: _WORK,
    EventName.HANDOVER_FORCED: _COUNTER,
    EventName.HANDOFF_NEWS_SEEN: frozenset({"desk"}),
    EventName.NOTE_ADDED: _WORK,
    EventName.NOTE_CORRECTED: _WORK,
    EventName.REQUEST_MADE: _WORK,
    EventName.REQUEST_ANSWERED: _WORK,
    EventName.REQUEST_DECLINED: _WORK,
    EventName.REQUEST_WITHDRAWN: _WORK,
    EventName.REQUEST_CLOSED: _WORK,
    EventName.REQUEST_REOPENED: _WORK,
    EventName.ABSENCE_PLANNED: _STAFF,
    EventName.ABSENCE_BEGAN: _STAFF,
    EventName.ABSENCE_CANCELLED: _STAFF,
    EventName.STAFF_DEACTIVATED: _STAFF,
    EventName.STAFF_REACTIVATED: _STAFF,
    EventName.STAFF_CONTACT_CHANGED: frozenset({"staff"}),
    EventName.DUTY_STARTED: _DUTY,
    EventName.BREAK_STARTED: _DUTY,
    EventName.BREAK_ENDED: _DUTY,
    EventName.DUTY_ENDED: _DUTY,
    EventName.CALENDAR_CHANGED: _OFFICE,
    EventName.CHANGE_PLANNED: frozenset({"staff"}),
    EventName.CHANGE_CANCELLED: frozenset({"staff"}),
    EventName.CHANGE_CARRIED_OUT: _OFFICE,
    EventName.CHANGE_REFUSED: frozenset({"staff"}),
    EventName.DAY_CLOSED: _OFFICE,
    EventName.SKILL_CHANGED: frozenset({"queue", "desk"}),
    EventName.FLOOR_MESSAGE_SENT: _FLOOR,
    EventName.FLOOR_MESSAGE_READ: _FLOOR,
    EventName.INVITATION_DECIDED: _SURVEY,
    EventName.INVITATION_SUPERSEDED: _SURVEY,
    EventName.INVITATION_HELD: _SURVEY,
    EventName.INVITATION_RETIMED: _SURVEY,
    EventName.RESPONSE_RECEIVED: _SURVEY,
    EventName.RESPONSE_REVISED: _SURVEY,
    EventName.INVITATION_USED: _SURVEY,
    EventName.ANSWER_KEPT_APART: frozenset({"survey"}),
    EventName.INVITATION_REVOKED: _SURVEY,
    EventName.ANSWERS_TAKEN_OVER: frozenset({"office"}),
    EventName.ANSWERS_TAKEN_BACK: frozenset({"office"}),
    EventName.QUESTIONNAIRE_PUBLISHED: frozenset({"office"}),
    EventName.QUESTIONNAIRE_CHOSEN: frozenset({"office"}),
    EventName.REMINDER_QUEUED: frozenset({"survey"}),
    EventName.SURVEY_OPTED_OUT: frozenset({"survey"}),
    EventName.SURVEY_OPTED_IN: frozenset({"survey"}),
    EventName.IMPROVEMENT_PLANNED: frozenset({"survey"}),
    EventName.IMPROVEMENT_CHANGED: frozenset({"survey"}),
    EventName.IMPROVEMENT_PROGRESSED: frozenset({"survey"}),
    EventName.IMPROVEMENT_CARRIED: frozenset({"survey"}),
    EventName.SURVEY_PUBLISHED: frozenset({"survey"}),
    EventName.MESSAGE_REQUEUED: frozenset({"survey"}),
    EventName.MESSAGE_REDIRECTED: frozenset({"survey"}),
    EventName.MESSAGE_INSTEAD: frozenset({"survey"}),
    EventName.SURVEY_POINT_OPENED: frozenset({"survey"}),
    EventName.SURVEY_POINT_CLOSED: frozenset({"survey"}),
    EventName.POSTER_ANSWERED: frozenset({"survey"}),
    EventName.DEVICE_PAIRED: _DEVICE,
    EventName.DEVICE_CHANGED: _DEVICE,
    EventName.DEVICE_REVOKED: _DEVICE,
    EventName.FOLLOW_UP_OPENED: frozenset({"survey"}),
    EventName.FOLLOW_UP_STEPPED: frozenset({"survey"}),
    EventName.FOLLOW_UP_ASSIGNED: frozenset({"survey"}),
    EventName.VOICE_RECEIVED: frozenset({"survey"}),
    EventName.VOICE_STEPPED: frozenset({"survey"}),
    EventName.VOICE_ERASED: frozenset({"survey"}),
    EventName.CASE_ESCALATED: frozenset({"survey"}),
    EventName.CASE_RAISED: frozenset({"survey"}),
    EventName.CASE_TOLD: frozenset({"survey"}),
    EventName.PERSONAL_DATA_ERASED: _SURVEY,
    EventName.PERSONAL_DATA_EXPIRED: frozenset({"survey"}),
    EventName.CLOCK_STEPPED_BACK: frozenset({"office"}),
    EventName.CLOCK_CONFIRMED: _OFFICE,
    EventName.KEY_ROTATED: frozenset({"office"}),
}


def topics_of(name: str) -> frozenset[str]:
    """Return the topics of an event by its name; an unknown one concerns the whole office."""
    try:
        return TOPICS.get(EventName(name), frozenset({"office"}))
    except ValueError:
        return _OFFICE
