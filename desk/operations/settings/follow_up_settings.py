"""When somebody follows up, and until when complaints are answered: set at once, or from a later day on."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import update

from desk.domain.access import require
from desk.domain.facts import JSON
from desk.domain.following_up import BOUNDS, SETTINGS
from desk.domain.planning import ADMINISTRATORS
from desk.domain.refusals import Reason, Refused
from desk.models import Office
from desk.operations.settings import planned
from desk.operations.settings.setting_changes import number_of, tell
from desk.operations.stream import Unit
from desk.reads.follow_up_rules import get_follow_up_rules

KIND: Final = "follow_up_rules"


def apply(unit: Unit, subject: int, values: Mapping[str, JSON]) -> None:
    """Set what `values` names (`desk.domain.following_up.SETTINGS`); what is open keeps its dates.

    Raises `Refused`: FORBIDDEN, INVALID (field).
    """
    wanted, rules = _checked(unit, values), get_follow_up_rules(unit.connection, unit.office_id)
    changed = {name: value for name, value in wanted.items() if getattr(rules, name) != value}
    if changed:
        unit.connection.execute(update(Office).where(Office.id == unit.office_id).values(**changed))
    for name, value in changed.items():
        tell(unit, name, getattr(rules, name), value)


def _checked(unit: Unit, values: Mapping[str, JSON]) -> dict[str, Any]:
    require(unit.actor, ADMINISTRATORS)
    if not values or not values.keys() <= {*SETTINGS}:
        raise Refused(Reason.INVALID, field=SETTINGS[0])
    return {name: _read(name, value) for name, value in values.items()}


def _read(name: str, value: JSON) -> JSON:
    if name in BOUNDS:
        least, most = BOUNDS[name]
        return number_of(value, name, least=least, most=most)
    if not isinstance(value, bool):
        raise Refused(Reason.INVALID, field=name)
    return value


def _check(unit: Unit, subject: int, values: Mapping[str, JSON]) -> None:
    _checked(unit, values)


planned.register(KIND, apply, _check)
