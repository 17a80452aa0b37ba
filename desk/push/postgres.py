"""PostgreSQL's bell: one connection that listens, one that notifies, both apart from every domain transaction."""

import threading
from collections.abc import Callable, Iterable
from typing import Any

import psycopg
from sqlalchemy import Engine

from desk.push.persistent import Persistent

CHANNEL = "desk_events"
BREATH_SECONDS = 0.015
STOP_CHECK_SECONDS = 0.5
# A payload holds 8,000 bytes; an office id has ten digits and a comma.
MOST_OFFICES = 700

# A server that vanished without a word is noticed in about ten seconds.
_ALIVE = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3, "connect_timeout": 5}


class PostgresBell:
    """Listens, and notifies at most once in a breath, however often it is rung."""

    def __init__(self, engine: Engine) -> None:
        _, address = engine.dialect.create_connect_args(engine.url)
        self._address = dict(address)
        self._notifier = Notifier(self._address)
        self._listener: Listener | None = None

    def start(self, heard: Callable[[Iterable[int] | None], None]) -> None:
        self._listener = Listener(self._address, heard)
        self._listener.start()
        self._notifier.start()

    def ring(self, office_id: int) -> None:
        self._notifier.ring(office_id)

    def stop(self) -> None:
        self._notifier.stop()
        if self._listener is not None:
            self._listener.stop()


def _connect(address: dict[str, Any]) -> psycopg.Connection[Any]:
    return psycopg.connect(**{**_ALIVE, **address}, autocommit=True, application_name="desk push")


class Listener(Persistent):
    """Passes on which offices changed; after a gap of its own, that any may have."""

    def __init__(self, address: dict[str, Any], heard: Callable[[Iterable[int] | None], None]) -> None:
        super().__init__("push: listening to PostgreSQL")
        self._address = address
        self._heard = heard

    def attempt(self) -> None:
        with _connect(self._address) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            self._heard(None)
            while not self.stopping.is_set():
                for notification in connection.notifies(timeout=STOP_CHECK_SECONDS):
                    self._heard(offices_in(notification.payload))


class Notifier(Persistent):
    """Rings for everything that was rung since the last time; keeps it while the database is away."""

    def __init__(self, address: dict[str, Any]) -> None:
        super().__init__("push: notifying through PostgreSQL")
        self._address = address
        self._lock = threading.Lock()
        self._offices: set[int] = set()
        self._rung = threading.Event()

    def ring(self, office_id: int) -> None:
        with self._lock:
            self._offices.add(office_id)
        self._rung.set()

    def attempt(self) -> None:
        with _connect(self._address) as connection:
            while not self.stopping.wait(BREATH_SECONDS):
                if self._rung.wait(STOP_CHECK_SECONDS):
                    self._notify(connection)

    def _notify(self, connection: psycopg.Connection[Any]) -> None:
        self._rung.clear()
        with self._lock:
            offices, self._offices = sorted(self._offices), set()
        try:
            for start in range(0, len(offices), MOST_OFFICES):
                payload = ",".join(map(str, offices[start : start + MOST_OFFICES]))
                connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, payload))
        except psycopg.Error:
            for office_id in offices:
                self.ring(office_id)
            raise


def offices_in(payload: str) -> list[int]:
    """Return the office ids of a notification; anybody may notify, so what is not a number is passed over."""
    return [int(part) for part in payload.split(",") if part.isascii() and part.isdigit()]
