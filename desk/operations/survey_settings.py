"""Whom to ask, how often and when: what the administrator sets, each change an event with what it was before."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import update

from desk.domain import asking_rules
from desk.domain.access import Role, require
from desk.domain.asking_rules import AskingSettings, require_share
from desk.domain.facts import JSON, EventName, Fact
from desk.domain.refusals import Reason, Refused
from desk.models import Office, Service
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit

KEEPERS: Final = frozenset({Role.ADMIN})
OFFICES: Any = Office.__table__
SERVICES: Any = Service.__table__
Shares = Mapping[int, int | None]
"""Per cent by service; None is the share of the office, 0 leaves the service out."""


def change_settings(
    streams: Streams, office_id: int, request: Request, wanted: AskingSettings, *, shares: Shares
) -> Done:
    """Set how the office asks, from the next ended transaction on; answers changed (how many settings).

    Messages that wait keep their time. Raises `Refused`: FORBIDDEN, INVALID (field) for a value out of its bounds,
    UNKNOWN for another office's service, ALREADY_DONE where nothing differs.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, KEEPERS)
        found = asking_rules.changed(unit.configuration.rules.asking, wanted)
        moved = _moved(unit, shares)
        if not found and not moved:
            raise Refused(Reason.ALREADY_DONE)
        for name, (before, after) in found.items():
            unit.append(Fact(EventName.SETTING_CHANGED, {"setting": name, "from": before, "to": after}))
        for service_id, (was, percent) in moved.items():
            facts: dict[str, JSON] = {"setting": "survey_percent", "service": service_id, "from": was, "to": percent}
            unit.append(Fact(EventName.SETTING_CHANGED, facts))
        _write(unit, {name: after for name, (_, after) in found.items()}, {each: to for each, (_, to) in moved.items()})
        return unit.done(changed=len(found) + len(moved))

    return streams.run(office_id, request, work)


def _moved(unit: Unit, shares: Shares) -> dict[int, tuple[int | None, int | None]]:
    """Return the services whose share changes, from and to."""
    for percent in shares.values():
        require_share(percent)
    before = {each: unit.configuration.service(each).survey_percent for each in shares}
    return {each: (before[each], percent) for each, percent in shares.items() if before[each] != percent}


def _write(unit: Unit, values: dict[str, Any], shares: Shares) -> None:
    if values:
        unit.connection.execute(update(OFFICES).where(OFFICES.c.id == unit.office_id).values(**values))
    for service_id, percent in shares.items():
        unit.connection.execute(update(SERVICES).where(SERVICES.c.id == service_id).values(survey_percent=percent))
    unit.renew_configuration()
