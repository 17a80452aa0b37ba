"""Making a backup: copy, check the copy, put it into one file, read that through, and only then give it its name."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import make_url

from desk.backups import archive, postgres_copy, sqlite_copy
from desk.backups.folder import flush, name_of, remove_older, sweep
from desk.backups.locking import alone
from desk.backups.manifest import (
    DATABASE,
    FORMAT,
    SECRETS,
    BadBackup,
    Contents,
    Manifest,
    fingerprint,
    list_secrets,
    member_of,
)
from desk.backups.sealing import new_identity, sealed, unsealed

LOCK: Final = "backup.lock"
WORK: Final = "backing-up"


@dataclass(frozen=True, slots=True)
class Order:
    """What to make: of which installation, into which folder, for whom (nobody: not encrypted), how many to keep."""

    database: str
    data: Path
    folder: Path
    recipients: tuple[Any, ...]
    secrets: bool
    keep: int
    version: str
    makes_folder: bool = True  # else it has to be there: a disk that is not mounted must not be written beside


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made, and the older ones that were removed."""

    file: Path
    manifest: Manifest
    removed: list[Path]


def make_backup(order: Order, *, at: datetime) -> Made:
    """Make a backup and remove those it makes superfluous.

    Raises `Busy` while another is being made, `BadBackup` or `ToolTrouble` where it does not come out whole, `OSError`
    where the disk says no; then nothing is left of it, and nothing older was removed.
    """
    if not order.makes_folder and not order.folder.is_dir():
        missing = "The folder of backups is not there (mount its disk, or make it)"
        raise FileNotFoundError(errno.ENOENT, missing, str(order.folder))
    order.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with alone(order.data / LOCK):
        sweep(order.folder, now=datetime.now(UTC))
        with _workplace(order.data / WORK) as work:
            made = _made(order, work, at)
        return Made(made[0], made[1], remove_older(order.folder, order.keep))


def _made(order: Order, work: Path, at: datetime) -> tuple[Path, Manifest]:
    kind = make_url(order.database).get_backend_name()
    copied = work / DATABASE[kind]
    contents = (sqlite_copy if kind == "sqlite" else postgres_copy).copy(order.database, copied)
    secrets = list_secrets(order.data)
    files = {copied.name: copied}
    if order.secrets:
        files |= {f"{SECRETS}{name}": path for name, path in secrets.items()}
    manifest = _manifest(order, contents, files, kind=kind, secrets=secrets, at=at)
    file = _free_name(order, at)
    _write(file, manifest, files, order.recipients)
    return file, manifest


def _free_name(order: Order, at: datetime) -> Path:
    """Return the name of this second, or of the next that has none: an upgrade may follow a backup at once."""
    while (file := order.folder / name_of(at, encrypted=bool(order.recipients))).exists():
        at += timedelta(seconds=1)
    return file


def _manifest(
    order: Order, contents: Contents, files: dict[str, Path], *, kind: str, secrets: dict[str, Path], at: datetime
) -> Manifest:
    return Manifest.model_validate(
        {
            "format": FORMAT,
            "desk": order.version,
            "database": kind,
            "made_at": at,
            "contents": contents,
            "secrets": {name: fingerprint(name, path) for name, path in secrets.items()},
            "members": {name: member_of(path) for name, path in files.items()},
        }
    )


def _write(file: Path, manifest: Manifest, files: dict[str, Path], recipients: tuple[Any, ...]) -> None:
    """Write under another name, read all of it again, and give it its name once it is known to be whole."""
    if file.exists():
        raise BadBackup(f"There is one of this second already: {file}.")
    part = file.with_name(f".{file.name}.part")
    # A key that nobody keeps is one more recipient: with it the file can be read again here, and never afterwards.
    proof = new_identity() if recipients else None
    part.touch(mode=0o600)
    try:
        with part.open("wb") as out, sealed(out, [*recipients, proof.to_public()] if proof else []) as clear:
            archive.write(clear, manifest, files)
        flush(part)
        with unsealed(part, [proof] if proof else []) as clear:
            archive.read(clear)
        part.rename(file)
        flush(file.parent)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _workplace(folder: Path) -> Iterator[Path]:
    """Give an empty folder for what is in clear; what one that was killed left there goes, and so does this one."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
