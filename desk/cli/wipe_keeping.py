"""The worker's care that what was erased leaves the files of the database too, soon after, and again if it failed."""

import logging
import time
from collections.abc import Callable
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from desk.demo.loading import is_held
from desk.models.engine import AWAY
from desk.operations.keeping.wiping import list_unwiped, wipe
from desk.operations.stream import Streams
from desk.settings import Settings

LOG: Final = logging.getLogger(__name__)
LOOK_SECONDS: Final = 2.0
# Seconds after a clearing until the next: emptying SQLite's log is quick, vacuuming PostgreSQL's tables is not.
EVERY_SECONDS: Final = {"sqlite": LOOK_SECONDS, "postgresql": 60.0}
WARN_AFTER: Final = 150  # looks in vain, five minutes


class WipeKeeper:
    """Clears the files after erasures; not while a demo day is played."""

    def __init__(self, settings: Settings, streams: Streams, *, ticks: Callable[[], float] = time.monotonic) -> None:
        self._settings, self._streams, self._ticks = settings, streams, ticks
        self._every = EVERY_SECONDS[streams.engine.dialect.name]
        self._next = ticks()
        self._in_vain = 0

    def look(self) -> bool:
        """Clear what is to be cleared, if it is time; False where that did not succeed."""
        if self._ticks() < self._next or is_held(self._settings.data):
            return True
        self._next = self._ticks() + LOOK_SECONDS
        try:
            done = self._wipe()
        except (SQLAlchemyError, *AWAY) as error:
            LOG.error("the files could not be cleared: %s", type(getattr(error, "orig", None) or error).__name__)
            done = False
        self._in_vain = 0 if done else self._in_vain + 1
        if self._in_vain == WARN_AFTER:
            LOG.warning("what was erased still lies in the write-ahead log: something reads the database all the time")
        return done

    def _wipe(self) -> bool:
        with self._streams.reading() as connection:
            if not list_unwiped(connection):
                return True
        done = wipe(self._streams, self._streams.engine)
        if done:
            self._next = self._ticks() + self._every
        return done
