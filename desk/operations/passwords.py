"""Passwords of staff: made here, never chosen in code; only their argon2id hash is kept."""

import secrets
from typing import Any, Final

from argon2 import PasswordHasher
from sqlalchemy import Connection, select, update

from desk.domain.access import SYSTEM
from desk.domain.facts import EventName, Fact
from desk.domain.refusals import Reason, Refused
from desk.models import Membership, Person, StaffSession
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit

# No letters or digits that are read for one another.
ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP_LENGTH = 4, 4
HASHER: Final = PasswordHasher()
PEOPLE: Any = Person.__table__
SESSIONS: Any = StaffSession.__table__


def generate() -> str:
    """Return a new password of 79 bits that can be read aloud: four groups of four characters."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))


def hashed(password: str) -> str:
    """Return what is kept of a password."""
    return HASHER.hash(password)


def renew(streams: Streams, username: str) -> str:
    """Give somebody a new password and return it, the only time; their sessions end at once.

    Raises `Refused(UNKNOWN)` for no such person, or one who works in no office.
    """
    password = generate()
    kept = hashed(password)
    with streams.reading() as connection:
        person_id, office_id = _workplace(connection, username)

    def work(unit: Unit) -> Done:
        unit.connection.execute(update(PEOPLE).where(PEOPLE.c.id == person_id).values(password_hash=kept))
        mine = (SESSIONS.c.person_id == person_id) & SESSIONS.c.ended_at.is_(None)
        unit.connection.execute(update(SESSIONS).where(mine).values(ended_at=unit.at))
        unit.append(Fact(EventName.SETTING_CHANGED, {"setting": "password", "person": person_id}))
        return unit.done(person=person_id)

    streams.run(office_id, Request(SYSTEM, "renew_password"), work)
    return password


def _workplace(connection: Connection, username: str) -> tuple[int, int]:
    row = connection.execute(
        select(Person.id, Membership.office_id)
        .join(Membership, Membership.person_id == Person.id)
        .where(Person.username == username.strip().lower())
        .order_by(Membership.office_id)
        .limit(1)
    ).one_or_none()
    if row is None:
        raise Refused(Reason.UNKNOWN, username=username)
    return row.id, row.office_id
