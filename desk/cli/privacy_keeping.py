"""The worker's look at the rules of retention: what is due goes in bites, out of everybody's way."""

import logging
import time
from collections.abc import Callable
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from desk.demo.loading import is_held
from desk.domain.access import SYSTEM
from desk.domain.refusals import Refused
from desk.domain.retention import Track
from desk.operations.complaints.escalating import list_offices
from desk.operations.keeping.retaining import expire, is_any_due
from desk.operations.requests import Request
from desk.operations.stream import Streams
from desk.settings import Settings

LOG: Final = logging.getLogger(__name__)
EVERY_SECONDS: Final = 60.0
# Seconds that one look may take before other work of the worker goes on.
SHARE_SECONDS: Final = 0.3


class PrivacyKeeper:
    """Looks once a minute, and goes on at once while something is left; not while a demo day is played."""

    def __init__(self, settings: Settings, streams: Streams, *, ticks: Callable[[], float] = time.monotonic) -> None:
        self._settings, self._streams, self._ticks = settings, streams, ticks
        self._next = ticks()

    def look(self) -> int:
        """Take some bites, if it is time; returns how much was erased."""
        began = self._ticks()
        if began < self._next or is_held(self._settings.data):
            return 0
        try:
            erased, is_done = self._bite_until(began + SHARE_SECONDS)
        except SQLAlchemyError as error:
            LOG.error("the database does not answer: %s", type(getattr(error, "orig", None) or error).__name__)
            erased, is_done = 0, True
        self._next = began + EVERY_SECONDS if is_done else began
        return erased

    def _bite_until(self, end: float) -> tuple[int, bool]:
        """Take bites until the time is over; returns how much was erased, and whether nothing is left."""
        erased = 0
        for office_id, track in self._due():
            left = True
            while left:
                if self._ticks() >= end:
                    return erased, False
                bitten, left = self._bite(office_id, track)
                erased += bitten
        return erased, True

    def _due(self) -> list[tuple[int, Track]]:
        at = self._streams.clock()
        offices = list_offices(self._streams)
        with self._streams.reading() as connection:
            return [(each, track) for each in offices for track in is_any_due(connection, each, at=at)]

    def _bite(self, office_id: int, track: Track) -> tuple[int, bool]:
        try:
            facts = expire(self._streams, office_id, Request(SYSTEM, "expire_data"), track=track).facts
        except Refused as refused:
            LOG.warning("retention in office %d: %s", office_id, refused.reason)
            return 0, False
        return facts["erased"], facts["left"]
