"""How soon a call is on every display while many event streams are open, beside a bare server of event streams.

    python -m bench.streams [--streams 1000] [--displays 20] [--calls 100] [--database sqlite|postgres|both]

All streams are of one office. From the moment a counter sends its call it is measured when each stream has told of it,
and when each display has fetched its board anew and the number stands on it. Once alone, once beside visitors who take
five numbers a second. The bare server in the same run writes to the same streams what the desk writes, and answers a
board that was made beforehand: no database, no pages. Everything on this machine, over loopback; ends by itself.
Exit code 1 when a display is later than 300 ms at p99.
"""

import argparse
import asyncio
import itertools
import json
import os
import re
import secrets
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import ClassVar

from bench import servers
from bench.client import request
from bench.office import BenchOffice, environment
from bench.places import database, past_office

PROMISED = 0.3  # seconds at p99, from the call to the number on the display
PATIENCE = 10.0
TICKETS_A_SECOND = 5.0
AT_ONCE = 50  # connections that are opened at the same time
_CHANGED = re.compile(rb"id: (\d+)\nevent: (?:changed|reset)")
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


class Stream(asyncio.Protocol):
    """One event stream: remembers up to which event it has been told, and when."""

    def __init__(self, path: str) -> None:
        self.told_at: dict[int, float] = {}
        self.changed, self.more = asyncio.Event(), asyncio.Event()  # for the display, and for who measures
        self.greeted = asyncio.get_running_loop().create_future()
        self._path = path
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.write(f"GET {self._path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        text = self._rest + data
        self._rest = text[text.rfind(b"\n\n") + 2 :] if b"\n\n" in text else text
        if b"event: hello" in text and not self.greeted.done():
            self.greeted.set_result(None)
        for found in _CHANGED.finditer(text):
            self.told_at.setdefault(int(found[1]), now)
            self.changed.set()
            self.more.set()

    async def until_after(self, number: int) -> None:
        """Wait until it has been told of an event beyond this number."""
        while self.first_after(number) is None:
            self.more.clear()
            await self.more.wait()

    def first_after(self, number: int) -> float | None:
        """Return when it was first told of an event beyond this number."""
        times = [at for reached, at in self.told_at.items() if reached > number]
        return min(times) if times else None


class Line:
    """One kept-alive connection for requests, one after the other."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def to(cls, port: int) -> "Line":
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def ask(self, data: bytes) -> bytes:
        """Send a request and return the body of its answer; raises `RuntimeError` for a refusal."""
        self._writer.write(data)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        body = await self._reader.readexactly(int(length[1]) if length else 0)
        if int(head[9:12]) >= 400:
            raise RuntimeError(f"{head[9:12]!r}: {body[:200]!r}")
        return body

    def close(self) -> None:
        self._writer.close()


@dataclass
class Measured:
    """Seconds from sending a call until a stream told of it, and until it stood on a display."""

    told: list[float] = field(default_factory=list)
    shown: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Place:
    """What is measured: where its streams and its board are, and how a call is made and ended.

    `call` returns what stands on the board afterwards.
    """

    port: int
    stream: str
    board: str
    call: Callable[[Line, int], Awaitable[bytes]]
    end: Callable[[Line, int], Awaitable[None]]


class Display:
    """A display: fetches the board whenever its stream tells of a change; at most once at a time."""

    def __init__(self, stream: Stream, line: Line, board: str) -> None:
        self._stream, self._line = stream, line
        self._request = f"GET {board} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
        self.shows = b""
        self.fetched_at = 0.0
        self.renewed = asyncio.Condition()

    async def watch(self) -> None:
        while True:
            await self._stream.changed.wait()
            self._stream.changed.clear()
            self.shows = await self._line.ask(self._request)
            self.fetched_at = time.perf_counter()
            async with self.renewed:
                self.renewed.notify_all()

    async def until(self, text: bytes, *, wanted: bool = True) -> float:
        """Wait until the text stands on it, or no longer; return when."""
        async with self.renewed:
            await self.renewed.wait_for(lambda: (text in self.shows) is wanted)
            return self.fetched_at


@asynccontextmanager
async def audience(place: Place, streams: int, displays: int) -> AsyncIterator[tuple[list[Stream], list[Display]]]:
    """Open the streams, of which the first are displays'; close them all afterwards."""
    loop = asyncio.get_running_loop()
    gate = asyncio.Semaphore(AT_ONCE)

    async def one() -> tuple[asyncio.BaseTransport, Stream]:
        async with gate:
            made = await loop.create_connection(lambda: Stream(place.stream), "127.0.0.1", place.port)
            await asyncio.wait_for(made[1].greeted, PATIENCE)
            return made

    opened = await asyncio.gather(*(one() for _ in range(streams)))
    listening = [stream for _, stream in opened]
    lines = [await Line.to(place.port) for _ in range(displays)]
    shown = [Display(stream, line, place.board) for stream, line in zip(listening, lines, strict=False)]
    watching = [asyncio.create_task(display.watch()) for display in shown]
    try:
        yield listening, shown
    finally:
        for task in watching:
            task.cancel()
        for each in (*(transport for transport, _ in opened), *lines):
            each.close()


async def measure(place: Place, streams: int, displays: int, calls: int) -> Measured:
    """Make calls one after the other and measure when they are told and shown."""
    measured = Measured()
    async with audience(place, streams, displays) as (listening, shown):
        line = await Line.to(place.port)
        for count in range(calls):
            await one_call(place, line, count, listening, shown, measured)
        line.close()
    return measured


async def one_call(
    place: Place, line: Line, count: int, listening: list[Stream], shown: list[Display], measured: Measured
) -> None:
    """Make one call, wait until everybody knows, end it, and wait again."""
    before = max((max(stream.told_at, default=0) for stream in listening), default=0)
    for stream in listening:
        stream.told_at = {}
    begun = time.perf_counter()
    text = await place.call(line, count)
    async with asyncio.timeout(PATIENCE):
        measured.shown += [at - begun for at in await asyncio.gather(*(each.until(text) for each in shown))]
        for stream in listening:
            await stream.until_after(before)
    measured.told += [(stream.first_after(before) or begun) - begun for stream in listening]
    await place.end(line, count)
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*(each.until(text, wanted=False) for each in shown))


