"""What became of the last backup that was due: kept in a file of the data folder where it failed, until one is made."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from desk.backups.folder import Kept

FILE: Final = "backup-failed.json"


@dataclass(frozen=True, slots=True)
class Failure:
    """When the last try failed, and why, as the log says it."""

    at: datetime
    said: str


def note_failure(data: Path, failure: Failure) -> None:
    """Keep it, in the place of an older one; where even that cannot be written, the log alone tells."""
    draft = data / f".{FILE}"
    try:
        draft.touch(mode=0o600)
        draft.write_text(json.dumps({"at": failure.at.isoformat(), "said": failure.said}), encoding="utf-8")
        draft.replace(data / FILE)
    except OSError:
        draft.unlink(missing_ok=True)


def find_failure(data: Path, newest: Kept | None) -> Failure | None:
    """Return how the last try failed; None where a backup was made since, or nothing is known."""
    try:
        kept = json.loads((data / FILE).read_text(encoding="utf-8"))
        found = Failure(datetime.fromisoformat(kept["at"]), str(kept["said"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if found.at.tzinfo is None or (newest is not None and newest.made_at >= found.at.replace(microsecond=0)):
        return None
    return found
