"""Events: one fact each, past tense, appended once, never changed.

A rule returns a `Fact`; the office's stream numbers and signs it, which makes it an `Event`. The payload holds all that
the projection needs to write the state tables, and no personal data: ids, codes, times and keyed digests only.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from desk.domain.identity import id_of

JSON: TypeAlias = "str | int | float | bool | list[JSON] | dict[str, JSON] | None"


class EventName(StrEnum):
    """Everything that can have happened in an office."""

    OFFICE_OPENED = "OfficeOpened"
    SETTING_CHANGED = "SettingChanged"
    CHANGE_PLANNED = "ChangePlanned"
    CHANGE_CANCELLED = "ChangeCancelled"
    CHANGE_CARRIED_OUT = "ChangeCarriedOut"
    CHANGE_REFUSED = "ChangeRefused"
    STAFF_ENROLLED = "StaffEnrolled"
    TRIAL_MADE = "TrialMade"
    VISIT_STARTED = "VisitStarted"
    TRANSACTION_OPENED = "TransactionOpened"
    TRANSACTION_CALLED = "TransactionCalled"
    CALL_REPEATED = "CallRepeated"
    SERVICE_STARTED = "ServiceStarted"
    RETURNED_TO_QUEUE = "ReturnedToQueue"
    TRANSFERRED_TO_QUEUE = "TransferredToQueue"
    HANDOFF_OFFERED = "HandoffOffered"
    HANDOFF_ACCEPTED = "HandoffAccepted"
    HANDOFF_DECLINED = "HandoffDeclined"
    HANDOFF_WITHDRAWN = "HandoffWithdrawn"
    HANDOFF_EXPIRED = "HandoffExpired"
    VISITOR_PART_FINISHED = "VisitorPartFinished"
    TRANSACTION_PAUSED = "TransactionPaused"
    TRANSACTION_RESUMED = "TransactionResumed"
    VISITOR_CAME_BACK = "VisitorCameBack"
    DOCUMENTS_COMPLETED = "DocumentsCompleted"
    COMPLETENESS_CORRECTED = "CompletenessCorrected"
    TRANSACTION_COMPLETED = "TransactionCompleted"
    TRANSACTION_CANCELLED = "TransactionCancelled"
    VISITOR_MISSED_CALL = "VisitorMissedCall"
    VISITOR_LEFT = "VisitorLeft"
    VISITOR_GAVE_WAY = "VisitorGaveWay"
    GIVING_WAY_UNDONE = "GivingWayUndone"
    CLOSED_UNSERVED = "ClosedUnserved"
    TRANSACTION_REOPENED = "TransactionReopened"
    NO_SHOW_REINSTATED = "NoShowReinstated"
    CALL_TAKEN_BACK = "CallTakenBack"
    START_TAKEN_BACK = "StartTakenBack"
    CALL_CONTINUED = "CallContinued"
    SERVICE_CONTINUED = "ServiceContinued"
    HANDED_TO_POOL = "HandedToPool"
    TAKEN_FROM_POOL = "TakenFromPool"
    HANDOVER_FORCED = "HandoverForced"
    HANDOFF_NEWS_SEEN = "HandoffNewsSeen"
    NOTE_ADDED = "NoteAdded"
    NOTE_CORRECTED = "NoteCorrected"
    REQUEST_MADE = "RequestMade"
    REQUEST_ANSWERED = "RequestAnswered"
    REQUEST_DECLINED = "RequestDeclined"
    REQUEST_WITHDRAWN = "RequestWithdrawn"
    REQUEST_CLOSED = "RequestClosed"
    REQUEST_REOPENED = "RequestReopened"
    ABSENCE_PLANNED = "AbsencePlanned"
    ABSENCE_BEGAN = "AbsenceBegan"
    ABSENCE_CANCELLED = "AbsenceCancelled"
    STAFF_DEACTIVATED = "StaffDeactivated"
    STAFF_REACTIVATED = "StaffReactivated"
    STAFF_CONTACT_CHANGED = "StaffContactChanged"
    DUTY_STARTED = "DutyStarted"
    BREAK_STARTED = "BreakStarted"
    BREAK_ENDED = "BreakEnded"
    DUTY_ENDED = "DutyEnded"
    CALENDAR_CHANGED = "CalendarChanged"
    DAY_CLOSED = "DayClosed"
    SKILL_CHANGED = "SkillChanged"
    FLOOR_MESSAGE_SENT = "FloorMessageSent"
    FLOOR_MESSAGE_READ = "FloorMessageRead"
    INVITATION_DECIDED = "InvitationDecided"
    INVITATION_SUPERSEDED = "InvitationSuperseded"
    INVITATION_HELD = "InvitationHeld"
    INVITATION_RETIMED = "InvitationRetimed"
    RESPONSE_RECEIVED = "ResponseReceived"
    RESPONSE_REVISED = "ResponseRevised"
    INVITATION_USED = "InvitationUsed"
    ANSWER_KEPT_APART = "AnswerKeptApart"
    INVITATION_REVOKED = "InvitationRevoked"
    ANSWERS_TAKEN_OVER = "AnswersTakenOver"
    ANSWERS_TAKEN_BACK = "AnswersTakenBack"
    QUESTIONNAIRE_PUBLISHED = "QuestionnairePublished"
    QUESTIONNAIRE_CHOSEN = "QuestionnaireChosen"
    REMINDER_QUEUED = "ReminderQueued"
    SURVEY_OPTED_OUT = "SurveyOptedOut"
    SURVEY_OPTED_IN = "SurveyOptedIn"
    IMPROVEMENT_PLANNED = "ImprovementPlanned"
    IMPROVEMENT_CHANGED = "ImprovementChanged"
    IMPROVEMENT_PROGRESSED = "ImprovementProgressed"
    IMPROVEMENT_CARRIED = "ImprovementCarried"
    SURVEY_PUBLISHED = "SurveyPublished"
    MESSAGE_REQUEUED = "MessageRequeued"
    MESSAGE_REDIRECTED = "MessageRedirected"
    MESSAGE_INSTEAD = "MessageQueuedInstead"
    SURVEY_POINT_OPENED = "SurveyPointOpened"
    SURVEY_POINT_CLOSED = "SurveyPointClosed"
    POSTER_ANSWERED = "PosterAnswered"
    DEVICE_PAIRED = "DevicePaired"
    DEVICE_CHANGED = "DeviceChanged"
    DEVICE_REVOKED = "DeviceRevoked"
    FOLLOW_UP_OPENED = "FollowUpOpened"
    FOLLOW_UP_STEPPED = "FollowUpStepped"
    FOLLOW_UP_ASSIGNED = "FollowUpAssigned"
    VOICE_RECEIVED = "VoiceReceived"
    VOICE_STEPPED = "VoiceStepped"
    VOICE_ERASED = "VoiceErased"
    CASE_ESCALATED = "CaseEscalated"
    CASE_RAISED = "CaseRaised"
    CASE_TOLD = "CaseTold"
    PERSONAL_DATA_ERASED = "PersonalDataErased"
    PERSONAL_DATA_EXPIRED = "PersonalDataExpired"
    CLOCK_STEPPED_BACK = "ClockSteppedBack"
    CLOCK_CONFIRMED = "ClockConfirmed"
    KEY_ROTATED = "KeyRotated"


@dataclass(frozen=True, slots=True)
class Fact:
    """What a rule says has happened; not yet numbered."""

    name: EventName
    payload: dict[str, JSON] = field(default_factory=dict)
    transaction_id: int | None = None
    visit_id: int | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """A fact with its place in the office's stream."""

    office_id: int
    number: int
    epoch: int
    at: datetime
    name: EventName
    payload: dict[str, JSON]
    transaction_id: int | None = None
    visit_id: int | None = None
    actor_kind: str = "system"
    actor_id: int | None = None

    @property
    def id(self) -> int:
        """The id of whatever this event created."""
        return id_of(self.office_id, number=self.number)
