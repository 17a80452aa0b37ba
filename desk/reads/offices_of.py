"""Where somebody works, and as what."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

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
    is_retired: bool = False


def list_workplaces(reader: Reader, person_id: int) -> list[Workplace]:
    """Return the offices somebody has roles in, by name; those that are retired last."""
    is_retired = Office.retired_at.is_not(None).label("is_retired")
    query = (
        select(Office.id, Office.name, is_retired, Membership.role)
        .join(Membership, Membership.office_id == Office.id)
        .where(Membership.person_id == person_id)
        .order_by(is_retired, Office.name, Office.id, Membership.role)
    )
    found: dict[int, Workplace] = {}
    for office_id, name, retired, role in reader.execute(query).tuples():
        known = found.get(office_id, Workplace(office_id, name, (), bool(retired)))
        found[office_id] = replace(known, roles=(*known.roles, Role(role)))
    return list(found.values())


def list_retired(reader: Reader, office_ids: Iterable[int]) -> frozenset[int]:
    """Return which of these offices are retired."""
    mine = (Office.id.in_([*office_ids]), Office.retired_at.is_not(None))
    return frozenset(reader.execute(select(Office.id).where(*mine)).scalars())
