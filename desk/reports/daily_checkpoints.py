"""The daily checkpoints: a file a day in a folder outside the database, each naming the one before, never replaced."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

from desk.domain.audit import Head
from desk.operations.requests import Keys
from desk.reports.checkpoints import FORMAT, BadCheckpoint, Checkpoint, Title, lines_of, parse, put, signed_line

SUFFIX: Final = ".jsonl"
OLD: Final = timedelta(hours=25)  # a day, and the hour that a worker may need
_NAME: Final = re.compile(r"\d{4}-\d{2}-\d{2}\.jsonl")


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest checkpoint of a folder: when it was taken, and what is wrong with it, if anything."""

    file: Path
    at: datetime | None
    trouble: str | None = None

    def is_old(self, at: datetime) -> bool:
        """Whether it says too little of today: it is older than a day, or cannot be trusted."""
        return self.at is None or at - self.at > OLD


def list_files(folder: Path) -> list[Path]:
    """Return the daily checkpoints of a folder, the oldest first; none where there is no folder."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name))


def file_of(folder: Path, at: datetime) -> Path:
    """Return where the checkpoint of a day lies; days are those of UTC."""
    return folder / f"{at.astimezone(UTC).date().isoformat()}{SUFFIX}"


def write_daily(folder: Path, heads: list[Head], keys: Keys, *, at: datetime) -> Path | None:
    """Write the checkpoint of the day; None when it is there already. It is never replaced."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = file_of(folder, at)
    before = next((path for path in reversed(list_files(folder)) if path.name < file.name), None)
    stamp = at.isoformat(timespec="seconds")
    lines = "".join(lines_of(heads, keys, at=stamp))
    title = Title(
        FORMAT,
        file.stem,
        stamp,
        keys.signing,
        len(heads),
        sha256(lines.encode()).hexdigest(),
        before.name if before else "",
        sha256(before.read_bytes()).hexdigest() if before else "",
    )
    try:
        put(file, signed_line(title, keys.known) + lines, lambda draft: os.link(draft, file))
    except FileExistsError:
        return None
    return file


def read_newest(folder: Path, keys: Mapping[str, bytes]) -> Newest | None:
    """Return the newest checkpoint of a folder; None where there is none."""
    files = list_files(folder)
    if not files:
        return None
    try:
        title = parse(files[-1].read_bytes(), keys).title
    except (BadCheckpoint, OSError) as error:
        return Newest(files[-1], None, str(error))
    if title is None:
        return Newest(files[-1], None, "it does not say when it was taken")
    return Newest(files[-1], datetime.fromisoformat(title.at))


def read_heads(folder: Path, keys: Mapping[str, bytes]) -> list[Head]:
    """Return the heads of all checkpoints of a folder, the oldest first.

    Raises `BadCheckpoint` where one cannot be trusted, or is not the one that the next one names. The oldest may name
    one that was moved elsewhere.
    """
    heads: list[Head] = []
    before: tuple[str, str] | None = None
    for file in list_files(folder):
        content = file.read_bytes()
        heads += _trusted(file, content, keys, before).heads
        before = (file.name, sha256(content).hexdigest())
    return heads


def _trusted(file: Path, content: bytes, keys: Mapping[str, bytes], before: tuple[str, str] | None) -> Checkpoint:
    try:
        found = parse(content, keys)
    except BadCheckpoint as error:
        raise BadCheckpoint(f"{file.name}: {error}") from error
    title = found.title
    if title is None or title.day != file.stem:
        raise BadCheckpoint(f"{file.name} is not the checkpoint of that day")
    if before is not None and (title.before, title.before_digest) != before:
        raise BadCheckpoint(f"{file.name} follows {title.before or 'nothing'}, which is missing here or was replaced")
    return found
