"""`GET /offices/<id>/stream`, answered in the event loop: no thread, no session, no page.

Anybody may listen: a stream says that something of a topic changed, and pages decide who may see what.
"""

import asyncio
import random
import re
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from urllib.parse import parse_qs

from desk.push import messages
from desk.push.asgi import BARE, Receive, Scope, Send, answer_briefly, header
from desk.push.audience import StreamEnded, Subscription
from desk.push.changes import Changes, OfficeUnknown
from desk.push.hub import Hub
from desk.push.places import NoPlace, Places, StreamLimits

_PATH = re.compile(r"/offices/([0-9]{1,9})/stream")
_NUMBER = re.compile(r"[0-9]{1,18}")
_HEADERS = [(b"content-type", b"text/event-stream"), (b"x-accel-buffering", b"no"), *BARE]


class Streams:
    """The ASGI application of the event streams."""

    def __init__(
        self, hub: Hub, limits: StreamLimits | None = None, counting: Callable[[int], None] | None = None
    ) -> None:
        self._hub = hub
        self._limits = limits or StreamLimits()
        self._places = Places(self._limits, counting)

    def serves(self, scope: Scope) -> bool:
        return _PATH.fullmatch(scope["path"]) is not None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = _PATH.fullmatch(scope["path"])
        if found is None:
            return await answer_briefly(send, HTTPStatus.NOT_FOUND)
        if scope["method"] != "GET":
            return await answer_briefly(send, HTTPStatus.METHOD_NOT_ALLOWED, (b"allow", b"GET"))
        address = (scope.get("client") or ("",))[0]
        try:
            with self._places.taken_by(address), self._hub.subscribed(int(found[1]), since(scope)) as subscription:
                return await self._serve(subscription, receive, send)
        except NoPlace:
            return await self._turn_away(send)

    async def _serve(self, subscription: Subscription, receive: Receive, send: Send) -> None:
        gone = asyncio.create_task(_end_with_client(receive, subscription))
        try:
            async with asyncio.timeout(self._limits.welcome_seconds):
                missed = await subscription.take()
        except OfficeUnknown:
            return await answer_briefly(send, HTTPStatus.NOT_FOUND)
        except (TimeoutError, StreamEnded):  # the database is away, or the server stops
            return await self._turn_away(send)
        else:
            with suppress(TimeoutError):
                await self._tell(subscription, missed, send)
        finally:
            gone.cancel()

    async def _tell(self, subscription: Subscription, missed: Changes, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        text = messages.retry(self._spread(self._limits.retry_milliseconds)) + messages.news(missed)
        text += messages.hello(missed.number, beat_seconds=self._limits.beat_seconds)
        with suppress(StreamEnded):
            while True:
                async with asyncio.timeout(self._limits.send_seconds):  # who takes nothing for so long has gone
                    await send({"type": "http.response.body", "body": text, "more_body": True})
                text = await self._next(subscription)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _next(self, subscription: Subscription) -> bytes:
        try:
            async with asyncio.timeout(self._limits.beat_seconds):
                return messages.news(await subscription.take())
        except TimeoutError:
            return messages.beat()

    async def _turn_away(self, send: Send) -> None:
        """The page polls meanwhile."""
        wait = b"%d" % (self._spread(30_000) // 1000)
        await answer_briefly(send, HTTPStatus.SERVICE_UNAVAILABLE, (b"retry-after", wait))

    @staticmethod
    def _spread(milliseconds: int) -> int:
        """Return up to half as much again: a thousand pages that lose one server must not return at one instant."""
        return milliseconds + random.randrange(milliseconds // 2)  # noqa: S311 - no secret


async def _end_with_client(receive: Receive, subscription: Subscription) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    subscription.end()


def since(scope: Scope) -> int | None:
    """Return the event the browser has seen: its `Last-Event-ID` when it returns, else `?since=`, else None."""
    query = parse_qs(scope["query_string"].decode("latin-1"))
    for text in (header(scope, b"last-event-id"), *query.get("since", ())):
        if text is not None and _NUMBER.fullmatch(text):
            return int(text)
    return None
