"""What became of an offer that somebody was too late for; `%(name)s` and `%(time)s` are filled in where it is said."""

from datetime import datetime
from typing import Final

from desk.domain.handoffs import HandoffState
from desk.domain.refusals import Reason, Refused
from desk.wording import N_

SENTENCES: Final[dict[HandoffState, str]] = {
    HandoffState.ACCEPTED: N_("Too late: %(name)s accepted this handoff at %(time)s."),
    HandoffState.DECLINED: N_("Too late: %(name)s declined this handoff at %(time)s."),
    HandoffState.WITHDRAWN: N_("Too late: %(name)s withdrew this handoff at %(time)s."),
    HandoffState.EXPIRED: N_(
        "Too late: the time to answer this handoff was over at %(time)s. It went back to the giver."
    ),
}


def closing_of(refused: Refused) -> tuple[str, datetime, str | None] | None:
    """Return the sentence, when it was and who did it (None for the system); None where the refusal tells no more."""
    state, at = refused.details.get("state"), refused.details.get("at")
    if refused.reason is not Reason.OFFER_CLOSED or not isinstance(at, datetime) or state not in SENTENCES:
        return None
    by = refused.details.get("by")
    return SENTENCES[HandoffState(str(state))], at, None if by is None else str(by)
