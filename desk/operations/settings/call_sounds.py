"""How an office lets its calls be heard: now or from a later day on, each change an event with what it was before."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import update

from desk.domain.access import require
from desk.domain.call_sounds import CallSounds
from desk.domain.facts import JSON
from desk.domain.refusals import Reason, Refused
from desk.models import Office
from desk.operations.settings import planned
from desk.operations.settings.planned import ADMINISTRATORS
from desk.operations.settings.setting_changes import tell
from desk.operations.stream import Unit
from desk.reads.call_sounds import COLUMNS, get_call_sounds

KIND: Final = "call_sounds"
NAMES: Final = {column: name for name, column in COLUMNS.items()}
OFFICES: Any = Office.__table__


def kept_sounds(sounds: CallSounds) -> dict[str, JSON]:
    """Return how calls are heard as an office keeps it, by column."""
    return {column: _kept(getattr(sounds, name)) for name, column in COLUMNS.items()}


def apply(unit: Unit, subject: int, values: Mapping[str, JSON]) -> None:
    """Set what `values` names (columns of the office), from the next call on, and tell each that changes.

    Raises `Refused`: FORBIDDEN, INVALID (field).
    """
    require(unit.actor, ADMINISTRATORS)
    before = get_call_sounds(unit.connection, unit.office_id)
    current, wanted = kept_sounds(before), kept_sounds(_changed(before, values))
    changed = {column: value for column, value in wanted.items() if current[column] != value}
    if changed:
        unit.connection.execute(update(OFFICES).where(OFFICES.c.id == unit.office_id).values(**changed))
    for column, value in changed.items():
        tell(unit, column, current[column], value)


def _changed(before: CallSounds, values: Mapping[str, JSON]) -> CallSounds:
    """Return how calls would be heard; raise `Refused(INVALID)` for what cannot be."""
    if not values or not values.keys() <= NAMES.keys():
        raise Refused(Reason.INVALID, field="languages")
    wanted: dict[str, Any] = {NAMES[column]: value for column, value in values.items()}
    languages = wanted.get("languages", [])
    if not isinstance(languages, list) or not all(isinstance(each, str) for each in languages):
        raise Refused(Reason.INVALID, field="languages")
    for name in wanted.keys() - {"languages"}:
        if type(wanted[name]) is not int:
            raise Refused(Reason.INVALID, field=name)
    found = replace(before, **{**wanted, "languages": tuple(wanted.get("languages", before.languages))})
    found.require_fit()
    return found


def _kept(value: Any) -> JSON:
    """Return a setting as it is kept."""
    return [*value] if isinstance(value, tuple) else value


def _check(unit: Unit, subject: int, values: Mapping[str, JSON]) -> None:
    require(unit.actor, ADMINISTRATORS)
    _changed(get_call_sounds(unit.connection, unit.office_id), values)


planned.register(KIND, apply, _check)
