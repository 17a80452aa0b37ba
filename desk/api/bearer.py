"""Bearer tokens: whose, in which office, with which scopes; cookies and visitors' tokens open nothing here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import bindparam, select
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from desk.api.incoming import Incoming
from desk.domain.access import Actor, Role
from desk.domain.refusals import Reason, Refused
from desk.domain.tokens import hash_of
from desk.models import ApiToken, Membership, Person, Stream
from desk.models.prepared import Prepared
from desk.operations.stream import Streams

TOKEN_PREFIX: Final = "desk_"  # noqa: S105  what marks a token, not one
KNOWN_AT_MOST: Final = 10_000


class Scope(StrEnum):
    """What a token may be used for."""

    READ = "read"
    VISITS_WRITE = "visits:write"
    WORK_WRITE = "work:write"
    SUPERVISE_WRITE = "supervise:write"


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who a request acts as, and under which version of the office's configuration that was looked up."""

    actor: Actor
    office_id: int
    scopes: frozenset[str]
    configuration: int
    expires_at: datetime | None = None
    token_hash: str = ""


class Known:
    """What all requests of a process share: the desk's streams, and what was looked up for earlier ones."""

    def __init__(self, extensions: Mapping[str, Any], *, body_bytes: int) -> None:
        self._extensions = extensions
        self.body_bytes = body_bytes
        self.bearers: dict[str, Bearer] = {}
        self.offices: dict[int, int] = {}  # of counters

    @property
    def streams(self) -> Streams:
        """The streams of all offices."""
        found: Streams = self._extensions["desk"].streams
        return found


_TOKENS: Any = ApiToken.__table__
_PEOPLE: Any = Person.__table__
_MEMBERSHIPS: Any = Membership.__table__
_STREAMS: Any = Stream.__table__
FIND = Prepared(
    select(
        _TOKENS.c.person_id,
        _TOKENS.c.office_id,
        _TOKENS.c.role,
        _TOKENS.c.scopes,
        _TOKENS.c.expires_at,
        _MEMBERSHIPS.c.role.label("held"),
        _STREAMS.c.configuration,
    )
    .join(_STREAMS, _STREAMS.c.office_id == _TOKENS.c.office_id)
    .join(_PEOPLE, _PEOPLE.c.id == _TOKENS.c.person_id)
    .join(
        _MEMBERSHIPS,
        (_MEMBERSHIPS.c.person_id == _TOKENS.c.person_id) & (_MEMBERSHIPS.c.office_id == _TOKENS.c.office_id),
    )
    .where(
        _TOKENS.c.token_hash == bindparam("token_hash"), _TOKENS.c.revoked_at.is_(None), _PEOPLE.c.disabled_at.is_(None)
    )
)


def authenticate(incoming: Incoming, known: Known, *, anew: bool = True) -> Bearer:
    """Return who the request's token belongs to; raise 401 without a valid one.

    A token acts with the role it was made for and no other, and only as long as its person still holds that role. Not
    `anew`, an earlier look-up will do: for requests whose operation finds out under the office's lock whether tokens,
    people or roles have changed since (`desk.operations.stream.Outdated`).
    """
    scheme, _, token = incoming.authorization.partition(" ")
    if scheme.lower() != "bearer" or not token.startswith(TOKEN_PREFIX):
        raise _unauthorized()
    token_hash = hash_of(token.strip())
    bearer = None if anew else known.bearers.get(token_hash)
    if bearer is None or not _lives(bearer.expires_at, known.streams.clock()):
        known.bearers.pop(token_hash, None)
        bearer = _look_up(known.streams, token_hash, incoming)
        if len(known.bearers) < KNOWN_AT_MOST:
            known.bearers[token_hash] = bearer
    return bearer


def _look_up(streams: Streams, token_hash: str, incoming: Incoming) -> Bearer:
    with streams.reading() as connection:
        rows = FIND.all(connection, {"token_hash": token_hash})
    live = [row for row in rows if row.held == row.role and _lives(row.expires_at, streams.clock())]
    if not live:
        _leave_word(streams, token_hash, incoming)
        raise _unauthorized()
    row = live[0]
    actor = Actor.staff(row.person_id, Role(row.role))
    return Bearer(actor, row.office_id, frozenset(row.scopes.split()), row.configuration, row.expires_at, token_hash)


def _leave_word(streams: Streams, token_hash: str, incoming: Incoming) -> None:
    """Leave word whose token it was that is worth nothing any more, so that its owners see that it is still used."""
    query = select(_TOKENS.c.person_id, _TOKENS.c.office_id).where(_TOKENS.c.token_hash == token_hash)
    with streams.reading() as connection:
        row = connection.execute(query).one_or_none()
    if row is not None:
        incoming.belongs_to(row.person_id, office_id=row.office_id, token_hash=token_hash)


def _lives(expires_at: datetime | None, now: datetime) -> bool:
    return expires_at is None or now < expires_at


def require_scope(bearer: Bearer, scope: Scope, office_id: int) -> None:
    """Raise `Refused(UNKNOWN)` for another office's things and `Refused(FORBIDDEN)` without the scope."""
    if bearer.office_id != office_id:
        raise Refused(Reason.UNKNOWN, id=office_id)
    if scope not in bearer.scopes:
        raise Refused(Reason.FORBIDDEN, scope=scope.value)


def _unauthorized() -> Unauthorized:
    return Unauthorized(
        "Send a valid token: Authorization: Bearer …", www_authenticate=WWWAuthenticate("bearer", {"realm": "desk"})
    )
