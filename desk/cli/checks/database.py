"""The database: which it is, whether it is of this version, whether it keeps what it says it has kept."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from desk.cli import database
from desk.cli.checks.base import Result, Subject, Unreadable, fault, good, warning
from desk.cli.refusing import reason_of
from desk.demo.loading import PASSWORDS, has_demo_staff, is_demo_in_use
from desk.models.engine import sqlite_fault
from desk.serving import usual_processes
from desk.settings_values import LOOPBACK

OLDEST_POSTGRES: Final = 130_000
POOL: Final = 40  # connections that a process may hold at most
FULL: Final = 2  # PRAGMA synchronous


def check_library(subject: Subject) -> Iterator[Result]:
    """Whether the SQLite library is one that cannot damage the file."""
    if not subject.settings.on_sqlite:
        yield good("SQLite is not used.")
    elif (said := sqlite_fault()) is not None:
        yield fault(f"{said}.", "Take a Python with a newer one, or PostgreSQL (DATABASE_URL).")
    else:
        yield good("The SQLite library is a safe one.")


def check_revision(subject: Subject) -> Iterator[Result]:
    """Whether the database is there, answers, and is at this program's revision."""
    url, wanted = subject.settings.database, database.head()
    if not database.exists(url):
        yield fault("There is no database yet.", "Make one with `desk up`, `desk init` or `desk db upgrade`.")
        return
    try:
        found = database.current(url)
    except SQLAlchemyError as error:
        yield fault(reason_of(error), "Look at DATABASE_URL, and whether the database server runs.")
        return
    if found == wanted:
        yield good(f"The database is at revision {wanted}.")
    elif found is not None and not database.knows(found):
        yield fault(f"A newer program made the database ({found}).", "Install that version of the desk again.")
    else:
        yield fault(f"The database is at revision {found or 'none'}, not {wanted}.", "Run `desk db upgrade`.")


def check_durable(subject: Subject) -> Iterator[Result]:
    """Whether what was acknowledged outlives a power cut."""
    if subject.engine is None:
        raise Unreadable
    with subject.engine.connect() as connection:
        if subject.settings.on_sqlite:
            yield from _sqlite_settings(connection)
        else:
            yield from _postgres_settings(connection)


def check_whole(subject: Subject) -> Iterator[Result]:
    """Whether the pages of SQLite's file fit together; PostgreSQL looks at its own."""
    if not subject.settings.on_sqlite:
        yield good("PostgreSQL looks after its own files.")
        return
    with subject.reading() as connection:
        said = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
    if said == "ok":
        yield good("The file of the database is whole.")
    else:
        yield fault(f"The file of the database is damaged: {said}", "Stop the desk, and restore the last backup.")


def check_role(subject: Subject) -> Iterator[Result]:
    """Whether PostgreSQL knows the desk by a role that may no more than it needs."""
    if subject.settings.on_sqlite:
        yield good("SQLite has no roles.")
        return
    with subject.reading() as connection:
        above = connection.execute(text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")).scalar_one()
    if above:
        yield warning("The desk is a superuser of PostgreSQL.", "Make a role that owns this database and nothing else.")
    else:
        yield good("The desk is no superuser of PostgreSQL.")


def check_connections(subject: Subject) -> Iterator[Result]:
    """Whether PostgreSQL takes as many connections as the processes may open."""
    if subject.settings.on_sqlite:
        yield good("Connections to SQLite are not limited.")
        return
    processes = subject.settings.processes or usual_processes(subject.settings.database)
    needed = POOL * (processes + 1)
    with subject.reading() as connection:
        most = int(connection.execute(text("SHOW max_connections")).scalar_one())
    said = f"PostgreSQL takes {most} connections; {processes} processes and the worker may open {needed}."
    yield good(said) if most >= needed else warning(said, "Raise max_connections, or lower DESK_PROCESSES.")


def check_password(subject: Subject) -> Iterator[Result]:
    """Whether PostgreSQL is reached by TLS where it stands on another machine."""
    url = make_url(subject.settings.database)
    host = url.host or ""
    if subject.settings.on_sqlite or not host or host in LOOPBACK or host.startswith("/"):
        yield good("The database is on this machine.")
    elif url.query.get("sslmode") in ("require", "verify-ca", "verify-full"):
        yield good("The database is reached by TLS.")
    else:
        yield warning("The database is reached without TLS for certain.", "Add ?sslmode=verify-full to DATABASE_URL.")


def check_demo(subject: Subject) -> Iterator[Result]:
    """Whether this is the demo, or its passwords are still lying there."""
    if subject.engine is None or not subject.is_current:
        raise Unreadable
    if is_demo_in_use(subject.engine):
        yield fault(
            "This is the demo, with made-up staff.", "Open an office of your own: `desk init`, in a new data folder."
        )
    elif has_demo_staff(subject.engine):
        yield warning(
            "The demo offices are retired, and their made-up staff can still sign in.", "Deactivate them (page Staff)."
        )
    elif (file := subject.settings.data / PASSWORDS).exists():
        yield warning(f"The passwords of a demo are still in {file}.", "Remove the file.")
    else:
        yield good("This is not the demo.")


def _sqlite_settings(connection: Connection) -> Iterator[Result]:
    found = {
        name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
        for name in ("synchronous", "journal_mode", "foreign_keys", "secure_delete")
    }
    wanted = {"synchronous": FULL, "journal_mode": "wal", "foreign_keys": 1, "secure_delete": 1}
    wrong = [f"{name} is {found[name]}" for name, value in wanted.items() if found[name] != value]
    if wrong:
        yield fault(f"SQLite does not keep what it takes: {', '.join(wrong)}.", "Let only the desk open the file.")
    else:
        yield good("SQLite writes through to the disk before it answers.")


def _postgres_settings(connection: Connection) -> Iterator[Result]:
    version = int(connection.execute(text("SHOW server_version_num")).scalar_one())
    if version < OLDEST_POSTGRES:
        yield fault(f"PostgreSQL {version // 10_000} is too old.", "Take 13 or newer.")
    found = {
        name: connection.execute(text(f"SHOW {name}")).scalar_one()
        for name in ("fsync", "full_page_writes", "synchronous_commit")
    }
    wrong = [f"{name} is {value}" for name, value in found.items() if value in ("off", "local")]
    if wrong:
        yield fault(f"PostgreSQL may lose what it acknowledged: {', '.join(wrong)}.", "Switch it on.")
    else:
        yield good("PostgreSQL writes through to the disk before it answers.")
    encoding = connection.execute(text("SHOW server_encoding")).scalar_one()
    if encoding != "UTF8":
        yield fault(f"The database is kept in {encoding}.", "Make it anew with ENCODING 'UTF8'.")
