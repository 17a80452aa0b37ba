"""What several screens show alike is made once for all: twenty displays that hear of a call fetch at one instant.

What was made stands as long as nothing else happened in the office, and never longer than a second, for the clock
changes what is shown as well. Kept in the process, the latest of each kind only.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Final, TypeVar

from flask import current_app

Made = TypeVar("Made")
FRESH: Final = timedelta(seconds=1)
MOST: Final = 256  # screens that differ in what they show


@dataclass(slots=True)
class _Kept:
    """What was made last; the lock has all others wait for the one that makes it."""

    lock: Lock = field(default_factory=Lock)
    head: Hashable = None
    at: datetime | None = None
    made: Any = None

    def holds(self, head: Hashable, at: datetime) -> bool:
        return self.at is not None and self.head == head and self.at <= at < self.at + FRESH


class MadeOnce:
    """One for a process."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, head: Hashable, make: Callable[[], Made], *, at: datetime) -> Made:
        """Return what was made under this key when the office's history ended with `head`, else make it.

        The head is to be read before whatever `make` reads: what is kept is then as new as its head, or newer.
        """
        kept = self._of(key)
        with kept.lock:
            if not kept.holds(head, at):
                kept.made = make()
                kept.head, kept.at = head, at
            found: Made = kept.made
            return found

    def _of(self, key: Hashable) -> _Kept:
        with self._lock:
            kept = self._kept.setdefault(key, _Kept())
            self._kept.move_to_end(key)
            if len(self._kept) > MOST:
                self._kept.popitem(last=False)
            return kept


def made_once() -> MadeOnce:
    """Return that of the current app."""
    found: MadeOnce = current_app.extensions.setdefault("desk.made_once", MadeOnce())
    return found
