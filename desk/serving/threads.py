"""Work for threads, asked for in an event loop and answered there.

`loop.run_in_executor` would do: it makes two futures for each piece of work, which hear of each other through callbacks
and locks. A short page is answered in less than a millisecond, of which that was a tenth.
"""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, TypeAlias, TypeVar

Result = TypeVar("Result")
_Job: TypeAlias = tuple[asyncio.AbstractEventLoop, asyncio.Future[Any], Callable[..., Any], tuple[Any, ...]]


class Threads:
    """So many threads, started with the first piece of work; they end with the process."""

    def __init__(self, number: int, *, name: str) -> None:
        self._jobs: SimpleQueue[_Job] = SimpleQueue()
        self._unstarted = [
            threading.Thread(target=self._work, name=f"{name}-{each}", daemon=True) for each in range(number)
        ]

    async def run(self, work: Callable[..., Result], *arguments: Any) -> Result:
        """Return what `work(*arguments)` returns in one of the threads, or raise what it raises."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Result] = loop.create_future()
        self._jobs.put((loop, answer, work, arguments))
        while self._unstarted:
            self._unstarted.pop().start()
        return await answer

    def _work(self) -> None:
        while True:
            _do(*self._jobs.get())


def _do(
    loop: asyncio.AbstractEventLoop, answer: asyncio.Future[Any], work: Callable[..., Any], arguments: tuple[Any, ...]
) -> None:
    tell: Callable[..., None]
    try:
        tell, found = _succeed, work(*arguments)
    except BaseException as error:  # noqa: BLE001  whoever waits gets it
        tell, found = _fail, error
    with suppress(RuntimeError):  # the loop has ended meanwhile, and whoever waited with it
        loop.call_soon_threadsafe(tell, answer, found)


def _succeed(answer: asyncio.Future[Any], found: Any) -> None:
    if not answer.done():
        answer.set_result(found)


def _fail(answer: asyncio.Future[Any], error: BaseException) -> None:
    if not answer.done():
        answer.set_exception(error)
