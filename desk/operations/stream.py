"""The office's stream: the only place where a change of the domain is committed.

`Streams.run` takes the office's row (SQLite: BEGIN IMMEDIATE; PostgreSQL: SELECT … FOR UPDATE), lets the work decide
with the pure rules, appends the chained events, writes the rows of their projection, and commits: all or nothing.
Listeners are told after the commit.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from time import perf_counter
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, bindparam, select, update

from desk.domain.audit import FIRST_LINK, digest_of
from desk.domain.clock import micros, read_clock
from desk.domain.facts import JSON, Event, EventName, Fact
from desk.domain.identity import MAX_OFFICE_ID, id_of
from desk.domain.refusals import Reason, Refused
from desk.models import Stream
from desk.models.prepared import Prepared
from desk.models.writers import Writers
from desk.operations.accounts.security_log import judged
from desk.operations.configuration import Configuration
from desk.operations.reading_configuration import load_configuration
from desk.operations.remembering import find_remembered, remember
from desk.operations.requests import Done, Keys, Outdated, Request
from desk.operations.signing import keep_words, sign
from desk.operations.turns import Turns
from desk.operations.writing import write
from desk.reads.reader import Reader

STREAMS: Any = Stream.__table__

TAKE = Prepared(select(STREAMS).where(STREAMS.c.office_id == bindparam("office")).with_for_update())
# Always in this order: two units that need more than one office would else wait for each other for ever.
TAKE_ALL = Prepared(select(STREAMS.c.office_id).order_by(STREAMS.c.office_id).with_for_update())
ADVANCE = Prepared(
    update(STREAMS)
    .values({name: bindparam(name) for name in ("number", "mac", "at", "epoch", "behind", "key_id")})
    .where(STREAMS.c.office_id == bindparam("office"))
)


class Unit:
    """One change of one office, under its lock."""

    def __init__(
        self,
        connection: Connection,
        request: Request,
        keys: Keys,
        head: Any,
        configuration: Configuration,
        now: datetime,
    ) -> None:
        self.connection = connection
        self.actor = request.actor
        self.office_id: int = head.office_id
        self.keys = keys
        self.configuration = configuration
        self.number: int = head.number
        self.signs_next = keys.signing  # who signs in the next unit
        self._began_at: int = head.number
        self._mac: str = head.mac
        self.epoch: int = head.epoch
        self._behind: bool = head.behind
        reading = read_clock(now, latest=head.at, known_behind=head.behind)
        self.at = reading.at
        self.clock_now = now
        self.beside: dict[int, Unit] = {}  # of other offices, in a unit of all of them
        self.enter: Callable[[int], Unit] | None = None
        self.planned: int | None = None  # the planned change that is being carried out: its events name it
        if reading.newly_behind:
            self.append(Fact(EventName.CLOCK_STEPPED_BACK, {"behind_s": int(reading.behind.total_seconds())}))
        self._behind = now < head.at and (head.behind or reading.newly_behind)

    def seal(self, words: str | None) -> JSON:
        """Return the keyed digest by which an event refers to words, None for no words."""
        text = (words or "").strip()
        return digest_of(self.keys.key, text) if text else None

    @property
    def next_id(self) -> int:
        """The id of what the next event will create."""
        return id_of(self.office_id, number=self.number + 1)

    def append(self, fact: Fact, *, words: str | None = None) -> Event:
        """Number, sign and write one fact with its projection; `words` are kept apart under the event's id."""
        self.number += 1
        payload = fact.payload if self.planned is None else {**fact.payload, "planned": self.planned}
        event = Event(
            self.office_id,
            self.number,
            self.epoch,
            self.at,
            fact.name,
            payload,
            fact.transaction_id
            if fact.name is not EventName.TRANSACTION_OPENED
            else id_of(self.office_id, number=self.number),
            fact.visit_id if fact.name is not EventName.VISIT_STARTED else id_of(self.office_id, number=self.number),
            self.actor.kind.value,
            self.actor.person_id,
        )
        self._mac = sign(self.connection, event, self.keys, behind=self._mac)
        write(self.connection, event)
        if words and words.strip():
            keep_words(self.connection, event, words.strip())
        return event

    def append_in(self, office_id: int, fact: Fact) -> Event:
        """Have the trail of another office tell the same; only in a unit of all offices (`Streams.run_in_all`)."""
        if self.enter is None:
            message = "the other office is not locked"
            raise RuntimeError(message)
        if office_id not in self.beside:
            self.beside[office_id] = self.enter(office_id)
        return self.beside[office_id].append(fact)

    def renew_configuration(self) -> None:
        """Have every process read this office's configuration anew: the unit has changed it."""
        mine = STREAMS.c.office_id == self.office_id
        raised = update(STREAMS).where(mine).values(configuration=STREAMS.c.configuration + 1)
        self.connection.execute(raised)

    def confirm_clock(self) -> Event:
        """Open a new clock epoch at what the clock says now, which a supervisor has confirmed to be right."""
        if self.clock_now >= self.at:
            raise Refused(Reason.CLOCK_NOT_BEHIND)
        previous = micros(self.at)
        self.epoch, self.at, self._behind = self.epoch + 1, self.clock_now, False
        return self.append(Fact(EventName.CLOCK_CONFIRMED, {"previous_ended": previous}))

    def close(self) -> None:
        """Write the new head of the stream; it stays where nothing happened, its time being that of the last event."""
        if self.number == self._began_at:
            return
        head = {"number": self.number, "mac": self._mac, "at": self.at, "epoch": self.epoch, "behind": self._behind}
        ADVANCE.run(self.connection, {"office": self.office_id, "key_id": self.signs_next, **head})

    def done(self, **facts: Any) -> Done:
        """Return what the operation answers."""
        return Done(self.office_id, self.number, micros(self.at), facts)


