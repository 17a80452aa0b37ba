"""What kinds of messages there are, as the outbox names them."""

from enum import StrEnum


class MessageKind(StrEnum):
    """About what a message is; the last two go to staff."""

    SURVEY = "survey"
    REMINDER = "reminder"
    VOICE_RECEIVED = "voice_received"
    VOICE_ANSWERED = "voice_answered"
    CASE_LATE = "case_late"
    CASE_RAISED = "case_raised"
