"""Who has a second factor, since when, and of whom it is demanded; never a secret."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from desk.domain.access import Role
from desk.models import Membership, Office, OpenIdIdentity, Person, RecoveryCode, SecondFactor
from desk.reads.reader import Reader

_UNUSED: Final = RecoveryCode.used_at.is_(None)


@dataclass(frozen=True, slots=True)
class OwnFactor:
    """The app of a person, and how many recovery codes are left."""

    since: datetime
    codes_left: int


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff with the roles held here, and since when they have a second factor."""

    id: int
    name: str
    username: str
    roles: frozenset[Role]
    since: datetime | None


def find_factor(reader: Reader, person_id: int) -> OwnFactor | None:
    """Return somebody's second factor."""
    left = select(func.count()).where(RecoveryCode.person_id == person_id, _UNUSED).scalar_subquery()
    query = select(SecondFactor.since, left.label("left")).where(SecondFactor.person_id == person_id)
    row = reader.execute(query).one_or_none()
    return None if row is None else OwnFactor(row.since, row.left)


def has_any_factor(reader: Reader) -> bool:
    """Tell whether anybody has a second factor."""
    return reader.execute(select(SecondFactor.person_id).limit(1)).first() is not None


def get_demand(reader: Reader, office_id: int) -> frozenset[Role]:
    """Return the roles of which an office demands a second factor."""
    found = reader.execute(select(Office.second_factor_roles).where(Office.id == office_id)).scalar_one()
    return frozenset(map(Role, found))


def list_colleagues(reader: Reader, office_id: int) -> list[Colleague]:
    """Return who works in an office and can sign in, by name."""
    query = (
        select(Person.id, Person.name, Person.username, Membership.role, SecondFactor.since)
        .join(Membership, Membership.person_id == Person.id)
        .outerjoin(SecondFactor, SecondFactor.person_id == Person.id)
        .where(Membership.office_id == office_id, Person.disabled_at.is_(None))
        .order_by(Person.name, Person.id)
    )
    found: dict[int, Colleague] = {}
    for row in reader.execute(query):
        known = found.get(row.id)
        roles = frozenset({Role(row.role)}) | (known.roles if known else frozenset())
        found[row.id] = Colleague(row.id, row.name, row.username, roles, row.since)
    return list(found.values())


def find_linked(reader: Reader, person_id: int, issuer: str) -> datetime | None:
    """Return since when somebody signs in with an account of this identity provider."""
    query = select(OpenIdIdentity.linked_at)
    mine = query.where(OpenIdIdentity.person_id == person_id, OpenIdIdentity.issuer == issuer)
    return reader.execute(mine).scalar_one_or_none()


def find_any_link(reader: Reader, person_id: int) -> datetime | None:
    """Return since when an account of any identity provider signs in as somebody; the one linked last."""
    query = select(func.max(OpenIdIdentity.linked_at)).where(OpenIdIdentity.person_id == person_id)
    return reader.execute(query).scalar_one()
