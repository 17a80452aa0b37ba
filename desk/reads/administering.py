"""Reading who looks after what: the administrators of the offices in use, and who keeps the server.

Somebody counts who can sign in: is not deactivated, and has a password or a linked account.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from desk.domain.access import Role
from desk.models import Membership, Office, OpenIdIdentity, Person
from desk.reads.reader import Reader

IN_USE: Any = Office.retired_at.is_(None)


@dataclass(frozen=True, slots=True)
class Administrator:
    """Somebody who keeps the server, or may be asked to."""

    id: int
    name: str
    username: str
    active: bool  # whether they can sign in


def can_sign_in() -> Any:
    """Return the condition that a person can."""
    linked = select(OpenIdIdentity.person_id).where(OpenIdIdentity.person_id == Person.id).exists()
    return Person.disabled_at.is_(None) & (Person.password_hash.is_not(None) | linked)


def _administers() -> Any:
    """Return the condition that a person administers an office in use."""
    held = select(Membership.person_id).join(Office, Office.id == Membership.office_id)
    mine = (Membership.person_id == Person.id, Membership.role == Role.ADMIN.value, IN_USE)
    return held.where(*mine).exists()


def is_keeper(reader: Reader, person_id: int) -> bool:
    """Tell whether somebody keeps the server."""
    query = select(Person.id).where(Person.id == person_id, Person.keeps_server, Person.disabled_at.is_(None))
    return reader.execute(query).first() is not None


def others_keep(reader: Reader, person_id: int = 0) -> bool:
    """Tell whether anybody beside somebody keeps the server, who can sign in and administers an office in use."""
    query = select(Person.id).where(Person.keeps_server, Person.id != person_id, can_sign_in(), _administers())
    return reader.execute(query.limit(1)).first() is not None


def list_keepers(reader: Reader) -> list[Administrator]:
    """Return who keeps the server, by name; those too who cannot sign in."""
    return _listed(reader, _people().where(Person.keeps_server))


def list_possible_keepers(reader: Reader) -> list[Administrator]:
    """Return who may be asked to keep it too: whoever administers an office in use, and can sign in."""
    return _listed(reader, _people().where(~Person.keeps_server, can_sign_in(), _administers()))


def _people() -> Select[Any]:
    return select(Person.id, Person.name, Person.username, can_sign_in()).order_by(Person.name, Person.id)


def _listed(reader: Reader, query: Select[Any]) -> list[Administrator]:
    return [
        Administrator(person_id, name, username, bool(active))
        for person_id, name, username, active in reader.execute(query)
    ]


def count_administrators(reader: Reader, *, but: int = 0) -> dict[int, int]:
    """Return how many administrators who can sign in each office has beside one person; one without has no entry."""
    query = (
        select(Membership.office_id, func.count())
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.role == Role.ADMIN.value, Person.id != but, can_sign_in())
        .group_by(Membership.office_id)
    )
    return dict(reader.execute(query).tuples().all())


def list_administered(reader: Reader, person_id: int) -> dict[int, str]:
    """Return the offices in use that somebody administers, as they are called."""
    query = (
        select(Office.id, Office.name)
        .join(Membership, Membership.office_id == Office.id)
        .where(Membership.person_id == person_id, Membership.role == Role.ADMIN.value, IN_USE)
        .order_by(Office.name, Office.id)
    )
    return dict(reader.execute(query).tuples().all())
