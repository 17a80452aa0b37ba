"""Having words spoken by a synthesiser of this machine, in a child process of their own."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

PATIENCE_S: Final = 60
MODULE: Final = "desk.announcing.speaker"


@dataclass(frozen=True, slots=True)
class Saying:
    """Words, or the sounds of them in the synthesiser's own signs."""

    language: str
    words: str
    phonemes: bool = False


class NoSpeaker(RuntimeError):
    """No synthesiser is installed, or it failed."""


def speak(sayings: Sequence[Saying]) -> list[bytes]:
    """Return each as a recording fit to be joined; raise `NoSpeaker`, or `ValueError` where one is silent."""
    asked = json.dumps(
        [{"language": each.language, "words": each.words, "phonemes": each.phonemes} for each in sayings]
    )
    try:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", MODULE], input=asked.encode(), capture_output=True, timeout=PATIENCE_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoSpeaker from error
    if done.returncode:
        raise NoSpeaker(done.stderr.decode(errors="replace")[-300:])
    found = []
    rest = memoryview(done.stdout)
    while rest:
        size = int.from_bytes(rest[:4], "little")
        found.append(bytes(rest[4 : 4 + size]))
        rest = rest[4 + size :]
    return found
