"""The exchange of an installation's database and secrets: laid ready, decided, carried out.

Whoever is killed anywhere leaves the old state or the new one. Everything new is laid ready first, in `restoring/` and,
for SQLite, beside the database. Then `restoring/ready` is written. On SQLite that is the decision: what follows are
renames, which whoever comes next carries on with. On PostgreSQL the transaction decides, and leaves the name of the
attempt in the database.
"""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from desk.backups.folder import flush

FOLDER: Final = "restoring"
_READY: Final = "ready"
_LOGS: Final = ("-wal", "-shm")
# Whether the attempt of this name is in the database.
Decided = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Place:
    """An installation: its data folder, and its SQLite file (None on PostgreSQL)."""

    data: Path
    database: Path | None

    @property
    def folder(self) -> Path:
        """Where things are laid ready."""
        return self.data / FOLDER

    @property
    def staged(self) -> Path | None:
        """The new SQLite file, in the folder of the old one so that it can take its name at once."""
        return self.database and self.database.with_name(f".{self.database.name}.restoring")

    @property
    def is_begun(self) -> bool:
        """Whether an exchange was begun and not ended."""
        return self.folder.exists()


@dataclass(frozen=True, slots=True)
class Attempt:
    """One exchange: its name, the time that kept files are named after, whether the old database is kept."""

    name: str
    stamp: str
    keeps: bool


def begin(place: Place) -> None:
    """Make the place where things are laid ready."""
    place.folder.mkdir(mode=0o700)
    (place.folder / "secrets").mkdir(mode=0o700)


def make_ready(place: Place, attempt: Attempt) -> None:
    """Say that everything lies ready, once it is on the disk: from here on SQLite's exchange will be carried out."""
    if place.staged is not None:
        flush(place.staged)
        flush(place.staged.parent)
    for secret in (place.folder / "secrets").iterdir():
        flush(secret)
    flush(place.folder / "secrets")
    draft = place.folder / f"{_READY}.part"
    draft.write_text(json.dumps({"name": attempt.name, "stamp": attempt.stamp, "keeps": attempt.keeps}))
    flush(draft)
    draft.rename(place.folder / _READY)
    flush(place.folder)


def settle(place: Place, decided: Decided) -> bool:
    """Carry out or forget what was begun; returns whether the new state is there. May be killed and called again."""
    attempt = _find_ready(place)
    is_new = attempt is not None and (place.database is not None or decided(attempt.name))
    if attempt is not None and is_new:
        _exchange_database(place, attempt)
        _exchange_secrets(place, attempt)
    _forget(place)
    return is_new


def kept_database(database: Path, attempt: Attempt) -> Path:
    """Return where the old SQLite file stays."""
    return database.with_name(f"{database.name}.before-{attempt.stamp}")


def _find_ready(place: Place) -> Attempt | None:
    file = place.folder / _READY
    return Attempt(**json.loads(file.read_text())) if file.exists() else None


def _exchange_database(place: Place, attempt: Attempt) -> None:
    database, staged = place.database, place.staged
    if database is None or staged is None or not staged.exists():
        return
    for suffix in ("", *_LOGS[:1]):
        _keep(_beside(database, suffix), _beside(kept_database(database, attempt), suffix), attempt)
    for suffix in _LOGS:  # of the old one: the new one has none, and would be read through them
        _beside(database, suffix).unlink(missing_ok=True)
    flush(database.parent)  # before the new name, or a power cut might leave the old log beside the new file
    staged.replace(database)
    flush(database.parent)


def _beside(file: Path, suffix: str) -> Path:
    return file.with_name(file.name + suffix)


def _keep(file: Path, kept: Path, attempt: Attempt) -> None:
    """Give the old file a second name; it keeps the first one until the new file takes it."""
    if attempt.keeps and file.exists() and not kept.exists():
        os.link(file, kept)


def _exchange_secrets(place: Place, attempt: Attempt) -> None:
    """Put the secrets in place, each at once; those that differ stay in a folder of their own."""
    target, old = place.data / "secrets", place.data / f"secrets.before-{attempt.stamp}"
    for staged in sorted((place.folder / "secrets").iterdir()):
        present = target / staged.name
        if present.exists() and present.read_bytes() != staged.read_bytes():
            old.mkdir(mode=0o700, exist_ok=True)
            if not (old / staged.name).exists():
                os.link(present, old / staged.name)
        target.mkdir(mode=0o700, exist_ok=True)
        staged.replace(present)
    if target.exists():
        flush(target)


def _forget(place: Place) -> None:
    """Remove what is laid ready; the decision goes first, so that nothing half removed is ever carried out."""
    (place.folder / _READY).unlink(missing_ok=True)
    if place.staged is not None:
        place.staged.unlink(missing_ok=True)
    shutil.rmtree(place.folder)
