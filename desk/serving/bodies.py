"""Reading a request's body before a thread is given to it: whole, bounded in size and in time."""

import asyncio
from http import HTTPStatus

from desk.push.asgi import Receive, Scope, header
from desk.serving.limits import Limits


class BodyRefused(Exception):
    """The body is too long or too slow, or its sender has gone."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status)
        self.status = status


async def read_body(scope: Scope, receive: Receive, limits: Limits) -> bytes:
    """Return the whole body; raise `BodyRefused` before reading one that says it is too long."""
    declared = header(scope, b"content-length")
    if declared is not None and int(declared) > limits.body_bytes:
        raise BodyRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    if declared is None and header(scope, b"transfer-encoding") is None:
        return b""
    try:
        async with asyncio.timeout(limits.body_seconds):
            return await _gather(receive, limits.body_bytes)
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
            raise BodyRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if not message.get("more_body", False):
            return bytes(body)
