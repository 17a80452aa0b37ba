from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    threads: int = 8
    waiting_requests: int = 2000
    body_bytes: int = 1 << 20
    piece_bytes: int = 1 << 18
    send_seconds: float = 30
