"""What administrators set for the server itself: it holds for every office, and the trail of one tells of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from desk.domain.access import acting_person, require
from desk.domain.facts import JSON
from desk.domain.opening import Trial
from desk.domain.refusals import Reason, Refused
from desk.operations.opening.trying import forget_trials
from desk.operations.requests import Done, Request
from desk.operations.settings.planned import ADMINISTRATORS
from desk.operations.settings.setting_changes import tell
from desk.operations.stream import Streams, Unit
from desk.reads.administering import list_offices_of_others


@dataclass(frozen=True, slots=True)
class ServerChange:
    """One setting, with what it was and what it is, of a secret a word for each; `outdates` a trial of what was."""

    setting: str
    before: JSON
    after: JSON
    outdates: Trial | None = None


def change_server(
    streams: Streams, office_id: int, request: Request, carry_out: Callable[[], Iterable[ServerChange]]
) -> Done:
    """Change settings of the server and tell of it in this office; answers how many were changed.

    `carry_out` keeps them and says what it changed; whatever fails afterwards, its caller takes that back. Raises
    `Refused(FORBIDDEN)` for anybody but an administrator of every office.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, ADMINISTRATORS)
        if list_offices_of_others(unit.connection, acting_person(unit.actor)):
            raise Refused(Reason.FORBIDDEN)
        changes = list(carry_out())
        told = [tell(unit, each.setting, each.before, each.after) for each in changes]
        forget_trials(unit, {each.outdates for each in changes if each.outdates is not None})
        return unit.done(changed=sum(told))

    return streams.run(office_id, request, work)
