"""Passwords of staff, of which only the argon2id hash is kept: chosen by `desk.domain.password_rules`, or made here.

What is made here is of 79 bits and fits the rules too; it is shown once.
"""

import secrets
from typing import Any, Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, select, update

from desk.domain.access import SYSTEM, Actor
from desk.domain.facts import EventName, Fact
from desk.domain.password_rules import About, require_fit
from desk.domain.refusals import Reason, Refused
from desk.domain.signing_in import How, Secured
from desk.models import Membership, Office, Person, StaffCode, StaffSession
from desk.operations.accounts.common_passwords import is_common
from desk.operations.accounts.signing_in import end_sessions, record_changed
from desk.operations.accounts.telling_accounts import tell_secured
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit

# No letters or digits that are read for one another.
ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP_LENGTH = 4, 4
HASHER: Final = PasswordHasher()
PEOPLE: Any = Person.__table__
SESSIONS: Any = StaffSession.__table__
CODES: Any = StaffCode.__table__


def generate() -> str:
    """Return a new password of 79 bits that can be read aloud: four groups of four characters."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))


def hashed(password: str) -> str:
    """Return what is kept of a password."""
    return HASHER.hash(password)


def check(connection: Connection, person_id: int, password: str) -> None:
    """Let a password pass that somebody chose; raises `Refused` with what is wrong with it (ASVS 5.0, 6.2)."""
    person = connection.execute(
        select(PEOPLE.c.username, PEOPLE.c.name, PEOPLE.c.email).where(PEOPLE.c.id == person_id)
    ).one()
    works = select(Office.name).join(Membership, Membership.office_id == Office.id)
    offices = connection.execute(works.where(Membership.person_id == person_id).distinct()).scalars().all()
    about = About(person.username, person.name, person.email, tuple(offices))
    require_fit(password, about, is_common=is_common)


def renew(streams: Streams, username: str) -> str:
    """Give somebody a new password and return it, the only time; their sessions end at once: for the command line.

    Raises `Refused`: UNKNOWN for no such person, or one who works in no office; DEACTIVATED: it would let nobody in.
    """
    password = generate()
    kept = hashed(password)
    with streams.reading() as connection:
        person_id, office_id = workplace_of(connection, username)

    def work(unit: Unit) -> Done:
        require_active(unit, person_id)
        _set(unit, person_id, kept, how=How.SERVER)
        return unit.done(person=person_id)

    streams.run(office_id, Request(SYSTEM, "renew_password"), work)
    return password


def change(streams: Streams, username: str, *, current: str | None, chosen: str, session_hash: str) -> None:
    """Give whoever acts the password they chose; all their sessions end but the one with this hash.

    `current` is the one they had, None where they have none. Raises `Refused`: INVALID (field) for a wrong one,
    SAME_AS_BEFORE, or why the chosen one does not do.
    """
    with streams.reading() as connection:
        person_id, office_id = workplace_of(connection, username)
        stored = connection.execute(select(PEOPLE.c.password_hash).where(PEOPLE.c.id == person_id)).scalar_one()
        if stored is not None and not is_right(stored, current or ""):
            raise Refused(Reason.INVALID, field="current")
        if stored is not None and current == chosen:
            raise Refused(Reason.SAME_AS_BEFORE)
        check(connection, person_id, chosen)
    how = How.SESSION if stored is None else How.PASSWORD
    kept = hashed(chosen)  # before the office's lock is taken: it takes long

    def work(unit: Unit) -> Done:
        _set(unit, person_id, kept, how=how, but=session_hash)
        return unit.done(person=person_id)

    streams.run(office_id, Request(Actor.staff(person_id), "change_password"), work)


def is_right(stored: str, password: str) -> bool:
    """Tell whether a password is the one of which this is kept."""
    try:
        return HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def has_password(connection: Connection, person_id: int) -> bool:
    """Tell whether somebody has a password; who came by an identity provider may have none."""
    return connection.execute(select(PEOPLE.c.password_hash).where(PEOPLE.c.id == person_id)).scalar() is not None


def _set(unit: Unit, person_id: int, kept: str, *, how: How, but: str | None = None) -> None:
    """Keep a new password; sessions, but the one with this hash, and codes end, and the person is told by mail."""
    unit.connection.execute(update(PEOPLE).where(PEOPLE.c.id == person_id).values(password_hash=kept))
    end_access(unit, person_id, but=but)
    record_changed(unit, person_id, how)
    event = unit.append(Fact(EventName.SETTING_CHANGED, {"setting": "password", "person": person_id}))
    tell_secured(unit, event.id, person_id, Secured.PASSWORD)


def require_active(unit: Unit, person_id: int) -> None:
    """Let pass whoever is let in at all; raises `Refused(DEACTIVATED)` (shut_out)."""
    query = select(PEOPLE.c.disabled_at, PEOPLE.c.is_shut_out).where(PEOPLE.c.id == person_id)
    person = unit.connection.execute(query).one()
    if person.disabled_at is not None:
        raise Refused(Reason.DEACTIVATED, shut_out=person.is_shut_out)


def end_access(unit: Unit, person_id: int, *, but: str | None = None) -> None:
    """End all sessions of somebody, `but` the one with this hash, and every code (ASVS 5.0, 7.4.2, 7.4.3)."""
    end_codes(unit, person_id)
    others = [] if but is None else [SESSIONS.c.secret_hash != but]
    end_sessions(unit, SESSIONS.c.person_id == person_id, *others)


def end_codes(unit: Unit, person_id: int, *, only_asked_for: bool = False) -> None:
    """Make every code and link of somebody worthless; `only_asked_for` the links that somebody, anybody, asked for."""
    mine = [CODES.c.person_id == person_id, CODES.c.ended_at.is_(None)]
    if only_asked_for:
        mine += [CODES.c.made_by.is_(None), CODES.c.delivery_id.is_not(None)]
    unit.connection.execute(update(CODES).where(*mine).values(ended_at=unit.at))


def workplace_of(connection: Connection, username: str) -> tuple[int, int]:
    """Return somebody's id and the first office they are at home in, else work in; raises `Refused(UNKNOWN)`."""
    row = connection.execute(
        select(Person.id, Membership.office_id)
        .join(Membership, Membership.person_id == Person.id)
        .where(Person.username == username.strip().lower())
        .order_by(Membership.is_guest, Membership.office_id)
        .limit(1)
    ).one_or_none()
    if row is None:
        raise Refused(Reason.UNKNOWN, username=username)
    return row.id, row.office_id
