"""Open sessions of somebody: since when, seen last, on what, from which network."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from desk.domain.signing_in import How
from desk.models import StaffSession
from desk.reads.reader import Reader

SESSIONS: Any = StaffSession.__table__
HANDLE = 16


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One session; `handle` is the beginning of its secret's hash, by which it is ended and which opens nothing."""

    handle: str
    started_at: datetime
    seen_at: datetime
    how: How
    device: str
    source: str
    is_this: bool


def list_sessions(
    reader: Reader, person_id: int, *, at: datetime, idle: timedelta | None, this: str | None = None
) -> list[OpenSession]:
    """Return the open sessions of somebody, seen last first; `this` is the hash of the one that asks."""
    live = [SESSIONS.c.person_id == person_id, SESSIONS.c.ended_at.is_(None), SESSIONS.c.expires_at > at]
    if idle is not None:
        live.append(SESSIONS.c.seen_at > at - idle)
    rows = reader.execute(select(SESSIONS).where(*live).order_by(SESSIONS.c.seen_at.desc(), SESSIONS.c.secret_hash))
    return [
        OpenSession(
            row.secret_hash[:HANDLE],
            row.started_at,
            row.seen_at,
            How(row.how or How.PASSWORD),
            row.device or "",
            row.source or "",
            row.secret_hash == this,
        )
        for row in rows
    ]
