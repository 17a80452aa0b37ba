"""Mail to supervisors and administrators about what is late: once for each case, level and person, never to a handler.

The idempotency key says so, and the unique constraint behind it keeps it so. A complaint and its follow-up are one.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select

from desk.domain import lateness as rule
from desk.domain.access import Role
from desk.domain.invitation import Channel
from desk.domain.lateness import Level
from desk.domain.messages import MessageKind
from desk.models import Delivery, Membership, Person
from desk.operations.complaints.telling_visitors import queue_about_case
from desk.operations.stream import Unit

DELIVERIES: Any = Delivery.__table__
PEOPLE: Any = Person.__table__
MEMBERSHIPS: Any = Membership.__table__
KINDS: Final = {Level.SUPERVISORS: MessageKind.CASE_LATE, Level.ADMINISTRATORS: MessageKind.CASE_RAISED}


@dataclass(frozen=True, slots=True)
class LateCase:
    """A late follow-up or voice (`kind`); `shared_id` is the voice of a complaint's follow-up, else its own."""

    id: int
    kind: str
    shared_id: int
    barred: Collection[int]


def tell_staff(unit: Unit, case: LateCase, level: Level) -> int:
    """Queue the mail of a level, with an event for each; returns how many. Who has no address gets none."""
    supervisors, administrators = (_reachable(unit, role) for role in (Role.SUPERVISOR, Role.ADMIN))
    known = {**supervisors, **administrators}
    told = 0
    for person_id in rule.whom_to_tell(level, supervisors, administrators, case.barred):
        key = f"late{level:d}-{case.shared_id}-{person_id}"
        if _is_queued(unit, key):
            continue
        event = unit.append(rule.told(case.id, case.kind, level, person_id))
        person = known[person_id]
        queue_about_case(
            unit,
            event.id,
            KINDS[level],
            (Channel.EMAIL, person.email),
            language=person.language,
            case_id=case.id,
            key=key,
            person_id=person_id,
        )
        told += 1
    return told


def _reachable(unit: Unit, role: Role) -> dict[int, Any]:
    """Return who works here in a role and has an e-mail address, by id."""
    query = (
        select(PEOPLE.c.id, PEOPLE.c.email, PEOPLE.c.language)
        .join(MEMBERSHIPS, MEMBERSHIPS.c.person_id == PEOPLE.c.id)
        .where(
            MEMBERSHIPS.c.office_id == unit.office_id,
            MEMBERSHIPS.c.role == role.value,
            PEOPLE.c.disabled_at.is_(None),
            PEOPLE.c.email.is_not(None),
        )
    )
    return {row.id: row for row in unit.connection.execute(query)}


def _is_queued(unit: Unit, key: str) -> bool:
    query = select(DELIVERIES.c.id).where(DELIVERIES.c.idempotency_key == key)
    return unit.connection.execute(query).first() is not None
