"""What an officer reads at the console when a step comes too early or too late, and the HTTP status with it."""

from typing import Final

from desk.domain.refusals import Reason
from desk.wording import N_

OF_CONSOLE: Final[dict[Reason, tuple[int, str]]] = {
    Reason.CALL_AGAIN_FIRST: (
        409,
        N_("Call again first: a visitor is called %(calls)s times before it is recorded that they did not come."),
    ),
    Reason.WAIT_AFTER_CALL: (
        409,
        N_("Wait %(left)s more seconds: the visitor has %(seconds)s seconds after the last call to come."),
    ),
    Reason.NO_LONGER_UNDOABLE: (
        409,
        N_(
            "This can no longer be undone: too much time has passed, or something has followed. Look how it stands now."
        ),
    ),
    Reason.ALREADY_HERE_FOR_IT: (409, N_("The visitor is here for this service already. Choose another one.")),
    Reason.CODE_TAKEN: (409, N_("The short word %(code)s stands for another text already. Choose another one.")),
    Reason.TOO_MANY_SNIPPETS: (409, N_("There are %(most)s texts already. Remove one first.")),
}
