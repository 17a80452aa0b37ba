"""What works for long with its settings, begun anew whenever an administrator has changed them in the browser."""

import threading
import time
from typing import Protocol

from desk.settings import Settings
from desk.settings_now import LOOK_SECONDS, current


class Work(Protocol):
    """What goes on until it is told to stop."""

    def __call__(self, settings: Settings, *, stop: threading.Event) -> None:
        """Go on with these settings."""


class Until(threading.Event):
    """Is set once everything is to stop, or other settings hold than these."""

    def __init__(self, stop: threading.Event, settings: Settings) -> None:
        """Watch over these settings."""
        super().__init__()
        self._stop = stop
        self._settings = settings

    def is_set(self) -> bool:
        """Tell whether to stop."""
        return self._stop.is_set() or current(self._settings) != self._settings

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it is set, so many seconds at most; returns whether it is."""
        until = None if timeout is None else time.monotonic() + timeout
        while not self.is_set():
            left = LOOK_SECONDS if until is None else until - time.monotonic()
            if left <= 0:
                return False
            self._stop.wait(min(left, LOOK_SECONDS))
        return True


def go_on(work: Work, settings: Settings, stop: threading.Event) -> None:
    """Work with the settings as they are now until told to stop; other ones begin it anew."""
    while not stop.is_set():
        now = current(settings)
        work(now, stop=Until(stop, now))
