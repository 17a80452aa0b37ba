"""What a visitor reads when the desk says no to a wish about the turn, or asks for the code at the door."""

from typing import Final

from desk.domain.refusals import Reason
from desk.wording import N_

OF_VISITORS: Final[dict[Reason, tuple[int, str]]] = {
    Reason.NOBODY_SERVES: (
        409,
        N_("This service is not offered at the moment: nobody serves it. Ask an officer, or choose another one."),
    ),
    Reason.GIVING_WAY_OFF: (
        409,
        N_("This office does not offer this. If you need more time, tell an officer."),
    ),
    Reason.GAVE_WAY_ENOUGH: (
        409,
        N_("You have let others pass %(times)s times already. If you need more time, tell an officer."),
    ),
    Reason.CHANGED_MIND_ENOUGH: (
        409,
        N_("You have let others pass and taken it back several times. Your place stays now; tell an officer."),
    ),
    Reason.NOBODY_BEHIND: (
        409,
        N_("Nobody waits behind you who could go first. Your place stays as it is; tell an officer if you need time."),
    ),
    Reason.QUEUE_MOVED: (
        409,
        N_("The queue has moved meanwhile: now %(label)s would pass. Look at your new place and confirm once more."),
    ),
    Reason.GIVING_WAY_OVER: (
        409,
        N_("Somebody was called meanwhile, so this can no longer be taken back. Your number stays yours."),
    ),
    Reason.ONLY_DOOR_SCREENS: (
        403,
        N_("Only a screen of the office shows this code. Pair this one as a screen at the door, or sign in."),
    ),
    Reason.DOOR_CODE_OVER: (
        403,
        N_(
            "The code at the door has changed. Scan it once more at the door, come back to this page and press again:"
            " what you typed is kept."
        ),
    ),
    Reason.DOOR_GRANT_SPENT: (
        403,
        N_("With this scan of the code no more numbers are issued. For another one please ask at the reception."),
    ),
}
