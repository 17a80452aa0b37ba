"""Who may be in a data folder at once: everybody who works there, or one who exchanges what lies in it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

LOCK: Final = "desk.lock"


class Busy(Exception):
    """Somebody else holds the lock."""


@contextmanager
def alone(file: Path) -> Iterator[int]:
    """Hold a lock file alone, until those who inherit its descriptor (which this gives) end; raise `Busy` else."""
    with _taken(_opened(file), fcntl.LOCK_EX) as descriptor:
        yield descriptor


@contextmanager
def in_turn(file: Path) -> Iterator[None]:
    """Hold a lock file alone, after whoever holds it now."""
    descriptor = _opened(file)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def together(file: Path, *, makes: bool = True) -> Iterator[None]:
    """Hold a lock file with others; raise `Busy` while one holds it alone.

    Nothing is held where none can be made, or is there and none shall be made.
    """
    try:
        descriptor = _opened(file) if makes else os.open(file, os.O_RDONLY)
    except (FileNotFoundError, PermissionError):
        yield
        return
    with _taken(descriptor, fcntl.LOCK_SH):
        yield


def _opened(file: Path) -> int:
    """Open the lock file; whoever may read it may hold it, whichever user made it."""
    try:
        return os.open(file, os.O_RDONLY)
    except FileNotFoundError:
        return os.open(file, os.O_RDONLY | os.O_CREAT, 0o644)


@contextmanager
def _taken(descriptor: int, kind: int) -> Iterator[int]:
    try:
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy from error
        yield descriptor
    finally:
        os.close(descriptor)
