"""Why something was not done.

A refusal is raised where a rule says no and rolls the whole unit of work back. The sentence a person reads, in both
languages, and the HTTP status stand in `desk.wording.refusals`; a test demands one for every reason.
"""

from enum import StrEnum


class Reason(StrEnum):
    """Every way the desk says no."""

    # What was asked for does not exist, or not for this person.
    UNKNOWN = "unknown"
    FORBIDDEN = "forbidden"
    INVALID = "invalid"
    KEY_REUSED = "key_reused"
    # The life cycle.
    NOT_POSSIBLE_NOW = "not_possible_now"
    ALREADY_DONE = "already_done"
    REASON_MISSING = "reason_missing"
    NOTE_MISSING = "note_missing"
    NOT_CUSTODIAN = "not_custodian"
    NO_LONGER_POSSIBLE = "no_longer_possible"
    # Taking a number.
    CLOSED_NOW = "closed_now"
    SERVICE_RETIRED = "service_retired"
    ALREADY_WAITING = "already_waiting"
    PRIORITY_REASON_MISSING = "priority_reason_missing"
    # The queue.
    NOBODY_WAITING = "nobody_waiting"
    ALREADY_CALLED = "already_called"
    ALREADY_SERVING = "already_serving"
    COUNTER_BUSY = "counter_busy"
    VISIT_BUSY = "visit_busy"
    ADDRESSED_TO_ANOTHER = "addressed_to_another"
    NOT_QUALIFIED = "not_qualified"
    # Handoffs.
    OFFER_OPEN = "offer_open"
    OFFER_CLOSED = "offer_closed"
    NOT_THE_RECEIVER = "not_the_receiver"
    TO_ONESELF = "to_oneself"
    RECEIVER_OFF_DUTY = "receiver_off_duty"
    NOBODY_AT_COUNTER = "nobody_at_counter"
    DUE_IN_THE_PAST = "due_in_the_past"
    # Duty.
    NOT_ON_DUTY = "not_on_duty"
    ON_BREAK = "on_break"
    ALREADY_ON_DUTY = "already_on_duty"
    COUNTER_TAKEN = "counter_taken"
    STILL_RESPONSIBLE = "still_responsible"
    NOT_AT_A_COUNTER = "not_at_a_counter"
    # The survey.
    LINK_EXPIRED = "link_expired"
    LINK_USED = "link_used"
    LINK_REVOKED = "link_revoked"
    SCORE_MISSING = "score_missing"
    # The clock.
    CLOCK_NOT_BEHIND = "clock_not_behind"
    # The trail.
    SIGNING_KEY_MISSING = "signing_key_missing"


class Refused(Exception):
    """A rule said no; `details` fill the sentence that says what to do next."""

    def __init__(self, reason: Reason, **details: object) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.details = details
