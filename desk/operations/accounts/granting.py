"""Tokens with which programs act for a member of staff; only the hash is kept, the token is shown once."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Connection, case, func, insert, select, update

from desk.domain.access import FRONT_LINE, SYSTEM, Role
from desk.domain.facts import EventName, Fact
from desk.domain.refusals import Reason, Refused
from desk.domain.texts import one_line
from desk.domain.tokens import hash_of
from desk.models import ApiToken, Membership, Person
from desk.operations.opening.setting_up import PersonPlan, add_skills, enroll, services_of
from desk.operations.requests import Done, Request
from desk.operations.stream import STREAMS, Streams, Unit

TOKENS: Any = ApiToken.__table__
PREFIX: Final = "desk_"
TOKEN_BYTES: Final = 32
LONGEST_NAME: Final = 80
SCOPES: Final[Mapping[Role, tuple[str, ...]]] = {
    Role.AGENT: ("read", "visits:write", "work:write"),
    Role.SUPERVISOR: ("read", "visits:write", "work:write", "supervise:write"),
    Role.ADMIN: ("read",),
    Role.AUDITOR: ("read",),
}


def grant(streams: Streams, office_id: int, name: str, role: Role, *, days: int | None = None) -> str:
    """Return a new token that acts in the office as this member of staff in this role; it is not to be had again.

    `name` is the user name or the name of somebody with the role there; anybody else is enrolled under it, without a
    password. Raises `Refused(INVALID)` for a name that is empty or longer than 80 characters.
    """
    person_id = _find_person(streams, office_id, name, role) or _enroll(streams, office_id, name, role)
    token = PREFIX + secrets.token_urlsafe(TOKEN_BYTES)

    def work(unit: Unit) -> Done:
        row = {
            "token_hash": hash_of(token),
            "name": one_line(name),
            "person_id": person_id,
            "office_id": office_id,
            "role": role.value,
            "scopes": " ".join(SCOPES[role]),
            "created_at": unit.at,
            "expires_at": None if days is None else unit.at + timedelta(days=days),
        }
        unit.connection.execute(insert(TOKENS), row)
        unit.append(Fact(EventName.SETTING_CHANGED, _told("token granted", person_id, role.value, hash_of(token))))
        return unit.done(person=person_id)

    streams.run(office_id, Request(SYSTEM, "grant_token"), work)
    return token


def revoke(streams: Streams, token_hash: str) -> None:
    """End a token at once; raise `Refused`: UNKNOWN, ALREADY_DONE."""
    with streams.reading() as connection:
        row = connection.execute(select(TOKENS).where(TOKENS.c.token_hash == token_hash)).one_or_none()
    if row is None:
        raise Refused(Reason.UNKNOWN)

    def work(unit: Unit) -> Done:
        live = (TOKENS.c.token_hash == token_hash) & TOKENS.c.revoked_at.is_(None)
        if unit.connection.execute(update(TOKENS).where(live).values(revoked_at=unit.at)).rowcount == 0:
            raise Refused(Reason.ALREADY_DONE)
        # Processes that know the token from earlier requests look it up anew.
        unit.connection.execute(update(STREAMS).values(configuration=STREAMS.c.configuration + 1))
        unit.append(Fact(EventName.SETTING_CHANGED, _told("token revoked", row.person_id, row.role, token_hash)))
        return unit.done(person=row.person_id)

    streams.run_in_all(row.office_id, Request(SYSTEM, "revoke_token"), work)


def _told(setting: str, person_id: int, role: str, token_hash: str) -> dict[str, Any]:
    return {"setting": setting, "person": person_id, "role": role, "token": token_hash[:12]}


def _find_person(streams: Streams, office_id: int, name: str, role: Role) -> int | None:
    wanted = one_line(name)
    same_username, same_name = Person.username == wanted.lower(), func.lower(Person.name) == wanted.lower()
    query = (
        select(Person.id)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.office_id == office_id, Membership.role == role.value, Person.disabled_at.is_(None))
        .where(same_username | same_name)
        .order_by(case((same_username, 0), else_=1), Person.id)
        .limit(1)
    )
    with streams.reading() as connection:
        return connection.execute(query).scalar()


def _enroll(streams: Streams, office_id: int, name: str, role: Role) -> int:
    """Enroll somebody without a password; agents and supervisors may be given visitors of every service."""
    known_as = one_line(name)
    if not 0 < len(known_as) <= LONGEST_NAME:
        raise Refused(Reason.INVALID, field="name")
    with streams.reading() as connection:
        username = _free_username(connection, known_as.lower())
        services = services_of(connection, office_id)
    person_id = enroll(streams, office_id, PersonPlan(username, known_as, (role,)))
    if role in FRONT_LINE:
        add_skills(streams, person_id, services)
    return person_id


def _free_username(connection: Connection, wanted: str) -> str:
    taken = set(
        connection.execute(
            select(Person.username).where(Person.username.startswith(wanted[:70], autoescape=True))
        ).scalars()
    )
    numbered = (f"{wanted[:70]}-{number}" for number in range(2, len(taken) + 3))
    return next(each for each in (wanted, *numbered) if each not in taken)
