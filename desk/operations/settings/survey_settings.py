"""Whom to ask, how often and when: what the administrator sets, each change an event with what it was before.

At once, or from a later day on; what `share_…` names is the per cent of a service, by its id.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import update

from desk.domain import asking_rules
from desk.domain.access import require
from desk.domain.asking_rules import BOUNDS, AskingSettings, require_share
from desk.domain.facts import JSON
from desk.domain.planning import ADMINISTRATORS
from desk.domain.refusals import Reason, Refused
from desk.models import Office, Service
from desk.operations.settings import planned
from desk.operations.settings.setting_changes import number_of, tell
from desk.operations.stream import Unit

KIND: Final = "survey"
SHARE: Final = "share_"
OFFICES: Any = Office.__table__
SERVICES: Any = Service.__table__
_PLAIN: Final = AskingSettings()
Shares = Mapping[int, int | None]
"""Per cent by service; None is the share of the office, 0 leaves the service out."""


def written(shares: Shares) -> dict[str, JSON]:
    """Return the shares of services by the names that a change of settings has for them."""
    return {f"{SHARE}{service_id}": percent for service_id, percent in shares.items()}


def apply(unit: Unit, subject: int, values: Mapping[str, JSON]) -> None:
    """Set how the office asks, from the next ended transaction on, as far as `values` names it.

    Messages that wait keep their time. Raises `Refused`: FORBIDDEN, INVALID (field) for a value out of its bounds and
    for a reminder that would come when the link has expired, UNKNOWN for another office's service.
    """
    settings, shares = _checked(unit, values)
    before = unit.configuration.rules.asking
    found = asking_rules.changed(before, replace(before, **settings))
    if found:
        changed = {name: after for name, (_, after) in found.items()}
        unit.connection.execute(update(OFFICES).where(OFFICES.c.id == unit.office_id).values(**changed))
    for name, (was, after) in found.items():
        tell(unit, name, was, after)
    held = {service_id: unit.configuration.service(service_id).survey_percent for service_id in shares}
    for service_id, percent in shares.items():
        if held[service_id] != percent:
            unit.connection.execute(update(SERVICES).where(SERVICES.c.id == service_id).values(survey_percent=percent))
            tell(unit, "survey_percent", held[service_id], percent, service=service_id)


def _checked(unit: Unit, values: Mapping[str, JSON]) -> tuple[dict[str, Any], dict[int, int | None]]:
    """Return the settings and the shares of services that are wanted, each within its bounds."""
    require(unit.actor, ADMINISTRATORS)
    if not values:
        raise Refused(Reason.INVALID, field="survey_percent")
    settings = {name: _read(name, value) for name, value in values.items() if not name.startswith(SHARE)}
    shares = {_service(unit, name): _share(value) for name, value in values.items() if name.startswith(SHARE)}
    return settings, shares


def _read(name: str, value: JSON) -> JSON:
    if name not in asking_rules.SETTINGS:
        raise Refused(Reason.INVALID, field="survey_percent")
    if name in BOUNDS:
        least, most = BOUNDS[name]
        return number_of(value, name, least=least, most=most)
    if type(value) is not type(getattr(_PLAIN, name)):
        raise Refused(Reason.INVALID, field=name)
    return value


def _service(unit: Unit, name: str) -> int:
    typed = name.removeprefix(SHARE)
    if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
        raise Refused(Reason.INVALID, field="percent")
    return unit.configuration.service(int(typed)).id


def _share(value: JSON) -> int | None:
    if value is not None and type(value) is not int:
        raise Refused(Reason.INVALID, field="percent")
    require_share(value)
    return value


def _check(unit: Unit, subject: int, values: Mapping[str, JSON]) -> None:
    _checked(unit, values)


planned.register(KIND, apply, _check)
