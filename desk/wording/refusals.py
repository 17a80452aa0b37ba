"""What a person reads when the desk says no, and the HTTP status that goes with it: one table, every reason."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from desk.domain.refusals import Reason
from desk.wording import N_
from desk.wording.account_refusals import OF_ACCOUNTS
from desk.wording.setting_refusals import OF_SETTINGS
from desk.wording.visitor_refusals import OF_VISITORS


@dataclass(frozen=True, slots=True)
class Sentence:
    """The status and the words of a refusal; `%(name)s` places are filled from its details."""

    status: int
    text: str


def filled(text: str, details: Mapping[str, object]) -> str:
    """Return a translated sentence with its places filled; what the refusal does not tell stays empty."""
    return text % defaultdict(str, details) if "%(" in text else text


SENTENCES: Final[dict[Reason, Sentence]] = {
    Reason.UNKNOWN: Sentence(404, N_("This does not exist here. Go back and choose again.")),
    Reason.FORBIDDEN: Sentence(403, N_("Your role does not allow this. Ask a supervisor.")),
    Reason.INVALID: Sentence(422, N_("Something in the form is not right. Check what you entered and send it again.")),
    Reason.KEY_REUSED: Sentence(
        409, N_("This form was already used for something else. Reload the page and try again.")
    ),
    Reason.NOT_POSSIBLE_NOW: Sentence(
        409, N_("This step is no longer possible: somebody was faster, or the page is old. Look at the current state.")
    ),
    Reason.ALREADY_DONE: Sentence(409, N_("This has already been done. Nothing was changed.")),
    Reason.REASON_MISSING: Sentence(422, N_("Choose a reason.")),
    Reason.NOTE_MISSING: Sentence(422, N_("This reason needs a note: say in a few words what the matter is.")),
    Reason.NOTE_TOO_LONG: Sentence(
        422, N_("The note is too long: it has %(length)s characters, and %(most)s fit. Shorten it by %(over)s.")
    ),
    Reason.NOT_CUSTODIAN: Sentence(
        409, N_("This visitor is in a colleague's hands. Ask the colleague to hand over, or ask a supervisor.")
    ),
    Reason.NO_LONGER_POSSIBLE: Sentence(409, N_("It is too late for this. Issue a new number instead.")),
    Reason.CLOSED_NOW: Sentence(409, N_("The service is closed now. Come back during service hours.")),
    Reason.SERVICE_RETIRED: Sentence(409, N_("This service is no longer offered. Choose another one.")),
    Reason.QUOTA_REACHED: Sentence(
        409,
        N_(
            "All %(most)s numbers with the letter %(letter)s are given out for today. Come back on another day, or "
            "ask at the reception."
        ),
    ),
    Reason.ALREADY_WAITING: Sentence(
        409, N_("This visitor already waits in that queue. Nothing was changed; choose another queue, or an officer.")
    ),
    Reason.RETURN_INSTEAD: Sentence(
        409,
        N_(
            "This visitor comes from that queue, so it is no handoff. Use “Return to the queue”: they keep their place "
            "there."
        ),
    ),
    Reason.PRIORITY_REASON_MISSING: Sentence(422, N_("Choose why this visitor has priority.")),
    Reason.NOBODY_WAITING: Sentence(409, N_("Nobody is waiting for you.")),
    Reason.ALREADY_CALLED: Sentence(409, N_("A colleague has already called this visitor. Call the next one.")),
    Reason.ALREADY_SERVING: Sentence(409, N_("A colleague is already serving this visitor. Call the next one.")),
    Reason.COUNTER_BUSY: Sentence(409, N_("Finish with the visitor at your counter first.")),
    Reason.VISIT_BUSY: Sentence(409, N_("This visitor is at another counter just now. Call the next one.")),
    Reason.ADDRESSED_TO_ANOTHER: Sentence(409, N_("This visitor waits for a colleague. Call the next one.")),
    Reason.NOT_QUALIFIED: Sentence(
        409, N_("You are not assigned to a service that is needed here. Ask a supervisor to assign you.")
    ),
    Reason.OFFER_OPEN: Sentence(409, N_("A handoff of this visitor awaits an answer. Withdraw it first.")),
    Reason.OFFER_CLOSED: Sentence(409, N_("This handoff has already been answered, withdrawn or has expired.")),
    Reason.NOT_THE_RECEIVER: Sentence(403, N_("This handoff was offered to somebody else.")),
    Reason.TO_ONESELF: Sentence(422, N_("The transaction is already yours. Choose a colleague.")),
    Reason.TO_THE_HOLDER: Sentence(422, N_("The transaction is already with this colleague. Choose somebody else.")),
    Reason.RECEIVER_OFF_DUTY: Sentence(409, N_("This colleague is not on duty. Choose another one, or a queue.")),
    Reason.NOBODY_AT_COUNTER: Sentence(409, N_("Nobody is on duty at that counter. Choose another one, or a queue.")),
    Reason.DUE_IN_THE_PAST: Sentence(422, N_("The due time is over already. Choose a later one.")),
    Reason.NOT_QUALIFIED_RECEIVER: Sentence(
        409,
        N_(
            "This colleague is not assigned to the service. Choose another one, or the service's queue; "
            "a supervisor may hand over all the same, with a note."
        ),
    ),
    Reason.RECEIVER_GONE: Sentence(409, N_("This colleague no longer works here. Choose another one, or a queue.")),
    Reason.NOBODY_HAD_IT: Sentence(409, N_("Nobody worked on this before you. Choose to whom to hand over.")),
    Reason.ALREADY_THEIRS: Sentence(409, N_("It is already in these hands. Choose somebody else.")),
    Reason.REASON_NOT_LISTED: Sentence(409, N_("This reason is not on the office's list. Choose one from the list.")),
    Reason.NOT_IN_A_POOL: Sentence(409, N_("This work lies in no pool any more: somebody has taken it.")),
    Reason.NOT_IN_THIS_POOL: Sentence(
        403, N_("You are not a member of this pool. Ask its head to hand the work over to you.")
    ),
    Reason.NO_OFFER_FOR_NUMBER: Sentence(
        404, N_("No handoff of this number waits for you. Check the number, or look in the queue.")
    ),
    Reason.WORDS_MISSING: Sentence(422, N_("Write something first.")),
    Reason.NOTHING_TO_HAND_OVER: Sentence(409, N_("There is nothing to hand over. You can sign off.")),
    Reason.LIST_CHANGED: Sentence(
        409, N_("Meanwhile something was added or has gone. Look at the list again and choose for each.")
    ),
    Reason.QUESTIONNAIRE_UNFIT: Sentence(
        422, N_("The questionnaire cannot be published yet. Mend what is listed and publish it again.")
    ),
    Reason.ANSWER_TOO_LONG: Sentence(422, N_("Use at most %(most)s characters for an answer in your own words.")),
    Reason.MUST_BE_HANDED_OVER: Sentence(
        409, N_("A visitor who waits cannot stay overnight. Choose a colleague, or return the visitor to the queue.")
    ),
    Reason.REQUEST_TO_ONESELF: Sentence(422, N_("You cannot ask yourself. Choose somebody else.")),
    Reason.REQUEST_CLOSED: Sentence(409, N_("This request has already been answered, withdrawn or closed.")),
    Reason.NOT_THE_ONE_ASKED: Sentence(403, N_("This request was made to somebody else.")),
    Reason.NOT_A_SUPERVISOR: Sentence(422, N_("An escalation goes to a supervisor. Choose one.")),
    Reason.TRANSACTION_ENDED: Sentence(409, N_("This transaction has ended. Open it again first.")),
    Reason.BLOCKED_BY_REQUEST: Sentence(
        409,
        N_(
            "A request to %(name)s is not answered yet and blocks completion. Wait for the "
            "answer, or withdraw the request."
        ),
    ),
    Reason.DATES_REVERSED: Sentence(409, N_("The last day lies before the first. Exchange them.")),
    Reason.DATE_IN_THE_PAST: Sentence(409, N_("The first day is over already. Choose today or a later day.")),
    Reason.ABSENCE_TOO_LONG: Sentence(409, N_("An absence lasts one year at most. Choose an earlier last day.")),
    Reason.ABSENCE_OVERLAPS: Sentence(
        409, N_("An absence is entered for some of these days already. Cancel that one first, or choose other days.")
    ),
    Reason.DEPUTY_IS_ONESELF: Sentence(409, N_("Nobody stands in for themselves. Choose a colleague as deputy.")),
    Reason.DEPUTY_ABSENT: Sentence(
        409, N_("This deputy is absent on some of these days. Choose somebody who is there.")
    ),
    Reason.DEPUTIES_IN_A_CIRCLE: Sentence(
        409, N_("Both would be absent and stand in for each other. Choose another deputy.")
    ),
    Reason.STANDS_IN: Sentence(
        409,
        N_(
            "The person stands in for somebody on some of these days. Choose other days, or "
            "enter that absence anew with another deputy."
        ),
    ),
    Reason.NO_LONGER_ABSENT: Sentence(409, N_("This absence is over already.")),
    Reason.LEAVE_NEEDS_HANDOVER: Sentence(
        409,
        N_(
            "Open transactions would be left behind: %(count)s. Finish or hand them over, or "
            "have them offered to the deputy."
        ),
    ),
    Reason.NOT_ONESELF: Sentence(409, N_("You cannot deactivate yourself. Ask another administrator.")),
    Reason.WORKS_ELSEWHERE: Sentence(
        409, N_("This person is at home in an office that you do not administer. Ask an administrator there.")
    ),
    Reason.HANDOVER_FIRST: Sentence(
        409, N_("This person still has open transactions, offers or requests. Hand them over first.")
    ),
    Reason.HEADS_A_QUEUE: Sentence(409, N_("This person heads a queue or a pool. Have another head appointed first.")),
    Reason.DEPUTIZES: Sentence(
        409, N_("This person stands in for somebody absent. Enter that absence anew with another deputy first.")
    ),
    Reason.NOT_ON_DUTY: Sentence(409, N_("Sign on at a counter first.")),
    Reason.ON_BREAK: Sentence(409, N_("You are on a break. End the break first.")),
    Reason.ALREADY_ON_DUTY: Sentence(409, N_("You are on duty at another counter. Sign off there first.")),
    Reason.COUNTER_TAKEN: Sentence(409, N_("A colleague is on duty at this counter. Choose another counter.")),
    Reason.STILL_RESPONSIBLE: Sentence(
        409, N_("A visitor is still yours. Finish, return them to the queue or hand over before you sign off.")
    ),
    Reason.NOT_AT_A_COUNTER: Sentence(409, N_("You are at a back-office desk. Sign on at a counter to call visitors.")),
    Reason.NO_COMPLETION_PROMISE: Sentence(
        409, N_("This service is finished at the counter; it has no promise in working days. Complete it instead.")
    ),
    Reason.QUANTITY_OUT_OF_RANGE: Sentence(
        422, N_("Nothing is promised for this quantity. Give the number of objects, from 1 to %(most)s.")
    ),
    Reason.DOCUMENTS_COMPLETE_ALREADY: Sentence(
        409, N_("The documents are recorded as complete already. A supervisor can correct this.")
    ),
    Reason.DOCUMENTS_NOT_COMPLETE: Sentence(
        409, N_("The documents are not recorded as complete yet, so there is nothing to correct.")
    ),
    Reason.HOURS_UNREADABLE: Sentence(
        422, N_("These hours cannot be read. Write 08.00-12.15, 13.00-16.00, or leave the day empty if it is closed.")
    ),
    Reason.HOURS_OVERLAP: Sentence(422, N_("Two of these hours overlap or stand in the wrong order. Separate them.")),
    Reason.HOURS_REVERSED: Sentence(422, N_("These hours end before they begin. Give the earlier time first.")),
    Reason.COMPLETE_ON_OUT_OF_RANGE: Sentence(
        422,
        N_(
            "The documents cannot have been complete on this day. Choose a day from the one on which the number was"
            " taken until today."
        ),
    ),
    Reason.OFFICER_ON_DUTY: Sentence(
        409, N_("This colleague is on duty at another counter. End that duty first, or choose somebody else.")
    ),
    Reason.VISITOR_AT_COUNTER: Sentence(
        409, N_("A visitor is called or served at this counter. Reassign the visitor first, or wait for the end.")
    ),
    Reason.SKILL_THERE: Sentence(409, N_("This colleague already serves this service. Nothing was changed.")),
    Reason.SKILL_GONE: Sentence(409, N_("This colleague does not serve this service any more. Nothing was changed.")),
    Reason.MESSAGE_EMPTY: Sentence(422, N_("Write a message first.")),
    Reason.LINK_EXPIRED: Sentence(410, N_("This link has expired. Thank you for wanting to answer.")),
    Reason.LINK_USED: Sentence(410, N_("Your answer was already received. Thank you.")),
    Reason.LINK_REVOKED: Sentence(410, N_("This link is no longer valid.")),
    Reason.LINK_WITHDRAWN: Sentence(410, N_("The office has withdrawn this link. Nothing can be answered with it.")),
    Reason.ANSWER_STANDS: Sentence(
        409, N_("The visitor has answered already. An answer stands, and its link cannot be revoked.")
    ),
    Reason.NOTHING_TO_REVOKE: Sentence(
        409,
        N_("There is no link to revoke: nobody was invited, the invitation was taken back, or the link has expired."),
    ),
    Reason.HANDLED_IT: Sentence(
        403,
        N_(
            "Whoever had a hand in this transaction cannot revoke its link. Leave it to a supervisor or an"
            " administrator outside the chain."
        ),
    ),
    Reason.SHEET_OF_OWN_CASE: Sentence(
        403,
        N_(
            "You had a hand in this matter, so somebody else must type its sheet in. Give it to a supervisor or an"
            " administrator outside the chain; nothing was recorded, and the visitor can still answer."
        ),
    ),
    Reason.SHEET_OF_OWN_DAY: Sentence(
        403,
        N_(
            "You had a hand in a matter of that day there, and without its queue number this sheet could be about it."
            " Type in the number if it is on the sheet, or give the sheet to a supervisor or an administrator who had a"
            " hand in none; nothing was recorded."
        ),
    ),
    Reason.ADDRESS_OF_OWN_CASE: Sentence(
        403,
        N_(
            "You had a hand in a matter that this message asks about, so somebody else must correct its address. Leave"
            " it to a supervisor or an administrator outside the chain; nothing was changed."
        ),
    ),
    Reason.ADDRESS_OF_STAFF: Sentence(
        409,
        N_(
            "This is the address or number of a member of staff, and staff are not asked about visits. Ask the visitor"
            " for their own; nothing is sent."
        ),
    ),
    Reason.WANTS_NO_QUESTIONS: Sentence(
        409, N_("This visitor wants no more questions from this office. Nothing is sent.")
    ),
    Reason.ASKED_OTHERWISE: Sentence(
        409,
        N_(
            "Another message about this visit went out meanwhile, or waits to: nobody is asked twice. This one is not"
            " sent again; nothing was changed."
        ),
    ),
    Reason.SCORE_MISSING: Sentence(422, N_("Choose a score from 1 to 5.")),
    Reason.TOO_FEW_TO_PUBLISH: Sentence(
        409,
        N_(
            "Fewer than %(fewest)s people answered, or an element was answered by fewer than %(fewest)s or by nobody,"
            " or beside other figures it would tell what so few said: there is no index to publish. Choose a longer"
            " period."
        ),
    ),
    Reason.TELLS_OF_FEW: Sentence(
        409,
        N_(
            "Beside the figures of %(period)s these would tell what fewer than %(fewest)s people said: whoever takes"
            " one off the other has theirs. Choose another period, or wait until more people have answered."
        ),
    ),
    Reason.WARNINGS_UNCONFIRMED: Sentence(
        422, N_("Read the warnings and confirm that you publish all the same, or mend what they name first.")
    ),
    Reason.IN_THE_CHAIN: Sentence(
        409, N_("Whoever had a hand in the matter cannot follow it up. Leave it to a supervisor outside the chain.")
    ),
    Reason.NOT_BY_A_HANDLER: Sentence(
        409,
        N_(
            "You had a hand in a matter of this person, so somebody else must erase it. Ask another supervisor or an"
            " administrator who had none; nothing was erased."
        ),
    ),
    Reason.ANSWER_FIRST: Sentence(409, N_("Answer the visitor who complained first; then close the follow-up.")),
    Reason.CLOCK_NOT_BEHIND: Sentence(409, N_("The clock already agrees with the newest event. Nothing was changed.")),
    Reason.SIGNING_KEY_MISSING: Sentence(
        503, N_("The signing key of the trail is not on this server. Tell whoever operates it; nothing was changed.")
    ),
    **{reason: Sentence(*each) for reason, each in {**OF_ACCOUNTS, **OF_SETTINGS, **OF_VISITORS}.items()},
}