Work = Callable[[Unit], Done]


class Watch(Protocol):
    """Who counts how long things take, in seconds from when a unit was wished for; any thread tells it."""

    def locked(self, seconds: float, /) -> None:
        """The unit holds its office."""

    def committed(self, seconds: float, /) -> None:
        """The unit stands."""


class Streams:
    """The streams of all offices of one database, with the clock, the keys and the listeners."""

    def __init__(
        self,
        engine: Engine,
        keys: Keys,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        after_commit: Callable[[int], None] = lambda office_id: None,
        watch: Watch | None = None,
    ) -> None:
        self.engine = engine.execution_options(desk_writes=True)
        self._reads = engine.execution_options(desk_writes=False)
        self.keys = keys
        self.clock = clock
        self._after_commit = after_commit
        self._watch = watch
        self._configurations: dict[int, Configuration] = {}
        self._writers = Writers(engine)
        self._turns: dict[int, Turns[Done]] = {}

    def run(self, office_id: int, request: Request, work: Work) -> Done:
        """Do `work` under the office's lock and commit; a repeat under the same key gets the first answer.

        Raises `Refused` (nothing is changed then): `UNKNOWN` for no such office, `KEY_REUSED` for a key that was used
        for another request, and whatever the work refuses; `Outdated` when the configuration the request relies on is.
        """
        wished_at = perf_counter()
        done = self._turn(office_id).run(lambda connection: self._do(connection, office_id, request, work, wished_at))
        if self._watch is not None:
            self._watch.committed(perf_counter() - wished_at)
        if not done.repeated:
            self._after_commit(office_id)
        return done

    def is_repeat(self, office_id: int, request: Request) -> bool:
        """Tell whether this very request was carried out before, under its key."""
        try:
            with self.reading() as connection:
                return find_remembered(connection, office_id, request) is not None
        except Refused:
            return False

    def run_in_all(self, office_id: int, request: Request, work: Work) -> Done:
        """Do as `run`, under the locks of all offices: for what happens to people who may work in several of them."""
        touched = {office_id}

        def work_in_all(unit: Unit) -> Done:
            unit.enter = lambda other: self._begin(unit.connection, self._take(unit.connection, other), request)
            done = work(unit)
            for other in unit.beside.values():
                other.close()
            touched.update(unit.beside)
            return done

        wished_at = perf_counter()
        with self._turn(office_id).alone(), self._writers.transaction() as connection:
            TAKE_ALL.all(connection, {})
            done = self._do(connection, office_id, request, work_in_all, wished_at)
        if self._watch is not None:
            self._watch.committed(perf_counter() - wished_at)
        if not done.repeated:
            for each in sorted(touched):
                self._after_commit(each)
        return done

    def _do(self, connection: Connection, office_id: int, request: Request, work: Work, wished_at: float) -> Done:
        head = self._take(connection, office_id)
        if self._watch is not None:
            self._watch.locked(perf_counter() - wished_at)
        if request.configuration not in (None, head.configuration):
            raise Outdated
        # Before the unit begins: beginning may record a step of the clock, and a repeat writes nothing.
        first = find_remembered(connection, office_id, request)
        if first is not None:
            return first
        unit = self._begin(connection, head, request)
        done = judged(work, unit, request)
        unit.close()
        remember(connection, office_id, request, done, at=unit.at)
        return done

    def _begin(self, connection: Connection, head: Any, request: Request) -> Unit:
        configuration = self._configuration(connection, head)
        # The office's own row says who signs, so no process can go on with a key that was retired.
        return Unit(connection, request, self.keys.for_stream(head.key_id), head, configuration, self.clock())

    def _turn(self, office_id: int) -> Turns[Done]:
        """Return the queue for this office: SQLite has one writer for all, PostgreSQL one for each office."""
        key = 0 if self.engine.dialect.name == "sqlite" else office_id
        return self._turns.get(key) or self._turns.setdefault(key, Turns(self._writers))

    def _take(self, connection: Connection, office_id: int) -> Any:
        head = TAKE.first(connection, {"office": office_id}) if 0 < office_id <= MAX_OFFICE_ID else None
        if head is None:
            raise Refused(Reason.UNKNOWN, id=office_id)
        return head

    def _configuration(self, connection: Reader, head: Any) -> Configuration:
        known = self._configurations.get(head.office_id)
        if known is None or known.version != head.configuration:
            known = load_configuration(connection, head.office_id, head.configuration)
            self._configurations[head.office_id] = known
        return known

    def configuration(self, reader: Reader, office_id: int) -> Configuration:
        """Return the configuration of an existing office for reading; kept until its version changes."""
        query = select(STREAMS.c.office_id, STREAMS.c.configuration).where(STREAMS.c.office_id == office_id)
        return self._configuration(reader, reader.execute(query).one())

    @contextmanager
    def setting_up(self) -> Iterator[Connection]:
        """Change configuration: offices, people, counters, services; every process reads it anew afterwards."""
        with self._turn(0).alone(), self.engine.begin() as connection:
            TAKE_ALL.all(connection, {})
            yield connection
            connection.execute(update(STREAMS).values(configuration=STREAMS.c.configuration + 1))

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read without any office's lock."""
        with self._reads.connect() as connection:
            yield connection


_FIRST = {"number": 0, "mac": FIRST_LINK, "epoch": 1, "behind": False, "configuration": 1, "key_id": None}


def first_head(office_id: int, at: datetime) -> dict[str, Any]:
    """Return the stream row of an office that has no event yet."""
    return {"office_id": office_id, "at": at, **_FIRST}
