"""What each event of a transaction says, in words; `%(name)s` places are filled by the page."""

from typing import Final

from desk.domain.facts import EventName
from desk.wording import N_

SENTENCES: Final[dict[EventName, str]] = {
    EventName.OFFICE_OPENED: N_("The office was opened"),
    EventName.SETTING_CHANGED: N_("A setting was changed"),
    EventName.STAFF_ENROLLED: N_("A member of staff was enrolled"),
    EventName.VISIT_STARTED: N_("A number was taken"),
    EventName.TRANSACTION_OPENED: N_("Number taken; waiting for %(service)s under %(holder)s"),
    EventName.TRANSACTION_CALLED: N_("%(actor)s called the visitor to %(counter)s"),
    EventName.CALL_REPEATED: N_("%(actor)s called again (call %(times)s)"),
    EventName.SERVICE_STARTED: N_("%(actor)s began to serve"),
    EventName.RETURNED_TO_QUEUE: N_("%(actor)s returned the visitor to the queue: %(reason)s"),
    EventName.TRANSFERRED_TO_QUEUE: N_("%(actor)s handed over to the queue %(service)s: %(reason)s"),
    EventName.HANDOFF_OFFERED: N_("%(actor)s offered the transaction to %(receiver)s: %(reason)s"),
    EventName.HANDOFF_ACCEPTED: N_("%(actor)s accepted and is responsible from now on"),
    EventName.HANDOFF_DECLINED: N_("%(actor)s declined: %(reason)s. Custody stays with %(holder)s"),
    EventName.HANDOFF_WITHDRAWN: N_("The offer was withdrawn. Custody stays with %(holder)s"),
    EventName.HANDOFF_EXPIRED: N_("Nobody answered the offer in time. Custody stays with %(holder)s"),
    EventName.VISITOR_PART_FINISHED: N_("The visitor's part was finished; %(actor)s goes on without them"),
    EventName.TRANSACTION_PAUSED: N_("%(actor)s paused it: %(cause)s"),
    EventName.TRANSACTION_RESUMED: N_("%(actor)s resumed it"),
    EventName.VISITOR_CAME_BACK: N_("The visitor came back and waits again"),
    EventName.TRANSACTION_COMPLETED: N_("%(actor)s completed it: %(outcome)s"),
    EventName.TRANSACTION_CANCELLED: N_("%(actor)s cancelled it: %(reason)s"),
    EventName.VISITOR_MISSED_CALL: N_("The visitor did not come when called"),
    EventName.VISITOR_LEFT: N_("The visitor left"),
    EventName.CLOSED_UNSERVED: N_("The day was closed before the visitor was served"),
    EventName.TRANSACTION_REOPENED: N_("%(actor)s opened it again: %(reason)s"),
    EventName.NO_SHOW_REINSTATED: N_("%(actor)s took the no-show back; the visitor waits again"),
    EventName.NOTE_ADDED: N_("%(actor)s added a note"),
    EventName.DUTY_STARTED: N_("%(actor)s signed on"),
    EventName.BREAK_STARTED: N_("%(actor)s began a break"),
    EventName.BREAK_ENDED: N_("%(actor)s ended the break"),
    EventName.DUTY_ENDED: N_("%(actor)s signed off"),
    EventName.DAY_CLOSED: N_("The day was closed"),
    EventName.INVITATION_DECIDED: N_("The system decided on the survey: %(decision)s"),
    EventName.INVITATION_SUPERSEDED: N_("The survey was taken back, because the transaction was opened again"),
    EventName.RESPONSE_RECEIVED: N_("The visitor answered the survey"),
    EventName.MESSAGE_REQUEUED: N_("%(actor)s had the undelivered message sent again"),
    EventName.CLOCK_STEPPED_BACK: N_("The clock of the computer stepped back"),
    EventName.CLOCK_CONFIRMED: N_("A supervisor confirmed the clock"),
    EventName.KEY_ROTATED: N_("The signing key of the trail was changed"),
}

DECISIONS: Final[dict[str, str]] = {
    "by_email": N_("invited by e-mail"),
    "by_link": N_("invited by the link on the visitor's page"),
    "same_visit": N_("invited in the message about the same visit"),
    "not_served": N_("not invited, because nobody served the visitor"),
    "survey_off": N_("not invited, because the survey is switched off"),
}
