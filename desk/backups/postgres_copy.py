"""A copy of a PostgreSQL database, taken while others write, and putting one back in one transaction."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from time import monotonic, sleep
from typing import IO, Final

from sqlalchemy import Connection, text

from desk.backups.manifest import BadBackup, Contents, read_contents
from desk.backups.postgres_tools import Tools, ToolTrouble, reread, said
from desk.models.engine import open_engine

# Rate limits are counted anew; they are no records.
_NOT_OURS: Final = "--exclude-schema=desk_limiting"
_DUMP: Final = ("--format=custom", "--no-owner", "--no-privileges", _NOT_OURS)
_RESTORED: Final = "restored "
# Everything of the schema but what extensions brought: an older backup knows nothing of the tables that came later.
_CLEAR: Final = """
DO $clear$
DECLARE each text;
BEGIN
    FOREACH each IN ARRAY ARRAY(
        SELECT format('DROP %s IF EXISTS public.%I CASCADE', CASE c.relkind WHEN 'S' THEN 'SEQUENCE'
            WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END, c.relname)
        FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
            AND NOT EXISTS (SELECT FROM pg_depend d
                WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
    ) || ARRAY(
        SELECT format('DROP ROUTINE IF EXISTS public.%I(%s) CASCADE', p.proname,
            pg_get_function_identity_arguments(p.oid))
        FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
            AND NOT EXISTS (SELECT FROM pg_depend d
                WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
    ) LOOP
        EXECUTE each;
    END LOOP;
END $clear$;
"""
_BEGIN: Final = "BEGIN;\nSET LOCAL lock_timeout = '30s';\nSET LOCAL client_min_messages = warning;\n"
LEAVING_SECONDS: Final = 2.0
LOOK_SECONDS: Final = 0.05
_OTHERS: Final = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND backend_type = 'client backend'"
)
_MARKED: Final = text("SELECT obj_description(to_regclass('public.alembic_version'), 'pg_class')")


@contextmanager
def _snapshot(url: str) -> Iterator[Connection]:
    engine = open_engine(url)
    try:
        with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            yield connection
    finally:
        engine.dispose()


def copy(url: str, target: Path) -> Contents:
    """Dump the database as it is at one instant and read the dump through; return what it holds.

    Raises `BadBackup` where there is nothing of the desk, `ToolTrouble` where a program is missing or fails.
    """
    with _snapshot(url) as connection:
        shared = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
        found = read_contents(connection)
        if found is None:
            raise BadBackup("There is nothing of the desk in the database.")
        tools = Tools.of(connection, url)
        target.touch(mode=0o600)
        tools.run("pg_dump", *_DUMP, f"--snapshot={shared}", f"--file={target}")
    tools.run("pg_restore", "--file=/dev/null", str(target), connects=False)
    return found


def examine(url: str, dump: Path) -> None:
    """Read a dump through with the programs that will restore it; raise `ToolTrouble` where they cannot."""
    with _snapshot(url) as connection:
        tools = Tools.of(connection, url)
    tools.run("pg_restore", "--file=/dev/null", str(dump), connects=False)
    tools.command("psql")


def count_others(url: str) -> int:
    """Return how many other programs are connected to the database.

    Who has just gone is there for a moment longer; so those who are there are looked at again for some seconds.
    """
    engine = open_engine(url).execution_options(isolation_level="AUTOCOMMIT")
    until = monotonic() + LEAVING_SECONDS
    try:
        with engine.connect() as connection:
            while (others := int(connection.execute(_OTHERS).scalar_one())) and monotonic() < until:
                sleep(LOOK_SECONDS)
    finally:
        engine.dispose()
    return others


def find_contents(url: str) -> Contents | None:
    """Return what the database holds, None where there is nothing of the desk."""
    with _snapshot(url) as connection:
        return read_contents(connection)


def is_restored(url: str, attempt: str) -> bool:
    """Tell whether this attempt to restore was the last to succeed; waits for one that is still under way."""
    with _snapshot(url) as connection:
        if connection.dialect.has_table(connection, "alembic_version"):
            connection.exec_driver_sql("LOCK TABLE alembic_version IN ACCESS SHARE MODE")
            connection.rollback()  # what was decided meanwhile is seen by a new snapshot only
        return bool(connection.execute(_MARKED).scalar() == _RESTORED + attempt)


def restore(url: str, dump: Path, attempt: str, *, holding: int) -> None:
    """Put a dump in the place of what the database holds, in one transaction that leaves the attempt's name in it.

    `holding` is the descriptor of a lock that lasts until the database has decided, even if this process is killed.
    Whoever dies on the way leaves the pipe before the COMMIT, and the database as it was.
    """
    with _snapshot(url) as connection:
        tools = Tools.of(connection, url)
    reading = tools.command("pg_restore", "--file=-", "--no-owner", "--no-privileges", "--exit-on-error", str(dump),
                            connects=False)  # fmt: skip
    writing = tools.command("psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1")
    with TemporaryFile() as errors:
        psql = subprocess.Popen(  # noqa: S603  arguments are our own
            writing, env=tools.environ, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=errors,
            pass_fds=(holding,),
        )  # fmt: skip
        try:
            with psql:
                _send(psql, reading, f"COMMENT ON TABLE public.alembic_version IS '{_RESTORED}{attempt}';\nCOMMIT;\n")
        except BrokenPipeError as error:
            raise ToolTrouble(said("psql", reread(errors))) from error
        if psql.returncode:
            raise ToolTrouble(said("psql", reread(errors)))


def _send(psql: "subprocess.Popen[bytes]", reading: list[str], end: str) -> None:
    """Send a whole transaction; where the dump cannot be read to its end, everything but the end."""
    script = psql.stdin
    if script is None:
        raise ToolTrouble("psql does not listen.")
    script.write((_BEGIN + _CLEAR).encode())
    _send_dump(reading, script)
    script.write(end.encode())


def _send_dump(reading: list[str], script: IO[bytes]) -> None:
    with TemporaryFile() as errors:
        with subprocess.Popen(  # noqa: S603  arguments are our own
            reading, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors
        ) as source:
            if source.stdout is not None:
                shutil.copyfileobj(source.stdout, script, 1 << 20)
        if source.returncode:
            raise ToolTrouble(said("pg_restore", reread(errors)))
