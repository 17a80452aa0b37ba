"""What whoever keeps the server sets for it: it holds for every office, and the trail of one tells of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from desk.domain.facts import JSON
from desk.domain.opening import Trial
from desk.operations.accounts.server_keepers import require_keeper
from desk.operations.opening.trying import forget_trials
from desk.operations.requests import Done, Request
from desk.operations.settings.setting_changes import tell
from desk.operations.stream import Streams, Unit


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
    `Refused` for anybody who does not keep the server: FORBIDDEN, KEEPERS_ONLY, NOBODY_KEEPS_SERVER.
    """

    def work(unit: Unit) -> Done:
        require_keeper(unit)
        changes = list(carry_out())
        told = [tell(unit, each.setting, each.before, each.after) for each in changes]
        forget_trials(unit, {each.outdates for each in changes if each.outdates is not None})
        return unit.done(changed=sum(told))

    return streams.run(office_id, request, work)
