"""Flask behind ASGI: a request is read in the event loop, answered in a thread, and sent from the loop.

A thread is held only while Python of ours runs: never for a client that sends its body slowly, and never for one that
reads its answer slowly. Why our own: docs/decisions/0002-server-and-streams.md.
"""

import asyncio
import contextvars
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from desk.logs import REQUEST
from desk.push.asgi import Headers, Receive, Scope, Send, answer_briefly
from desk.serving.bodies import BodyRefused, lingering, read_body
from desk.serving.environ import Environ, environ_of
from desk.serving.limits import Allowance, Limits

WsgiApplication = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
# Named here, since the annotations of a function within a function are worked out anew with each request.
WsgiHeaders = list[tuple[str, str]]
WsgiWrite = Callable[[bytes], None]
# So many brief requests one after another meet no other before one is answered in the loop; and so many more, after one
# that was not brief as somebody else held the database.
ALONE = 8
WARY = 1_000
BRIEF_SECONDS = 0.05
PROBING = 2  # threads for who watches the desk, when all others wait for something
# Told method, route, status and the seconds from the whole request to the first byte, in the event loop.
Answered = Callable[[str, str, int, float], None]


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

    def __init__(self, application: WsgiApplication, limits: Limits, answered: Answered | None = None) -> None:
        self._application = application
        self._limits = limits
        self._answered = answered
        self._threads = ThreadPoolExecutor(limits.threads, thread_name_prefix="page")
        self._probing = ThreadPoolExecutor(PROBING, thread_name_prefix="probe")
        self._inside = 0
        self._alone = 0  # so many brief requests one after another met no other
        self._large = asyncio.Semaphore(limits.large_at_once)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._inside >= self._limits.waiting_requests and not self._limits.is_probe(scope["path"]):
            if self._answered is not None:
                self._answered(scope["method"], "", HTTPStatus.SERVICE_UNAVAILABLE.value, 0.0)
            return await answer_briefly(send, HTTPStatus.SERVICE_UNAVAILABLE, (b"retry-after", b"2"))
        self._inside += 1
        try:
            allowance = await self._allowance_of(scope)
            async with self._room_for(allowance):
                body = await read_body(scope, receive, allowance)
                await self._exchange(environ_of(scope, body), receive, send)
        except BodyRefused as refused:
            await self._refuse(refused, scope, receive, send)
        finally:
            self._inside -= 1

    async def _allowance_of(self, scope: Scope) -> Allowance:
        """Return how much may be sent: where more than usual is taken, that is a matter of who sends it."""
        limits = self._limits
        if not limits.is_large(scope["path"]):
            return limits.usual
        if limits.may_send_large is None:
            return limits.large
        loop = asyncio.get_running_loop()
        may = await loop.run_in_executor(self._threads, limits.may_send_large, environ_of(scope, b""))
        return limits.large if may else limits.usual

    def _room_for(self, allowance: Allowance) -> AbstractAsyncContextManager[None]:
        """Return what waits until a large body may be held in memory; nothing for any other."""
        return self._large if allowance == self._limits.large else nullcontext()

    async def _refuse(self, refused: BodyRefused, scope: Scope, receive: Receive, send: Send) -> None:
        """Say why a body is not taken; of one that is too large in a page, where the application has one for that."""
        if refused.status is not HTTPStatus.REQUEST_ENTITY_TOO_LARGE or not self._limits.has_page_for_large:
            await answer_briefly(send, refused.status, (b"connection", b"close"))
            return
        # What only a stranger may not send there is answered as a form without anything in it: by who may send one.
        is_for_others = self._limits.is_large(scope["path"]) and refused.length <= self._limits.large_bytes
        environ = environ_of(scope, b"") | {"CONTENT_LENGTH": "0" if is_for_others else str(refused.length)}
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        await self._exchange(environ, receive, lingering(receive, send, seconds=self._limits.linger_seconds))

    async def _exchange(self, environ: Environ, receive: Receive, send: Send) -> None:
        marks = REQUEST.get()
        if marks is not None:
            marks.environ = environ
        context = contextvars.copy_context()  # one for the whole answer, whichever threads its pieces are made in
        loop = asyncio.get_running_loop()
        began = loop.time()
        if self._limits.is_brief(environ) and await self._is_alone():
            answer = context.run(self._ask, environ)
            if loop.time() - began > BRIEF_SECONDS:
                self._alone = ALONE - WARY
        else:
            threads = self._probing if self._limits.is_probe(environ["PATH_INFO"]) else self._threads
            answer = await loop.run_in_executor(threads, context.run, self._ask, environ)
        if self._answered is not None:
            self._answered(environ["REQUEST_METHOD"], route_of(environ), answer.status, loop.time() - began)
        try:
            more = answer.rest is not None
            await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
            await send({"type": "http.response.body", "body": answer.beginning, "more_body": more})
            if answer.rest is not None:
                await self._send_rest(answer.rest, context, receive, send)
        finally:
            if answer.rest is not None:
                await loop.run_in_executor(self._threads, context.run, answer.rest.close)

    async def _is_alone(self) -> bool:
        """Tell whether a brief request is the only one there is, as those before it were.

        It is answered in the loop then: changing threads costs a fifth of it. Where more come at a time, threads share
        one commit among them; so those that arrived together with this one are let in before it is decided.
        """
        if self._inside == 1:
            await asyncio.sleep(0)
        if self._inside > 1:
            self._alone = min(self._alone, 0)
            return False
        self._alone += 1
        return self._alone > ALONE

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

        def start_response(status: str, headers: WsgiHeaders, exc_info: object = None) -> WsgiWrite:
            said.update(status=int(status[:3]), headers=_encoded(headers))
            return written.append

        chunks = Chunks(self._application(environ, start_response))
        beginning = chunks.take(self._limits.piece_bytes)
        ended = len(beginning) < self._limits.piece_bytes
        if ended:
            chunks.close()
        return Answer(said["status"], said["headers"], b"".join(written) + beginning, None if ended else chunks)


def route_of(environ: Environ) -> str:
    """Return the route that answered, as it is written in the code; empty for an address that has none."""
    return str(environ.get("desk.route", ""))


def _encoded(headers: WsgiHeaders) -> Headers:
    """Return the headers as ASGI takes them; the server dates every answer itself, and once is enough."""
    named = [(name.lower(), value) for name, value in headers]
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in named if name != "date"]


async def _until_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