# The desk.


def desk_place(port: int, office: BenchOffice) -> Place:
    """Return how calls are made at the desk: a counter calls the next visitor, and then says that nobody came."""
    called: dict[int, str] = {}
    name = secrets.token_hex(4)  # a key that was used before would get its first answer

    async def call(line: Line, count: int) -> bytes:
        path = f"/api/v1/counters/{office.counters[0]}/calls"
        asked = request("POST", path, token=office.tokens[0], key=f"{name}-c{count}", body={})
        body = json.loads(await line.ask(asked))
        called[count] = body["transaction"]
        return f'board-number">{body["number"]}<'.encode()

    async def end(line: Line, count: int) -> None:
        path = f"/api/v1/transactions/{called[count]}/no-show"
        await line.ask(request("POST", path, token=office.tokens[0], key=f"{name}-e{count}", body={}))

    return Place(port, f"/offices/{office.id}/stream", f"/offices/{office.id}/display/board", call, end)


async def take_numbers(port: int, office: BenchOffice, numbers: "itertools.count[int]", pause: float) -> None:
    """Take a number now and then, until cancelled."""
    line = await Line.to(port)
    while True:
        await take(line, office, next(numbers))
        await asyncio.sleep(pause)


async def take(line: Line, office: BenchOffice, count: int) -> None:
    """Take one number."""
    body = {"service": office.services[count % len(office.services)]}
    path = f"/api/v1/offices/{office.id}/visits"
    await line.ask(request("POST", path, token=office.tokens[1], key=f"t{count}", body=body))


async def measure_desk(
    port: int, office: BenchOffice, streams: int, displays: int, calls: int
) -> tuple[Measured, Measured]:
    """Measure the desk, alone and beside visitors who take numbers."""
    numbers = itertools.count()
    line = await Line.to(port)
    for _ in range(2 * calls + 20):
        await take(line, office, next(numbers))
    line.close()
    alone = await measure(desk_place(port, office), streams, displays, calls)
    others = asyncio.create_task(take_numbers(port, office, numbers, 1 / TICKETS_A_SECOND))
    try:
        beside = await measure(desk_place(port, office), streams, displays, calls)
    finally:
        others.cancel()
    return alone, beside


