"""Gaps in words: what is wrong, who it is about, and what the button says."""

from typing import Final

from desk.domain.gaps import GapAction, GapKind
from desk.wording import N_

KINDS: Final[dict[GapKind, str]] = {
    GapKind.CALLED_NOT_STARTED: N_("Called and never started"),
    GapKind.WAITS_FOR_ABSENT: N_("Waits for somebody who is off duty"),
    GapKind.HOLDER_SHUT_OUT: N_("The person responsible is shut out"),
    GapKind.HEAD_SHUT_OUT: N_("The head of this queue is shut out: an administrator names another"),
    GapKind.NOBODY_SERVES: N_("Nobody serves it, so nobody is called"),
    GapKind.HOLDER_DISABLED: N_("Is with somebody who does not work here any more"),
    GapKind.HOLDER_ABSENT: N_("Is with somebody who is absent today"),
    GapKind.BACK_WITH_OFF_DUTY: N_("Handoff came back to somebody who is off duty"),
    GapKind.OFFER_UNANSWERED: N_("Handoff without an answer"),
    GapKind.REQUEST_OVERDUE: N_("Request is past its time"),
    GapKind.PAUSE_PAST_DUE: N_("Pause is past its time"),
    GapKind.HOLDER_SILENT: N_("Nothing was done for too long"),
    GapKind.BACK_AND_FORTH: N_("Went back and forth"),
    GapKind.MANY_HANDOFFS: N_("Was handed on too often"),
    GapKind.DAY_LEFT_OPEN: N_("Still waits from an earlier day"),
    GapKind.FOLLOW_UP_UNASSIGNED: N_("No supervisor may follow this up: all had a hand in it"),
    GapKind.FOLLOW_UP_OVERDUE: N_("Follow-up is overdue"),
    GapKind.COMPLAINT_LATE: N_("Complaint is past its date"),
}
ACTIONS: Final[dict[GapAction, str]] = {
    GapAction.SEAT: N_("Return to the queue"),
    GapAction.REASSIGN: N_("Reassign"),
    GapAction.NAME_HEAD: N_("Name another head"),
    GapAction.SAY_WHO_SERVES: N_("Say who serves what"),
    GapAction.WITHDRAW: N_("Withdraw the offer"),
    GapAction.RESUME: N_("Resume work"),
    GapAction.LOOK: N_("Open the file"),
    GapAction.FOLLOW_UP: N_("Open the follow-up"),
    GapAction.ANSWER: N_("Open the complaint"),
    GapAction.CLOSE_EARLIER_DAYS: N_("Close the earlier day"),
}
