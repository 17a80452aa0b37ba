"""Which backup was downloaded last, and when: kept in a file of the data folder once its last byte was given."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

FILE: Final = "backup-downloaded.json"


@dataclass(frozen=True, slots=True)
class Download:
    """A backup that somebody took along: its name, of when it is, and when it was taken."""

    name: str
    made_at: datetime
    at: datetime


def note_download(data: Path, download: Download) -> None:
    """Keep it in the place of the one before; where that cannot be written, it counts as none."""
    said = {"name": download.name, "made_at": download.made_at.isoformat(), "at": download.at.isoformat()}
    draft = data / f".{FILE}"
    try:
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(said), encoding="utf-8")
        draft.replace(data / FILE)
    except OSError:
        draft.unlink(missing_ok=True)


def find_download(data: Path) -> Download | None:
    """Return the last one; None where nothing is known."""
    try:
        kept = json.loads((data / FILE).read_text(encoding="utf-8"))
        found = Download(str(kept["name"]), *(datetime.fromisoformat(kept[each]) for each in ("made_at", "at")))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if found.made_at.tzinfo and found.at.tzinfo else None
