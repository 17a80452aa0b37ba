"""Names of counters spoken for the first time: each by one child process, and nobody waits long for it.

A name that cannot be spoken concerns no other one. Who asks for a name while it is being spoken is told that it is not
there yet, by the other processes of this machine too.
"""

import fcntl
import logging
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import inf
from pathlib import Path
from threading import Lock
from typing import Final

from desk.announcing.speaking import NoSpeaker, Saying, SpeakerFailed, Unspeakable, speak
from desk.announcing.wave_files import write

PATIENCE_S: Final = 10  # a display waits for the call: the number is said instead
IN_TURN_S: Final = 2.0  # the same call in the other language may wait so long for the first one
AGAIN_S: Final = 300.0  # until a name is tried anew that took too long
Speaking = Callable[[Saying], bytes]
log = logging.getLogger(__name__)


def speak_name(saying: Saying) -> bytes:
    """Return the samples of one name; raises as `speak` does."""
    (spoken,) = speak([saying], patience=PATIENCE_S)
    return spoken


class SpokenNames:
    """The names that one process has spoken: one at a time."""

    def __init__(self, speak: Speaking) -> None:
        """Have names said by `speak`."""
        self.is_mute = False  # whether there is no synthesiser: it is looked for once
        self._speak = speak
        self._one = Lock()
        self._making: set[Path] = set()
        self._not_before: dict[Path, float] = {}

    def make(self, path: Path, saying: Saying) -> bool:
        """Have a name spoken into a file; False where that cannot be, or somebody else is at it."""
        if path in self._making or self.cannot(path):
            return False
        if not self._one.acquire(timeout=IN_TURN_S):
            return False
        try:
            self._making.add(path)
            with _alone_with(path) as is_alone:
                return is_alone and (path.exists() or self._made(path, saying))
        except OSError as error:
            log.warning("a name cannot be kept: %s", type(error).__name__)
            return False
        finally:
            self._making.discard(path)
            self._one.release()

    def cannot(self, path: Path) -> bool:
        """Tell whether a name could not be spoken lately, or never can."""
        return self.is_mute or time.monotonic() < self._not_before.get(path, -inf)

    def _made(self, path: Path, saying: Saying) -> bool:
        if self.cannot(path):  # found out while this one waited
            return False
        try:
            put(path, write(self._speak(saying)))
        except NoSpeaker:
            self.is_mute = True
        except Unspeakable:
            self._not_before[path] = inf
        except SpeakerFailed as error:
            log.warning("a name was not spoken: %s", error)
            self._not_before[path] = time.monotonic() + AGAIN_S
        else:
            return True
        return False


@contextmanager
def _alone_with(path: Path) -> Iterator[bool]:
    """Tell whether no other process is making this file; the mark of one that was killed counts for nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    mark = path.with_name(f".{path.stem}.made")
    descriptor = os.open(mark, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    else:
        try:
            yield True
        finally:
            mark.unlink(missing_ok=True)
    finally:
        os.close(descriptor)


def put(path: Path, content: bytes) -> None:
    """Write a file so that nobody ever finds half of it."""
    draft = path.with_name(f".{path.stem}-{secrets.token_hex(4)}")
    draft.write_bytes(content)
    draft.replace(path)
