"""Restoring a backup: unpack and check it beside what is there, then exchange the two (desk/backups/exchanging.py)."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from desk.backups import archive, postgres_copy, sqlite_copy
from desk.backups.exchanging import Attempt, Place, begin, kept_database, make_ready, settle
from desk.backups.folder import flush, stamp
from desk.backups.manifest import DATABASE, BadBackup, Contents, Manifest, fingerprint, list_secrets
from desk.backups.postgres_tools import ToolTrouble
from desk.backups.sealing import unsealed


@dataclass(frozen=True, slots=True)
class Restore:
    """What to restore, and whether what is there now is kept beside."""

    file: Path
    identities: Sequence[Any]
    keeps: bool


def place_of(url: str, data: Path) -> Place:
    """Return the installation of a database and a data folder."""
    parsed = make_url(url)
    on_sqlite = parsed.get_backend_name() == "sqlite"
    return Place(data, Path(parsed.database or "desk.db") if on_sqlite else None)


def settle_restore(place: Place, url: str) -> bool:
    """Carry out or forget what a restore left behind; returns whether the new state is there."""
    return settle(place, lambda name: postgres_copy.is_restored(url, name))


def unpack(place: Place, url: str, order: Restore) -> Manifest:
    """Lay all of the backup ready beside what is there, and check it; raise `BadBackup` where it is not whole."""
    if place.database is not None:
        place.database.parent.mkdir(parents=True, exist_ok=True)
    begin(place)
    with unsealed(order.file, order.identities) as clear:
        manifest = archive.read(clear, lambda name: _target(place, name))
    if manifest.database != make_url(url).get_backend_name():
        raise BadBackup(f"It is of a {manifest.database} database, and this installation has another (DATABASE_URL).")
    if place.staged is None:
        postgres_copy.examine(url, place.folder / DATABASE[manifest.database])
    elif sqlite_copy.examine(place.staged) != manifest.contents:
        raise BadBackup("The database in it is not the one that it says it holds.")
    return manifest


def _target(place: Place, name: str) -> Path:
    if name == DATABASE["sqlite"] and place.staged is not None:
        return place.staged
    return place.folder / name


def foreign_secrets(place: Place, manifest: Manifest) -> list[str]:
    """Return which secrets the installation of the backup had and this one would not have after it."""
    if manifest.holds_secrets:
        return []
    here = {name: fingerprint(name, path) for name, path in list_secrets(place.data).items()}
    return [name for name, known in sorted(manifest.secrets.items()) if here.get(name) != known]


def find_present(place: Place, url: str) -> Contents | None:
    """Return what would be replaced; None where there is nothing of the desk that can be read."""
    if place.database is None:
        return postgres_copy.find_contents(url)
    if not place.database.exists():
        return None
    sqlite_copy.fold(place.database)
    try:
        return sqlite_copy.examine(place.database)
    except BadBackup:
        return None


def exchange(place: Place, url: str, order: Restore, *, at: datetime, holding: int) -> Path | None:
    """Put what was unpacked in the place of what is there; return where the old database is kept.

    Raises `ToolTrouble` where PostgreSQL refuses; then it holds what it held.
    """
    attempt = Attempt(secrets.token_hex(8), stamp(at), order.keeps)
    if place.database is not None:
        make_ready(place, attempt)
        settle_restore(place, url)
        kept = kept_database(place.database, attempt)
        return kept if kept.exists() else None
    dumped = _keep_dump(place, url, attempt) if order.keeps else None
    make_ready(place, attempt)
    try:
        postgres_copy.restore(url, place.folder / DATABASE["postgresql"], attempt.name, holding=holding)
    except ToolTrouble:
        if not settle_restore(place, url):  # a connection may break after the COMMIT, before it is confirmed
            if dumped is not None:
                dumped.unlink()
            raise
    else:
        settle_restore(place, url)
    return dumped


def _keep_dump(place: Place, url: str, attempt: Attempt) -> Path | None:
    """Dump what PostgreSQL holds now; None where there is nothing of the desk."""
    if postgres_copy.find_contents(url) is None:
        return None
    kept = place.data / f"desk.pgdump.before-{attempt.stamp}"
    draft = place.folder / kept.name
    postgres_copy.copy(url, draft)
    flush(draft)
    draft.rename(kept)
    flush(place.data)
    return kept
