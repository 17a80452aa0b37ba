"""How much one process takes on before it says no. Times in seconds."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Of pages; those of streams are `desk.push.places.StreamLimits`.

    Paths that `large_paths` matches as a whole take `large_bytes`, so many requests at a time; the others wait unread.
    """

    threads: int = 8
    waiting_requests: int = 1_000
    body_bytes: int = 1 << 20
    body_seconds: float = 30.0
    large_paths: re.Pattern[str] | None = None
    large_bytes: int = 10 << 20
    large_seconds: float = 120.0
    large_at_once: int = 4
    has_page_for_large: bool = False  # the application itself refuses a Content-Length beyond its limit
    linger_seconds: float = 30.0
    piece_bytes: int = 1 << 18
    send_seconds: float = 30.0

    def is_large(self, path: str) -> bool:
        """Tell whether more than usual may be sent to a path."""
        return self.large_paths is not None and self.large_paths.fullmatch(path) is not None
