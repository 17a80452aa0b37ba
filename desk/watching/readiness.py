"""Whether a desk is ready: its database, its worker, its way out, its disk, its limits and the key of its trail.

Asked every few seconds by somebody outside, also while the database is away: an answer is worked out at most once a
second, and comes within three seconds whatever hangs.
"""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from desk.models.engine import AWAY
from desk.operations.accounts.second_factor_codes import list_sealed
from desk.reads.watching import find_first_due, find_last_beat, find_revision, list_signing_keys
from desk.secret_names import FACTORS
from desk.settings import Settings
from desk.settings_now import current

KEPT_SECONDS: Final = 1.0
PATIENCE_SECONDS: Final = 3.0
MEBIBYTE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that was looked at; `said` is for whoever may know."""

    name: str
    well: bool
    said: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """What readiness is judged by, beside the settings; `revision` is the program's, `knows` tells of any other."""

    engine: Engine
    revision: Callable[[], str]
    knows: Callable[[str], bool]
    counts: Callable[[], bool]  # whether the store of the limits counts
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)


class Readiness:
    """One for a process; any thread may ask."""

    def __init__(self, settings: Settings, outlook: Outlook) -> None:
        self._settings = settings
        self._outlook = outlook
        self._lock = threading.Lock()
        self._thread: ThreadPoolExecutor | None = None
        self._asked: tuple[float, Future[list[Part]]] | None = None

    def parts(self) -> list[Part]:
        """Return how everything is that was looked at; what cannot be known without the database is left out then."""
        asked_at, found = self._look()
        try:
            return found.result(max(0.0, asked_at + PATIENCE_SECONDS - time.monotonic()))
        except TimeoutError:
            return [Part("database", well=False, said="There was no answer in time.")]

    def _look(self) -> tuple[float, Future[list[Part]]]:
        """Begin to look, unless somebody did within the last second, or still does."""
        with self._lock:
            now = time.monotonic()
            if self._asked is None or (self._asked[1].done() and now - self._asked[0] > KEPT_SECONDS):
                self._thread = self._thread or ThreadPoolExecutor(1, thread_name_prefix="readiness")
                self._asked = (now, self._thread.submit(lambda: list(self._examine())))
            return self._asked

    def _examine(self) -> Iterator[Part]:
        yield from self._of_database()
        yield self._disk()
        counts = self._outlook.counts()
        yield Part("limits", counts, "Requests are counted." if counts else "The store of the limits does not answer.")

    def _of_database(self) -> list[Part]:
        """Look twice: after the server was away, connections of before are found to be dead only when used."""
        for _ in range(2):
            try:
                with self._outlook.engine.connect() as connection:
                    return list(self._in_database(connection))
            except (SQLAlchemyError, *AWAY) as error:
                said = f"The database does not answer ({type(error).__name__})."
        return [Part("database", well=False, said=said)]

    def _in_database(self, connection: Connection) -> Iterator[Part]:
        found = find_revision(connection)
        yield Part("database", well=True, said="The database answers.")
        yield self._revision(found)
        if found is None or found < self._outlook.revision():
            return
        at, watching = self._outlook.clock(), self._settings.watching
        if watching.worker_s:
            yield _worker(find_last_beat(connection), at, watching.worker_s)
        channels = [name for name, is_set in self._ways_out() if is_set]
        if watching.delivery_s and channels:
            yield _deliveries(find_first_due(connection, channels, at=at), at, watching.delivery_s)
        yield self._trail_key(list_signing_keys(connection))
        yield self._factor_key(connection)

    def _ways_out(self) -> list[tuple[str, bool]]:
        """Return the channels, and whether messages go out by them: without a server they wait, and are meant to."""
        settings = current(self._settings)
        return [("email", settings.mail.host is not None), ("phone", bool(settings.gateway.url))]

    def _revision(self, found: str | None) -> Part:
        """Tell of the revision: one that a newer program made is well, as old processes serve on beside it."""
        wanted = self._outlook.revision()
        is_newer = found is not None and not self._outlook.knows(found)
        well = found == wanted or is_newer
        return Part("revision", well, f"The database is at {found or 'none'}, this program at {wanted}.")

    def _trail_key(self, names: list[str]) -> Part:
        folder = self._settings.data / "secrets"
        missing = [name for name in names or ["chain-1"] if not (folder / name).is_file()]
        said = f"The key {', '.join(missing)} of the trail is missing." if missing else "The key of the trail is there."
        return Part("trail-key", not missing, said)

    def _factor_key(self, connection: Connection) -> Part:
        sealed = len(list_sealed(connection, self._settings.find_secret(FACTORS)))
        said = f"The key does not open {sealed} of them." if sealed else "The key opens every one."
        return Part("second-factors", not sealed, said)

    def _disk(self) -> Part:
        least = self._settings.watching.disk_mib
        try:
            free = shutil.disk_usage(self._settings.data).free // MEBIBYTE
        except OSError as error:
            return Part("disk", well=False, said=f"The data folder cannot be looked at ({type(error).__name__}).")
        return Part("disk", free >= least, f"{free} MiB are free for the data folder.")


def seconds_since(then: datetime, at: datetime) -> float:
    """Return the seconds since then, none where the clock of another machine is ahead."""
    return max((at - then).total_seconds(), 0.0)


def _worker(last: datetime | None, at: datetime, most: int) -> Part:
    if last is None:
        return Part("worker", well=False, said="No worker has gone round yet.")
    age = seconds_since(last, at)
    return Part("worker", age <= most, f"A worker went round {age:.0f} s ago.")


def _deliveries(first: datetime | None, at: datetime, most: int) -> Part:
    overdue = seconds_since(first, at) if first else 0.0
    return Part("deliveries", overdue <= most, f"The first message in line has been due for {overdue:.0f} s.")
