"""What a check is given and what it answers."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, Engine

from desk.settings import Settings


class Level(StrEnum):
    """How it stands."""

    GOOD = "good"
    WARNING = "warning"  # an office can open with it, and should know
    FAULT = "fault"  # it should not open
    UNKNOWN = "unknown"  # it could not be looked at


@dataclass(frozen=True, slots=True)
class Result:
    """What was found, and what to do about it where it is not good."""

    level: Level
    said: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """An installation: its settings, its environment, its database where that can be opened."""

    settings: Settings
    environment: Mapping[str, str]
    now: datetime
    engine: Engine | None
    is_current: bool  # whether the database is at this program's revision

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection for reading; raises `Unreadable` where there is none, or of another version."""
        if self.engine is None or not self.is_current:
            raise Unreadable
        with self.engine.connect() as connection:
            yield connection


class Unreadable(Exception):
    """The database is not there, or not at this program's revision; a check of its own says so."""


Check = Callable[[Subject], Iterable[Result]]


def good(said: str) -> Result:
    """Return that all is well."""
    return Result(Level.GOOD, said)


def warning(said: str, remedy: str) -> Result:
    """Return what an office should know."""
    return Result(Level.WARNING, said, remedy)


def fault(said: str, remedy: str) -> Result:
    """Return what has to be mended first."""
    return Result(Level.FAULT, said, remedy)


def unknown(said: str, remedy: str = "") -> Result:
    """Return what could not be looked at."""
    return Result(Level.UNKNOWN, said, remedy)
