"""What a server process counts while it serves: requests, their times, streams, commits, waits for an office's lock.

Plain numbers, so that a request pays a millionth of a second for them; put into Prometheus's words only when somebody
asks (`desk.watching.exposition`). No label is taken from what a client sent: routes, known methods, statuses.
"""

import threading
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

REQUEST_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
UNIT_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5, 10.0)
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
NO_ROUTE: Final = "none"


@dataclass(slots=True)
class Times:
    """A histogram: how many took at most so many seconds, each bucket by itself, and the seconds altogether."""

    bounds: tuple[float, ...]
    counts: list[int]
    seconds: float = 0.0

    @classmethod
    def of(cls, bounds: tuple[float, ...]) -> "Times":
        """Return an empty one."""
        return cls(bounds, [0] * (len(bounds) + 1))

    def add(self, seconds: float) -> None:
        """Count one."""
        self.counts[bisect_left(self.bounds, seconds)] += 1
        self.seconds += seconds

    def take(self, counts: list[int], seconds: float) -> None:
        """Add what another process counted."""
        self.counts = [mine + other for mine, other in zip(self.counts, counts, strict=True)]
        self.seconds += seconds


@dataclass(slots=True)
class Totals:
    """What one process counted, or several together."""

    requests: Counter[tuple[str, str, int]] = field(default_factory=Counter)  # by method, route, status
    times: dict[str, Times] = field(default_factory=dict)  # by route
    locks: Times = field(default_factory=lambda: Times.of(UNIT_SECONDS))
    commits: Times = field(default_factory=lambda: Times.of(UNIT_SECONDS))
    streams: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON knows it; other threads may go on counting meanwhile."""
        return {
            "requests": [[*key, count] for key, count in list(self.requests.items())],
            "times": [[route, list(each.counts), each.seconds] for route, each in list(self.times.items())],
            "locks": [list(self.locks.counts), self.locks.seconds],
            "commits": [list(self.commits.counts), self.commits.seconds],
            "streams": self.streams,
        }

    def take(self, found: dict[str, Any], *, lives: bool) -> None:
        """Add what a process wrote down; of one that is gone, without the streams that went with it."""
        for method, route, status, count in found["requests"]:
            self.requests[method, route, status] += count
        for route, counts, seconds in found["times"]:
            self.times.setdefault(route, Times.of(REQUEST_SECONDS)).take(counts, seconds)
        self.locks.take(*found["locks"])
        self.commits.take(*found["commits"])
        self.streams += found["streams"] if lives else 0


class Traffic:
    """Counts for one process. Requests and streams are told in the event loop, units of work by any thread."""

    def __init__(self) -> None:
        self.totals = Totals()
        self._units = threading.Lock()

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request and how long it took to its first byte."""
        totals = self.totals
        totals.requests[method if method in METHODS else "other", route or NO_ROUTE, status] += 1
        times = totals.times.get(route or NO_ROUTE)
        if times is None:
            times = totals.times[route or NO_ROUTE] = Times.of(REQUEST_SECONDS)
        times.add(seconds)

    def streaming(self, change: int) -> None:
        """Count a stream that begins (1) or ends (-1)."""
        self.totals.streams += change

    def locked(self, seconds: float) -> None:
        """Count how long a unit of work waited until it held its office."""
        with self._units:
            self.totals.locks.add(seconds)

    def committed(self, seconds: float) -> None:
        """Count a unit that stands, and how long that took from the wish on."""
        with self._units:
            self.totals.commits.add(seconds)
