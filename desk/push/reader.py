"""The one thread of a process that asks the database what changed, for all its streams together."""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from queue import Empty, SimpleQueue

from sqlalchemy import Connection, Engine

from desk.push.audience import Audience, Subscription
from desk.push.changes import Changes, TopicsOf, find_later, find_number, missed
from desk.push.persistent import Persistent

# What is poked within a breath is read once; what nobody poked for is found by looking around.
BREATH_SECONDS = 0.015
LOOK_AROUND_SECONDS = 1.0


class Reader(Persistent):
    """Reads after each office's last number and tells the audience.

    Everything other threads want is put into its inbox as a call; all else belongs to this thread alone.
    """

    def __init__(self, engine: Engine, audience: Audience, topics_of: TopicsOf) -> None:
        super().__init__("push: reading what changed")
        self._engine = engine
        self._audience = audience
        self._topics_of = topics_of
        self._inbox: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._streams: Counter[int] = Counter()
        self._numbers: dict[int, int] = {}
        self._poked: set[int] = set()
        self._joining: list[Subscription] = []
        self._last_read = self._last_look = 0.0

    # Called by anybody.

    def look(self, offices: Iterable[int] | None) -> None:
        """Look at these offices soon; None for all that somebody watches."""
        self._inbox.put(self._look_everywhere if offices is None else partial(self._poked.update, offices))

    def watched(self, office_id: int) -> bool:
        """Tell whether any stream here follows this office; who is just joining reads the newest state anyway."""
        return office_id in self._streams

    def welcome(self, subscription: Subscription) -> None:
        """Tell a stream what it missed, then everything that follows."""
        self._inbox.put(partial(self._join, subscription))

    def leave(self, subscription: Subscription) -> None:
        self._inbox.put(partial(self._leave, subscription.office_id))

    def stop(self) -> None:
        self.stopping.set()
        self._inbox.put(lambda: None)
        super().stop()

    # In the thread.

    def attempt(self) -> None:
        with self._engine.connect() as connection:
            while not self.stopping.is_set():
                self._hear()
                self._read(connection)

    def _hear(self) -> None:
        """Wait for news, but not beyond the next look around; then for the rest of the breath."""
        self._hear_until(self._last_look + LOOK_AROUND_SECONDS, most=1)
        self._hear_until(self._last_read + BREATH_SECONDS)
        if time.monotonic() >= self._last_look + LOOK_AROUND_SECONDS:
            self._look_everywhere()

    def _hear_until(self, instant: float, *, most: int = 10_000) -> None:
        try:
            for _ in range(most):
                self._inbox.get(timeout=max(0.0, instant - time.monotonic()))()
        except Empty:
            pass

    def _look_everywhere(self) -> None:
        self._poked.update(self._streams)
        self._last_look = time.monotonic()

    def _join(self, subscription: Subscription) -> None:
        self._streams[subscription.office_id] += 1
        self._joining.append(subscription)

    def _leave(self, office_id: int) -> None:
        self._streams[office_id] -= 1
        if not self._streams[office_id]:
            del self._streams[office_id]
            self._numbers.pop(office_id, None)

    def _read(self, connection: Connection) -> None:
        for office_id in (self._poked & self._streams.keys()) | {each.office_id for each in self._joining}:
            self._advance(connection, office_id)
        self._poked.clear()
        while self._joining:
            self._welcome(connection, self._joining[-1])
            self._joining.pop()
        connection.rollback()  # ends the read transaction
        self._last_read = time.monotonic()

    def _advance(self, connection: Connection, office_id: int) -> None:
        known = self._numbers.get(office_id)
        if known is None:
            number = find_number(connection, office_id)
            changes = None if number is None else Changes(number)
        else:
            changes = find_later(connection, office_id, after=known, topics_of=self._topics_of)
        if changes is not None:
            self._numbers[office_id] = changes.number
            if changes.topics:
                self._audience.tell(office_id, changes)

    def _welcome(self, connection: Connection, subscription: Subscription) -> None:
        office_id = subscription.office_id
        number = self._numbers.get(office_id)
        if number is None:
            return self._audience.refuse(subscription)
        since = number if subscription.since is None else subscription.since
        seen = missed(connection, office_id, since=since, number=number, topics_of=self._topics_of)
        return self._audience.welcome(subscription, seen)
