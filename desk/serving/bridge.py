"""Flask behind ASGI: a request is read in the event loop, answered in a thread, and sent from the loop.

A thread is held only while Python of ours runs: never for a client that sends its body slowly, and never for
one that reads its answer slowly. Used by `desk.serving` only. Why our own: docs/decisions/0002.
"""

import asyncio
import contextvars
import io
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from desk.serving.asgi import Headers, Receive, Scope, Send, answer_plainly
from desk.serving.limits import Limits

Environ = dict[str, Any]


class BodyRefused(Exception):
    """The request body is too long, too slow, or its sender has gone."""

    def __init__(self, status: HTTPStatus | None) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True, slots=True)
class Answer:
    """What the WSGI application said: all of it, or the beginning and the iterator of the rest."""

    status: int
    headers: Headers
    beginning: bytes
    rest: Iterator[bytes] | None


class Bridge:
    """An ASGI application around a WSGI one, with `limits.threads` threads."""

    def __init__(self, application: Any, limits: Limits) -> None:
        self._application = application
        self._limits = limits
        self._threads = ThreadPoolExecutor(limits.threads, thread_name_prefix="page")
        self._inside = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await read_body(scope, receive, self._limits)
        except BodyRefused as refused:
            if refused.status is not None:
                await answer_plainly(send, refused.status, close=True)
            return
        if self._inside >= self._limits.waiting_requests:
            await answer_plainly(send, HTTPStatus.SERVICE_UNAVAILABLE, retry_after=1)
            return
        self._inside += 1
        try:
            await self._exchange(environ_of(scope, body), receive, send)
        finally:
            self._inside -= 1

    async def _exchange(self, environ: Environ, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        context = contextvars.copy_context()
        answer: Answer = await loop.run_in_executor(self._threads, context.run, self._ask, environ)
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        more = answer.rest is not None
        await send({"type": "http.response.body", "body": answer.beginning, "more_body": more})
        if answer.rest is not None:
            await self._send_rest(answer.rest, context, receive, send)

    async def _send_rest(
        self, rest: Iterator[bytes], context: contextvars.Context, receive: Receive, send: Send
    ) -> None:
        """Send a long answer piece by piece, at the client's pace, until it ends or the client has gone."""
        loop = asyncio.get_running_loop()
        gone = loop.create_task(receive())
        try:
            while not gone.done():
                piece = await loop.run_in_executor(self._threads, context.run, take, rest, self._limits.piece_bytes)
                async with asyncio.timeout(self._limits.send_seconds):
                    await send({"type": "http.response.body", "body": piece, "more_body": bool(piece)})
                if not piece:
                    return
        finally:
            gone.cancel()
            await loop.run_in_executor(self._threads, context.run, close, rest)

    def _ask(self, environ: Environ) -> Answer:
        started: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            started[:] = [status, headers]
            return written.append

        written: list[bytes] = []
        chunks: Iterable[bytes] = self._application(environ, start_response)
        rest = _Closing(chunks)
        beginning = b"".join(written) + take(rest, self._limits.piece_bytes)
        ended = len(beginning) < self._limits.piece_bytes
        if ended:
            rest.close()
        status, headers = started
        return Answer(int(status[:3]), encoded(headers), beginning, None if ended else rest)


class _Closing(Iterator[bytes]):
    """The application's chunks with their `close`, whichever kind of iterable they are."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._owner = chunks

    def __next__(self) -> bytes:
        return next(self._chunks)

    def close(self) -> None:
        close(self._owner)


def close(chunks: object) -> None:
    getattr(chunks, "close", lambda: None)()


def take(chunks: Iterator[bytes], size: int) -> bytes:
    """Return about `size` bytes; fewer only when there are no more."""
    taken: list[bytes] = []
    total = 0
    for chunk in chunks:
        taken.append(chunk)
        total += len(chunk)
        if total >= size:
            break
    return b"".join(taken)


async def read_body(scope: Scope, receive: Receive, limits: Limits) -> bytes:
    """Return the whole request body; raise `BodyRefused`."""
    declared = dict(scope["headers"]).get(b"content-length", b"0")
    if int(declared) > limits.body_bytes:
        raise BodyRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    message = await receive()
    body: bytes = message.get("body", b"")
    if message["type"] == "http.request" and not message.get("more_body", False):
        return body
    return body
    

def encoded(headers: list[tuple[str, str]]) -> Headers:
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]


def environ_of(scope: Scope, body: bytes) -> Environ:
    """Return the WSGI environment (PEP 3333) of an ASGI request."""
    host, port = scope.get("server") or ("localhost", 80)
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8").decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": (scope.get("client") or ("", 0))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        key = name.decode("latin-1").upper().replace("-", "_")
        key = key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"
        text = value.decode("latin-1")
        environ[key] = f"{environ[key]},{text}" if key in environ else text
    return environ
