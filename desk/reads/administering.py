"""Reading of which offices somebody is no administrator: what holds for all of them is not theirs to change."""

from sqlalchemy import select

from desk.domain.access import Role
from desk.models import Membership, Office
from desk.reads.reader import Reader


def list_offices_of_others(reader: Reader, person_id: int) -> list[str]:
    """Return the names of the offices that a person does not administer."""
    own = select(Membership.office_id).where(Membership.person_id == person_id, Membership.role == Role.ADMIN.value)
    query = select(Office.name).where(Office.id.not_in(own)).order_by(Office.name, Office.id)
    return list(reader.execute(query).scalars())
