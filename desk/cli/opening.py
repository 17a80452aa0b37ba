"""Opening the desk for a command: its settings, its folder and secrets, its database at the right version."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click
from sqlalchemy import Connection, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from desk import logs
from desk.backups.locking import LOCK, Busy, alone, in_turn, together
from desk.backups.restoring import place_of, settle_restore
from desk.cli import database
from desk.cli.owners import require_own
from desk.cli.refusing import Trouble, reason_of
from desk.models import Office
from desk.models.engine import open_engine, sqlite_fault
from desk.operations.stream import Streams
from desk.secret_names import AT_THE_START
from desk.settings import BEFORE_UPGRADE, Settings, load_keys, load_settings

LOG: Final = logging.getLogger(__name__)
UPGRADE_LOCK: Final = "upgrade.lock"
OWNER_ONLY: Final = 0o700
DRIVERS: Final = frozenset({"sqlite", "sqlite+pysqlite", "postgresql+psycopg"})


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


def read_settings(*, makes: bool = True) -> Settings:
    """Return the settings of the environment, and work in their data folder until the command ends.

    A restore that was killed is carried out or forgotten first. Raises `Trouble` naming the setting that cannot be
    understood, while a restore is under way, and in the data folder of another user. What only looks `makes` nothing.
    """
    settings = parse_settings()
    require_own(settings.data)
    _enter(settings, makes=makes)
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


def _enter(settings: Settings, *, makes: bool = True) -> None:
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
        command.with_resource(together(lock, makes=makes))
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
    for name in AT_THE_START:
        settings.secret(name)
    upgrade(settings)


def require_safe_library(settings: Settings) -> None:
    """Raise `Trouble` rather than keep data in a library that can lose it."""
    fault = sqlite_fault() if settings.on_sqlite else None
    if fault is not None:
        raise Trouble(f"{fault}. Take a Python that has one, or PostgreSQL (DATABASE_URL).")


def upgrade(settings: Settings, *, backs_up: bool = True) -> None:
    """Bring the database up to this program, after a backup where one is wanted and there is something to lose.

    Of several processes that start at once one does it, and the others wait. Raises `Trouble` for a database that a
    newer program made, and where the backup fails: nothing is changed then.
    """
    require_safe_library(settings)
    if _revision(settings) == database.head():
        database.upgrade(settings.database)  # whoever was killed may have left the planner untold
        return
    if settings.on_sqlite:
        Path(make_url(settings.database).database or ".").parent.mkdir(parents=True, exist_ok=True)
    with in_turn(settings.data / UPGRADE_LOCK):
        known = _revision(settings)
        if backs_up and known is not None and known != database.head():
            _back_up(settings, known)
        database.upgrade(settings.database)


def _revision(settings: Settings) -> str | None:
    """Return the database's revision; raise `Trouble` for one that a newer program made."""
    known = database.current(settings.database)
    if known is not None and not database.knows(known):
        raise Trouble(f"The database is of revision {known}, which this program does not know: it is too old for it.")
    return known


def _back_up(settings: Settings, revision: str) -> None:
    """Make a backup of the database as it is before an upgrade, if it is wanted."""
    wanted = settings.backups.before_upgrade
    if not (settings.on_sqlite if wanted is None else wanted):
        return
    from desk.backups.making import make_backup
    from desk.backups.ordering import FAILURES, order_of

    try:
        made = make_backup(order_of(settings), at=datetime.now(UTC))
    except FAILURES as error:
        why = f"{reason_of(error)} ({BEFORE_UPGRADE}=0 upgrades without)"
        raise Trouble(f"Nothing was upgraded: the backup before it failed. {why}") from error
    except Busy as error:
        raise Trouble("Nothing was upgraded: somebody makes a backup just now. Try again when it has ended.") from error
    LOG.warning("made the backup %s before the upgrade from revision %s", made.file, revision)


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
    """Send the program's log to standard error."""
    logs.log_to_stderr(settings.log_level, settings.log_format)
