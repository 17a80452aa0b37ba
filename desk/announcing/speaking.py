"""Having words spoken by a synthesiser of this machine, in a child process of their own."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

PATIENCE_S: Final = 60
MODULE: Final = "desk.announcing.speaker"
# How the child ends where no synthesiser is there, and where words are silent.
MISSING, SILENT = 3, 4


@dataclass(frozen=True, slots=True)
class Saying:
    """Words, or the sounds of them in the synthesiser's own signs."""

    language: str
    words: str
    phonemes: bool = False


class NoSpeaker(RuntimeError):
    """No synthesiser is installed."""


class SpeakerFailed(RuntimeError):
    """The synthesiser broke off, or took too long; it may do better another time."""


class Unspeakable(ValueError):
    """Of some words nothing is to be heard."""


def speak(sayings: Sequence[Saying], *, patience: float = PATIENCE_S) -> list[bytes]:
    """Return each as a recording fit to be joined, within `patience` seconds.

    Raises `NoSpeaker`, `Unspeakable` where one of them is silent, `SpeakerFailed` for whatever else goes wrong.
    """
    asked = json.dumps(
        [{"language": each.language, "words": each.words, "phonemes": each.phonemes} for each in sayings]
    )
    try:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", MODULE], input=asked.encode(), capture_output=True, timeout=patience, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SpeakerFailed(type(error).__name__) from error
    if done.returncode == MISSING:
        raise NoSpeaker
    if done.returncode == SILENT:
        raise Unspeakable
    if done.returncode:
        raise SpeakerFailed(done.stderr.decode(errors="replace")[-300:])
    found = []
    rest = memoryview(done.stdout)
    while rest:
        size = int.from_bytes(rest[:4], "little")
        found.append(bytes(rest[4 : 4 + size]))
        rest = rest[4 + size :]
    return found
