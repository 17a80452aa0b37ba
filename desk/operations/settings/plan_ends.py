"""What the end of a planned change needs: what its event tells, and whoever planned it with the roles of then."""

import json
from typing import Any, Final

from sqlalchemy import select, update

from desk.domain.access import SYSTEM, Actor, Role
from desk.domain.facts import JSON
from desk.domain.planning import told
from desk.models import Membership, Person, PlannedChange
from desk.operations.stream import Unit

PLANNED: Final[Any] = PlannedChange.__table__


def find_plan(unit: Unit, change_id: int) -> Any:
    mine = (PLANNED.c.office_id == unit.office_id) & (PLANNED.c.id == change_id)
    return unit.connection.execute(select(PLANNED).where(mine)).one_or_none()


def end_plan(unit: Unit, change_id: int, state: str, why: str | None = None) -> None:
    mine = (PLANNED.c.office_id == unit.office_id) & (PLANNED.c.id == change_id)
    unit.connection.execute(update(PLANNED).where(mine).values(state=state, ended_at=unit.at, why=why))


def told_of(row: Any) -> dict[str, JSON]:
    return {"change": row.id, "setting": row.kind, "subject": row.subject}


def wished(unit: Unit, row: Any) -> dict[str, JSON]:
    """Return what would have been changed and when, for events that end a change without one."""
    try:
        wanted: JSON = json.loads(row.wanted)
    except ValueError:  # altered outside of the desk
        wanted = {}
    return {"due": row.due.isoformat(), "wanted": told(wanted, unit.keys.key)}


def find_planner(unit: Unit, person_id: int | None) -> Actor:
    """Return whoever planned it with the roles they hold in the office now; none once their account is disabled."""
    if person_id is None:
        return SYSTEM
    query = (
        select(Membership.role)
        .join(Person, Person.id == Membership.person_id)
        .where(Person.id == person_id, Person.disabled_at.is_(None), Membership.office_id == unit.office_id)
    )
    return Actor.staff(person_id, *(Role(role) for role in unit.connection.execute(query).scalars()))
