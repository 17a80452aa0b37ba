"""Which requests are answered in the event loop: brief ones, as long as none meets another."""

import asyncio
import re
import threading
from collections.abc import Iterable
from typing import Any

import pytest

from desk.serving import Limits
from desk.serving.bridge import ALONE, BRIEF_SECONDS, WARY, Bridge

LIMITS = Limits(brief_paths=re.compile("/api/.*"))


class Place:
    """Says which thread answers; `/held` and what follows it wait until they are let go."""

    def __init__(self) -> None:
        self.let_go = threading.Event()
        self.bridge = Bridge(self._answer, LIMITS)

    def _answer(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith("/held"):
            assert self.let_go.wait(10)
        elif environ["PATH_INFO"] == "/api/slow":
            threading.Event().wait(BRIEF_SECONDS * 1.5)
        start_response("200 OK", [])
        return (b"loop" if threading.current_thread() is threading.main_thread() else b"thread",)

    async def asks(self, path: str = "/api/call", method: str = "POST") -> str:
        """Return where a request was answered."""
        sent: list[bytes] = []

        async def send(message: dict[str, Any]) -> None:
            sent.append(message.get("body", b""))

        scope = {"path": path, "method": method, "query_string": b"", "http_version": "1.1", "scheme": "http"}
        await self.bridge(scope | {"headers": []}, asyncio.Event().wait, send)  # type: ignore[arg-type]
        return b"".join(sent).decode()

    async def after_some(self) -> "Place":
        """Return it after so many requests that the next may be answered in the loop."""
        for _ in range(ALONE):
            assert await self.asks() == "thread"
        return self


def test_who_is_alone_is_answered_in_the_loop() -> None:
    async def asked() -> str:
        return await (await Place().after_some()).asks()

    assert asyncio.run(asked()) == "loop"


@pytest.mark.parametrize(("path", "method"), [("/page", "POST"), ("/api/call", "GET")])
def test_what_may_take_long_is_not(path: str, method: str) -> None:
    async def asked() -> str:
        return await (await Place().after_some()).asks(path, method)

    assert asyncio.run(asked()) == "thread"


def test_those_who_come_together_are_answered_in_threads_and_so_are_the_next() -> None:
    async def asked() -> list[str]:
        place = await Place().after_some()
        together = await asyncio.gather(*(place.asks() for _ in range(3)))
        return [*together, *[await place.asks() for _ in range(ALONE + 1)]]

    assert asyncio.run(asked()) == [*["thread"] * (3 + ALONE), "loop"]


def test_beside_a_page_that_is_made_nobody_is_answered_in_the_loop() -> None:
    async def asked() -> list[str]:
        place = await Place().after_some()
        page = asyncio.create_task(place.asks("/held"))
        await asyncio.sleep(0)
        found = [await place.asks() for _ in range(ALONE + 2)]
        place.let_go.set()
        return [*found, await page]

    assert set(asyncio.run(asked())) == {"thread"}


def test_after_one_that_took_long_threads_answer_for_a_while() -> None:
    async def asked() -> list[str]:
        place = await Place().after_some()
        return [await place.asks("/api/slow"), *[await place.asks() for _ in range(WARY + 1)]]

    slow, *others, last = asyncio.run(asked())
    assert slow == "loop" and set(others) == {"thread"} and last == "loop"
