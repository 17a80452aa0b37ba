"""The pick-lists of reasons that a person must choose from; free words go into a note beside them."""

from enum import StrEnum

from desk.domain.lifecycle import Outcome


class Priority(StrEnum):
    """The class a visitor queues in."""

    NORMAL = "normal"
    PRIORITY = "priority"


class PriorityReason(StrEnum):
    """Why a visitor may queue with priority (UU 25/2009, art. 29)."""

    ELDERLY = "elderly"
    PREGNANT = "pregnant"
    DISABILITY = "disability"
    CHILD = "child"


class PickReason(StrEnum):
    """Why a particular visitor was called instead of the next."""

    VULNERABLE = "vulnerable"
    FRAIL_NOW = "frail_now"
    MISSED_CALL = "missed_call"
    BROUGHT_MISSING_PAPERS = "brought_missing_papers"
    SAME_MATTER = "same_matter"
    SUPERVISOR_ORDER = "supervisor_order"
    OTHER = "other"


class ReturnReason(StrEnum):
    """Why a called or served visitor went back to the queue."""

    NOT_READY = "not_ready"
    FILLING_FORM = "filling_form"
    FETCHING_PAPERS = "fetching_papers"
    COUNTER_PROBLEM = "counter_problem"
    OTHER = "other"


class HandoffReason(StrEnum):
    """Why custody is passed on."""

    SPECIALIST = "specialist"
    WRONG_SERVICE = "wrong_service"
    NEXT_STEP = "next_step"
    APPROVAL = "approval"
    SHIFT_END = "shift_end"
    ABSENCE = "absence"
    WORKLOAD = "workload"
    CONFLICT_OF_INTEREST = "conflict_of_interest"
    RETURNED = "returned"
    OTHER = "other"


class DeclineReason(StrEnum):
    """Why an offer was not accepted."""

    BUSY = "busy"
    NOT_MINE = "not_mine"
    INCOMPLETE = "incomplete"
    CONFLICT_OF_INTEREST = "conflict_of_interest"
    OTHER = "other"


class PauseCause(StrEnum):
    """What a paused transaction waits for."""

    VISITOR = "visitor"
    OTHER_AGENCY = "other_agency"
    SYSTEM = "system"
    CLOSING_TIME = "closing_time"


class CancelReason(StrEnum):
    """Why a transaction was cancelled."""

    VISITOR_ASKED = "visitor_asked"
    DUPLICATE = "duplicate"
    ISSUED_BY_MISTAKE = "issued_by_mistake"
    ADDED_BY_MISTAKE = "added_by_mistake"
    OTHER = "other"


class CorrectionReason(StrEnum):
    """Why what was recorded of complete documents is corrected."""

    WRONG_QUANTITY = "wrong_quantity"
    WRONG_DAY = "wrong_day"
    NOT_COMPLETE = "not_complete"
    OTHER = "other"


class ReopenReason(StrEnum):
    """Why a completed transaction was opened again."""

    ENDED_BY_MISTAKE = "ended_by_mistake"
    RESULT_WRONG = "result_wrong"
    COMPLAINT = "complaint"
    OTHER = "other"


class RevokeReason(StrEnum):
    """Why the links of a survey are revoked by hand."""

    WRONG_HANDS = "wrong_hands"
    WRONG_PERSON = "wrong_person"
    VISITOR_ASKED = "visitor_asked"
    TRIAL = "trial"
    OTHER = "other"


class BreakReason(StrEnum):
    """Why an officer on duty is not available."""

    REST = "rest"
    MEAL = "meal"
    PRAYER = "prayer"
    MEETING = "meeting"
    BACK_OFFICE_WORK = "back_office_work"
    OTHER = "other"


# These say too little by themselves: the note is compulsory.
NEED_NOTE: frozenset[StrEnum] = frozenset(
    {
        PickReason.OTHER,
        ReturnReason.OTHER,
        HandoffReason.OTHER,
        HandoffReason.APPROVAL,
        DeclineReason.OTHER,
        CancelReason.OTHER,
        CorrectionReason.OTHER,
        ReopenReason.OTHER,
        RevokeReason.OTHER,
        Outcome.REFUSED,
    }
)
