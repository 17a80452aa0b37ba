"""The words of a stream (server-sent events, HTML Living Standard 9.2). No personal data, no ids of people or visits.

`hello` at every connection, `changed` or `reset` when there is something to fetch, `beat` after a silence.
"""

import json
from functools import lru_cache

from desk.push.changes import EVERYTHING, Changes


def retry(milliseconds: int) -> bytes:
    """Tell the browser how long to wait before it connects again."""
    return b"retry: %d\n\n" % milliseconds


def hello(number: int, *, beat_seconds: float) -> bytes:
    """The office is at this event; expect to hear something at least so often."""
    return _event("hello", {"number": number, "beat": beat_seconds}, number)


@lru_cache(maxsize=256)  # one change goes out on many streams
def news(changes: Changes) -> bytes:
    """Say which topics changed, or that everything must be looked at anew; nothing where nothing changed."""
    if not changes.topics:
        return b""
    name = "reset" if EVERYTHING in changes.topics else "changed"
    return _event(name, {"number": changes.number, "topics": sorted(changes.topics)}, changes.number)


def beat() -> bytes:
    """The line is alive. An event rather than a comment: a page cannot see comments, and must notice a dead line."""
    return b"event: beat\ndata: {}\n\n"


def _event(name: str, data: dict[str, object], number: int) -> bytes:
    return f"id: {number}\nevent: {name}\ndata: {json.dumps(data)}\n\n".encode()
