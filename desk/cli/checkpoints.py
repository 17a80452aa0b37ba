"""Checkpoints: where each office's trail ended, in a file outside the database, signed with the key of the trail.

One JSON object a line. With it, `desk audit verify` sees a tail that was cut or rewritten, even by somebody who holds
the whole database. Keep the file on another machine.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from desk.domain.audit import Head, canonical, digest_of
from desk.operations.requests import Keys

FIELDS: Final = ("office_id", "number", "mac", "at", "key_id")


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

    def signature(self, keys: Mapping[str, bytes]) -> str:
        """Return the signature of this line; raise `BadCheckpoint` when its key is not at hand."""
        key = keys.get(self.key_id)
        if key is None:
            raise BadCheckpoint(f"it was signed with the key {self.key_id!r}, which is not at hand")
        return digest_of(key, "checkpoint|" + canonical(asdict(self)))


def write_checkpoint(file: Path, heads: list[Head], keys: Keys, *, at: str) -> None:
    """Replace the file in one step, on the disk before it returns."""
    lines = [Line(head.office_id, head.number, head.mac, at, keys.signing) for head in heads]
    texts = [canonical({**asdict(line), "signature": line.signature(keys.known)}) + "\n" for line in lines]
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with draft.open("w", encoding="utf-8") as writing:
            writing.writelines(texts)
            writing.flush()
            os.fsync(writing.fileno())
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    _flush_folder(file.parent)


def _flush_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def read_checkpoint(file: Path, keys: Mapping[str, bytes]) -> dict[int, Head]:
    """Return the heads of a checkpoint by office; raise `BadCheckpoint` for a line that was not signed by this desk."""
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    heads = [_read_line(number, text, keys) for number, text in enumerate(lines, 1) if text.strip()]
    if not heads:
        raise BadCheckpoint("it is empty")
    return {head.office_id: head for head in heads}


def _read_line(number: int, text: str, keys: Mapping[str, bytes]) -> Head:
    try:
        data = json.loads(text)
        line = Line(*(data[name] for name in FIELDS))
        signed = line.signature(keys) == data["signature"]
    except (ValueError, TypeError, KeyError) as error:
        raise BadCheckpoint(f"line {number} is not one of a checkpoint") from error
    if not signed:
        raise BadCheckpoint(f"line {number} was changed, or not signed by this desk")
    return Head(line.office_id, line.number, line.mac)
