"""How an office lets calls be heard: each change an event with what it was before."""

from typing import Any, Final

from sqlalchemy import update

from desk.domain.access import Role, require
from desk.domain.call_sounds import CallSounds
from desk.domain.facts import JSON
from desk.domain.refusals import Reason, Refused
from desk.models import Office
from desk.operations.requests import Done, Request
from desk.operations.settings.setting_changes import tell
from desk.operations.stream import Streams, Unit
from desk.reads.call_sounds import COLUMNS, get_call_sounds

KEEPERS: Final = frozenset({Role.ADMIN})
OFFICES: Any = Office.__table__


def change_sounds(streams: Streams, office_id: int, request: Request, wanted: CallSounds) -> Done:
    """Set it, from the next call on; answers changed (how many settings).

    Raises `Refused`: FORBIDDEN, INVALID (field), ALREADY_DONE where nothing differs.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, KEEPERS)
        wanted.require_fit()
        before = get_call_sounds(unit.connection, office_id)
        moved = {name: (_kept(before, name), _kept(wanted, name)) for name in COLUMNS}
        moved = {name: ends for name, ends in moved.items() if ends[0] != ends[1]}
        if not moved:
            raise Refused(Reason.ALREADY_DONE)
        values = {COLUMNS[name]: after for name, (_, after) in moved.items()}
        unit.connection.execute(update(OFFICES).where(OFFICES.c.id == office_id).values(**values))
        for name, (was, after) in moved.items():
            tell(unit, COLUMNS[name], was, after)
        return unit.done(changed=len(moved))

    return streams.run(office_id, request, work)


def _kept(sounds: CallSounds, name: str) -> JSON:
    """Return a setting as it is kept."""
    value = getattr(sounds, name)
    return [*value] if isinstance(value, tuple) else value
