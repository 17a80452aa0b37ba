"""What was worked out of an office's answers, kept until something happens that may change it.

Most of what happens in an office changes no answer: people arrive, are called, are handed on. So what was worked out
stands as long as nothing else happened since, and is looked for in the events of that time. What can have changed what
is not judged by what is known to matter, but by what is known not to: an event nobody thought of renews everything.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from threading import Lock
from typing import Any, Final, Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Pool, select

from desk.domain.facts import EventName
from desk.models import EventRow, Stream
from desk.reads.reader import Reader

Found = TypeVar("Found")
EVENTS: Any = EventRow.__table__
HEAD: Final = select(Stream.number, Stream.configuration)
MOST: Final = 10_000  # events that are looked through; after more it is worked out anew
# A day of an office begins and ends less than this apart from the day of UTC with the same date.
AROUND: Final = timedelta(days=2)

# What changes no answer, no tally, no publication, nothing set: the work on a transaction, and what is said about it.
OF_WORK: Final = frozenset(
    {
        EventName.VISIT_STARTED,
        EventName.TRANSACTION_OPENED,
        EventName.TRANSACTION_CALLED,
        EventName.CALL_REPEATED,
        EventName.SERVICE_STARTED,
        EventName.RETURNED_TO_QUEUE,
        EventName.TRANSFERRED_TO_QUEUE,
        EventName.HANDOFF_OFFERED,
        EventName.HANDOFF_ACCEPTED,
        EventName.HANDOFF_DECLINED,
        EventName.HANDOFF_WITHDRAWN,
        EventName.HANDOFF_EXPIRED,
        EventName.HANDOFF_NEWS_SEEN,
        EventName.VISITOR_PART_FINISHED,
        EventName.TRANSACTION_PAUSED,
        EventName.TRANSACTION_RESUMED,
        EventName.VISITOR_CAME_BACK,
        EventName.DOCUMENTS_COMPLETED,
        EventName.TRANSACTION_COMPLETED,
        EventName.TRANSACTION_CANCELLED,
        EventName.VISITOR_MISSED_CALL,
        EventName.VISITOR_LEFT,
        EventName.TRANSACTION_REOPENED,
        EventName.NO_SHOW_REINSTATED,
        EventName.HANDED_TO_POOL,
        EventName.TAKEN_FROM_POOL,
        EventName.HANDOVER_FORCED,
        EventName.NOTE_ADDED,
        EventName.NOTE_CORRECTED,
        EventName.REQUEST_MADE,
        EventName.REQUEST_ANSWERED,
        EventName.REQUEST_DECLINED,
        EventName.DUTY_STARTED,
        EventName.DUTY_ENDED,
        EventName.BREAK_STARTED,
        EventName.BREAK_ENDED,
        EventName.FLOOR_MESSAGE_SENT,
        EventName.FLOOR_MESSAGE_READ,
        EventName.INVITATION_DECIDED,
        EventName.FOLLOW_UP_OPENED,
        EventName.FOLLOW_UP_STEPPED,
    }
)
# What counts on the day it happens, and on no other.
OF_ITS_DAY: Final = frozenset(
    {
        EventName.RESPONSE_RECEIVED,
        EventName.INVITATION_USED,
        EventName.ANSWER_KEPT_APART,
        EventName.POSTER_ANSWERED,
    }
)


@dataclass(frozen=True, slots=True)
class Moment:
    """How far an office has come: the number of its last event, and the version of what is set."""

    office_id: int
    event: int
    configuration: int
    _read: dict[int, list[tuple[str, datetime, int | None]]] = field(default_factory=dict, compare=False, repr=False)

    def since(self, reader: Reader, event: int) -> list[tuple[str, datetime, int | None]]:
        """Return name, time and transaction of what happened after an event; read once."""
        if event not in self._read:
            query = select(EVENTS.c.name, EVENTS.c.at, EVENTS.c.transaction_id).where(
                EVENTS.c.office_id == self.office_id, EVENTS.c.number > event, EVENTS.c.number <= self.event
            )
            self._read[event] = list(reader.execute(query).tuples())
        return self._read[event]


def get_moment(reader: Reader, office_id: int) -> Moment:
    """Return how far an office has come, as this reader sees it."""
    return Moment(office_id, *reader.execute(HEAD.where(Stream.office_id == office_id)).tuples().one())


@dataclass(frozen=True, slots=True)
class RestsOn:
    """What something rests on: the answers until a day, the last of a year, and how it went with some transactions.

    What changes by itself as time goes on (`moves`) holds for no event longer. What counts transactions that ended
    until that day rests on every one up to the `newest` it counts, and on all that was done until then.
    """

    until: date
    transactions: Collection[int] = frozenset()
    moves: bool = False
    newest: int | None = None

    def may_change(self, name: str, at: datetime, transaction_id: int | None) -> bool:
        """Tell whether an event may have changed it."""
        if self.moves or transaction_id in self.transactions:
            return True
        in_time = at - AROUND < datetime(self.until.year, self.until.month, self.until.day, tzinfo=UTC)
        if self.newest is not None and transaction_id is not None and (in_time or transaction_id <= self.newest):
            return True
        return in_time if name in OF_ITS_DAY else name not in OF_WORK


@dataclass(slots=True)
class _Kept(Generic[Found]):
    """Something found, and from which event to which later one it is the same."""

    found: Found
    rests_on: RestsOn
    since: int
    until: int


class Lasting(Generic[Found]):
    """The last few things worked out in a process, apart for each database; threads share them and change nothing.

    Give a reader that sees one snapshot (`desk.reports.snapshot`).
    """

    def __init__(self, most: int) -> None:
        """Keep so many for each database."""
        self._most = most
        self._lock = Lock()
        self._kept: WeakKeyDictionary[Pool, OrderedDict[Hashable, _Kept[Found]]] = WeakKeyDictionary()

    def find(
        self,
        reader: Reader,
        now: Moment,
        key: Hashable,
        work: Callable[[], Found],
        rests_on: Callable[[Found], RestsOn],
    ) -> Found:
        """Return what was found for this key, or work it out; two who ask at once may both do so.

        `now` is how far the office has come as this reader sees it.
        """
        whole = (now.office_id, now.configuration, key)
        with self._lock:
            mine = self._kept.setdefault(_pool_of(reader), OrderedDict())
            kept = mine.get(whole)
        if kept is not None and _holds(reader, now, kept):
            with self._lock:
                kept.until = max(kept.until, now.event)
                if whole in mine:
                    mine.move_to_end(whole)
            return kept.found
        found = work()
        self._keep(mine, whole, _Kept(found, rests_on(found), now.event, now.event))
        return found

    def _keep(self, mine: OrderedDict[Hashable, _Kept[Found]], key: Hashable, new: _Kept[Found]) -> None:
        with self._lock:
            if key in mine and mine[key].since > new.since:
                return  # worked out from what is past already
            mine[key] = new
            mine.move_to_end(key)
            while len(mine) > self._most:
                mine.popitem(last=False)


def _holds(reader: Reader, now: Moment, kept: _Kept[Found]) -> bool:
    """Tell whether what was found is the same as of a reader's last event."""
    if now.event <= kept.until:
        return now.event >= kept.since
    if now.event - kept.until > MOST:
        return False
    return not any(kept.rests_on.may_change(*each) for each in now.since(reader, kept.until))


def _pool_of(reader: Reader) -> Pool:
    """Return what stands for the database: an engine with other options is another engine with the same pool."""
    connection = reader if isinstance(reader, Connection) else reader.connection()
    return connection.engine.pool
