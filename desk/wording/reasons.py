"""Short words for every code that people choose or see: pick-lists, states, endings, outcomes, scores.

One table a list; `WORDS` joins them by code, which works because lists that share a code share its words (tested).
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from desk.domain.absence import AbsenceReason
from desk.domain.access import Role
from desk.domain.closures import ClosureKind, RowFault
from desk.domain.handoffs import HandoffKind, HandoffState
from desk.domain.intake import CheckInChannel
from desk.domain.invitation import InvitationState
from desk.domain.lifecycle import Ending, Outcome, State
from desk.domain.looks import Look
from desk.domain.queueing import DutyState
from desk.domain.reasons import (
    BreakReason,
    CancelReason,
    CorrectionReason,
    DeclineReason,
    HandoffReason,
    PauseCause,
    PickReason,
    Priority,
    PriorityReason,
    ReopenReason,
    ReturnReason,
    RevokeReason,
)
from desk.domain.requesting import RequestKind, RequestState
from desk.domain.risk import Standing
from desk.wording import N_

STATES: Final[dict[State, str]] = {
    State.WAITING: N_("Waiting"),
    State.CALLED: N_("Called"),
    State.SERVING: N_("Being served"),
    State.PROCESSING: N_("Being processed"),
    State.PAUSED: N_("Paused"),
    State.ENDED: N_("Finished"),
}
ENDINGS: Final[dict[Ending, str]] = {
    Ending.COMPLETED: N_("Completed"),
    Ending.NO_SHOW: N_("No-show"),
    Ending.LEFT: N_("Left early"),
    Ending.CANCELLED: N_("Cancelled"),
    Ending.CLOSED_UNSERVED: N_("Closed unserved"),
}
OUTCOMES: Final[dict[Outcome, str]] = {
    Outcome.FULFILLED: N_("Request fulfilled"),
    Outcome.REFUSED: N_("Request refused"),
    Outcome.REFERRED: N_("Referred elsewhere"),
    Outcome.INCOMPLETE: N_("Documents incomplete"),
}
PRIORITIES: Final[dict[Priority, str]] = {
    Priority.NORMAL: N_("No priority"),
    Priority.PRIORITY: N_("Priority"),
}
PRIORITY_REASONS: Final[dict[PriorityReason, str]] = {
    PriorityReason.ELDERLY: N_("Elderly"),
    PriorityReason.PREGNANT: N_("Pregnant"),
    PriorityReason.DISABILITY: N_("Person with a disability"),
    PriorityReason.CHILD: N_("With a small child"),
}
PICK_REASONS: Final[dict[PickReason, str]] = {
    PickReason.VULNERABLE: N_("Belongs to a vulnerable group"),
    PickReason.FRAIL_NOW: N_("Is unwell and cannot wait"),
    PickReason.MISSED_CALL: N_("Missed an earlier call"),
    PickReason.BROUGHT_MISSING_PAPERS: N_("Brought the missing papers"),
    PickReason.SAME_MATTER: N_("Same matter as the visitor before"),
    PickReason.SUPERVISOR_ORDER: N_("Ordered by the supervisor"),
    PickReason.OTHER: N_("Other reason"),
}
RETURN_REASONS: Final[dict[ReturnReason, str]] = {
    ReturnReason.NOT_READY: N_("Visitor is not ready yet"),
    ReturnReason.FILLING_FORM: N_("Visitor fills in a form"),
    ReturnReason.FETCHING_PAPERS: N_("Visitor fetches papers"),
    ReturnReason.COUNTER_PROBLEM: N_("Problem at the counter"),
    ReturnReason.OTHER: N_("Other reason"),
}
HANDOFF_REASONS: Final[dict[HandoffReason, str]] = {
    HandoffReason.SPECIALIST: N_("Needs a specialist"),
    HandoffReason.WRONG_SERVICE: N_("Belongs to another service"),
    HandoffReason.NEXT_STEP: N_("Next step of the procedure"),
    HandoffReason.APPROVAL: N_("Needs approval"),
    HandoffReason.SHIFT_END: N_("End of the shift"),
    HandoffReason.ABSENCE: N_("Absence"),
    HandoffReason.WORKLOAD: N_("To share the work"),
    HandoffReason.CONFLICT_OF_INTEREST: N_("Conflict of interest"),
    HandoffReason.RETURNED: N_("Back to whoever had it"),
    HandoffReason.OTHER: N_("Other reason"),
}
DECLINE_REASONS: Final[dict[DeclineReason, str]] = {
    DeclineReason.BUSY: N_("Too busy at the moment"),
    DeclineReason.NOT_MINE: N_("Not within my duties"),
    DeclineReason.INCOMPLETE: N_("Documents incomplete"),
    DeclineReason.CONFLICT_OF_INTEREST: N_("Conflict of interest"),
    DeclineReason.OTHER: N_("Other reason"),
}
PAUSE_CAUSES: Final[dict[PauseCause, str]] = {
    PauseCause.VISITOR: N_("Waiting for the visitor"),
    PauseCause.OTHER_AGENCY: N_("Waiting for another agency"),
    PauseCause.SYSTEM: N_("A system is down"),
    PauseCause.CLOSING_TIME: N_("Closing time"),
}
CANCEL_REASONS: Final[dict[CancelReason, str]] = {
    CancelReason.VISITOR_ASKED: N_("The visitor asked for it"),
    CancelReason.DUPLICATE: N_("Same request taken twice"),
    CancelReason.ISSUED_BY_MISTAKE: N_("Number issued by mistake"),
    CancelReason.ADDED_BY_MISTAKE: N_("Service added by mistake"),
    CancelReason.OTHER: N_("Other reason"),
}
CORRECTION_REASONS: Final[dict[CorrectionReason, str]] = {
    CorrectionReason.WRONG_QUANTITY: N_("Wrong quantity"),
    CorrectionReason.WRONG_DAY: N_("Complete on another day"),
    CorrectionReason.NOT_COMPLETE: N_("The documents were not complete"),
    CorrectionReason.OTHER: N_("Other reason"),
}
REVOKE_REASONS: Final[dict[RevokeReason, str]] = {
    RevokeReason.WRONG_HANDS: N_("The link came into the wrong hands"),
    RevokeReason.WRONG_PERSON: N_("The address is that of somebody else"),
    RevokeReason.VISITOR_ASKED: N_("The visitor asked for it"),
    RevokeReason.TRIAL: N_("A trial, no real visit"),
    RevokeReason.OTHER: N_("Other reason"),
}
REOPEN_REASONS: Final[dict[ReopenReason, str]] = {
    ReopenReason.ENDED_BY_MISTAKE: N_("Ended by mistake"),
    ReopenReason.RESULT_WRONG: N_("The result is wrong"),
    ReopenReason.COMPLAINT: N_("Complaint of the visitor"),
    ReopenReason.OTHER: N_("Other reason"),
}
BREAK_REASONS: Final[dict[BreakReason, str]] = {
    BreakReason.REST: N_("Rest"),
    BreakReason.MEAL: N_("Meal"),
    BreakReason.PRAYER: N_("Prayer"),
    BreakReason.MEETING: N_("Meeting"),
    BreakReason.BACK_OFFICE_WORK: N_("Work in the back office"),
    BreakReason.OTHER: N_("Other reason"),
}
HANDOFF_STATES: Final[dict[HandoffState, str]] = {
    HandoffState.OFFERED: N_("Offered"),
    HandoffState.ACCEPTED: N_("Accepted"),
    HandoffState.DECLINED: N_("Declined"),
    HandoffState.WITHDRAWN: N_("Withdrawn"),
    HandoffState.EXPIRED: N_("Expired"),
}
HANDOFF_KINDS: Final[dict[HandoffKind, str]] = {
    HandoffKind.OFFICER: N_("To an officer"),
    HandoffKind.COUNTER: N_("To a counter"),
    HandoffKind.QUEUE: N_("To a queue"),
    HandoffKind.POOL: N_("To a pool"),
    HandoffKind.RETURN: N_("Back to whoever had it"),
    HandoffKind.FORCED: N_("By order of a supervisor"),
}
LOOKS: Final[dict[Look, str]] = {
    Look.OVERDUE: N_("Overdue"),
    Look.DUE_TODAY: N_("Due today"),
    Look.REMINDED: N_("Reminder"),
}
STANDINGS: Final[dict[Standing, str]] = {
    Standing.ON_TIME: N_("Within the promise"),
    Standing.AT_RISK: N_("Promise at risk"),
    Standing.BROKEN: N_("Past the promise"),
}
CLOSURE_KINDS: Final[dict[ClosureKind, str]] = {
    ClosureKind.NATIONAL: N_("Public holiday"),
    ClosureKind.COLLECTIVE: N_("Collective leave"),
    ClosureKind.OWN: N_("Closure of the office"),
}
ROW_FAULTS: Final[dict[RowFault, str]] = {
    RowFault.ENCODING: N_("The line is not UTF-8 text. Save the file as “CSV UTF-8”."),
    RowFault.COLUMNS: N_("A line has a date and a name, and nothing else."),
    RowFault.DATE: N_("This is not a date. Write 2027-03-09 or 09/03/2027."),
    RowFault.YEAR: N_("The date lies too far away."),
    RowFault.NAME: N_("The name is missing or too long (200 characters at most)."),
    RowFault.TWICE: N_("The date stands in the file already, further up."),
    RowFault.CLOSED_ALREADY: N_("The calendar is closed on this date already."),
}
DUTY_STATES: Final[dict[DutyState, str]] = {
    DutyState.AVAILABLE: N_("Available"),
    DutyState.BREAK: N_("On break"),
}
CHANNELS: Final[dict[CheckInChannel, str]] = {
    CheckInChannel.KIOSK: N_("At the kiosk"),
    CheckInChannel.STAFF: N_("At the reception"),
    CheckInChannel.PHONE: N_("By phone"),
    CheckInChannel.API: N_("Through another system"),
}
INVITATION_STATES: Final[dict[InvitationState, str]] = {
    InvitationState.OPEN: N_("Not answered yet"),
    InvitationState.ANSWERED: N_("Answered"),
    InvitationState.SUPERSEDED: N_("Taken back"),
    InvitationState.REVOKED: N_("Revoked by hand"),
    InvitationState.NONE: N_("Not asked"),
}
REQUEST_KINDS: Final[dict[RequestKind, str]] = {
    RequestKind.CONSULTATION: N_("Consultation"),
    RequestKind.SUB_TASK: N_("Sub-task"),
    RequestKind.ESCALATION: N_("Escalation"),
}
REQUEST_STATES: Final[dict[RequestState, str]] = {
    RequestState.ASKED: N_("Asked"),
    RequestState.ANSWERED: N_("Answered"),
    RequestState.DECLINED: N_("Declined"),
    RequestState.WITHDRAWN: N_("Withdrawn"),
    RequestState.CLOSED: N_("Closed with the transaction"),
}
ABSENCE_REASONS: Final[dict[AbsenceReason, str]] = {
    AbsenceReason.LEAVE: N_("Leave"),
    AbsenceReason.SICK: N_("Sick"),
    AbsenceReason.TRAINING: N_("Training"),
    AbsenceReason.OTHER: N_("Other reason"),
}
ROLES: Final[dict[Role, str]] = {
    Role.AGENT: N_("Officer"),
    Role.SUPERVISOR: N_("Supervisor"),
    Role.ADMIN: N_("Administrator"),
    Role.AUDITOR: N_("Auditor"),
}
# The survey's scale; nothing between, nothing beforehand.
SCORES: Final[dict[int, str]] = {
    1: N_("Very dissatisfied"),
    2: N_("Dissatisfied"),
    3: N_("Neutral"),
    4: N_("Satisfied"),
    5: N_("Very satisfied"),
}

TABLES: Final[dict[type[StrEnum], Mapping[Any, str]]] = {
    State: STATES,
    Ending: ENDINGS,
    Outcome: OUTCOMES,
    Priority: PRIORITIES,
    PriorityReason: PRIORITY_REASONS,
    PickReason: PICK_REASONS,
    ReturnReason: RETURN_REASONS,
    HandoffReason: HANDOFF_REASONS,
    DeclineReason: DECLINE_REASONS,
    PauseCause: PAUSE_CAUSES,
    CancelReason: CANCEL_REASONS,
    CorrectionReason: CORRECTION_REASONS,
    ReopenReason: REOPEN_REASONS,
    RevokeReason: REVOKE_REASONS,
    BreakReason: BREAK_REASONS,
    HandoffState: HANDOFF_STATES,
    HandoffKind: HANDOFF_KINDS,
    Look: LOOKS,
    Standing: STANDINGS,
    ClosureKind: CLOSURE_KINDS,
    RowFault: ROW_FAULTS,
    DutyState: DUTY_STATES,
    CheckInChannel: CHANNELS,
    InvitationState: INVITATION_STATES,
    RequestKind: REQUEST_KINDS,
    RequestState: REQUEST_STATES,
    AbsenceReason: ABSENCE_REASONS,
    Role: ROLES,
}
WORDS: Final[dict[str, str]] = {code.value: words for table in TABLES.values() for code, words in table.items()}
