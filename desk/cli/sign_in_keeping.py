"""The worker's look at the sign-in: links for who has forgotten a password, and what is old in the records goes."""

import logging
import time
from collections.abc import Callable
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from desk.operations.accounts.counting_refusals import forget_old_refusals
from desk.operations.accounts.password_wishes import take_up_wishes
from desk.operations.accounts.signing_in import forget_old
from desk.operations.stream import Streams

LOG: Final = logging.getLogger(__name__)
FORGET_EVERY_SECONDS: Final = 3_600.0


class SignInKeeper:
    """Looks for wishes each time, and once an hour for what is old."""

    def __init__(self, streams: Streams, *, ticks: Callable[[], float] = time.monotonic) -> None:
        self._streams, self._ticks = streams, ticks
        self._next = ticks()

    def look(self) -> int:
        """Do what is due; returns how many links were queued."""
        try:
            queued = take_up_wishes(self._streams)
            if self._ticks() >= self._next:
                forget_old(self._streams.engine, at=self._streams.clock())
                forget_old_refusals(self._streams.engine, at=self._streams.clock())
                self._next = self._ticks() + FORGET_EVERY_SECONDS
        except SQLAlchemyError as error:
            LOG.error("the database does not answer: %s", type(getattr(error, "orig", None) or error).__name__)
            return 0
        return queued
