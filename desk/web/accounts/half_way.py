"""Half way in: the first factor is proven, the second is not. No session, and nothing opens with it.

A row of a few minutes, found by the hash of a secret in the cookie of the one browser, and used once: what was captured
after that opens nothing.
"""

import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from flask import session
from sqlalchemy import Connection, Engine, delete, insert, select, update

from desk.domain.second_factors import HALF_WAY_S, SETTING_UP_S, Verdict
from desk.domain.signing_in import How
from desk.domain.tokens import hash_of
from desk.models import HalfSignIn, Person, SecondFactor

HALVES: Any = HalfSignIn.__table__
COOKIE_KEY: Final = "half"
WANTED: Final = "half_wanted"
KEPT: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class HalfWay:
    """Who is half way in, by which way, where they want to go, and whether they have a second factor to show."""

    person_id: int
    name: str
    username: str
    how: How
    wanted: str
    has_factor: bool


def begin_half(engine: Engine, person_id: int, *, how: How, wanted: str, has_factor: bool, at: datetime) -> None:
    """Remember in this browser who has proven the first factor; who must set up a second one gets more time."""
    secret = secrets.token_urlsafe(32)
    lasts = HALF_WAY_S if has_factor else SETTING_UP_S
    with _writing(engine) as connection:
        query = select(Person.password_hash).where(Person.id == person_id)
        row = {
            "secret_hash": hash_of(secret),
            "person_id": person_id,
            "password_digest": hash_of(connection.execute(query).scalar_one() or ""),
            "way": how.value,
            "expires_at": at + timedelta(seconds=lasts),
        }
        connection.execute(delete(HALVES).where(HALVES.c.expires_at < at - KEPT))
        connection.execute(insert(HALVES), row)
    session[COOKIE_KEY], session[WANTED] = secret, wanted


def find_half(engine: Engine, *, at: datetime) -> HalfWay | None:
    """Return who is half way in with this browser; None once it is over, used, or the password is another."""
    secret = session.get(COOKIE_KEY)
    if secret is None:
        return None
    query = (
        select(
            HalfSignIn.person_id, HalfSignIn.password_digest, HalfSignIn.way,
            Person.name, Person.username, Person.password_hash, SecondFactor.since,
        )
        .join(Person, Person.id == HalfSignIn.person_id)
        .outerjoin(SecondFactor, SecondFactor.person_id == Person.id)
        .where(
            HalfSignIn.secret_hash == hash_of(secret),
            HalfSignIn.used_at.is_(None),
            HalfSignIn.expires_at > at,
            Person.disabled_at.is_(None),
        )
    )  # fmt: skip
    with _reading(engine) as connection:
        row = connection.execute(query).one_or_none()
    if row is None or row.password_digest != hash_of(row.password_hash or ""):
        return None
    wanted = session.get(WANTED, "")
    return HalfWay(row.person_id, row.name, row.username, How(row.way), wanted, row.since is not None)


def use_half(engine: Engine, *, at: datetime) -> bool:
    """Use it up; True for one caller only."""
    with _writing(engine) as connection:
        return _use(connection, at=at)


def use_half_with(engine: Engine, look: Callable[[Connection], Verdict], *, at: datetime) -> Verdict | None:
    """Look at a code and use the way in up if it is right, in one transaction; None where it is used up or over.

    So of several right codes at one time only the one that lets somebody in is used up.
    """
    with _writing(engine) as connection:
        if not _use(connection, at=at):
            return None
        verdict = look(connection)
        if verdict is not Verdict.RIGHT:
            connection.execute(update(HALVES).where(_mine()).values(used_at=None))
        return verdict


def _use(connection: Connection, *, at: datetime) -> bool:
    usable = HALVES.c.used_at.is_(None) & (HALVES.c.expires_at > at)
    return connection.execute(update(HALVES).where(_mine(), usable).values(used_at=at)).rowcount == 1


def _mine() -> Any:
    return HALVES.c.secret_hash == hash_of(session.get(COOKIE_KEY, ""))


def _reading(engine: Engine) -> Connection:
    return engine.execution_options(desk_writes=False).connect()


def _writing(engine: Engine) -> AbstractContextManager[Connection]:
    return engine.execution_options(desk_writes=True).begin()
