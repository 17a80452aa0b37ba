"""How much one process takes on before it says no. Times in seconds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Of pages; those of streams are `desk.push.places.StreamLimits`."""

    threads: int = 8
    waiting_requests: int = 1_000
    body_bytes: int = 1 << 20
    body_seconds: float = 30.0
    piece_bytes: int = 1 << 18
    send_seconds: float = 30.0
