"""Flask behind ASGI: a request is read in the event loop, answered in a thread, and sent from the loop.

A thread is held only while Python of ours runs: never for a client that sends its body slowly, and never for one that
reads its answer slowly. Why our own: docs/decisions/0002-server-and-streams.md.
"""

import asyncio
import contextvars
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from desk.push.asgi import Headers, Receive, Scope, Send, answer_briefly
from desk.serving.bodies import BodyRefused, read_body
from desk.serving.environ import Environ, environ_of
from desk.serving.limits import Limits

WsgiApplication = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the application said: its beginning, and where it is long, what yields the rest."""

    status: int
    headers: Headers
    beginning: bytes
    rest: "Chunks | None"


class Chunks(Iterator[bytes]):
    """The chunks of a WSGI answer together with its `close`, whatever kind of iterable it is."""

    def __init__(self, answer: Iterable[bytes]) -> None:
        self._answer = answer
        self._chunks = iter(answer)

    def __next__(self) -> bytes:
        return next(self._chunks)

    def take(self, size: int) -> bytes:
        """Return about `size` bytes; fewer only at the end."""
        taken: list[bytes] = []
        total = 0
        for chunk in self._chunks:
            taken.append(chunk)
            total += len(chunk)
            if total >= size:
                break
        return b"".join(taken)

    def close(self) -> None:
        getattr(self._answer, "close", lambda: None)()


class Bridge:
    """An ASGI application around a WSGI one, with `limits.threads` threads."""

    def __init__(self, application: WsgiApplication, limits: Limits) -> None:
        self._application = application
        self._limits = limits
        self._threads = ThreadPoolExecutor(limits.threads, thread_name_prefix="page")
        self._inside = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._inside >= self._limits.waiting_requests:
            return await answer_briefly(send, HTTPStatus.SERVICE_UNAVAILABLE, (b"retry-after", b"2"))
        self._inside += 1
        try:
            body = await read_body(scope, receive, self._limits)
            await self._exchange(environ_of(scope, body), receive, send)
        except BodyRefused as refused:
            await answer_briefly(send, refused.status, (b"connection", b"close"))
        finally:
            self._inside -= 1

    async def _exchange(self, environ: Environ, receive: Receive, send: Send) -> None:
        context = contextvars.copy_context()  # one for the whole answer, whichever threads its pieces are made in
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(self._threads, context.run, self._ask, environ)
        try:
            more = answer.rest is not None
            await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
            await send({"type": "http.response.body", "body": answer.beginning, "more_body": more})
            if answer.rest is not None:
                await self._send_rest(answer.rest, context, receive, send)
        finally:
            if answer.rest is not None:
                await loop.run_in_executor(self._threads, context.run, answer.rest.close)

    async def _send_rest(self, rest: Chunks, context: contextvars.Context, receive: Receive, send: Send) -> None:
        """Send a long answer piece by piece at the client's pace; one that has gone or stands still is given up."""
        loop = asyncio.get_running_loop()
        gone = loop.create_task(_until_disconnect(receive))
        with suppress(TimeoutError):
            while not gone.done():
                piece = await loop.run_in_executor(self._threads, context.run, rest.take, self._limits.piece_bytes)
                async with asyncio.timeout(self._limits.send_seconds):
                    await send({"type": "http.response.body", "body": piece, "more_body": bool(piece)})
                if not piece:
                    break
        gone.cancel()

    def _ask(self, environ: Environ) -> Answer:
        """Call the application, in a thread, and take what it says up to one piece."""
        said: dict[str, Any] = {}
        written: list[bytes] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Callable[..., None]:
            said.update(status=int(status[:3]), headers=_encoded(headers))
            return written.append

        chunks = Chunks(self._application(environ, start_response))
        beginning = chunks.take(self._limits.piece_bytes)
        ended = len(beginning) < self._limits.piece_bytes
        if ended:
            chunks.close()
        return Answer(said["status"], said["headers"], b"".join(written) + beginning, None if ended else chunks)


def _encoded(headers: list[tuple[str, str]]) -> Headers:
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]


async def _until_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
