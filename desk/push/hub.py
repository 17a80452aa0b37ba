"""The hub of a process: commits poke it, streams subscribe to it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from desk.push.audience import Audience, Subscription
from desk.push.bells import Bell, bell_for
from desk.push.changes import TopicsOf, reading, whole_office
from desk.push.reader import Reader


class Hub:
    """One for a process; made before or after the fork, started after it.

    `topics_of` names the topics of an event by its name; an event of no topic wakes nobody.
    """

    def __init__(self, engine: Engine, *, topics_of: TopicsOf = whole_office, bell: Bell | None = None) -> None:
        self._engine = reading(engine)
        self._topics_of = topics_of
        self._bell = bell or bell_for(engine)
        self._audience: Audience | None = None
        self._reader: Reader | None = None

    def poke(self, office_id: int) -> None:
        """Something was committed in this office: wake its streams here and elsewhere. Any thread; never raises."""
        reader = self._reader
        if reader is not None:
            if reader.watched(office_id):
                reader.look((office_id,))
            self._bell.ring(office_id)

    def start(self) -> None:
        """Begin to listen and to read; called in the event loop that serves the streams."""
        self._audience = Audience(asyncio.get_running_loop())
        self._reader = Reader(self._engine, self._audience, self._topics_of)
        self._reader.start()
        self._bell.start(self._reader.look)

    def end_streams(self) -> None:
        """Say good-bye to every stream; browsers come back by themselves. Called in the event loop."""
        if self._audience is not None:
            self._audience.end()

    def stop(self) -> None:
        """End streams and threads; pokes are then ignored. Called in the event loop."""
        self.end_streams()
        reader, self._reader = self._reader, None
        if reader is not None:
            self._bell.stop()
            reader.stop()

    @contextmanager
    def subscribed(self, office_id: int, since: int | None) -> Iterator[Subscription]:
        """Subscribe to an office from event `since` on, None for from now on. In the event loop, after `start`."""
        if self._audience is None or self._reader is None:
            raise RuntimeError("the hub has not been started")
        subscription = Subscription(office_id, since)
        reader = self._reader
        reader.welcome(subscription)
        try:
            yield subscription
        finally:
            self._audience.leave(subscription)
            reader.leave(subscription)
