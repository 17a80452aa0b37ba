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
    NOTE_TOO_LONG = "note_too_long"
    NOT_CUSTODIAN = "not_custodian"
    NO_LONGER_POSSIBLE = "no_longer_possible"
    # Taking a number.
    CLOSED_NOW = "closed_now"
    SERVICE_RETIRED = "service_retired"
    QUOTA_REACHED = "quota_reached"
    ALREADY_WAITING = "already_waiting"
    RETURN_INSTEAD = "return_instead"
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
    TO_THE_HOLDER = "to_the_holder"
    RECEIVER_OFF_DUTY = "receiver_off_duty"
    NOBODY_AT_COUNTER = "nobody_at_counter"
    DUE_IN_THE_PAST = "due_in_the_past"
    NOT_QUALIFIED_RECEIVER = "not_qualified_receiver"
    RECEIVER_GONE = "receiver_gone"
    NOBODY_HAD_IT = "nobody_had_it"
    ALREADY_THEIRS = "already_theirs"
    REASON_NOT_LISTED = "reason_not_listed"
    NOT_IN_A_POOL = "not_in_a_pool"
    NOT_IN_THIS_POOL = "not_in_this_pool"
    NO_OFFER_FOR_NUMBER = "no_offer_for_number"
    # Notes.
    WORDS_MISSING = "words_missing"
    # The end-of-shift handover.
    NOTHING_TO_HAND_OVER = "nothing_to_hand_over"
    LIST_CHANGED = "list_changed"
    QUESTIONNAIRE_UNFIT = "questionnaire_unfit"
    ANSWER_TOO_LONG = "answer_too_long"
    MUST_BE_HANDED_OVER = "must_be_handed_over"
    # Requests.
    REQUEST_TO_ONESELF = "request_to_oneself"
    REQUEST_CLOSED = "request_closed"
    NOT_THE_ONE_ASKED = "not_the_one_asked"
    NOT_A_SUPERVISOR = "not_a_supervisor"
    TRANSACTION_ENDED = "transaction_ended"
    BLOCKED_BY_REQUEST = "blocked_by_request"
    # Absence.
    DATES_REVERSED = "dates_reversed"
    DATE_IN_THE_PAST = "date_in_the_past"
    ABSENCE_TOO_LONG = "absence_too_long"
    ABSENCE_OVERLAPS = "absence_overlaps"
    DEPUTY_IS_ONESELF = "deputy_is_oneself"
    DEPUTY_ABSENT = "deputy_absent"
    DEPUTIES_IN_A_CIRCLE = "deputies_in_a_circle"
    STANDS_IN = "stands_in"
    NO_LONGER_ABSENT = "no_longer_absent"
    LEAVE_NEEDS_HANDOVER = "leave_needs_handover"
    # Staff.
    NOT_ONESELF = "not_oneself"
    WORKS_ELSEWHERE = "works_elsewhere"
    HANDOVER_FIRST = "handover_first"
    HEADS_A_QUEUE = "heads_a_queue"
    DEPUTIZES = "deputizes"
    SECOND_FACTOR_FIRST = "second_factor_first"
    SECOND_FACTOR_DEMANDED = "second_factor_demanded"
    NOT_ONES_OWN_FACTOR = "not_ones_own_factor"
    CODE_UNFIT = "code_unfit"
    ACCOUNT_LINKED = "account_linked"
    # People, their passwords and codes.
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    BREACHED_OFTEN = "breached_often"
    NAMES_ONLY = "names_only"
    LOOKS_LONG = "looks_long"
    SAME_AS_BEFORE = "same_as_before"
    ONE_TIME_CODE_UNKNOWN = "one_time_code_unknown"
    LAST_ADMINISTRATOR = "last_administrator"
    USERNAME_TAKEN = "username_taken"
    USERNAME_UNFIT = "username_unfit"
    ROLES_MISSING = "roles_missing"
    WORKS_HERE = "works_here"
    NO_MAIL_ADDRESS = "no_mail_address"
    DEACTIVATED = "deactivated"
    # Duty.
    NOT_ON_DUTY = "not_on_duty"
    ON_BREAK = "on_break"
    ALREADY_ON_DUTY = "already_on_duty"
    COUNTER_TAKEN = "counter_taken"
    STILL_RESPONSIBLE = "still_responsible"
    NOT_AT_A_COUNTER = "not_at_a_counter"
    # Complete documents and promises.
    NO_COMPLETION_PROMISE = "no_completion_promise"
    QUANTITY_OUT_OF_RANGE = "quantity_out_of_range"
    DOCUMENTS_COMPLETE_ALREADY = "documents_complete_already"
    DOCUMENTS_NOT_COMPLETE = "documents_not_complete"
    # Calendars.
    NO_OPEN_HOURS = "no_open_hours"
    HOURS_UNREADABLE = "hours_unreadable"
    HOURS_OVERLAP = "hours_overlap"
    HOURS_REVERSED = "hours_reversed"
    DATE_OUT_OF_RANGE = "date_out_of_range"
    COMPLETE_ON_OUT_OF_RANGE = "complete_on_out_of_range"
    NAME_UNFIT = "name_unfit"
    CLOSED_ALREADY = "closed_already"
    OFFICER_ON_DUTY = "officer_on_duty"
    VISITOR_AT_COUNTER = "visitor_at_counter"
    # Services.
    LETTER_TAKEN = "letter_taken"
    LETTER_GIVEN_TODAY = "letter_given_today"
    HEAD_UNFIT = "head_unfit"
    # What an administrator sets.
    COUNTER_NUMBER_TAKEN = "counter_number_taken"
    COUNTER_IN_USE = "counter_in_use"
    COUNTER_OFFERED_TO = "counter_offered_to"
    LAST_COUNTER = "last_counter"
    NAME_TAKEN = "name_taken"
    LAST_REASON = "last_reason"
    POOL_NOT_EMPTY = "pool_not_empty"
    LAST_PRIORITY_REASON = "last_priority_reason"
    NO_HOURS_SOON = "no_hours_soon"
    PLAN_ALTERED = "plan_altered"
    DAY_NEEDS_PLAN = "day_needs_plan"
    VISITORS_IN_THE_HOUSE = "visitors_in_the_house"
    # The floor.
    SKILL_THERE = "skill_there"
    SKILL_GONE = "skill_gone"
    MESSAGE_EMPTY = "message_empty"
    # The survey.
    LINK_EXPIRED = "link_expired"
    LINK_USED = "link_used"
    LINK_REVOKED = "link_revoked"
    LINK_WITHDRAWN = "link_withdrawn"
    ANSWER_STANDS = "answer_stands"
    NOTHING_TO_REVOKE = "nothing_to_revoke"
    HANDLED_IT = "handled_it"
    SHEET_OF_OWN_CASE = "sheet_of_own_case"
    SHEET_OF_OWN_DAY = "sheet_of_own_day"
    ADDRESS_OF_OWN_CASE = "address_of_own_case"
    ADDRESS_OF_STAFF = "address_of_staff"
    WANTS_NO_QUESTIONS = "wants_no_questions"
    ASKED_OTHERWISE = "asked_otherwise"
    SCORE_MISSING = "score_missing"
    TOO_FEW_TO_PUBLISH = "too_few_to_publish"
    TELLS_OF_FEW = "tells_of_few"
    WARNINGS_UNCONFIRMED = "warnings_unconfirmed"
    # Following up.
    IN_THE_CHAIN = "in_the_chain"
    ANSWER_FIRST = "answer_first"
    NOT_BY_A_HANDLER = "not_by_a_handler"
    # Devices.
    PAIRING_CODE_UNKNOWN = "pairing_code_unknown"
    DEVICE_UNPAIRED = "device_unpaired"
    ONLY_PAIRED_KIOSKS = "only_paired_kiosks"
    ONLY_PAIRED_DISPLAYS = "only_paired_displays"
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
