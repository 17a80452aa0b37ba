"""Signed-in staff: a row per session on a connection of its own, found by the hash of a secret in the cookie.

Signing in makes a new secret, signing out ends the row, so a cookie captured before that opens nothing; disabling a
person ends all their sessions at once, because the person is looked at on every request. Event streams need no session
and carry no content: what a page then fetches needs one. What was done with a session is written down at most once in
five minutes; a page that renews itself does not keep one alive.
"""

import secrets
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import Flask, current_app, g, request, session
from flask_login import UserMixin, current_user
from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from desk.domain.access import Actor, Role
from desk.domain.signing_in import PROVEN_FOR, SEEN_EVERY, How, Outcome, device_of, network_of
from desk.domain.tokens import hash_of
from desk.models import Membership, Person, StaffSession
from desk.models.engine import AWAY
from desk.operations.accounts.signing_in import record, write_record

SESSIONS: Any = StaffSession.__table__
COOKIE_KEY = "_user_id"  # under which Flask-Login keeps what `SignedIn.get_id` returns
LIVE = "X-Desk-Live"  # a page renews itself: nobody did anything
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
    seen_at: datetime
    proven_at: datetime | None

    def is_proven(self, *, at: datetime) -> bool:
        """Tell whether they showed a few minutes ago that it is them (ASVS 5.0, 7.5.1)."""
        return self.proven_at is not None and self.proven_at <= at < self.proven_at + PROVEN_FOR

    def get_id(self) -> str:
        """Return what the cookie carries: the session's secret, never the person's id."""
        return self.secret

    def roles_in(self, office_id: int) -> frozenset[Role]:
        """Return the roles held in an office."""
        return self.offices.get(office_id, frozenset())

    def actor(self, office_id: int) -> Actor:
        """Return the person as the one who acts in an office."""
        return Actor.staff(self.id, *self.roles_in(office_id))


def find_signed_in(engine: Engine, secret: str, *, at: datetime, idle: timedelta | None = None) -> SignedIn | None:
    """Return who the secret of a cookie belongs to; None when the session ended, expired, or the person is disabled.

    With `idle`, a session in which nothing was done for so long is over too (ASVS 5.0, 7.3.1).
    """
    live = [
        StaffSession.secret_hash == hash_of(secret),
        StaffSession.ended_at.is_(None),
        StaffSession.expires_at > at,
        Person.disabled_at.is_(None),
    ]
    if idle is not None:
        live.append(StaffSession.seen_at > at - idle)
    with _reading(engine) as connection:
        row = connection.execute(
            select(
                Person.id, Person.name, Person.username, Person.language, StaffSession.seen_at, StaffSession.proven_at
            )
            .join(StaffSession, StaffSession.person_id == Person.id)
            .where(*live)
        ).one_or_none()
        if row is None:
            return None
        offices = roles_of(connection, row.id)
        return SignedIn(row.id, row.name, row.username, row.language, secret, offices, row.seen_at, row.proven_at)


def note_use(engine: Engine, person: SignedIn, *, at: datetime) -> None:
    """Write down that somebody does something, if that is some minutes old; never for a page that renews itself."""
    if at - person.seen_at < SEEN_EVERY or LIVE in request.headers:
        return
    mine = (SESSIONS.c.secret_hash == hash_of(person.secret)) & (SESSIONS.c.seen_at <= at - SEEN_EVERY)
    try:
        with _writing(engine) as connection:
            connection.execute(update(SESSIONS).where(mine).values(seen_at=at))
    except AWAY:  # the page is shown all the same; the next request tries again
        return


def is_signed_in(app: Flask, environ: dict[str, Any]) -> bool:
    """Tell whether a request comes from somebody signed in, before any of its body is read.

    Whoever has no signed cookie with a session in it costs the database nothing. Where it cannot be asked nobody is;
    the page that is asked for then says why.
    """
    cookie = app.session_interface.open_session(app, app.request_class(environ))
    secret = None if cookie is None else cookie.get(COOKIE_KEY)
    if secret is None:
        return False
    streams, idle = app.extensions["desk"].streams, app.extensions["desk"].settings.session_idle
    try:
        return find_signed_in(streams.engine, secret, at=streams.clock(), idle=idle) is not None
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


def find_account(engine: Engine, username: str) -> int | None:
    """Return whose user name this is, for the records."""
    with _reading(engine) as connection:
        return connection.execute(select(Person.id).where(Person.username == username.lower())).scalar()


def begin_session(engine: Engine, person_id: int, *, at: datetime, hours: int, how: How = How.PASSWORD) -> str:
    """Start a session and return its new secret; the one the cookie carried before ends, and all else is forgotten."""
    secret = secrets.token_urlsafe(32)
    row = {
        "secret_hash": hash_of(secret),
        "person_id": person_id,
        "started_at": at,
        "seen_at": at,
        "proven_at": at,
        "how": how.value,
        "device": device_of(request.user_agent.string),
        "source": network_of(request.remote_addr or "") or None,
    }
    with _writing(engine) as connection:
        _end(connection, session.get(COOKIE_KEY), at=at)
        connection.execute(insert(SESSIONS), {**row, "expires_at": at + timedelta(hours=hours)})
        source = network_of(request.remote_addr or "")
        write_record(connection, outcome=Outcome.SUCCESS, how=how, person_id=person_id, at=at, source=source)
    _forget_all_but_language()
    g.known_person = person_id  # from now on this device is known for them (desk.web.accounts.known_devices)
    return secret


def prove_again(engine: Engine, secret: str, *, at: datetime) -> str:
    """Note that whoever is signed in showed again that it is them; returns the session's new secret (ASVS 7.2.4)."""
    renewed = secrets.token_urlsafe(32)
    with _writing(engine) as connection:
        mine = (SESSIONS.c.secret_hash == hash_of(secret)) & SESSIONS.c.ended_at.is_(None)
        connection.execute(update(SESSIONS).where(mine).values(secret_hash=hash_of(renewed), proven_at=at, seen_at=at))
    session[COOKIE_KEY] = renewed
    return renewed


def end_session(engine: Engine, secret: str, *, at: datetime) -> None:
    """End a session for good and empty the cookie."""
    with _writing(engine) as connection:
        _end(connection, secret, at=at)
    _forget_all_but_language()


def end_one(engine: Engine, person_id: int, handle: str, *, at: datetime) -> None:
    """End the session of somebody whose hash begins like this; nothing where there is none, or it has ended."""
    _end_some(engine, person_id, SESSIONS.c.secret_hash.startswith(handle, autoescape=True), at=at)


def end_others(engine: Engine, person_id: int, secret_hash: str, *, at: datetime) -> None:
    """End all sessions of somebody but this one."""
    _end_some(engine, person_id, SESSIONS.c.secret_hash != secret_hash, at=at)


def record_change(how: How) -> None:
    """Write down that whoever is signed in changed what lets them in."""
    streams, source = current_app.extensions["desk"].streams, network_of(request.remote_addr or "")
    person_id = current_user.id
    record(streams.engine, outcome=Outcome.CHANGED, how=how, person_id=person_id, at=streams.clock(), source=source)


def _end_some(engine: Engine, person_id: int, which: Any, *, at: datetime) -> None:
    live = (SESSIONS.c.person_id == person_id) & SESSIONS.c.ended_at.is_(None)
    with _writing(engine) as connection:
        if connection.execute(update(SESSIONS).where(live, which).values(ended_at=at)).rowcount:
            write_record(connection, outcome=Outcome.ENDED, how=How.SESSION, person_id=person_id, at=at)


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
