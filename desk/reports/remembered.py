"""What was worked out lately: the same question about the same answers is asked again and again."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Final, Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Pool, select

from desk.models import Stream
from desk.reads.reader import Reader

Found = TypeVar("Found")
HEAD: Final = select(Stream.number)


class Remembered(Generic[Found]):
    """The last few things worked out in a process, apart for each database, each by all that it rests on.

    Nothing is ever out of date: what a thing rests on is its key. Threads share what is kept, and change nothing of it.
    """

    def __init__(self, most: int) -> None:
        """Keep so many for each database."""
        self._most = most
        self._lock = Lock()
        self._kept: WeakKeyDictionary[Pool, OrderedDict[Hashable, Found]] = WeakKeyDictionary()

    def find(self, reader: Reader, key: Hashable, work: Callable[[], Found]) -> Found:
        """Return what was found for this key, or work it out; two who ask at once may both do so."""
        with self._lock:
            kept = self._kept.setdefault(_pool_of(reader), OrderedDict())
            if key in kept:
                kept.move_to_end(key)
                return kept[key]
        found = work()
        with self._lock:
            kept[key] = found
            while len(kept) > self._most:
                kept.popitem(last=False)
        return found


def last_event(reader: Reader, office_id: int) -> int:
    """Return the number of an office's last event: while it is the same, nothing of the office has changed."""
    return int(reader.execute(HEAD.where(Stream.office_id == office_id)).scalar_one())


def _pool_of(reader: Reader) -> Pool:
    """Return what stands for the database: an engine with other options is another engine with the same pool."""
    connection = reader if isinstance(reader, Connection) else reader.connection()
    return connection.engine.pool
