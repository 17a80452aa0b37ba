"""The endpoint itself: places, slow readers, resuming, without a server around it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Engine

from desk.push.changes import Changes
from desk.push.hub import Hub
from desk.push.messages import news
from desk.push.places import StreamLimits
from desk.push.streams import Streams, since
from tests.push.logbook import append, lay_out, open_logbook, topics_of
from tests.push.loopback import DEADLINE_SECONDS


@pytest.fixture
def engine(sqlite_url: Callable[..., str]) -> Iterator[Engine]:
    engine = open_logbook(sqlite_url(lay_out))
    yield engine
    engine.dispose()


class Visitor:
    """The other end of one exchange. While `reading` is clear it takes nothing from its line."""

    def __init__(
        self, streams: Streams, path: str = "/offices/1/stream", address: str = "192.0.2.7", **more: Any
    ) -> None:
        self.status: int | None = None
        self.texts: list[str] = []
        self.headers: dict[bytes, bytes] = {}
        self.reading = asyncio.Event()
        self.reading.set()
        self._news = asyncio.Condition()
        self._gone = asyncio.Event()
        scope = {
            "type": "http",
            "method": "GET",
            "path": path,
            "query_string": b"",
            "headers": [],
            "client": (address, 1),
        }
        self.task = asyncio.create_task(streams(scope | more, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        await self.reading.wait()
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], dict(message["headers"])
        else:
            self.texts.append(message["body"].decode())
        async with self._news:
            self._news.notify_all()

    async def heard(self, words: str) -> None:
        """Return when one of the texts contains the words."""
        async with asyncio.timeout(DEADLINE_SECONDS), self._news:
            await self._news.wait_for(lambda: any(words in each for each in self.texts))

    async def leave(self) -> None:
        self._gone.set()
        self.reading.set()
        await self.task


def with_streams(engine: Engine, body: Callable[[Hub, Streams], Awaitable[None]], **limits: Any) -> None:
    """Run the body with a started hub and its endpoint."""

    async def run() -> None:
        hub = Hub(engine, topics_of=topics_of)
        hub.start()
        try:
            await body(hub, Streams(hub, StreamLimits(**limits)))
        finally:
            hub.stop()

    asyncio.run(run())


def test_a_slow_reader_gets_the_newest_number_and_all_topics(engine: Engine) -> None:
    async def body(hub: Hub, streams: Streams) -> None:
        slow, quick = Visitor(streams), Visitor(streams)
        await slow.heard("hello")
        await quick.heard("hello")
        slow.reading.clear()
        for number, name in enumerate(["QueueChanged", "BoardChanged", "DutyChanged", "StaffChanged"], 1):
            append(engine, 1, name)
            hub.poke(1)
            await quick.heard(f'"number": {number}')  # nobody waits for the slow one
        slow.reading.set()
        await slow.heard('"number": 4')
        assert slow.texts[1:] == [_change(1, "queue"), _change(4, "board", "duty", "staff")]
        for visitor in (slow, quick):
            await visitor.leave()

    with_streams(engine, body)


def _change(number: int, *topics: str) -> str:
    return news(Changes(number, frozenset(topics))).decode()


def test_who_takes_nothing_for_long_is_let_go(engine: Engine) -> None:
    async def body(hub: Hub, streams: Streams) -> None:
        stuck = Visitor(streams)
        await stuck.heard("hello")
        stuck.reading.clear()
        append(engine, 1, "QueueChanged")
        hub.poke(1)
        async with asyncio.timeout(DEADLINE_SECONDS):
            await stuck.task

    with_streams(engine, body, send_seconds=0.1)


def test_an_address_has_its_share_of_places(engine: Engine) -> None:
    async def body(hub: Hub, streams: Streams) -> None:
        sari = [Visitor(streams, address="192.0.2.1") for _ in range(3)]
        for visitor in sari[:2]:
            await visitor.heard("hello")
        await sari[2].task
        assert sari[2].status == 503
        assert int(sari[2].headers[b"retry-after"]) >= 30
        budi = Visitor(streams, address="192.0.2.2")
        await budi.heard("hello")
        await sari[0].leave()
        again = Visitor(streams, address="192.0.2.1")
        await again.heard("hello")
        for visitor in (sari[1], budi, again):
            await visitor.leave()

    with_streams(engine, body, streams_per_address=2)


def test_a_proxy_may_have_every_place_but_not_more(engine: Engine) -> None:
    async def body(hub: Hub, streams: Streams) -> None:
        visitors = [Visitor(streams, address="10.0.0.1") for _ in range(4)]
        await visitors[3].task
        assert visitors[3].status == 503
        for visitor in visitors[:3]:
            await visitor.heard("hello")
            await visitor.leave()

    with_streams(engine, body, streams=3, streams_per_address=1, unlimited_addresses=frozenset({"10.0.0.1"}))


def test_without_a_welcome_in_time_the_page_polls(engine: Engine) -> None:
    async def body(hub: Hub, streams: Streams) -> None:
        hub._reader.stop()  # type: ignore[union-attr] # the database hangs
        visitor = Visitor(streams)
        await visitor.task
        assert visitor.status == 503

    with_streams(engine, body, welcome_seconds=0.05)


def test_streams_end_when_the_server_does(engine: Engine) -> None:
    async def body(hub: Hub, streams: Streams) -> None:
        visitor = Visitor(streams)
        await visitor.heard("hello")
        hub.end_streams()
        async with asyncio.timeout(DEADLINE_SECONDS):
            await visitor.task
        assert visitor.texts[-1] == ""

    with_streams(engine, body)


def test_only_get(engine: Engine) -> None:
    async def body(hub: Hub, streams: Streams) -> None:
        visitor = Visitor(streams, method="POST")
        await visitor.task
        assert (visitor.status, visitor.headers[b"allow"]) == (405, b"GET")

    with_streams(engine, body)


@pytest.mark.parametrize("path", ["/offices/1/stream", "/offices/88/stream"])
def test_paths_of_streams(path: str) -> None:
    assert Streams(None).serves({"path": path})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "path", ["/offices/x/stream", "/offices/1/streams", "/offices/١/stream", "/a/offices/1/stream"]
)
def test_paths_of_pages(path: str) -> None:
    assert not Streams(None).serves({"path": path})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("header", "query", "number"),
    [
        (None, b"", None),
        (b"12", b"since=3", 12),
        (None, b"since=3", 3),
        (b"", b"since=3", 3),
        (b"many", b"since=-1", None),
        (None, b"since=1e3", None),
        (None, b"since=" + b"9" * 400, None),
    ],
)
def test_since(header: bytes | None, query: bytes, number: int | None) -> None:
    headers = [] if header is None else [(b"last-event-id", header)]
    assert since({"headers": headers, "query_string": query}) == number
