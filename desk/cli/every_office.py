"""What the worker does by itself in every office that has something due, each in a unit of its own."""

import logging
from collections.abc import Callable, Iterable
from typing import Final

from desk.domain.access import SYSTEM
from desk.domain.refusals import Refused
from desk.logs import working_on
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams

LOG: Final = logging.getLogger(__name__)
Work = Callable[[Streams, int, Request], Done]


def in_every_office(streams: Streams, offices: Iterable[int], work: Work, verb: str, told: str, *, what: str) -> int:
    """Do it in each of these offices; returns how many the answers name under `told`.

    An office that refuses keeps no other waiting: the log says why, with `what` it was about.
    """
    done = 0
    for office_id in offices:
        with working_on(job=verb, office=office_id):
            try:
                done += len(work(streams, office_id, Request(SYSTEM, verb)).facts[told])
            except Refused as refused:
                LOG.warning("%s of office %d: %s", what, office_id, refused.reason)
    return done
