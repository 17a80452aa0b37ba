"""The parent of the serving processes: starts them, starts again what fell, ends them all with itself."""

import logging
import mmap
import os
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from desk.serving.children import SIGNALS, fork, reap

logger = logging.getLogger(__name__)

END_SECONDS = 3.0
FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 30.0
_TICK_SECONDS = 0.1
_SETTLED_SECONDS = 60.0


class NotStarted(Exception):
    """A process ended before all of them had started."""


@dataclass(slots=True)
class Role:
    """What one child does: `run(started)` calls `started` when it does it."""

    name: str
    run: Callable[[Callable[[], None]], None]
    born: float = 0.0
    falls: int = field(default=0)

    def pause(self) -> float:
        """Return how long to wait before starting it again: longer with every fall, until it has stood a minute."""
        self.falls = 1 if time.monotonic() - self.born > _SETTLED_SECONDS else self.falls + 1
        return min(FIRST_PAUSE_SECONDS * 2.0 ** (self.falls - 1), LONGEST_PAUSE_SECONDS)


class Supervisor:
    """Runs one child for each role until SIGTERM or SIGINT."""

    def __init__(self, roles: Sequence[Role]) -> None:
        self._roles = roles
        self._running: dict[int, Role] = {}
        self._due: list[tuple[float, Role]] = [(0.0, role) for role in roles]
        self._started = mmap.mmap(-1, len(roles))  # shared with the children: a byte each

    def run(self, ready: Callable[[], None]) -> None:
        """Return after a signal; raise `NotStarted` if a child ends before all have started. `ready` is called then."""
        before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        try:
            self._begin()
            ready()
            while not self._wait_for_end():
                self._bury()
                self._start_due()
        finally:
            self._end()
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def _begin(self) -> None:
        self._start_due()
        while 0 in self._started[:]:
            if self._wait_for_end():
                raise NotStarted("stopped while starting")
            for role in self._bury():
                if not self._started[self._roles.index(role)]:
                    raise NotStarted(f"{role.name} ended while starting")
            self._start_due()

    def _start_due(self) -> None:
        now = time.monotonic()
        due, self._due = [each for each in self._due if each[0] <= now], [each for each in self._due if each[0] > now]
        for _, role in due:
            role.born = now
            self._running[fork(role.name, partial(role.run, partial(self._note_started, role)))] = role

    def _note_started(self, role: Role) -> None:
        self._started[self._roles.index(role)] = 1

    def _wait_for_end(self) -> bool:
        """Wait a moment, less if something happens; return whether we were told to end."""
        received = signal.sigtimedwait(SIGNALS, _TICK_SECONDS)
        return received is not None and received.si_signo != signal.SIGCHLD

    def _bury(self) -> list[Role]:
        """Return the roles whose child has ended; each is due to be started again."""
        ended = [self._running.pop(pid) for pid in reap()]
        for role in ended:
            pause = role.pause()
            logger.error("%s ended, again in %.1f s", role.name, pause)
            self._due.append((time.monotonic() + pause, role))
        return ended

    def _end(self) -> None:
        """Ask every child to end; kill what has not within `END_SECONDS`, or at a second signal."""
        self._signal(signal.SIGTERM)
        deadline = time.monotonic() + END_SECONDS
        while self._running and time.monotonic() < deadline and not self._wait_for_end():
            self._forget(reap())
        self._signal(signal.SIGKILL)
        while self._running:
            self._forget([os.wait()[0]])

    def _signal(self, number: signal.Signals) -> None:
        for pid in self._running:
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def _forget(self, pids: Sequence[int]) -> None:
        for pid in pids:
            self._running.pop(pid, None)
