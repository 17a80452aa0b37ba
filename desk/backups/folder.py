"""The folder of backups: their names say when they were made; only files with such names are ever removed."""

import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

_NAME: Final = re.compile(r"desk-(\d{8}T\d{6}Z)\.tar(\.age)?")
_PART: Final = re.compile(r"\.desk-\d{8}T\d{6}Z\.tar(\.age)?\.part")
_STAMP: Final = "%Y%m%dT%H%M%SZ"
# An attempt that was killed leaves a file that nobody finishes; one that runs on another machine is younger.
_ABANDONED: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Kept:
    """A backup in the folder."""

    file: Path
    made_at: datetime
    size: int

    @property
    def is_encrypted(self) -> bool:
        """Whether it needs a key."""
        return self.file.suffix == ".age"


def stamp(at: datetime) -> str:
    """Return a time as it stands in the names of files, in UTC."""
    return at.astimezone(UTC).strftime(_STAMP)


def name_of(at: datetime, *, encrypted: bool) -> str:
    """Return the name of a backup made at this time."""
    return f"desk-{stamp(at)}.tar{'.age' if encrypted else ''}"


def list_backups(folder: Path) -> list[Kept]:
    """Return the backups of a folder, the newest first; none where there is no folder."""
    if not folder.is_dir():
        return []
    found = []
    for path in folder.iterdir():
        name = _NAME.fullmatch(path.name)
        if name and path.is_file() and not path.is_symlink():
            made_at = datetime.strptime(name[1], _STAMP).replace(tzinfo=UTC)
            found.append(Kept(path, made_at, path.stat().st_size))
    return sorted(found, key=lambda kept: (kept.made_at, kept.file.name), reverse=True)


def remove_older(folder: Path, keep: int) -> list[Path]:
    """Remove all backups but the newest `keep` (0: keep all), and nothing else; return what was removed."""
    old = [kept.file for kept in list_backups(folder)[keep:]] if keep else []
    for file in old:
        file.unlink()
    return old


def sweep(folder: Path, *, now: datetime) -> None:
    """Remove what attempts that were killed left behind."""
    for path in folder.iterdir():
        if _PART.fullmatch(path.name) and now - datetime.fromtimestamp(path.stat().st_mtime, UTC) > _ABANDONED:
            path.unlink()


def flush(path: Path) -> None:
    """Bring a file, or the names in a folder, onto the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
