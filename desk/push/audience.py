"""Who holds a stream open in this process. Touched in the event loop only, so nothing needs a lock."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from desk.push.changes import Changes, OfficeUnknown


class StreamEnded(Exception):
    """The reader has gone, or the server is stopping."""


class Subscription:
    """The letterbox of one stream, with room for one letter: who reads slowly gets the newest number and all topics."""

    def __init__(self, office_id: int, since: int | None) -> None:
        self.office_id = office_id
        self.since = since
        self.ending: Exception | None = None
        self._waiting: Changes | None = None
        self._filled = asyncio.Event()

    def put(self, changes: Changes) -> None:
        self._waiting = changes if self._waiting is None else self._waiting.followed_by(changes)
        self._filled.set()

    def end(self, reason: Exception | None = None) -> None:
        self.ending = reason or StreamEnded()
        self._filled.set()

    async def take(self) -> Changes:
        """Return the waiting letter, or the next; raise `StreamEnded`, or `OfficeUnknown` instead of the first."""
        await self._filled.wait()
        self._filled.clear()
        if self.ending is not None:
            raise self.ending
        changes, self._waiting = self._waiting, None
        assert changes is not None  # noqa: S101 - filled means just this
        return changes


class Audience:
    """The subscriptions of a process by office. `welcome`, `refuse` and `tell` may be called from any thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._subscriptions: dict[int, set[Subscription]] = defaultdict(set)

    def welcome(self, subscription: Subscription, missed: Changes) -> None:
        self._in_loop(self._welcome, subscription, missed)

    def refuse(self, subscription: Subscription) -> None:
        self._in_loop(subscription.end, OfficeUnknown(subscription.office_id))

    def tell(self, office_id: int, changes: Changes) -> None:
        self._in_loop(self._tell, office_id, changes)

    def leave(self, subscription: Subscription) -> None:
        subscription.end()
        self._subscriptions[subscription.office_id].discard(subscription)
        if not self._subscriptions[subscription.office_id]:
            del self._subscriptions[subscription.office_id]

    def end(self) -> None:
        """End every stream."""
        for subscriptions in self._subscriptions.values():
            for subscription in subscriptions:
                subscription.end()

    def _in_loop(self, call: Callable[..., None], *arguments: Any) -> None:
        with suppress(RuntimeError):  # the loop has closed: nobody is left to tell
            self._loop.call_soon_threadsafe(call, *arguments)

    def _welcome(self, subscription: Subscription, missed: Changes) -> None:
        if subscription.ending is None:
            self._subscriptions[subscription.office_id].add(subscription)
            subscription.put(missed)

    def _tell(self, office_id: int, changes: Changes) -> None:
        for subscription in self._subscriptions.get(office_id, ()):
            subscription.put(changes)
