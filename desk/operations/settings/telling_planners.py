"""Mail to whoever planned a change that was refused when its day came: once for each plan, in their language.

It goes to their own address, if they have one and still work in the office; what it says is looked up when it is sent.
"""

from typing import Any, Final

from sqlalchemy import insert, select

from desk.domain.invitation import Channel
from desk.domain.messages import MessageKind
from desk.models import Delivery, Membership, Person
from desk.operations.stream import Unit

PEOPLE: Any = Person.__table__
MEMBERSHIPS: Any = Membership.__table__
NO_VISIT: Final = 0


def tell_planner(unit: Unit, change: Any, event_id: int) -> bool:
    """Queue the mail about a planned change (its row) that was refused; tell whether there is anybody to be told."""
    person = _find_reachable(unit, change.planned_by)
    if person is None:
        return False
    row = {
        "office_id": unit.office_id,
        "id": event_id,
        "kind": MessageKind.PLAN_REFUSED.value,
        "channel": Channel.EMAIL.value,
        "visit_id": NO_VISIT,
        "invitation_id": change.id,  # the place of an invitation tells which plan
        "person_id": person.id,
        "address": person.email,
        "language": person.language,
        "state": "pending",
        "idempotency_key": f"{MessageKind.PLAN_REFUSED.value}-{change.id}",
        "queued_at": unit.at,
        "due_at": unit.at,
        "attempts": 0,
    }
    unit.connection.execute(insert(Delivery), row)
    return True


def _find_reachable(unit: Unit, person_id: int | None) -> Any:
    """Return who it is for, None for somebody without an address and for who has left."""
    query = (
        select(PEOPLE.c.id, PEOPLE.c.email, PEOPLE.c.language)
        .join(MEMBERSHIPS, MEMBERSHIPS.c.person_id == PEOPLE.c.id)
        .where(PEOPLE.c.id == person_id, MEMBERSHIPS.c.office_id == unit.office_id)
        .where(PEOPLE.c.disabled_at.is_(None), PEOPLE.c.email.is_not(None))
    )
    return unit.connection.execute(query.limit(1)).one_or_none()
