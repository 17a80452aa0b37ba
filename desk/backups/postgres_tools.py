"""The programs that come with PostgreSQL: where they are, whether they fit the server, what they said."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import IO, Any, Final

from psycopg.conninfo import make_conninfo
from sqlalchemy import Connection, make_url

PROGRAMS: Final = ("pg_dump", "pg_restore", "psql")
_INSTALLED: Final = Path("/usr/lib/postgresql")
_VERSION: Final = re.compile(r"\(PostgreSQL\) (\d+)")


class ToolTrouble(Exception):
    """A program is missing, too old, or could not do it; the message says so in a sentence."""


class Tools:
    """The programs for one database; their passwords go by the environment, since anybody can read a command line."""

    def __init__(self, url: str, server: int) -> None:
        self._server = server
        kwargs = _arguments(url)
        password = kwargs.pop("password", None)
        self._conninfo = make_conninfo("", **kwargs)
        self.environ = {**os.environ, "PGCONNECT_TIMEOUT": "30", **({"PGPASSWORD": password} if password else {})}

    @classmethod
    def of(cls, connection: Connection, url: str) -> "Tools":
        """Return the programs for the server of a connection."""
        return cls(url, int(connection.exec_driver_sql("SHOW server_version_num").scalar_one()) // 10_000)

    def require(self) -> None:
        """Raise `ToolTrouble` unless all that a backup takes is there, and none older than the server."""
        for program in PROGRAMS:
            self._path(program)

    def command(self, program: str, *arguments: str, connects: bool = True) -> list[str]:
        """Return the command for a program; raise `ToolTrouble` where it is not there or older than the server."""
        database = [f"--dbname={self._conninfo}"] if connects else []
        return [str(self._path(program)), *database, *arguments]

    def run(self, program: str, *arguments: str, connects: bool = True, **options: Any) -> None:
        """Run a program to its end; raise `ToolTrouble` with what it said where it fails."""
        done = subprocess.run(  # noqa: S603  arguments are our own
            self.command(program, *arguments, connects=connects),
            env=self.environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, **options,
        )  # fmt: skip
        if done.returncode:
            raise ToolTrouble(said(program, done.stderr))

    def _path(self, program: str) -> Path:
        found = {path: _version(path) for path in _candidates(program)}
        fitting = {path: version for path, version in found.items() if version >= self._server}
        if fitting:
            return min(fitting, key=lambda path: fitting[path])
        of = f"of PostgreSQL {self._server} or newer (Debian: apt install postgresql-client-{self._server})"
        if not found:
            raise ToolTrouble(f"{program} is not installed: it takes the client programs {of}.")
        raise ToolTrouble(f"{program} is of version {max(found.values())}, older than the server: it takes one {of}.")


def said(program: str, stderr: str) -> str:
    """Return what a program complained of: its first error."""
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    wrong = [line for line in lines if "ERROR" in line or "error:" in line or "FATAL" in line]
    return f"{program}: {(wrong or lines or ['it ended without a word'])[0]}"


def reread(file: IO[bytes]) -> str:
    """Return what was written into a file."""
    file.seek(0)
    return file.read().decode(errors="replace")


def missing_tools() -> list[str]:
    """Return which of the programs that backups take are not installed here."""
    return [program for program in PROGRAMS if not _candidates(program)]


def _arguments(url: str) -> dict[str, Any]:
    parsed = make_url(url)
    dialect: Any = parsed.get_dialect()()
    _, kwargs = dialect.create_connect_args(parsed)
    return dict(kwargs)


def _candidates(program: str) -> list[Path]:
    """Return where a program lies: Debian keeps versions apart, and what it has on the PATH only chooses one."""
    installed = sorted(_INSTALLED.glob(f"*/bin/{program}"))
    on_path = shutil.which(program)
    return installed or ([Path(on_path)] if on_path else [])


def _version(path: Path) -> int:
    done = subprocess.run([str(path), "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    found = _VERSION.search(done.stdout)
    return int(found[1]) if found else 0
