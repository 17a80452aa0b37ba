"""Many people pressing at once, in several processes: what each of them gets.

A process of the race imports this module; the pool's barrier sees to it that all processes begin together, a barrier in
each process that its threads do.
"""

import multiprocessing
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from desk.domain.access import KIOSK, SYSTEM, Actor, Role
from desk.domain.lifecycle import Outcome
from desk.domain.reasons import PickReason
from desk.domain.refusals import Reason, Refused
from desk.domain.retention import Track
from desk.models.engine import open_engine
from desk.operations import calling, handing_off, intake, serving, staffing
from desk.operations.intake import CheckIn
from desk.operations.keeping import retaining
from desk.operations.stream import Request, Streams
from desk.operations.survey import making_up
from tests.fixtures.office import KEYS, Clock

PROCESSES, THREADS = 4, 8
CALLERS = PROCESSES * THREADS
_LIMIT_SECONDS = 120

_at_once: Any = None


@dataclass(frozen=True, slots=True)
class Press:
    """What one caller does: a verb of this module and what it needs."""

    verb: str
    arguments: tuple[Any, ...]


Got = list[Any]
"""What a caller got, one after the other: the facts of an answer, or the reason of a refusal."""


class Race:
    """Processes that stand ready."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(
            PROCESSES, mp_context=context, initializer=_join, initargs=(context.Barrier(PROCESSES, timeout=60),)
        )

    def run(self, url: str, presses: Sequence[Press]) -> list[Got]:
        """Let every caller press at once; return what each got, in the order of the presses."""
        shares = [list(presses[number::PROCESSES]) for number in range(PROCESSES)]
        futures = [self._pool.submit(_run_share, url, share) for share in shares]
        results = [future.result(_LIMIT_SECONDS) for future in futures]
        return [results[number % PROCESSES][number // PROCESSES] for number in range(len(presses))]

    def close(self) -> None:
        self._pool.shutdown()


def _join(barrier: Any) -> None:
    global _at_once  # noqa: PLW0603 -- a process of the pool is told once, when it starts
    _at_once = barrier


def _run_share(url: str, presses: list[Press]) -> list[Got]:
    """Run this process's callers, each in a thread of its own."""
    engine = open_engine(url)
    streams = Streams(engine, KEYS, clock=Clock())
    with streams.reading() as connection:
        connection.exec_driver_sql("SELECT 1")
    start = threading.Barrier(max(1, len(presses)), timeout=60)
    _at_once.wait()
    try:
        with ThreadPoolExecutor(max(1, len(presses))) as threads:
            return list(threads.map(lambda press: _caller(streams, press, start), presses))
    finally:
        engine.dispose()


def _caller(streams: Streams, press: Press, start: threading.Barrier) -> Got:
    start.wait()
    return list(_VERBS[press.verb](streams, *press.arguments))


def _answer(act: Any) -> Any:
    """Return the facts of what was done, or why it was not."""
    try:
        return act().facts
    except Refused as refused:
        return refused.reason


def _check_in(streams: Streams, office_id: int, service_id: int, keys: Sequence[str]) -> Iterator[Any]:
    """Take a number under each key, twice: the second time as a retry."""
    wish = CheckIn((service_id,))
    for key in keys:
        request = Request(KIOSK, "check_in", {"service": service_id}, key)
        for _ in range(2):
            yield _answer(lambda request=request: intake.check_in(streams, office_id, wish, request))


def _serve_all(streams: Streams, office_id: int, officer_id: int, counter_id: int) -> Iterator[Any]:
    """Call and serve until nobody waits."""
    actor = Actor.staff(officer_id, Role.AGENT)
    while True:
        called = _answer(lambda: calling.call_next(streams, counter_id, office_id, Request(actor, "call_next")))
        yield called
        if isinstance(called, Reason):
            return
        transaction = called["transaction"]
        serving.start(streams, transaction, Request(actor, "start"))
        serving.complete(streams, transaction, Request(actor, "complete"), outcome=Outcome.FULFILLED)


def _pick(streams: Streams, officer_id: int, counter_id: int, transaction: int) -> Iterator[Any]:
    actor = Actor.staff(officer_id, Role.AGENT)
    request = Request(actor, "call")
    yield _answer(
        lambda: calling.call_particular(streams, transaction, counter_id, request, reason=PickReason.SAME_MATTER)
    )


def _sign_on(streams: Streams, office_id: int, officer_id: int, counter_id: int) -> Iterator[Any]:
    request = Request(Actor.staff(officer_id, Role.AGENT), "sign_on")
    yield _answer(lambda: staffing.sign_on(streams, counter_id, office_id, request))


def _accept(streams: Streams, officer_id: int, handoff: int) -> Iterator[Any]:
    yield _answer(lambda: handing_off.accept(streams, handoff, Request(Actor.staff(officer_id, Role.AGENT), "accept")))


def _withdraw(streams: Streams, officer_id: int, handoff: int) -> Iterator[Any]:
    request = Request(Actor.staff(officer_id, Role.AGENT), "withdraw")
    yield _answer(lambda: handing_off.withdraw(streams, handoff, request))


def _expire(streams: Streams, office_id: int, at: str, limit: int) -> Iterator[Any]:
    """Take bites of every track until nothing is left, as the worker of another process at this moment."""
    then = Streams(streams.engine, KEYS, clock=Clock(datetime.fromisoformat(at)))
    for track in Track:
        left = True
        while left:
            request = Request(SYSTEM, "expire_data")
            facts = retaining.expire(then, office_id, request, track=track, now=True, limit=limit).facts
            yield track.value, facts
            left = facts["left"]


def _make_up(streams: Streams, office_id: int, at: str) -> Iterator[Any]:
    """Look for what is in work too long since it was reopened, as the worker of another process at this moment."""
    then = Streams(streams.engine, KEYS, clock=Clock(datetime.fromisoformat(at)))
    yield making_up.make_up(then, office_id, Request(SYSTEM, "make_up")).facts["decided"]


_VERBS = {
    "check_in": _check_in,
    "serve_all": _serve_all,
    "pick": _pick,
    "sign_on": _sign_on,
    "accept": _accept,
    "withdraw": _withdraw,
    "expire": _expire,
    "make_up": _make_up,
}


@contextmanager
def ready() -> Iterator[Race]:
    """Yield processes that stand ready."""
    race = Race()
    try:
        yield race
    finally:
        race.close()
