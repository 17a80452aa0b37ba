"""Pages read aloud: sentences spoken by the synthesiser of this machine, numbers by the recordings that ship.

Each sentence is kept for the next time, in bounds: what was heard longest ago goes first. Where there is no
synthesiser, only numbers are said.
"""

import logging
import os
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from threading import BoundedSemaphore, Lock
from typing import Final

from desk.announcing.shelf import Shelf, length_of
from desk.announcing.speaking import NoSpeaker, Saying, SpeakerFailed, Unspeakable, speak
from desk.announcing.spoken_names import put
from desk.announcing.wave_files import UnfitRecording, read, write, write_small
from desk.domain.announcing import BETWEEN, label_pieces

MOST_KEPT: Final = 600  # sentences of both languages, about 30 MB
MOST_WAITING: Final = 4  # who waits for the synthesiser holds a thread of the server
PATIENCE_S: Final = 15
PAUSE: Final = 350  # milliseconds between two sentences
NUMBER: Final = re.compile(r"\b([A-Z]{1,3}[0-9]{3,6})\b")
Speaking = Callable[[Sequence[Saying]], list[bytes]]
log = logging.getLogger(__name__)


class Busy(RuntimeError):
    """Others are being spoken for; it may be asked again soon."""


@cache
def has_speaker() -> bool:
    """Tell whether this machine has a synthesiser: asked once for a process."""
    try:
        speak([])
    except (NoSpeaker, SpeakerFailed):
        return False
    return True


class Readings:
    """What one installation has said; `folder` keeps it."""

    def __init__(self, folder: Path, shelf: Shelf, speaking: Speaking | None = None) -> None:
        """Say numbers from the shelf and all else by `speaking`, or by the synthesiser of the machine if it has one."""
        self.folder = folder
        self._shelf = shelf
        self._speaking = speaking
        self._one = Lock()
        self._places = BoundedSemaphore(MOST_WAITING)

    @property
    def can_speak(self) -> bool:
        """Whether any sentence can be said, not only numbers."""
        return self._speaking is not None or has_speaker()

    def can_say(self, words: str) -> bool:
        """Tell whether these words can be said."""
        return bool(_phrases(words)) and (self.can_speak or all(NUMBER.fullmatch(each) for each in _phrases(words)))

    def say(self, language: str, words: str) -> bytes | None:
        """Return some lines as a WAV file, None where they cannot be said; raise `Busy` where others wait already."""
        phrases = _phrases(words)
        if not self.can_say(words):
            return None
        try:
            self._speak(language, [each for each in phrases if not NUMBER.fullmatch(each)])
            parts = [self._samples(language, each) for each in phrases]
        except (NoSpeaker, SpeakerFailed, Unspeakable, OSError, UnfitRecording) as error:
            log.warning("a page was not read aloud: %s", type(error).__name__)
            return None
        return write((b"\0" * length_of(PAUSE)).join(parts))

    def _speak(self, language: str, phrases: Sequence[str]) -> None:
        """Have whatever was never said spoken, all of it by one child process."""
        if not self._missing(language, phrases):
            return
        if not self._places.acquire(blocking=False):
            raise Busy
        try:
            if not self._one.acquire(timeout=PATIENCE_S):
                raise Busy
            try:
                self._keep(language, self._missing(language, phrases))
            finally:
                self._one.release()
        finally:
            self._places.release()

    def _missing(self, language: str, phrases: Sequence[str]) -> list[str]:
        return [each for each in dict.fromkeys(phrases) if not self._path(language, each).exists()]

    def _keep(self, language: str, phrases: Sequence[str]) -> None:
        if not phrases:
            return
        spoken = (self._speaking or speak)([Saying(language, each) for each in phrases])
        for phrase, samples in zip(phrases, spoken, strict=True):
            path = self._path(language, phrase)
            path.parent.mkdir(parents=True, exist_ok=True)
            put(path, write_small(samples))
        self._make_room()

    def _make_room(self) -> None:
        """Let go of what was heard longest ago, where there is more than is kept."""
        kept = sorted(self.folder.rglob("*.wav"), key=lambda path: path.stat().st_mtime)
        for path in kept[: max(len(kept) - MOST_KEPT, 0)]:
            path.unlink(missing_ok=True)

    def _samples(self, language: str, phrase: str) -> bytes:
        if NUMBER.fullmatch(phrase):
            return self._number(language, phrase)
        path = self._path(language, phrase)
        with suppress(OSError):
            os.utime(path)
        return read(path.read_bytes())

    def _number(self, language: str, label: str) -> bytes:
        said = [self._shelf.samples(language, each.clip) for each in label_pieces(language, label)]
        return (b"\0" * length_of(BETWEEN)).join(said)

    def _path(self, language: str, phrase: str) -> Path:
        return self.folder / language / f"{sha256(phrase.encode()).hexdigest()[:32]}.wav"


def _phrases(words: str) -> list[str]:
    """Return what is said in one breath: each line, and the numbers within it apart."""
    parts = (part for line in words.splitlines() for part in NUMBER.split(line))
    return [part.strip() for part in parts if any(sign.isalnum() for sign in part)]
