"""Services that are retired, and brought back; now or from a later day on.

One that is retired gives out no new numbers; whoever waits for it is still called, and nothing of it is deleted.
"""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import update

from desk.domain.access import require
from desk.domain.facts import JSON
from desk.domain.refusals import Reason, Refused
from desk.operations.requests import Done, Request
from desk.operations.settings import planned
from desk.operations.settings.service_demands import (
    KEEPERS,
    KIND_RETIRED,
    SERVICES,
    foresee_letter,
    get_row,
    require_another_in_use,
    require_free_letter,
    require_servable,
    tell_service,
)
from desk.operations.stream import Streams, Unit
from desk.reads.planned import holding_on


def retire(streams: Streams, office_id: int, service_id: int, request: Request, *, due: date | None = None) -> Done:
    """Give no new numbers for a service, now or from a later day on; whoever waits for it is still called.

    Raises `Refused`: FORBIDDEN, UNKNOWN, ALREADY_DONE, LAST_SERVICE, and for a later day as
    `desk.operations.settings.planned.plan`.
    """
    return _set_retired(streams, office_id, service_id, request, due, retired=True)


def bring_back(streams: Streams, office_id: int, service_id: int, request: Request, *, due: date | None = None) -> Done:
    """Offer a retired service again; raises as `retire`, LETTER_TAKEN, HEAD_UNFIT and CALENDAR_RETIRED."""
    return _set_retired(streams, office_id, service_id, request, due, retired=False)


def _set_retired(
    streams: Streams, office_id: int, service_id: int, request: Request, due: date | None, *, retired: bool
) -> Done:
    values: dict[str, JSON] = {"retired": retired}
    return planned.change(streams, office_id, request, kind=KIND_RETIRED, subject=service_id, values=values, due=due)


def set_retired_in(unit: Unit, service_id: int, *, retired: bool) -> None:
    """Retire a service or bring it back in a unit that is under way; raises as `retire` and `bring_back`."""
    require(unit.actor, KEEPERS)
    row = get_row(unit, service_id)
    if row.retired is retired:
        raise Refused(Reason.ALREADY_DONE)
    if retired:
        require_another_in_use(unit, service_id)
    else:
        require_free_letter(unit, row.series, service_id)
        require_servable(unit, row)
    unit.connection.execute(update(SERVICES).where(SERVICES.c.id == service_id).values(retired=retired))
    unit.renew_configuration()
    tell_service(unit, "service_retired", service_id, not retired, retired)


def _apply_retirement(unit: Unit, service_id: int, values: Mapping[str, JSON]) -> None:
    set_retired_in(unit, service_id, retired=values["retired"] is True)


def _check_retirement(unit: Unit, service_id: int, values: Mapping[str, JSON]) -> None:
    require(unit.actor, KEEPERS)
    row = get_row(unit, service_id)
    if not isinstance(values.get("retired"), bool) or len(values) != 1:
        raise Refused(Reason.INVALID, field="retired")
    if values["retired"] is False:
        require_servable(unit, row)


def _foresee_retirement(unit: Unit, service_id: int, values: Mapping[str, JSON], due: date) -> None:
    now = {"retired": get_row(unit, service_id).retired}
    then = holding_on(unit.connection, unit.office_id, now, due, kind=KIND_RETIRED, subject=service_id)
    if then == values:
        raise Refused(Reason.ALREADY_DONE)
    foresee_letter(unit, service_id, values, due)


planned.register(KIND_RETIRED, _apply_retirement, _check_retirement, foresee=_foresee_retirement)
