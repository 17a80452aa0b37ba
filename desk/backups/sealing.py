"""Encryption of a backup in the age format (age-encryption.org): whoever makes it needs public keys only.

Reading is left to a thread at the other end of a pipe, so that what is encrypted never lies in clear beside it.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import IO, Any, Final

import pyrage
from pyrage.x25519 import Identity, Recipient

from desk.backups.manifest import BadBackup

_MAGIC: Final = b"age-encryption.org/"
_UNDECIPHERABLE: Final = "It cannot be decrypted with this key, or is damaged"


class BadKey(ValueError):
    """What was given is no age key; the message says which in a sentence."""


def new_identity() -> Any:
    """Return a new key that can decrypt."""
    return Identity.generate()


@dataclass(frozen=True, slots=True)
class KeyPair:
    """For whom backups are encrypted, and the content of the file that opens them, which no server keeps."""

    recipient: str
    content: str = field(repr=False)


def make_pair() -> KeyPair:
    """Return a new pair; it is kept nowhere."""
    identity = new_identity()
    recipient = str(identity.to_public())
    made = datetime.now(UTC).isoformat(timespec="seconds")
    return KeyPair(recipient, f"# created: {made}\n# public key: {recipient}\n{identity}\n")


def make_identity(file: Path) -> str:
    """Write a new key that decrypts into a file of its own, readable by its owner only; return its recipient."""
    pair = make_pair()
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(pair.content)
        out.flush()
        os.fsync(out.fileno())
    return pair.recipient


def read_recipients(given: Sequence[str]) -> list[Any]:
    """Return who shall be able to decrypt; raise `BadKey` for what is no recipient."""
    found = []
    for each in given:
        try:
            found.append(Recipient.from_str(each))
        except pyrage.RecipientError as error:
            # Not quoted in full: somebody may have put the secret key there.
            raise BadKey(f"A recipient begins with age1 and is 62 characters long, not {each[:8]!r}…") from error
    return found


def read_identities(file: Path) -> list[Any]:
    """Return the keys of a file, as `desk backup key` or age-keygen writes it; raise `BadKey` where there is none."""
    try:
        lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
        found = [Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except (pyrage.IdentityError, UnicodeError) as error:
        raise BadKey(f"{file} holds what is no age key (a line that begins with AGE-SECRET-KEY-1).") from error
    if not found:
        raise BadKey(f"There is no age key in {file}.")
    return found


def is_sealed(file: Path) -> bool:
    """Tell whether a file is encrypted."""
    with file.open("rb") as content:
        return content.read(len(_MAGIC)) == _MAGIC


@contextmanager
def sealed(out: IO[bytes], recipients: Sequence[Any]) -> Iterator[IO[bytes]]:
    """Encrypt into `out` what is written into the file that this gives; as it is without recipients."""
    if not recipients:
        yield out
        return
    reading, writing = os.pipe()
    failed: list[Exception] = []
    worker = Thread(target=_seal, args=(reading, out, list(recipients), failed), name="encryption", daemon=True)
    worker.start()
    try:
        with os.fdopen(writing, "wb") as clear:
            yield clear
    except BrokenPipeError:
        worker.join()
        if not failed:
            raise
    worker.join()
    if failed:
        raise failed[0]


def _seal(reading: int, out: IO[bytes], recipients: list[Any], failed: list[Exception]) -> None:
    try:
        with os.fdopen(reading, "rb") as clear:
            pyrage.encrypt_io(clear, out, recipients)
    except (OSError, pyrage.EncryptError) as error:
        failed.append(error)


@contextmanager
def unsealed(file: Path, identities: Sequence[Any]) -> Iterator[IO[bytes]]:
    """Give what a file says in clear; raise `BadBackup` where the keys do not fit or the file was changed."""
    if not is_sealed(file):
        with file.open("rb") as clear:
            yield clear
        return
    if not identities:
        raise BadBackup("It is encrypted: give the key with --identity.")
    reading, writing = os.pipe()
    failed: list[Exception] = []
    worker = Thread(target=_unseal, args=(file, writing, list(identities), failed), name="decryption", daemon=True)
    worker.start()
    try:
        with os.fdopen(reading, "rb") as clear:
            yield clear
    except BadBackup:
        worker.join()
        if not any(isinstance(each, pyrage.DecryptError) for each in failed):
            raise
    worker.join()
    if failed:
        raise BadBackup(f"{_UNDECIPHERABLE}: {failed[0]}.") from failed[0]


def _unseal(file: Path, writing: int, identities: list[Any], failed: list[Exception]) -> None:
    try:
        with os.fdopen(writing, "wb") as clear, file.open("rb") as source:
            pyrage.decrypt_io(source, clear, identities)
    except (OSError, pyrage.DecryptError) as error:
        failed.append(error)
