"""How one process hears that another has committed.

PostgreSQL: NOTIFY with office ids, on a connection of its own and after the commit (inside a transaction it would
serialize the commits of the whole database). SQLite: the file's own change counter. Bells are a courtesy: what no bell
rang for is found by the reader's look around once a second.
"""

from collections.abc import Callable, Iterable
from typing import Protocol

from sqlalchemy import Engine

from desk.push.postgres import PostgresBell
from desk.push.sqlite import SqliteBell

Heard = Callable[[Iterable[int] | None], None]


class Bell(Protocol):
    """Between the processes of one database."""

    def start(self, heard: Heard) -> None:
        """Call `heard` with the offices that changed, None for "somewhere", from a thread of the bell's own."""

    def ring(self, office_id: int) -> None:
        """Tell the other processes; returns at once and never raises."""

    def stop(self) -> None:
        """Hear and tell no more."""


def bell_for(engine: Engine) -> Bell:
    """Return the bell of this database."""
    return PostgresBell(engine) if engine.dialect.name == "postgresql" else SqliteBell(engine)
