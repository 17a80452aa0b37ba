"""What kinds of messages there are, as the outbox names them."""

from enum import StrEnum
from typing import Final


class MessageKind(StrEnum):
    """About what a message is; the last six go to staff."""

    SURVEY = "survey"
    REMINDER = "reminder"
    VOICE_RECEIVED = "voice_received"
    VOICE_ANSWERED = "voice_answered"
    CASE_LATE = "case_late"
    CASE_RAISED = "case_raised"
    INVITED = "invited"  # with a link to choose one's first password
    RESET = "reset"  # with a link to choose another one
    SECURED = "secured"  # what lets somebody in was changed
    PLAN_REFUSED = "plan_refused"  # a change of a setting was refused on its day


# To a member of staff about their own account.
OF_ACCOUNTS: Final = frozenset({MessageKind.INVITED, MessageKind.RESET, MessageKind.SECURED})
