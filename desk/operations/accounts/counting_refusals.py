"""Counting what was refused to whom, where an administrator can see it: outside the chain and the office's lock.

Who is refused again and again costs a transaction every few seconds, not one for each time: a process adds up what
comes meanwhile. So the last seconds of a count may be missing where a process ends.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from time import monotonic
from typing import Any, Final

from sqlalchemy import Connection, Engine, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from desk.domain.refused_access import TOLD_APART, Counted, Refusal
from desk.domain.signing_in import RECORDS_KEPT
from desk.models import AccessRefusal
from desk.models.engine import AWAY

LOG: Final = logging.getLogger(__name__)
REFUSALS: Any = AccessRefusal.__table__
KEY: Final = tuple(each.name for each in REFUSALS.primary_key)
APART_S: Final = 5.0  # at least so many seconds between two writes of the same


class RefusalTally:
    """What was refused in this process and is not written yet."""

    def __init__(self, ticks: Callable[[], float] = monotonic) -> None:
        self._ticks = ticks
        self._lock = threading.Lock()
        self._waiting: dict[Refusal, tuple[int, datetime]] = {}
        self._written: dict[Refusal, float] = {}

    def add(self, refusal: Refusal, at: datetime) -> Counted:
        """Count one more, and return what is to be written by now: the first of its like at once."""
        with self._lock:
            now = self._ticks()
            self._waiting[refusal] = (self._waiting.get(refusal, (0, at))[0] + 1, at)
            self._written = {each: when for each, when in self._written.items() if now - when < APART_S}
            due = {each: said for each, said in self._waiting.items() if each not in self._written}
            self._waiting = {each: said for each, said in self._waiting.items() if each not in due}
            self._written |= dict.fromkeys(due, now)
            return due

    def take_rest(self) -> Counted:
        """Return whatever was not written yet."""
        with self._lock:
            rest, self._waiting = self._waiting, {}
            return rest


def write_refusals(engine: Engine, counted: Counted) -> None:
    """Add to the counts, in a short transaction of its own; what cannot be written is left out, and told in the log."""
    if not counted:
        return
    try:
        with engine.execution_options(desk_writes=True).begin() as connection:
            for refusal, (count, at) in counted.items():
                _add(connection, refusal, count, at)
    except (SQLAlchemyError, *AWAY) as error:
        LOG.error("refused accesses were not counted: %s", type(getattr(error, "orig", None) or error).__name__)


def _add(connection: Connection, refusal: Refusal, count: int, at: datetime) -> None:
    if not _is_known(connection, refusal) and _told_apart(connection, refusal) >= TOLD_APART:
        refusal = refusal.among_others
    on: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    added = on.insert(REFUSALS)
    counts = {"count": REFUSALS.c.count + added.excluded.count, "last_at": added.excluded.last_at}
    statement = added.on_conflict_do_update(index_elements=KEY, set_=counts)
    connection.execute(statement, {**_key(refusal), "count": count, "last_at": at})


def _is_known(connection: Connection, refusal: Refusal) -> bool:
    same = (REFUSALS.c[name] == value for name, value in _key(refusal).items())
    return connection.execute(select(REFUSALS.c.count).where(*same)).first() is not None


def _told_apart(connection: Connection, refusal: Refusal) -> int:
    """Return how many different things stand there of this person and hour."""
    same = (REFUSALS.c.hour == refusal.hour, REFUSALS.c.person_id == refusal.person_id)
    return int(connection.execute(select(func.count()).select_from(REFUSALS).where(*same)).scalar_one())


def _key(refusal: Refusal) -> dict[str, Any]:
    return {name: getattr(refusal, name) for name in KEY}


def forget_old_refusals(engine: Engine, *, at: datetime) -> int:
    """Erase what is older than the records of the sign-in are kept; returns how many rows went."""
    with engine.execution_options(desk_writes=True).begin() as connection:
        return connection.execute(delete(REFUSALS).where(REFUSALS.c.hour < at - RECORDS_KEPT)).rowcount
