"""What nothing can beat here: the bare server answering a constant, and the bare driver writing the same rows.

The driver's floor is a replay. Check-ins, and calls each with the no-show after it, are carried out once and what they
write is recorded; a copy of the database from before then gets the same statements with the same values from the bare
driver, a transaction for each operation: no rules, no signatures, no look-ups but taking the office's row.
"""

import shutil
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import psycopg
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from bench.office import OFFICERS, BenchOffice
from bench.places import database, past_office
from desk.domain.access import Actor, Role
from desk.models import prepared
from desk.models.engine import PRAGMAS, sqlite
from desk.operations import calling, intake, serving
from desk.operations.intake import CheckIn
from desk.operations.requests import Request
from desk.operations.stream import Streams

Statement = tuple[str, Any]
Operation = Sequence[Statement]
# What must be written one after the other: a check-in; a call and the no-show of the visitor who was called.
Sequel = Sequence[Operation]

TAKE_ONE = "SELECT number FROM streams WHERE office_id = 1"
OPERATIONS = 6_000  # for each rate: about a second or more


def driver_floors(kind: str, clients: Sequence[int], operations: int = OPERATIONS) -> dict[tuple[str, int], float]:
    """Return transactions per second of `ticket` and of `call` for each number of connections."""
    with database(kind) as (data, url):
        settings, streams, office = past_office(data, url, 0)
        streams.engine.dispose()
        bare = BareDriver(_copy(settings.database))
        record = Recording(streams, office)
        tickets = [[[record.ticket() for _ in range(each)] for each in _shares(operations)] for _ in clients]
        pairs = _shares(operations // 2)
        calls = [[[record.call(turn) for _ in range(each)] for turn, each in enumerate(pairs)] for _ in clients]
        rates = {("ticket", many): bare.rate(each, many) for many, each in zip(clients, tickets, strict=True)}
        rates |= {("call", many): bare.rate(each, many) for many, each in zip(clients, calls, strict=True)}
        bare.must_equal(streams)
        streams.engine.dispose()
        return rates


@dataclass
class Recording:
    """Carries out operations and returns the statements they write with, as the driver gets them."""

    streams: Streams
    office: BenchOffice
    _keys: Iterator[int] = field(default_factory=lambda: count(1))

    def ticket(self) -> Sequel:
        """Check somebody in."""
        wish = CheckIn((self.office.services[0],))
        with _recorded() as written:
            intake.check_in(self.streams, self.office.id, wish, self._request("check_in"))
        return [written]

    def call(self, turn: int) -> Sequel:
        """Call the next visitor, who does not come, to the counter whose turn it is."""
        with _recorded() as called:
            request = self._request("call_next", turn)
            done = calling.call_next(self.streams, self.office.counters[turn], self.office.id, request)
        with _recorded() as missed:
            serving.miss(self.streams, done.facts["transaction"], self._request("miss", turn))
        return [called, missed]

    def _request(self, verb: str, turn: int = 0) -> Request:
        return Request(Actor.staff(self.office.officers[turn], Role.AGENT), verb, {}, f"floor-{next(self._keys)}")


@contextmanager
def _recorded() -> Iterator[list[Statement]]:
    found: list[Statement] = []
    original: Callable[..., None] = prepared.send

    def note(connection: Any, statement: str, values: Any = None) -> None:
        found.append((statement, values))
        original(connection, statement, values)

    prepared.send = note
    try:
        yield found
    finally:
        prepared.send = original


class BareDriver:
    """Writes what was recorded, with no Python of ours in between."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._sqlite = self._url.get_backend_name() == "sqlite"

    def rate(self, lines: list[list[Sequel]], connections: int) -> float:
        """Write all of them over so many connections at once; return transactions per second while all had work.

        Of one line (what happens at one counter) only one connection writes at a time.
        """
        free = [deque(line) for line in lines]
        opened = [self._connect() for _ in range(connections)]
        done: list[float] = []  # when each was
        with ThreadPoolExecutor(connections) as threads:
            start = time.perf_counter()
            ends = list(threads.map(lambda connection: self._work(connection, free, done), opened))
        for connection in opened:
            connection.close()
        end = min(ends)
        return sum(each <= end for each in done) / (end - start)

    def must_equal(self, streams: Streams) -> None:
        """Raise `AssertionError` unless the replay has left as many rows as what was recorded did."""
        tables = ("events", "transactions", "visits", "queue_entries", "calls", "custody_segments", "remembered")
        statements = [f"SELECT count(*) FROM {table}" for table in tables]  # noqa: S608  names of ours
        with streams.engine.connect() as connection:
            wanted = [connection.execute(text(each)).scalar_one() for each in statements]
        replayed = self._connect()
        cursor = replayed.cursor()
        found = [cursor.execute(each).fetchone()[0] for each in statements]
        replayed.close()
        assert found == wanted, dict(zip(tables, zip(found, wanted, strict=True), strict=True))

    def _work(self, connection: Any, free: list[deque[Sequel]], done: list[float]) -> float:
        """Write until no line is free; return when that was."""
        cursor = connection.cursor()
        while free:
            try:
                line = free.pop()  # the last one that was put back: whoever is fastest goes on without a change
            except IndexError:
                break
            for operation in line.popleft():
                self._write(cursor, operation)
                done.append(time.perf_counter())
            if line:
                free.append(line)
        return time.perf_counter()

    def _write(self, cursor: Any, operation: Operation) -> None:
        cursor.execute("BEGIN IMMEDIATE" if self._sqlite else "BEGIN")
        cursor.execute(TAKE_ONE if self._sqlite else f"{TAKE_ONE} FOR UPDATE")
        cursor.fetchone()
        for statement, values in operation:
            cursor.execute(statement, values)
        cursor.execute("COMMIT")

    def _connect(self) -> Any:
        if self._sqlite:
            connection: Any = sqlite.connect(self._url.database, isolation_level=None, check_same_thread=False)
            for pragma in PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
            return connection
        plain = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
        return psycopg.connect(plain, autocommit=True, prepare_threshold=1)


def _shares(number: int) -> list[int]:
    """Return how many of them fall to each counter."""
    return [len(range(turn, number, OFFICERS)) for turn in range(OFFICERS)]


def _copy(url: str) -> str:
    """Copy a database to which nobody is connected; return the address of the copy."""
    if url.startswith("sqlite"):
        file = make_url(url).database or ""
        shutil.copyfile(file, f"{file}.bare")
        return f"{url}.bare"
    address = make_url(url)
    admin = create_engine(address.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE bare TEMPLATE {address.database}"))
    admin.dispose()
    return address.set(database="bare").render_as_string(hide_password=False)
