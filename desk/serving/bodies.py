"""Reading a request's body before a thread is given to it: whole, bounded in size and in time."""

import asyncio
from contextlib import suppress
from http import HTTPStatus

from desk.push.asgi import Message, Receive, Scope, Send, header
from desk.serving.limits import Allowance


class BodyRefused(Exception):
    """The body is too long or too slow, or its sender has gone; `length` is what is known of its bytes."""

    def __init__(self, status: HTTPStatus, length: int = 0) -> None:
        super().__init__(status)
        self.status = status
        self.length = length


async def read_body(scope: Scope, receive: Receive, allowance: Allowance) -> bytes:
    """Return the whole body; raise `BodyRefused` before reading one that says it is too long."""
    declared = header(scope, b"content-length")
    if declared is not None and int(declared) > allowance.bytes:
        raise BodyRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, int(declared))
    if declared is None and header(scope, b"transfer-encoding") is None:
        return b""
    try:
        async with asyncio.timeout(allowance.seconds):
            return await _gather(receive, allowance.bytes)
    except TimeoutError:
        raise BodyRefused(HTTPStatus.REQUEST_TIMEOUT) from None


async def _gather(receive: Receive, most: int) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise BodyRefused(HTTPStatus.BAD_REQUEST)
        body += message.get("body", b"")
        if len(body) > most:
            raise BodyRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, len(body))
        if not message.get("more_body", False):
            return bytes(body)


def lingering(receive: Receive, send: Send, *, seconds: float) -> Send:
    """Return a `send` that ends an answer only when the body has come to its end, or so many seconds later.

    A browser reads no answer before it has sent everything: cut off, it says that the connection was lost, and not why.
    """

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], (b"connection", b"close")]
        elif not message.get("more_body", False):
            await send({**message, "more_body": True})
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await _discard(receive)
            message = {**message, "body": b""}
        await send(message)

    return sent


async def _discard(receive: Receive) -> None:
    while (await receive()).get("more_body", False):
        pass
