"""Opening the desk for a command: its settings, its folder and secrets, its database at the right version."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click
from sqlalchemy import Connection, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from desk.backups.locking import LOCK, Busy, alone, together
from desk.backups.restoring import place_of, settle_restore
from desk.cli import database
from desk.cli.refusing import Trouble
from desk.models import Office
from desk.models.engine import open_engine, sqlite_fault
from desk.operations.stream import Streams
from desk.settings import Settings, load_keys, load_settings

OWNER_ONLY: Final = 0o700
DRIVERS: Final = frozenset({"sqlite", "sqlite+pysqlite", "postgresql+psycopg"})
LOG_FORMAT: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"


@dataclass(frozen=True, slots=True)
class OpenDesk:
    """What a command works with."""

    settings: Settings
    streams: Streams


@dataclass(frozen=True, slots=True)
class OfficeChoice:
    """The office a command is about."""

    id: int
    code: str
    name: str


def read_settings() -> Settings:
    """Return the settings of the environment, and work in their data folder until the command ends.

    A restore that was killed is carried out or forgotten first. Raises `Trouble` naming the setting that cannot be
    understood, or while a restore is under way.
    """
    settings = parse_settings()
    _enter(settings)
    return settings


def parse_settings() -> Settings:
    """Return the settings of the environment; raise `Trouble` naming the one that cannot be understood."""
    try:
        settings = load_settings()
    except ValueError as error:
        raise Trouble(str(error)) from error
    if _driver(settings.database) not in DRIVERS:
        raise Trouble("DATABASE_URL must begin with postgresql:// or sqlite:///, and lead to a database.")
    if logging.getLevelNamesMapping().get(settings.log_level.upper()) is None:
        raise Trouble(f"DESK_LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR, not {settings.log_level!r}")
    return settings


def _enter(settings: Settings) -> None:
    """Hold the data folder together with whoever else works in it; processes that are forked hold it too."""
    command = click.get_current_context(silent=True)
    if command is None or not settings.data.is_dir():
        return
    lock = settings.data / LOCK
    place = place_of(settings.database, settings.data)
    try:
        if place.is_begun:
            with alone(lock):
                settle_restore(place, settings.database)
        command.with_resource(together(lock))
    except Busy as error:
        raise Trouble("A restore is under way in this data folder. Try again when it has ended.") from error


def _driver(url: str) -> str | None:
    try:
        return make_url(url).drivername
    except (ArgumentError, ValueError):
        return None


def prepare(settings: Settings) -> None:
    """Make the data folder and the secrets that are not there yet, and bring the database up to this program."""
    if not settings.data.exists():
        settings.data.mkdir(parents=True, mode=OWNER_ONLY)
        _enter(settings)
    for name in ("links", "cookies"):
        settings.secret(name)
    settings.chain_keys()
    upgrade(settings)


def require_safe_library(settings: Settings) -> None:
    """Raise `Trouble` rather than keep data in a library that can lose it."""
    fault = sqlite_fault() if settings.on_sqlite else None
    if fault is not None:
        raise Trouble(f"{fault}. Take a Python that has one, or PostgreSQL (DATABASE_URL).")


def upgrade(settings: Settings, revision: str = "head") -> None:
    """Bring the database to a revision; raise `Trouble` for one that a newer program made."""
    require_safe_library(settings)
    known = database.current(settings.database)
    if known is not None and not database.knows(known):
        raise Trouble(f"The database is of revision {known}, which this program does not know: it is too old for it.")
    if make_url(settings.database).get_backend_name() == "sqlite":
        Path(make_url(settings.database).database or ".").parent.mkdir(parents=True, exist_ok=True)
    database.upgrade(settings.database, revision)


@contextmanager
def opened(settings: Settings | None = None) -> Iterator[OpenDesk]:
    """Open the desk of this environment; raise `Trouble` when its database is not there or not of this version.

    Whoever holds the data folder already gives the settings.
    """
    settings = settings or read_settings()
    require_current(settings)
    engine = open_engine(settings.database)
    try:
        yield OpenDesk(settings, Streams(engine, load_keys(settings)))
    finally:
        engine.dispose()


def require_current(settings: Settings) -> None:
    """Raise `Trouble` unless the database is at this program's revision, and safe."""
    require_safe_library(settings)
    if not database.exists(settings.database):
        raise Trouble("There is no database yet. Make one with `desk up` or `desk db upgrade`.")
    found, wanted = database.current(settings.database), database.head()
    if found != wanted:
        raise Trouble(f"The database is at revision {found or 'none'}, not {wanted}. Run `desk db upgrade`.")


def get_office(connection: Connection, code: str | None) -> OfficeChoice:
    """Return the office with this code, the first one without; raise `Trouble` when there is none."""
    rows = connection.execute(select(Office.id, Office.code, Office.name).order_by(Office.id)).tuples().all()
    offices = [OfficeChoice(*row) for row in rows]
    if not offices:
        raise Trouble("There is no office yet. Open one with `desk init`, or load the demo with `desk demo`.")
    found = next((each for each in offices if code is None or each.code == code), None)
    if found is None:
        raise Trouble(f"There is no office {code!r}. There are: {', '.join(each.code for each in offices)}.")
    return found


def log_to_stderr(settings: Settings) -> None:
    """Send the program's log to standard error, asking of each line only what is written in it."""
    logging.basicConfig(level=settings.log_level.upper(), format=LOG_FORMAT)
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging.getLogger("alembic").setLevel(logging.WARNING)
