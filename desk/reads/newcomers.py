"""Who is at home in an office and has no password yet, nor another way in; and whether something is on its way."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, exists, func, select

from desk.domain.letting_in import MOST_AT_ONCE
from desk.models import ApiToken, Membership, OpenIdIdentity, Person, StaffCode
from desk.reads.reader import Reader


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody without a password; `email` only where links may go, `invited_until` while a link or code works."""

    id: int
    name: str
    username: str
    language: str
    email: str | None = field(default=None, repr=False)
    invited_until: datetime | None = None


def count_newcomers(reader: Reader, office_id: int) -> int:
    """Return how many there are."""
    return int(reader.execute(select(func.count()).select_from(_newcomers(office_id).subquery())).scalar_one())


def list_newcomers(reader: Reader, office_id: int, *, at: datetime) -> list[Newcomer]:
    """Return as many as can be let in at once, by name; those for whom nothing is on its way first."""
    until = _until(at)
    query = _newcomers(office_id).add_columns(until).order_by(until.is_not(None), Person.name, Person.id)
    return [Newcomer(*row) for row in reader.execute(query.limit(MOST_AT_ONCE)).tuples()]


def list_let_in(reader: Reader, office_id: int, people: Collection[int], *, at: datetime) -> list[Newcomer]:
    """Return these people, if they work in the office, by name: whether they have a password by now or not."""
    query = _people().add_columns(_until(at)).where(Person.id.in_(people), _works(office_id))
    return [Newcomer(*row) for row in reader.execute(query.order_by(Person.name, Person.id)).tuples()]


def _people() -> Select[Any]:
    email = case((Person.is_email_vouched, Person.email))
    return select(Person.id, Person.name, Person.username, Person.language, email)


def _newcomers(office_id: int) -> Select[Any]:
    return _people().where(
        Person.password_hash.is_(None),
        Person.disabled_at.is_(None),
        _works(office_id, Membership.is_guest.is_(False)),
        ~exists().where(OpenIdIdentity.person_id == Person.id),
        ~exists().where(ApiToken.person_id == Person.id),  # a program, which never signs in
    )


def _works(office_id: int, *conditions: Any) -> Any:
    return exists().where(Membership.person_id == Person.id, Membership.office_id == office_id, *conditions)


def _until(at: datetime) -> Any:
    """Return until when a link or code of somebody works, None where there is none that does."""
    live = (StaffCode.person_id == Person.id, StaffCode.ended_at.is_(None), StaffCode.expires_at > at)
    return select(func.max(StaffCode.expires_at)).where(*live).correlate(Person).scalar_subquery()
