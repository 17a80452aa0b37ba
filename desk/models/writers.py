"""Connections for writing, whose transactions begin and end at the driver.

SQLAlchemy's own begin and commit cost as much as several of the statements between them. A writing connection is taken
out of the pool once, told to leave transactions alone, and used again and again; Core statements run on it as on any.
"""

import select
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.base import OptionEngine
from sqlalchemy.exc import SQLAlchemyError

from desk.models.engine import AWAY, BY_HAND
from desk.models.prepared import begin_deferring, flush, forget, send


class Writers:
    """The writing connections of one database; safe between threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(desk_writes=BY_HAND, isolation_level="AUTOCOMMIT")
        self._idle: deque[Connection] = deque()
        self._begin = "BEGIN IMMEDIATE" if engine.dialect.name == "sqlite" else "BEGIN"
        event.listen(_first(engine), "engine_disposed", self._close)
        if engine.dialect.name == "postgresql":
            event.listen(self._engine, "before_cursor_execute", _flush_before)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Yield a connection in a transaction that is committed at the end, or rolled back when something is raised."""
        connection = self._begun()
        try:
            yield connection
            send(connection, "COMMIT")
            flush(connection)
        except BaseException:
            self._roll_back(connection)
            raise
        self._idle.append(connection)

    def _begun(self) -> Connection:
        connection = self._taken() or self._opened()
        try:
            send(connection, self._begin)
        except BaseException:
            self._discard(connection)
            raise
        return connection

    def _taken(self) -> Connection | None:
        """Return one that is idle and alive, None when there is none; the dead are let go."""
        with suppress(IndexError):
            while True:
                connection = self._idle.pop()
                if not _has_died(connection):
                    return connection
                self._discard(connection)
        return None

    def _opened(self) -> Connection:
        connection = self._engine.connect()
        begin_deferring(connection)
        return connection

    def _roll_back(self, connection: Connection) -> None:
        forget(connection)
        try:
            send(connection, "ROLLBACK")
            flush(connection)
        except Exception:  # noqa: BLE001  what led here is told; this connection is of no more use
            self._discard(connection)
        else:
            self._idle.append(connection)

    def _discard(self, connection: Connection) -> None:
        with suppress(SQLAlchemyError, *AWAY):  # it may be beyond even that
            connection.invalidate()
            connection.close()

    def _close(self, engine: Engine) -> None:
        """Let go of the idle ones when the pool they came from is closed."""
        with suppress(IndexError):
            while True:
                self._discard(self._idle.pop())


def _first(engine: Engine) -> Engine:
    """Return the engine whose options the others only add to: what listens there hears whichever of them is disposed.

    SQLAlchemy has no public word for it.
    """
    while isinstance(engine, OptionEngine):
        engine = engine._proxied
    return engine


def _flush_before(connection: Connection, *statement: object) -> None:
    """Send what was kept back before a Core statement, which may read it."""
    flush(connection)


def _has_died(connection: Connection) -> bool:
    """Tell whether the server has hung up: nothing else makes a connection readable on which nothing was asked."""
    if connection.dialect.name == "sqlite":
        return False
    driver: Any = connection.connection.driver_connection
    if driver is None or driver.closed:
        return True
    waiting = select.poll()
    waiting.register(driver.fileno(), select.POLLIN)
    return bool(waiting.poll(0))
