"""Which services somebody may be given visitors of, and who waits in which queue until anybody calls."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from desk.domain.access import FRONT_LINE
from desk.models import Membership, Person, QueueEntry, Skill
from desk.models.transaction import waiting
from desk.reads.reader import Reader

ENTRIES: Any = QueueEntry.__table__


@dataclass(frozen=True, slots=True)
class Queue:
    """How many wait for whoever serves them, and since when the first of them has been here."""

    waiting: int
    since: datetime


def list_active(reader: Reader, office_id: int) -> frozenset[int]:
    """Return who works here and can call visitors: officers and supervisors who have not left."""
    return frozenset(reader.execute(_working(office_id, select(Person.id))).scalars())


def list_served(reader: Reader, office_id: int) -> frozenset[int]:
    """Return the services of which somebody who works here may be given visitors."""
    return frozenset(reader.execute(served_query(office_id)).scalars())


def served_query(office_id: int) -> Select[Any]:
    """Return the query of those services."""
    return _working(office_id, select(Skill.service_id).join(Person, Person.id == Skill.person_id))


def list_queues(reader: Reader, office_id: int) -> dict[int, Queue]:
    """Return the queues with somebody in them, by service; who waits for somebody by name is in none."""
    mine = (ENTRIES.c.office_id == office_id, waiting(), ENTRIES.c.addressee_id.is_(None))
    query = select(ENTRIES.c.service_id, func.count(), func.min(ENTRIES.c.arrived_at)).where(*mine)
    rows = reader.execute(query.group_by(ENTRIES.c.service_id)).tuples()
    return {service_id: Queue(count, since) for service_id, count, since in rows}


def _working(office_id: int, query: Select[Any]) -> Select[Any]:
    front = [role.value for role in sorted(FRONT_LINE)]
    return (
        query.join(Membership, Membership.person_id == Person.id)
        .where(Membership.office_id == office_id, Membership.role.in_(front), Person.disabled_at.is_(None))
        .distinct()
    )
