"""The recordings that ship, an office's own in their place, names of counters that were spoken once; and joining them.

An announcement is recordings and silences in a row, sample for sample: every recording begins and ends softly and is as
loud as the others, so that no join is heard.
"""

import logging
from collections.abc import Callable, Iterable
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Final

from desk.announcing.speaking import Saying
from desk.announcing.spoken_names import Speaking, SpokenNames, speak_name
from desk.announcing.wave_files import RATE, UnfitRecording, read, write
from desk.domain.announcing import Piece

SHIPPED: Final = Path(str(files("desk.announcing"))) / "clips"
SAMPLE: Final = 2  # bytes
MOST_KEPT: Final = 400  # recordings in memory: all that ship, in both languages, and some names
log = logging.getLogger(__name__)


class Shelf:
    """The recordings of one installation; `folder` has those that go before the shipped ones."""

    def __init__(self, folder: Path, speak: Speaking = speak_name) -> None:
        """Look into `folder`, which need not be there; `speak` says the names that are not in it."""
        self.folder = folder
        self.names = SpokenNames(speak)

    def samples(self, language: str, clip: str) -> bytes:
        """Return a recording; raise `KeyError` where there is none that can be used."""
        for folder in (self.folder, SHIPPED):
            found = _samples(folder / language / f"{clip}.wav")
            if found is not None:
                return found
        raise KeyError(clip)

    def join(self, language: str, pieces: Iterable[Piece]) -> bytes:
        """Return an announcement as a WAV file."""
        said = ((self.samples(language, each.clip), b"\0" * length_of(each.pause)) for each in pieces)
        return write(b"".join(part for both in said for part in both))

    def find_name(self, language: str, name: str) -> str | None:
        """Return the recording of a name, spoken now if that was never done; None where it cannot be said now."""
        path = self._path_of(language, name)
        if not path.exists() and not self.names.make(path, Saying(language, name)):
            return None
        return path.stem if _samples(path) is not None else None

    def may_say(self, language: str, name: str, *, has_speaker: Callable[[], bool]) -> bool:
        """Tell whether a name is said, or will be once it is asked for; `has_speaker` is asked where it matters."""
        path = self._path_of(language, name)
        return path.exists() or (not self.names.cannot(path) and has_speaker())

    def _path_of(self, language: str, name: str) -> Path:
        return self.folder / language / f"name-{sha256(name.encode()).hexdigest()[:32]}.wav"


def length_of(pause: int) -> int:
    """Return how many bytes a silence of so many milliseconds has."""
    return RATE * pause // 1000 * SAMPLE


def _samples(path: Path) -> bytes | None:
    """Return what a file says, None where it is not there or cannot be used; a file that is new is read anew."""
    try:
        return _read(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        return None
    except (OSError, UnfitRecording) as error:
        log.warning("a recording cannot be used: %s: %s", path.name, error)
        return None


@lru_cache(maxsize=MOST_KEPT)
def _read(path: Path, changed: int) -> bytes:
    return read(path.read_bytes())
