"""What a person reads when the desk says no, and the HTTP status that goes with it: one table, every reason."""

from dataclasses import dataclass
from typing import Final

from desk.domain.refusals import Reason
from desk.wording import N_


@dataclass(frozen=True, slots=True)
class Sentence:
    """The status and the words of a refusal; `%(name)s` places are filled from its details."""

    status: int
    text: str


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
    Reason.NOT_CUSTODIAN: Sentence(
        409, N_("This visitor is in a colleague's hands. Ask the colleague to hand over, or ask a supervisor.")
    ),
    Reason.NO_LONGER_POSSIBLE: Sentence(409, N_("It is too late for this. Issue a new number instead.")),
    Reason.CLOSED_NOW: Sentence(409, N_("The service is closed now. Come back during service hours.")),
    Reason.SERVICE_RETIRED: Sentence(409, N_("This service is no longer offered. Choose another one.")),
    Reason.ALREADY_WAITING: Sentence(409, N_("This visitor already waits in that queue.")),
    Reason.PRIORITY_REASON_MISSING: Sentence(422, N_("Choose why this visitor has priority.")),
    Reason.NOBODY_WAITING: Sentence(409, N_("Nobody is waiting for you.")),
    Reason.ALREADY_CALLED: Sentence(409, N_("A colleague has already called this visitor. Call the next one.")),
    Reason.ALREADY_SERVING: Sentence(409, N_("A colleague is already serving this visitor. Call the next one.")),
    Reason.COUNTER_BUSY: Sentence(409, N_("Finish with the visitor at your counter first.")),
    Reason.VISIT_BUSY: Sentence(409, N_("This visitor is at another counter just now. Call the next one.")),
    Reason.ADDRESSED_TO_ANOTHER: Sentence(409, N_("This visitor waits for a colleague. Call the next one.")),
    Reason.NOT_QUALIFIED: Sentence(409, N_("You are not assigned to any service. Ask a supervisor to assign you.")),
    Reason.OFFER_OPEN: Sentence(409, N_("A handoff of this visitor awaits an answer. Withdraw it first.")),
    Reason.OFFER_CLOSED: Sentence(409, N_("This handoff has already been answered, withdrawn or has expired.")),
    Reason.NOT_THE_RECEIVER: Sentence(403, N_("This handoff was offered to somebody else.")),
    Reason.TO_ONESELF: Sentence(422, N_("The transaction is already yours. Choose a colleague.")),
    Reason.RECEIVER_OFF_DUTY: Sentence(409, N_("This colleague is not on duty. Choose another one, or a queue.")),
    Reason.NOBODY_AT_COUNTER: Sentence(409, N_("Nobody is on duty at that counter. Choose another one, or a queue.")),
    Reason.DUE_IN_THE_PAST: Sentence(422, N_("The due time is over already. Choose a later one.")),
    Reason.NOT_ON_DUTY: Sentence(409, N_("Sign on at a counter first.")),
    Reason.ON_BREAK: Sentence(409, N_("You are on a break. End the break first.")),
    Reason.ALREADY_ON_DUTY: Sentence(409, N_("You are on duty at another counter. Sign off there first.")),
    Reason.COUNTER_TAKEN: Sentence(409, N_("A colleague is on duty at this counter. Choose another counter.")),
    Reason.STILL_RESPONSIBLE: Sentence(
        409, N_("A visitor is still yours. Finish, return them to the queue or hand over before you sign off.")
    ),
    Reason.NOT_AT_A_COUNTER: Sentence(409, N_("You are at a back-office desk. Sign on at a counter to call visitors.")),
    Reason.LINK_EXPIRED: Sentence(410, N_("This link has expired. Thank you for wanting to answer.")),
    Reason.LINK_USED: Sentence(410, N_("Your answer was already received. Thank you.")),
    Reason.LINK_REVOKED: Sentence(410, N_("This link is no longer valid.")),
    Reason.SCORE_MISSING: Sentence(422, N_("Choose a score from 1 to 5.")),
    Reason.CLOCK_NOT_BEHIND: Sentence(409, N_("The clock already agrees with the newest event. Nothing was changed.")),
    Reason.SIGNING_KEY_MISSING: Sentence(
        503, N_("The signing key of the trail is not on this server. Tell whoever operates it; nothing was changed.")
    ),
}
