"""How long an office keeps personal data: set at once, or from a later day on."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import update

from desk.domain import retention as rule
from desk.domain.access import require
from desk.domain.facts import JSON
from desk.domain.planning import ADMINISTRATORS
from desk.domain.refusals import Reason, Refused
from desk.models import Office
from desk.operations.settings import planned
from desk.operations.settings.setting_changes import tell
from desk.operations.stream import Unit
from desk.reads.erasures import get_retention_rules

KIND: Final = "retention"


def apply(unit: Unit, subject: int, values: Mapping[str, JSON]) -> None:
    """Set the days that `values` names (`desk.domain.retention.SETTINGS`); what is due by them goes at the next look.

    Raises `Refused`: FORBIDDEN, INVALID (field) out of bounds.
    """
    wanted = _checked(unit, values)
    rules = get_retention_rules(unit.connection, unit.office_id)
    changed = {name: days for name, days in wanted.items() if getattr(rules, name) != days}
    if changed:
        unit.connection.execute(update(Office).where(Office.id == unit.office_id).values(**changed))
    for name, days in changed.items():
        tell(unit, name, getattr(rules, name), days)


def _checked(unit: Unit, values: Mapping[str, JSON]) -> dict[str, Any]:
    require(unit.actor, ADMINISTRATORS)
    if not values or not values.keys() <= {*rule.SETTINGS}:
        raise Refused(Reason.INVALID, field=rule.SETTINGS[0])
    return {name: rule.read_days(name, days) for name, days in values.items()}


def _check(unit: Unit, subject: int, values: Mapping[str, JSON]) -> None:
    _checked(unit, values)


planned.register(KIND, apply, _check)
