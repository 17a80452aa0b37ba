"""Turns at the database: whoever's turn it is also does what all who wait behind have asked, in one commit.

A commit waits for the disk, and threads that write one after the other wait for it one after the other. Here the thread
whose turn it is takes the jobs of all who have queued meanwhile into its own transaction, each behind a savepoint, and
commits once; they find their job done when their turn comes. A thread that is alone pays nothing for this.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, Generic, TypeVar

from sqlalchemy import Connection

from desk.models.prepared import flush, forget, send
from desk.models.writers import Writers

AT_ONCE: Final = 32

Result = TypeVar("Result")
Do = Callable[[Connection], Result]


class Job(Generic[Result]):
    """One unit of work and what became of it."""

    def __init__(self, do: Do[Result]) -> None:
        self._do = do
        self._results: list[Result] = []
        self._error: Exception | None = None
        self.finished = False

    def attempt(self, connection: Connection) -> None:
        """Do the work; what it raises is kept for whoever asked."""
        try:
            self._results.append(self._do(connection))
        except Exception as error:
            self._error = error
            raise

    def fail(self, error: Exception) -> None:
        """Say that the work does not stand although it was done: the commit failed."""
        self._error = self._error or error

    def result(self) -> Result:
        """Return what the work returned, or raise what it raised."""
        if self._error is not None:
            raise self._error
        return self._results[0]


class Turns(Generic[Result]):
    """The queue before one lock: of a whole SQLite file, or of one office on PostgreSQL."""

    def __init__(self, writers: Writers) -> None:
        self._writers = writers
        self._lock = threading.Lock()
        self._waiting: deque[Job[Result]] = deque()

    def run(self, do: Do[Result]) -> Result:
        """Do the work in a transaction that commits before this returns; raise what the work or the commit raises."""
        job = Job(do)
        self._waiting.append(job)
        with self._lock:
            while not job.finished:
                self._together([self._waiting.popleft() for _ in range(min(len(self._waiting), AT_ONCE))])
        return job.result()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the turn for something else."""
        with self._lock:
            yield

    def _together(self, jobs: list[Job[Result]]) -> None:
        try:
            with self._writers.transaction() as connection:
                for job in jobs:
                    _attempt(connection, job, alone=len(jobs) == 1)
        except Exception as error:  # noqa: BLE001  whoever asked gets it
            for job in jobs:
                job.fail(error)
        finally:
            for job in jobs:
                job.finished = True


def _attempt(connection: Connection, job: Job[Result], *, alone: bool) -> None:
    """Do one job; behind a savepoint, so that its failure takes nothing of the others along."""
    if alone:
        job.attempt(connection)
        return
    send(connection, "SAVEPOINT job")
    flush(connection)
    try:
        job.attempt(connection)
        flush(connection)
    except Exception as error:  # noqa: BLE001  whoever asked gets it
        job.fail(error)
        forget(connection)
        send(connection, "ROLLBACK TO SAVEPOINT job")
    finally:
        send(connection, "RELEASE SAVEPOINT job")
