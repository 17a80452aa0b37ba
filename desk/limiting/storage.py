"""The storage that `limits` and Flask-Limiter count in.

When its database is away, its methods raise: with RATELIMIT_IN_MEMORY_FALLBACK_ENABLED Flask-Limiter then counts in the
memory of each process, with the same limits, until `check` answers True again. So sign-in never becomes unlimited; the
log says that it happened.
"""

import logging
import os
import threading
import time
from collections.abc import Callable
from math import floor
from typing import Any, Final

from limits.storage import SlidingWindowCounterSupport, Storage
from limits.storage.base import TimestampedSlidingWindow
from sqlalchemy.exc import SQLAlchemyError

from desk.limiting.counters import Counters
from desk.limiting.places import SCHEMES, database_url

LOG: Final = logging.getLogger(__name__)
UNLIMITED: Final = 2**62
TIDY_EVERY_SECONDS: Final = 60.0
_PROBE: Final = "desk:probe"


class SqlStorage(Storage, SlidingWindowCounterSupport, TimestampedSlidingWindow):
    """Fixed windows and sliding window counters in SQLite or PostgreSQL, shared by all processes."""

    STORAGE_SCHEME = list(SCHEMES)  # noqa: RUF012 - as `limits` declares it

    def __init__(self, uri: str, wrap_exceptions: bool = False, **options: Any) -> None:  # noqa: FBT001, FBT002 - given
        super().__init__(uri, wrap_exceptions=wrap_exceptions, **options)
        self.clock: Callable[[], float] = time.time
        self._url = database_url(uri)
        self._opening = threading.Lock()
        self._opened: tuple[int, Counters] | None = None
        self._tidied_at = 0.0

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        """What a broken store raises."""
        return SQLAlchemyError

    @property
    def _counters(self) -> Counters:
        """Open the database with the first request, and once in every process: connections do not survive a fork."""
        opened = self._opened
        if opened is None or opened[0] != os.getpid():
            with self._opening:
                if self._opened is None or self._opened[0] != os.getpid():
                    self._opened = (os.getpid(), Counters(self._url))
                opened = self._opened
        return opened[1]

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Add to a key and return its hits; the first hit decides when it expires (`expiry` in seconds)."""
        return self._add(key, amount, expiry, most=UNLIMITED) or 0

    def _add(self, key: str, amount: int, expiry: float, *, most: int) -> int | None:
        now = self.clock()
        if now - self._tidied_at > TIDY_EVERY_SECONDS:
            self._tidied_at = now
            self._counters.tidy(now=now)
        return self._counters.add(key, amount, now=now, expires_at=now + expiry, most=most)

    def get(self, key: str) -> int:
        """Return the hits of a key."""
        count = self._counters.find(key, now=self.clock())
        return 0 if count is None else count.hits

    def get_expiry(self, key: str) -> float:
        """Return when a key expires (seconds since 1970): now, if it has no hits."""
        now = self.clock()
        count = self._counters.find(key, now=now)
        return now if count is None else count.expires_at

    def check(self) -> bool:
        """Tell whether hits can be counted: by counting one."""
        try:
            return self.incr(_PROBE, 1) > 0
        except SQLAlchemyError as error:
            LOG.error("the store of rate limits is broken: %s", type(error).__name__)
            return False

    def reset(self) -> int:
        """Forget every hit; returns how many keys there were."""
        return self._counters.remove_all()

    def clear(self, key: str) -> None:
        """Forget the hits of a key."""
        self._counters.remove(key)

    def close(self) -> None:
        """Close the connections; the next hit opens new ones."""
        opened, self._opened = self._opened, None
        if opened is not None:
            opened[1].close()

    def acquire_sliding_window_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count hits, unless they would be more than `limit` in the last `expiry` seconds as two windows tell it."""
        now = self.clock()
        previous_key, current_key = self.sliding_window_keys(key, expiry, now)
        previous = self.get(previous_key) * _still_counts(expiry, now)
        left = limit - floor(previous)
        # Kept for as long as it is looked at: while it is the current window and while it is the previous one.
        return amount <= left and self._add(current_key, amount, 2 * expiry, most=left) is not None

    def get_sliding_window(self, key: str, expiry: int) -> tuple[int, float, int, float]:
        """Return the hits in the previous window, for how long it still counts, and the same of the current one."""
        now = self.clock()
        previous_key, current_key = self.sliding_window_keys(key, expiry, now)
        previous, left = self.get(previous_key), _still_counts(expiry, now) * expiry
        return previous, left if previous else 0.0, self.get(current_key), left + expiry

    def clear_sliding_window(self, key: str, expiry: int) -> None:
        """Forget the hits of a key in both windows."""
        for window in self.sliding_window_keys(key, expiry, self.clock()):
            self.clear(window)


def _still_counts(expiry: int, now: float) -> float:
    """Return the share of the previous window that lies within the last `expiry` seconds."""
    return 1 - (now / expiry) % 1
