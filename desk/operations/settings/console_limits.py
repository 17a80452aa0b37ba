"""When a called visitor has not come, and how long a slip can be undone: of an office, or otherwise for a service.

Now or from a later day on. Supervisors set it too.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import update

from desk.domain.access import require
from desk.domain.facts import JSON
from desk.domain.planning import keepers_of
from desk.domain.refusals import Reason, Refused
from desk.domain.slips import BOUNDS
from desk.models import Office, Service
from desk.operations.settings import planned
from desk.operations.settings.service_demands import get_row
from desk.operations.settings.setting_changes import number_of, tell
from desk.operations.stream import Unit

KIND: Final = "console_limits"
KIND_OF_SERVICE: Final = "service_limits"
OF_SERVICE: Final = ("no_show_calls", "no_show_after_s")


def apply(unit: Unit, subject: int, values: Mapping[str, JSON]) -> None:
    """Set what `values` names of `BOUNDS`, and tell each that changes; raise `Refused`: FORBIDDEN, INVALID (field)."""
    wanted = _checked(unit, values)
    rules = unit.configuration.rules
    current = {"no_show_calls": rules.no_show.calls, "no_show_after_s": rules.no_show.seconds, "undo_s": rules.undo_s}
    changed = {name: value for name, value in wanted.items() if current[name] != value}
    if changed:
        unit.connection.execute(update(Office).where(Office.id == unit.office_id).values(**changed))
    for name, value in changed.items():
        tell(unit, name, current[name], value)


def apply_of_service(unit: Unit, service_id: int, values: Mapping[str, JSON]) -> None:
    """Set the same for one service, None for as the office; raise `Refused`: FORBIDDEN, UNKNOWN, INVALID (field)."""
    wanted = _checked_of_service(unit, values)
    service = get_row(unit, service_id)  # it may have been added in this unit
    changed = {name: value for name, value in wanted.items() if getattr(service, name) != value}
    if changed:
        mine = Service.id == service_id, Service.office_id == unit.office_id
        unit.connection.execute(update(Service).where(*mine).values(**changed))
    for name, value in changed.items():
        tell(unit, f"service_{name}", getattr(service, name), value, service=service_id)


def _checked(unit: Unit, values: Mapping[str, JSON]) -> dict[str, int]:
    require(unit.actor, keepers_of(KIND))
    return {name: _bounded(name, value) for name, value in _named(values, BOUNDS).items()}


def _checked_of_service(unit: Unit, values: Mapping[str, JSON]) -> dict[str, int | None]:
    require(unit.actor, keepers_of(KIND_OF_SERVICE))
    named = _named(values, OF_SERVICE)
    return {name: None if value is None else _bounded(name, value) for name, value in named.items()}


def _named(values: Mapping[str, JSON], known: Any) -> Mapping[str, JSON]:
    if not values or not values.keys() <= {*known}:
        raise Refused(Reason.INVALID, field="no_show_calls")
    return values


def _bounded(name: str, value: Any) -> int:
    least, most = BOUNDS[name]
    return number_of(value, name, least=least, most=most)


def _check(unit: Unit, subject: int, values: Mapping[str, JSON]) -> None:
    _checked(unit, values)


def _check_of_service(unit: Unit, service_id: int, values: Mapping[str, JSON]) -> None:
    _checked_of_service(unit, values)
    get_row(unit, service_id)


planned.register(KIND, apply, _check)
planned.register(KIND_OF_SERVICE, apply_of_service, _check_of_service)
