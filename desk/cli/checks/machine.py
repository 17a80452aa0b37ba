"""The machine and the data folder: who may read it, whether there is room, whether the clock is right."""

import os
import resource
import shutil
import stat
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import func, select

from desk.cli.checks.base import Result, Subject, fault, good, unknown, warning
from desk.models import EventRow
from desk.secret_names import AT_THE_START
from desk.settings import SECRET_BYTES

ROOM_FAULT: Final = 200 << 20  # bytes
ROOM_WARNING: Final = 2 << 30
FEWEST_FILES: Final = 2_048  # a stream holds one, and so does each request
AHEAD: Final = timedelta(minutes=5)
NETWORK_DISKS: Final = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "fuse.davfs", "afs"})
SYNCHRONIZED: Final = Path("/run/systemd/timesync/synchronized")
NEWEST_PYTHON: Final = (3, 14)  # the newest that the tests run on is 3.13


def check_python(subject: Subject) -> Iterator[Result]:
    """Whether this Python is one the desk was tried on."""
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] >= NEWEST_PYTHON:
        yield warning(f"Python {found} is newer than those the desk was tried on.", "Take Python 3.11, 3.12 or 3.13.")
    else:
        yield good(f"Python {found}")


def check_user(subject: Subject) -> Iterator[Result]:
    """Whether the desk runs with more rights than it needs."""
    if os.geteuid() == 0:
        yield warning("It runs as root.", "Make a user of its own for it, who owns the data folder and nothing else.")
    else:
        yield good("It does not run as root.")


def check_folder(subject: Subject) -> Iterator[Result]:
    """Whether the data folder is there, can be written, and is nobody else's to read."""
    folder = subject.settings.data
    if not folder.is_dir():
        yield fault(f"The data folder {folder} is not there.", "Start the desk once (`desk up`), or set DESK_DATA.")
        return
    if not os.access(folder, os.W_OK | os.X_OK):
        yield fault(f"The data folder {folder} cannot be written.", "Give it to the user that the desk runs as.")
        return
    yield from _private(folder, "The data folder", others=stat.S_IRWXG | stat.S_IRWXO, mode="0700")


def check_disk(subject: Subject) -> Iterator[Result]:
    """Whether there is room on the disk of the data folder."""
    try:
        free = shutil.disk_usage(subject.settings.data).free
    except OSError as error:
        yield unknown(f"How much room the disk has is not known: {error.strerror}.")
        return
    said = f"{free / (1 << 30):.1f} GiB are free for the data folder."
    if free < ROOM_FAULT:
        yield fault(said, "Make room: the desk takes no numbers once the disk is full.")
    elif free < ROOM_WARNING:
        yield warning(said, "Make room, or give the data folder a larger disk.")
    else:
        yield good(said)


def check_local_disk(subject: Subject) -> Iterator[Result]:
    """Whether SQLite's file lies on a disk of this machine: file locks of a network disk cannot be relied on."""
    if not subject.settings.on_sqlite:
        yield good("The database is not a file.")
        return
    kind = _kind_of_disk(subject.settings.data.absolute())
    if kind is None:
        yield unknown("What kind of disk the database lies on is not known.")
    elif kind in NETWORK_DISKS:
        yield fault(
            f"The SQLite database lies on a network disk ({kind}), where it can be damaged.",
            "Move the data folder to a disk of this machine, or take PostgreSQL.",
        )
    else:
        yield good(f"The database lies on a disk of this machine ({kind}).")


def check_secrets(subject: Subject) -> Iterator[Result]:
    """Whether each secret is long, its own, and readable by its owner only."""
    folder = subject.settings.data / "secrets"
    files = sorted(file for file in folder.glob("[!.]*") if file.is_file()) if folder.is_dir() else []
    if not set(AT_THE_START) <= {file.name for file in files}:
        yield fault(
            f"Secrets are missing in {folder}.",
            "At the first start the desk makes them. If it ran before, put back those it ran with: links that were"
            " given out and the audit trail depend on them.",
        )
        return
    yield from _private(folder, "The folder of the secrets", others=stat.S_IRWXG | stat.S_IRWXO, mode="0700")
    seen: dict[str, str] = {}
    for file in files:
        yield from _private(file, f"The secret {file.name}", others=stat.S_IRWXG | stat.S_IRWXO, mode="0600")
        try:
            text = file.read_text(encoding="ascii").strip()
            secret = bytes.fromhex(text)
        except (OSError, ValueError):
            yield fault(f"The secret {file.name} cannot be read.", "Put back the one the desk ran with.")
            continue
        if len(secret) < SECRET_BYTES or len(set(secret)) < SECRET_BYTES // 4:
            yield fault(f"The secret {file.name} is too weak.", "Let the desk make it: nobody should think one up.")
        elif text in seen:
            yield fault(f"The secrets {seen[text]} and {file.name} are the same.", "Each has to be its own.")
        seen.setdefault(text, file.name)


def check_files(subject: Subject) -> Iterator[Result]:
    """Whether enough files may be open: every screen that listens holds one."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= soft < FEWEST_FILES:
        yield warning(f"{soft} files may be open at a time.", f"Raise the limit to {FEWEST_FILES}: `ulimit -n`.")
    else:
        yield good("Enough files may be open at a time.")


def check_clock(subject: Subject) -> Iterator[Result]:
    """Whether the clock is right, as far as can be seen from here: it never stands before the newest event."""
    with subject.reading() as connection:
        newest: datetime | None = connection.execute(select(func.max(EventRow.at))).scalar_one()
    if newest is not None and newest - subject.now > AHEAD:
        yield fault(
            f"The clock says {_time(subject.now)}, and something happened at {_time(newest)} already.",
            "Set the clock, and let it be kept by NTP.",
        )
    elif not SYNCHRONIZED.exists() and Path("/run/systemd/system").exists():
        yield warning("Nothing says that the clock is kept by NTP.", "Look with `timedatectl`; waits depend on it.")
    else:
        yield good("The clock stands after the newest event.")


def check_debugging(subject: Subject) -> Iterator[Result]:
    """Whether something is switched on that belongs on a programmer's machine."""
    switched = [
        name
        for name in ("FLASK_DEBUG", "PYTHONASYNCIODEBUG", "PYTHONDEVMODE", "PYTHONINSPECT", "WERKZEUG_DEBUG_PIN")
        if subject.environment.get(name, "").strip() not in ("", "0", "off", "false")
    ]
    if switched:
        yield fault(f"Switched on for programmers: {', '.join(switched)}.", "Take them out of the environment.")
    elif subject.settings.log_level.upper() == "DEBUG":
        yield warning("The log says everything (DESK_LOG_LEVEL is DEBUG).", "Set it to INFO.")
    else:
        yield good("Nothing is switched on for programmers.")


def _private(path: Path, what: str, *, others: int, mode: str) -> Iterator[Result]:
    found = path.stat()
    if found.st_mode & others:
        yield fault(f"{what} can be read by others ({stat.filemode(found.st_mode)}).", f"chmod {mode[1:]} {path}")
    else:
        yield good(f"{what} is its owner's only.")


def _kind_of_disk(path: Path) -> str | None:
    """Return the file system that a path lies on; None where this system does not say."""
    try:
        lines = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    mounted = [(fields[1].replace("\\040", " "), fields[2]) for fields in map(str.split, lines) if len(fields) > 2]
    around = [each for each in mounted if path.is_relative_to(each[0])]
    return max(around, key=lambda each: len(each[0]))[1] if around else None


def _time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
