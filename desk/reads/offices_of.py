"""Where somebody works, and as what."""

from dataclasses import dataclass

from sqlalchemy import select

from desk.domain.access import Role
from desk.models import Membership, Office
from desk.reads.reader import Reader


@dataclass(frozen=True, slots=True)
class Workplace:
    """An office somebody works in, with their roles there."""

    office_id: int
    name: str
    roles: tuple[Role, ...]


def list_workplaces(reader: Reader, person_id: int) -> list[Workplace]:
    """Return the offices somebody has roles in, by name."""
    query = (
        select(Office.id, Office.name, Membership.role)
        .join(Membership, Membership.office_id == Office.id)
        .where(Membership.person_id == person_id)
        .order_by(Office.name, Office.id, Membership.role)
    )
    found: dict[int, Workplace] = {}
    for office_id, name, role in reader.execute(query).tuples():
        known = found.get(office_id, Workplace(office_id, name, ()))
        found[office_id] = Workplace(office_id, name, (*known.roles, Role(role)))
    return list(found.values())
