"""What each key of the console does, in words; the keys stand in `desk.domain.console`."""

from typing import Final

from desk.wording import N_

WORDS: Final[dict[str, str]] = {
    "next": N_("Call the next visitor"),
    "start": N_("Start serving"),
    "complete": N_("Complete"),
    "recall": N_("Call again"),
    "miss": N_("Did not come"),
    "seat": N_("Return to the queue"),
    "hand_over": N_("Hand over"),
    "pause": N_("Pause"),
    "process": N_("Finish the visitor's part"),
    "documents": N_("Documents complete"),
    "resume": N_("Resume work"),
    "resume_serving": N_("Go on serving"),
    "ask": N_("Ask somebody"),
    "further": N_("Add a service"),
    "note": N_("Add a note"),
    "accept": N_("Accept"),
    "decline": N_("Decline"),
    "pick": N_("Call out of order"),
    "break": N_("Break"),
    "waits": N_("What waits for you"),
    "queue": N_("Go to who waits for you; up and down from there"),
    "undo": N_("Undo"),
}
# What the button that takes a step back says that it will do, by the event that it takes back.
UNDOING: Final[dict[str, str]] = {
    "uncall": N_("Put %(number)s back to its place in the queue"),
    "unstart": N_("Take the start of %(number)s back: called as before"),
    "reinstate": N_("Take the no-show of %(number)s back: the visitor waits again"),
    "keep_calling": N_("Call %(number)s to your counter as before"),
    "keep_serving": N_("Go on serving %(number)s as before"),
    "reopen": N_("Open %(number)s again, on your desk"),
    "resume_serving": N_("End the pause of %(number)s and go on serving"),
    "resume": N_("End the pause of %(number)s"),
    "cancel": N_("Take back the service that was added for %(number)s"),
}
# What was undone, in words, by the action.
UNDONE: Final[dict[str, str]] = {
    "TransactionCalled": N_("The call is taken back. The visitor waits in the same place."),
    "ServiceStarted": N_("The start is taken back. The visitor is called as before."),
    "VisitorMissedCall": N_("The no-show is taken back. The visitor waits with the original arrival time."),
    "ReturnedToQueue": N_("Undone. The visitor is at your counter as before."),
    "VisitorPartFinished": N_("Undone. The visitor is at your counter as before."),
    "TransactionCompleted": N_("Undone. The transaction is open again."),
    "TransactionPaused": N_("Undone. The pause is over."),
    "TransactionOpened": N_("The added service is taken back. The visitor does not wait for it."),
}
