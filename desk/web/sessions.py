"""Signed-in staff: a row per session on a connection of its own, found by the hash of a secret in the cookie.

Signing in makes a new secret, signing out ends the row, so a cookie captured before that opens nothing; disabling a
person ends all their sessions at once, because the person is looked at on every request.
"""

import secrets
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import Flask, session
from flask_login import UserMixin
from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from desk.domain.access import Actor, Role
from desk.domain.tokens import hash_of
from desk.models import Membership, Person, StaffSession

SESSIONS: Any = StaffSession.__table__
COOKIE_KEY = "_user_id"  # under which Flask-Login keeps what `SignedIn.get_id` returns
HASHER = PasswordHasher()
# Verified against when there is no such person, so that the answer takes as long.
NOBODY = HASHER.hash(secrets.token_hex(16))


@dataclass(frozen=True)
class SignedIn(UserMixin):  # type: ignore[misc]
    """A person with a live session, and the roles they hold by office."""

    id: int
    name: str
    username: str
    language: str
    secret: str
    offices: dict[int, frozenset[Role]]

    def get_id(self) -> str:
        """Return what the cookie carries: the session's secret, never the person's id."""
        return self.secret

    def roles_in(self, office_id: int) -> frozenset[Role]:
        """Return the roles held in an office."""
        return self.offices.get(office_id, frozenset())

    def actor(self, office_id: int) -> Actor:
        """Return the person as the one who acts in an office."""
        return Actor.staff(self.id, *self.roles_in(office_id))


def find_signed_in(engine: Engine, secret: str, *, at: datetime) -> SignedIn | None:
    """Return who the secret of a cookie belongs to; None when the session ended, expired, or the person is disabled."""
    with _reading(engine) as connection:
        row = connection.execute(
            select(Person.id, Person.name, Person.username, Person.language)
            .join(StaffSession, StaffSession.person_id == Person.id)
            .where(
                StaffSession.secret_hash == hash_of(secret),
                StaffSession.ended_at.is_(None),
                StaffSession.expires_at > at,
                Person.disabled_at.is_(None),
            )
        ).one_or_none()
        if row is None:
            return None
        return SignedIn(row.id, row.name, row.username, row.language, secret, roles_of(connection, row.id))


def is_signed_in(app: Flask, environ: dict[str, Any]) -> bool:
    """Tell whether a request comes from somebody signed in, before any of its body is read.

    Whoever has no signed cookie with a session in it costs the database nothing. Where it cannot be asked nobody is;
    the page that is asked for then says why.
    """
    cookie = app.session_interface.open_session(app, app.request_class(environ))
    secret = None if cookie is None else cookie.get(COOKIE_KEY)
    if secret is None:
        return False
    streams = app.extensions["desk"].streams
    try:
        return find_signed_in(streams.engine, secret, at=streams.clock()) is not None
    except SQLAlchemyError:
        return False


def roles_of(connection: Connection, person_id: int) -> dict[int, frozenset[Role]]:
    """Return a person's roles by office."""
    query = select(Membership.office_id, Membership.role).where(Membership.person_id == person_id)
    offices: dict[int, frozenset[Role]] = {}
    for office_id, role in connection.execute(query).tuples():
        offices[office_id] = offices.get(office_id, frozenset()) | {Role(role)}
    return offices


def check_password(engine: Engine, username: str, password: str) -> int | None:
    """Return the id of the person with this name and password, None otherwise; both answers take equally long."""
    with _reading(engine) as connection:
        row = connection.execute(
            select(Person.id, Person.password_hash, Person.disabled_at).where(Person.username == username.lower())
        ).one_or_none()
    stored = row.password_hash if row is not None and row.password_hash else NOBODY
    try:
        HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return None
    return row.id if row is not None and row.password_hash and row.disabled_at is None else None


def begin_session(engine: Engine, person_id: int, *, at: datetime, hours: int) -> str:
    """Start a session and return its new secret; the one the cookie carried before ends, and all else is forgotten."""
    secret = secrets.token_urlsafe(32)
    row = {"secret_hash": hash_of(secret), "person_id": person_id, "started_at": at, "seen_at": at}
    with _writing(engine) as connection:
        _end(connection, session.get(COOKIE_KEY), at=at)
        connection.execute(insert(SESSIONS), {**row, "expires_at": at + timedelta(hours=hours)})
    _forget_all_but_language()
    return secret


def end_session(engine: Engine, secret: str, *, at: datetime) -> None:
    """End a session for good and empty the cookie."""
    with _writing(engine) as connection:
        _end(connection, secret, at=at)
    _forget_all_but_language()


def _end(connection: Connection, secret: str | None, *, at: datetime) -> None:
    if secret is not None:
        mine = (SESSIONS.c.secret_hash == hash_of(secret)) & SESSIONS.c.ended_at.is_(None)
        connection.execute(update(SESSIONS).where(mine).values(ended_at=at))


def _forget_all_but_language() -> None:
    """Empty the cookie; the token against forgery goes too, so pages of another session send nothing."""
    language = session.get("language")
    session.clear()
    if language is not None:
        session["language"] = language


def _reading(engine: Engine) -> Connection:
    """Connect without the write lock, which on SQLite would make every page wait for every change."""
    return engine.execution_options(desk_writes=False).connect()


def _writing(engine: Engine) -> AbstractContextManager[Connection]:
    return engine.execution_options(desk_writes=True).begin()
