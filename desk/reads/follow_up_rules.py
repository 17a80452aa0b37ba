"""What an office has set about following up, and how much its supervisors have open."""

from sqlalchemy import func, select

from desk.domain.access import Role
from desk.domain.following_up import SETTINGS, FollowUpRules
from desk.models import FollowUpRow, Membership, Office, Person
from desk.reads.reader import Reader


def get_follow_up_rules(reader: Reader, office_id: int) -> FollowUpRules:
    """Return the settings of an office that exists."""
    columns = (getattr(Office, name) for name in SETTINGS)
    row = reader.execute(select(*columns).where(Office.id == office_id)).one()
    return FollowUpRules(**row._mapping)


def list_members_with(reader: Reader, office_id: int, role: Role) -> list[int]:
    """Return who works here in a role, by id."""
    query = (
        select(Person.id)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.office_id == office_id, Membership.role == role.value, Person.disabled_at.is_(None))
    )
    return list(reader.execute(query.order_by(Person.id)).scalars())


def load_of_supervisors(reader: Reader, office_id: int) -> dict[int, int]:
    """Return the open follow-ups of every supervisor who works here, none of them left out."""
    loads = dict.fromkeys(list_members_with(reader, office_id, Role.SUPERVISOR), 0)
    counted = (
        select(FollowUpRow.assigned_id, func.count())
        .where(FollowUpRow.office_id == office_id, FollowUpRow.closed_at.is_(None))
        .group_by(FollowUpRow.assigned_id)
    )
    for person_id, count in reader.execute(counted).tuples():
        if person_id in loads:
            loads[person_id] = count
    return loads
