"""The worker's look at follow-ups, complaints and questions that were taken back: once a minute, in every office."""

import logging
import time
from collections.abc import Callable
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from desk.cli.every_office import in_every_office
from desk.demo.loading import is_held
from desk.domain.access import SYSTEM
from desk.domain.refusals import Refused
from desk.operations.complaints.escalating import list_offices, look_after
from desk.operations.requests import Request
from desk.operations.stream import Streams
from desk.operations.survey.making_up import make_up, offices_with_taken_back
from desk.settings import Settings

LOG: Final = logging.getLogger(__name__)
EVERY_SECONDS: Final = 60.0


class CaseKeeper:
    """Looks when a minute has passed since the last time; not while a demo day is played, which lies in the past."""

    def __init__(self, settings: Settings, streams: Streams, *, ticks: Callable[[], float] = time.monotonic) -> None:
        self._settings, self._streams, self._ticks = settings, streams, ticks
        self._next = ticks()

    def look(self) -> int:
        """Open, escalate and make up for what is due, if it is time; returns how much."""
        if self._ticks() < self._next or is_held(self._settings.data):
            return 0
        self._next = self._ticks() + EVERY_SECONDS
        try:
            found = sum(self._look_at(office_id) for office_id in list_offices(self._streams))
            return found + make_up_for_reopened(self._streams)
        except SQLAlchemyError as error:
            LOG.error("the database does not answer: %s", type(getattr(error, "orig", None) or error).__name__)
            return 0

    def _look_at(self, office_id: int) -> int:
        try:
            facts = look_after(self._streams, office_id, Request(SYSTEM, "look_after")).facts
        except Refused as refused:
            LOG.warning("follow-ups of office %d: %s", office_id, refused.reason)
            return 0
        found: int = facts["opened"] + facts["escalated"]
        return found


def make_up_for_reopened(streams: Streams) -> int:
    """Decide about every transaction that has been in work too long since it was reopened; returns how many."""
    return in_every_office(streams, offices_with_taken_back(streams), make_up, "make_up", "decided", what="invitations")
