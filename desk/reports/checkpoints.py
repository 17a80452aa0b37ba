"""Checkpoints: where each office's trail ended, in a file outside the database, signed with the key of the trail.

One JSON object a line. With it, `desk audit verify` sees a tail that was cut or rewritten, even by somebody who holds
the whole database. Keep the file on another machine. A daily checkpoint (`desk.reports.daily_checkpoints`) begins with
a line about itself, which is signed with all that follows and names the checkpoint before it.
"""

import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from desk.domain.audit import Head, canonical, digest_of
from desk.operations.requests import Keys

FIELDS: Final = ("office_id", "number", "mac", "at", "key_id")
FORMAT: Final = "desk-checkpoint-2"


class BadCheckpoint(Exception):
    """The file is not a checkpoint of this desk, or was changed."""


@dataclass(frozen=True, slots=True)
class Line:
    """One office's head; `at` is when it was taken, as ISO text."""

    office_id: int
    number: int
    mac: str
    at: str
    key_id: str


@dataclass(frozen=True, slots=True)
class Title:
    """What a daily checkpoint says of itself: `content` is the SHA-256 of the lines that follow, `before` and
    `before_digest` the file of the checkpoint before it and that file's SHA-256 (empty for the first)."""

    format: str
    day: str
    at: str
    key_id: str
    offices: int
    content: str
    before: str
    before_digest: str


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A checkpoint that was read and can be trusted; `title` None for one that was written by hand."""

    title: Title | None
    heads: list[Head]


def lines_of(heads: Iterable[Head], keys: Keys, *, at: str) -> list[str]:
    """Return the lines of a checkpoint, each signed."""
    lines = [Line(head.office_id, head.number, head.mac, at, keys.signing) for head in heads]
    return [signed_line(line, keys.known) for line in lines]


def signed_line(line: Line | Title, keys: Mapping[str, bytes]) -> str:
    """Return a line with its signature; raise `BadCheckpoint` when its key is not at hand."""
    facts = asdict(line)
    return canonical({**facts, "signature": _signature(facts, keys)}) + "\n"


def _signature(facts: dict[str, Any], keys: Mapping[str, bytes]) -> str:
    key = keys.get(str(facts["key_id"]))
    if key is None:
        raise BadCheckpoint(f"it was signed with the key {facts['key_id']!r}, which is not at hand")
    return digest_of(key, "checkpoint|" + canonical(facts))


def write_checkpoint(file: Path, heads: list[Head], keys: Keys, *, at: str) -> None:
    """Replace the file in one step, on the disk before it returns."""
    put(file, "".join(lines_of(heads, keys, at=at)), lambda draft: draft.replace(file))


def put(file: Path, text: str, place: Callable[[Path], object]) -> None:
    """Write a draft beside the file and `place` it; all is on the disk before this returns."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with draft.open("w", encoding="utf-8") as writing:
            writing.write(text)
            writing.flush()
            os.fsync(writing.fileno())
        place(draft)
    finally:
        draft.unlink(missing_ok=True)
    _flush_folder(file.parent)


def _flush_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def read_checkpoint(file: Path, keys: Mapping[str, bytes]) -> Checkpoint:
    """Return a checkpoint; raise `BadCheckpoint` where a line was not signed by this desk, or one is missing."""
    return parse(file.read_bytes(), keys)


def parse(content: bytes, keys: Mapping[str, bytes]) -> Checkpoint:
    """Return the checkpoint that a file holds; raise `BadCheckpoint` like `read_checkpoint`."""
    lines = content.decode(errors="replace").splitlines()
    title = _title(lines[0], keys) if lines and '"format"' in lines[0] else None
    if title is not None and sha256(content.partition(b"\n")[2]).hexdigest() != title.content:
        raise BadCheckpoint("what follows its first line was changed")
    begin = 1 if title else 0
    heads = [_head(number, text, keys) for number, text in enumerate(lines[begin:], begin + 1) if text.strip()]
    if not heads and title is None:
        raise BadCheckpoint("it is empty")
    return Checkpoint(title, heads)


def _title(text: str, keys: Mapping[str, bytes]) -> Title:
    facts = _facts(1, text, keys)
    try:
        title = Title(**facts)
    except TypeError as error:
        raise BadCheckpoint("line 1 is not one of a checkpoint") from error
    if title.format != FORMAT:
        raise BadCheckpoint(f"it is of the format {title.format!r}, which this program does not know")
    return title


def _head(number: int, text: str, keys: Mapping[str, bytes]) -> Head:
    facts = _facts(number, text, keys)
    try:
        line = Line(*(facts[name] for name in FIELDS))
    except KeyError as error:
        raise BadCheckpoint(f"line {number} is not one of a checkpoint") from error
    return Head(line.office_id, line.number, line.mac)


def _facts(number: int, text: str, keys: Mapping[str, bytes]) -> dict[str, Any]:
    """Return what a line says, without its signature, which holds."""
    try:
        facts = json.loads(text)
        signature = facts.pop("signature")
        signed = bool(_signature(facts, keys) == signature)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadCheckpoint(f"line {number} is not one of a checkpoint") from error
    if not signed:
        raise BadCheckpoint(f"line {number} was changed, or not signed by this desk")
    return dict(facts)
