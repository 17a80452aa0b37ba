"""The ASGI application in front: event streams are answered here, everything else by Flask."""

import logging
from collections.abc import Callable
from typing import Any

from desk.logs import REQUEST
from desk.push.asgi import Receive, Scope, Send
from desk.push.hub import Hub
from desk.push.places import StreamLimits
from desk.push.streams import Streams
from desk.serving.access_log import STREAM, Exchange, marks_of
from desk.serving.bridge import Answered, Bridge
from desk.serving.forwarded import as_forwarded
from desk.serving.limits import Limits

logger = logging.getLogger(__name__)


class Front:
    """One for a process; its hub runs while the server does."""

    def __init__(self, pages: Bridge, streams: Streams, hub: Hub, *, proxies: int) -> None:
        self._pages = pages
        self._streams = streams
        self._hub = hub
        self._proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self._live(receive, send)
        scope = as_forwarded(scope, proxies=self._proxies)
        marks = marks_of(scope, proxies=self._proxies)
        REQUEST.set(marks)  # of this request's own task
        exchange = Exchange(scope, send, marks)
        is_stream = self._streams.serves(scope)
        inner = self._streams if is_stream else self._pages
        try:
            return await inner(scope, receive, exchange.send)
        finally:
            exchange.tell(STREAM if is_stream else None)

    def end_streams(self) -> None:
        """Let go of who would otherwise stay for ever, so that a stop is quick."""
        self._hub.end_streams()

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self._hub.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._hub.stop()
        await send({"type": "lifespan.shutdown.complete"})


def build_asgi(
    flask_app: Any,
    hub: Hub,
    *,
    limits: Limits | None = None,
    stream_limits: StreamLimits | None = None,
    proxies: int = 0,
    answered: Answered | None = None,
    streaming: Callable[[int], None] | None = None,
) -> Front:
    """Return what a process serves; `proxies` is how many reverse proxies of one's own stand in front.

    `answered` is told of every request (`desk.serving.bridge`), `streaming` of every stream that begins or ends.
    """
    bridge = Bridge(flask_app, limits or Limits(), answered)
    return Front(bridge, Streams(hub, stream_limits, streaming), hub, proxies=proxies)
