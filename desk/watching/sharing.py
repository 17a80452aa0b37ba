"""Counts of several processes told as one: each writes its own into a folder in memory, whoever is asked adds them up.

The folder belongs to the processes of one `desk serve`. What a process counted before it fell stays counted.
"""

import json
import os
import shutil
import tempfile
import threading
from pathlib import Path
from typing import Final

from desk.watching.traffic import Totals, Traffic

EVERY_SECONDS: Final = 1.0
MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a folder of one's own is made in it
PREFIX: Final = "desk-metrics-"


def make_folder() -> Path:
    """Make a folder for the processes that this one will start; forget those of servers that were killed."""
    place = MEMORY if os.access(MEMORY, os.W_OK | os.X_OK) else Path(tempfile.gettempdir())
    for old in place.glob(f"{PREFIX}*"):
        owner = old.name.removeprefix(PREFIX).partition("-")[0]
        if owner.isdigit() and not _lives(int(owner)):
            shutil.rmtree(old, ignore_errors=True)  # what is another user's stays
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=place))


class Sharing:
    """The counts of this process, and those of the others of its server where there is a folder."""

    def __init__(self, traffic: Traffic, folder: Path | None = None) -> None:
        self._traffic = traffic
        self._folder = folder
        self._file = folder / f"{os.getpid()}-{os.urandom(4).hex()}.json" if folder else None
        self._written = ""

    def start(self) -> None:
        """Write down every second what was counted, if anything was."""
        if self._file is not None:
            threading.Thread(target=self._keep_writing, name="metrics", daemon=True).start()

    def _keep_writing(self) -> None:
        waiting = threading.Event()
        while not waiting.wait(EVERY_SECONDS):
            self.write()

    def write(self) -> None:
        """Write down what was counted; a folder that is gone, or full, is no reason to serve no longer."""
        if self._file is None:
            return
        text = json.dumps(self._traffic.totals.as_json())
        if text == self._written:
            return
        draft = self._file.with_suffix(".part")
        try:
            draft.write_text(text)
            draft.replace(self._file)
            self._written = text
        except OSError:
            draft.unlink(missing_ok=True)

    def totals(self) -> Totals:
        """Return what all of them counted, of others as it was a second ago at most."""
        together = Totals()
        together.take(self._traffic.totals.as_json(), lives=True)
        for file in sorted(self._folder.glob("*.json")) if self._folder else []:
            if file == self._file:
                continue
            try:
                found = json.loads(file.read_text())
            except (OSError, ValueError):
                continue
            together.take(found, lives=_lives(int(file.name.partition("-")[0])))
        return together


def _lives(process: int) -> bool:
    return Path("/proc", str(process)).exists()
