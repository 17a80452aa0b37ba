"""The heart of a worker: it says in the database that it goes round, and forgets those who long have not."""

import secrets
import socket
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Engine, delete, insert, update

import desk
from desk.models import Heartbeat

BEATS: Final[Any] = Heartbeat.__table__
EVERY: Final = timedelta(seconds=10)
FORGOTTEN_AFTER: Final = timedelta(days=1)


class Heart:
    """One for a worker process."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(desk_writes=True)
        self._name = secrets.token_hex(16)
        self._machine = sha256(socket.gethostname().encode()).hexdigest()[:16]
        self._began: datetime | None = None
        self._last: datetime | None = None

    def beat(self, at: datetime) -> bool:
        """Write down that the worker went round, unless it did within the last ten seconds; returns whether it did.

        A clock that was set back is no reason to wait until it has caught up.
        """
        if self._last is not None and self._last <= at < self._last + EVERY:
            return False
        self._began = self._began or at
        with self._engine.begin() as connection:
            known = connection.execute(update(BEATS).where(BEATS.c.name == self._name).values(at=at)).rowcount
            if not known:
                connection.execute(insert(BEATS), self._row(at))
                connection.execute(delete(BEATS).where(BEATS.c.at < at - FORGOTTEN_AFTER))
        self._last = at
        return True

    def _row(self, at: datetime) -> dict[str, Any]:
        version = desk.__version__
        return {
            "name": self._name, "at": at, "started_at": self._began, "version": version, "machine": self._machine
        }  # fmt: skip
