"""What whoever planned a change is told when it was refused on its day, looked up when the message is claimed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, select

from desk.domain.messages import MessageKind
from desk.domain.refusals import Reason, Refused
from desk.models import Membership, Office, Person, PlannedChange

OFFICES: Final[Any] = Office.__table__
PEOPLE: Final[Any] = Person.__table__
MEMBERSHIPS: Final[Any] = Membership.__table__
PLANNED: Final[Any] = PlannedChange.__table__


@dataclass(frozen=True, slots=True)
class PlanNews:
    """Which setting was to change on which day, and why it did not; no name of anybody."""

    office_id: int
    office: str
    setting: str
    due: date
    reason: Reason


def is_about_plan(delivery: Any) -> bool:
    """Tell whether a message says that a planned change was refused."""
    return bool(delivery.kind == MessageKind.PLAN_REFUSED.value)


def find_plan_news(connection: Connection, deliveries: Sequence[Any]) -> dict[int, PlanNews | Refused]:
    """Return by its id what each delivery says, or why it is not sent any more.

    Reasons: NO_LONGER_POSSIBLE (the address was erased), FORBIDDEN (whoever it is for works here no more), UNKNOWN.
    """
    found: dict[int, PlanNews | Refused] = {}
    for each in deliveries:
        try:
            found[each.id] = _news(connection, each)
        except Refused as refused:
            found[each.id] = refused
    return found


def _news(connection: Connection, delivery: Any) -> PlanNews:
    if delivery.address is None:
        raise Refused(Reason.NO_LONGER_POSSIBLE)
    _require_works_here(connection, delivery)
    mine = (PLANNED.c.office_id == delivery.office_id, PLANNED.c.id == delivery.invitation_id)
    plan = connection.execute(select(PLANNED.c.kind, PLANNED.c.due, PLANNED.c.why).where(*mine)).one_or_none()
    if plan is None or plan.why is None:
        raise Refused(Reason.UNKNOWN, id=delivery.invitation_id)
    name = connection.execute(select(OFFICES.c.name).where(OFFICES.c.id == delivery.office_id)).scalar_one()
    return PlanNews(delivery.office_id, name, plan.kind, plan.due, _reason(plan.why))


def _require_works_here(connection: Connection, delivery: Any) -> None:
    query = (
        select(PEOPLE.c.id)
        .join(MEMBERSHIPS, MEMBERSHIPS.c.person_id == PEOPLE.c.id)
        .where(PEOPLE.c.id == delivery.person_id, PEOPLE.c.disabled_at.is_(None))
        .where(MEMBERSHIPS.c.office_id == delivery.office_id)
    )
    if connection.execute(query.limit(1)).first() is None:
        raise Refused(Reason.FORBIDDEN)


def _reason(why: str) -> Reason:
    try:
        return Reason(json.loads(why)["reason"])
    except (ValueError, KeyError, TypeError):  # what a newer version of the program refuses for
        return Reason.INVALID
