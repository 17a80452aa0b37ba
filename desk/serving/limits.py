"""How much one process takes on before it says no. Times in seconds."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from desk.serving.environ import Environ


@dataclass(frozen=True, slots=True)
class Allowance:
    """How long a body may be, and how long it may take."""

    bytes: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Limits:
    """Of pages; those of streams are `desk.push.places.StreamLimits`.

    Paths that `large_paths` matches as a whole take `large_bytes`, so many requests at a time; the others wait unread.
    Where `may_send_large` is given, only of whoever it says so by a request without its body, which it may ask the
    database about; anybody else may send there what may be sent anywhere, and holds nobody up.
    What is asked of `probe_paths` is answered even when no thread and no place is free.
    What is posted to `brief_paths` takes no longer than it costs to change threads, and may be answered without that.
    """

    threads: int = 8
    waiting_requests: int = 1_000
    body_bytes: int = 1 << 20
    body_seconds: float = 30.0
    brief_paths: re.Pattern[str] | None = None
    probe_paths: frozenset[str] = frozenset()
    large_paths: re.Pattern[str] | None = None
    may_send_large: Callable[[Environ], bool] | None = None
    large_bytes: int = 10 << 20
    large_seconds: float = 120.0
    large_at_once: int = 4
    has_page_for_large: bool = False  # the application itself refuses a Content-Length beyond its limit
    linger_seconds: float = 30.0
    piece_bytes: int = 1 << 18
    send_seconds: float = 30.0

    @property
    def usual(self) -> Allowance:
        """What anybody may send."""
        return Allowance(self.body_bytes, self.body_seconds)

    @property
    def large(self) -> Allowance:
        """What may be sent by whoever has one of the places for it."""
        return Allowance(self.large_bytes, self.large_seconds)

    def is_large(self, path: str) -> bool:
        """Tell whether more than usual may be sent to a path."""
        return self.large_paths is not None and self.large_paths.fullmatch(path) is not None

    def is_probe(self, path: str) -> bool:
        """Tell whether somebody watches how the desk does."""
        return path in self.probe_paths

    def is_brief(self, environ: Environ) -> bool:
        """Tell whether what is posted is answered within a millisecond or so."""
        if self.brief_paths is None or environ["REQUEST_METHOD"] != "POST":
            return False
        return self.brief_paths.fullmatch(environ["PATH_INFO"]) is not None
