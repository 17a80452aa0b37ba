"""Follow-ups, complaints, suggestions and compliments in words: states, steps, what each view of a list shows."""

from typing import Final

from desk.domain.complaints import VoiceKind, VoiceState, VoiceStep
from desk.domain.following_up import FollowUpState, FollowUpStep, Origin
from desk.domain.messages import MessageKind
from desk.wording import N_

ORIGINS: Final[dict[Origin, str]] = {
    Origin.SCORE: N_("Low score"),
    Origin.COMPLAINT: N_("Complaint"),
    Origin.FACILITY: N_("Facility"),
}
STATES: Final[dict[FollowUpState, str]] = {
    FollowUpState.OPEN: N_("Still open"),
    FollowUpState.CONTACTED: N_("Contacted"),
    FollowUpState.RESOLVED: N_("Resolved"),
    FollowUpState.UNREACHABLE: N_("Could not be reached"),
    FollowUpState.NOT_JUSTIFIED: N_("Not justified"),
    FollowUpState.CORRECTED: N_("Corrected by the visitor"),
}
STEPS: Final[dict[FollowUpStep, str]] = {
    FollowUpStep.CONTACTED: N_("Contacted the visitor"),
    FollowUpStep.RESOLVED: N_("Resolved"),
    FollowUpStep.UNREACHABLE: N_("Could not be reached"),
    FollowUpStep.NOT_JUSTIFIED: N_("Not justified"),
    FollowUpStep.REOPENED: N_("Open it again"),
}
VIEWS: Final[dict[str, str]] = {
    "open": N_("All open"),
    "mine": N_("Mine"),
    "overdue": N_("Overdue"),
    "nobody": N_("Nobody outside the chain"),
    "closed": N_("No longer open"),
}
# The steps of a history, of follow-ups and of voices alike.
HISTORY: Final[dict[str, str]] = {
    "opened": N_("Opened"),
    "assigned": N_("Given to somebody else"),
    "escalated": N_("Told to the administrator because it is late"),
    "raised": N_("Passed up to the next level because it stayed late"),
    "told": N_("A message about it was queued to"),
    "reopened": N_("Opened again"),
    "corrected": N_("The visitor corrected the answer; it is not low any more"),
    "contacted": N_("Contacted the visitor"),
    "resolved": N_("Resolved"),
    "unreachable": N_("Could not be reached"),
    "not_justified": N_("Not justified"),
    "received": N_("Received"),
    "acknowledged": N_("Acknowledged"),
    "answered": N_("Answered"),
    "seen": N_("Seen"),
    "considered": N_("Under consideration"),
    "adopted": N_("Adopted"),
    "declined": N_("Not adopted"),
    "passed_on": N_("Passed on to officers"),
    "done": N_("The person in charge of the facility has acted"),
    "erased": N_("Words and contact were erased"),
}
KINDS: Final[dict[VoiceKind, str]] = {
    VoiceKind.COMPLAINT: N_("Complaint"),
    VoiceKind.SUGGESTION: N_("Suggestion"),
    VoiceKind.COMPLIMENT: N_("Compliment"),
}
# As the visitor chooses.
KIND_CHOICES: Final[dict[VoiceKind, str]] = {
    VoiceKind.COMPLAINT: N_("A complaint: something went wrong"),
    VoiceKind.SUGGESTION: N_("A suggestion: something could be better"),
    VoiceKind.COMPLIMENT: N_("A compliment: something was good"),
}
VOICE_STATES: Final[dict[VoiceState, str]] = {
    VoiceState.RECEIVED: N_("Received"),
    VoiceState.ACKNOWLEDGED: N_("Acknowledged"),
    VoiceState.ANSWERED: N_("Answered"),
    VoiceState.SEEN: N_("Seen"),
    VoiceState.CONSIDERED: N_("Under consideration"),
    VoiceState.ADOPTED: N_("Adopted"),
    VoiceState.DECLINED: N_("Not adopted"),
    VoiceState.KEPT: N_("Read by the office"),
    VoiceState.PASSED_ON: N_("Passed on to those it is for"),
}
VOICE_STEPS: Final[dict[VoiceStep, str]] = {
    VoiceStep.ACKNOWLEDGED: N_("Acknowledge"),
    VoiceStep.ANSWERED: N_("Answer"),
    VoiceStep.SEEN: N_("Mark as seen"),
    VoiceStep.CONSIDERED: N_("Consider"),
    VoiceStep.ADOPTED: N_("Adopt"),
    VoiceStep.DECLINED: N_("Do not adopt"),
}
MESSAGES: Final[dict[MessageKind, str]] = {
    MessageKind.VOICE_RECEIVED: N_("To a visitor: received"),
    MessageKind.VOICE_ANSWERED: N_("To a visitor: answered"),
    MessageKind.CASE_LATE: N_("To staff: late"),
    MessageKind.CASE_RAISED: N_("To staff: still late"),
}
REPORT_TITLE: Final = N_("Follow-ups")
LEFT_OUT: Final = N_(
    "Without complaints, and without confidential and anonymous answers, about matters in which you had a hand"
    " yourself: somebody else may have other totals, whether or not there are any."
)
METHODS: Final = (
    N_("Counted are the follow-ups that were opened in the period; what became of them is told as it stands now."),
    N_(
        "Closing rate: closed ÷ opened in the period, however it ended (resolved, not reached, unjustified, corrected)."
    ),
    N_("In time: closed on the due day or before it, in working days of the service; opened again, it has a new day."),
    N_("Of fewer than 5 no rate is shown. Intervals are Wilson's, 95%%."),
    LEFT_OUT,
)
