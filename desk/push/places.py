"""How many streams a process holds, and how many for one address; who gets no place polls."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StreamLimits:
    """`unlimited_addresses` are those behind which many people sit: this machine, a proxy that names nobody."""

    streams: int = 5_000
    streams_per_address: int = 200
    unlimited_addresses: frozenset[str] = frozenset({"127.0.0.1", "::1"})
    beat_seconds: float = 15.0
    welcome_seconds: float = 10.0
    send_seconds: float = 30.0
    retry_milliseconds: int = 2_000


class NoPlace(Exception):
    """This process, or this address, has enough streams."""


class Places:
    """Counts the streams of a process."""

    def __init__(self, limits: StreamLimits, counting: Callable[[int], None] | None = None) -> None:
        self._limits = limits
        self._counting = counting or (lambda change: None)  # told 1 for a place taken, -1 for one given back
        self._taken: Counter[str] = Counter()

    @contextmanager
    def taken_by(self, address: str) -> Iterator[None]:
        """Take a place for as long as the block runs; raise `NoPlace`."""
        limited = address not in self._limits.unlimited_addresses
        if self._taken.total() >= self._limits.streams:
            raise NoPlace
        if limited and self._taken[address] >= self._limits.streams_per_address:
            raise NoPlace
        self._taken[address] += 1
        self._counting(1)
        try:
            yield
        finally:
            self._counting(-1)
            self._taken[address] -= 1
            if not self._taken[address]:
                del self._taken[address]