# The bare server.


class Bare(asyncio.Protocol):
    """As little as a server of event streams can do: it writes to all of them at once."""

    streams: ClassVar[set["Bare"]] = set()
    number = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        Bare.streams.discard(self)

    def data_received(self, data: bytes) -> None:
        path = data.split(b" ", 2)[1]
        if path == b"/stream":
            self.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\nid: 0\nevent: hello\ndata: {}\n\n")
            Bare.streams.add(self)
            return
        if path in {b"/call", b"/end"}:
            Bare.number += 1
            news = b'id: %d\nevent: changed\ndata: {"number": %d, "topics": ["board"]}\n\n' % (Bare.number, Bare.number)
            for each in Bare.streams:
                each.write(news)
        body = b"%-4000d" % Bare.number
        self.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

    def write(self, data: bytes) -> None:
        self._transport.write(data)  # type: ignore[attr-defined]


def serve_bare(port: int) -> None:
    """Serve until stopped."""
    import uvloop

    async def forever() -> None:
        server = await asyncio.get_running_loop().create_server(Bare, "127.0.0.1", port)
        await server.serve_forever()

    uvloop.run(forever())


def bare_place(port: int) -> Place:
    """Return how calls are made at the bare server."""

    async def call(line: Line, count: int) -> bytes:
        return (await line.ask(request("POST", "/call"))).split()[0]

    async def end(line: Line, count: int) -> None:
        await line.ask(request("POST", "/end"))

    return Place(port, "/stream", "/board", call, end)


# The table.


def percentile(values: list[float], share: float) -> float:
    """Return a percentile in milliseconds (nearest rank)."""
    ordered = sorted(values)
    return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def print_line(name: str, measured: Measured) -> None:
    """Print one line of the table."""
    shares = (0.5, 0.99)
    cells = [f"{percentile(values, share):.0f}" for values in (measured.told, measured.shown) for share in shares]
    print(f"| {name} | " + " | ".join(cells) + f" | {1000 * max(measured.shown):.0f} |", flush=True)


def main() -> int:
    """Measure the bare server and the desk, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, default=1000)
    parser.add_argument("--displays", type=int, default=20)
    parser.add_argument("--calls", type=int, default=100)
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--bare", type=int, help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.bare:
        serve_bare(wanted.bare)
        return 0
    size = (wanted.streams, wanted.displays, wanted.calls)
    print("| milliseconds | told p50 | told p99 | shown p50 | shown p99 | shown last |\n|---|---|---|---|---|---|")
    measure_bare(size)
    kinds = ("sqlite", "postgres") if wanted.database == "both" else (wanted.database,)
    in_time = [measure_kind(kind, size) for kind in kinds]  # all of them, also after one that was late
    return 0 if all(in_time) else 1


def measure_bare(size: tuple[int, int, int]) -> None:
    """Measure the bare server."""
    port = servers.free_port()
    command = [sys.executable, "-m", "bench.streams", "--bare", str(port)]
    with servers.running(command, dict(os.environ), port, "/"):
        print_line("bare server", asyncio.run(measure(bare_place(port), *size)))


def measure_kind(kind: str, size: tuple[int, int, int]) -> bool:
    """Measure the desk on one database; return whether its displays were in time."""
    with database(kind) as (data, url):
        _, streams, office = past_office(data, url, 0)
        streams.engine.dispose()
        port = servers.free_port()
        with servers.desk_server(environment(data, url, port), port):
            found = asyncio.run(measure_desk(port, office, *size))
    for name, measured in zip(("alone", f"beside {TICKETS_A_SECOND:.0f} tickets a second"), found, strict=True):
        print_line(f"{kind}, {name}", measured)
    return all(percentile(measured.shown, 0.99) <= 1000 * PROMISED for measured in found)


if __name__ == "__main__":
    sys.exit(main())
