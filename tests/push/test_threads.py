"""Work asked for in an event loop and done in threads."""

import asyncio
import threading

import pytest

from desk.serving.threads import Threads


@pytest.fixture
def threads():
    return Threads(2, name="test")


def test_the_answer_comes_back_from_another_thread(threads):
    here = threading.get_ident()

    assert asyncio.run(threads.run(threading.get_ident)) != here


def test_what_the_work_raises_is_raised(threads):
    with pytest.raises(ZeroDivisionError):
        asyncio.run(threads.run(divmod, 1, 0))


def test_as_much_is_done_at_once_as_there_are_threads(threads):
    both = threading.Barrier(2, timeout=30)

    async def two():
        return await asyncio.gather(threads.run(both.wait), threads.run(both.wait))

    assert sorted(asyncio.run(two())) == [0, 1]


def test_what_is_too_much_waits_its_turn(threads):
    async def many():
        return await asyncio.gather(*(threads.run(abs, -each) for each in range(100)))

    assert asyncio.run(many()) == list(range(100))


class Slow:
    """Work that lasts until it is told to go on; its beginning can be awaited. Made in the event loop."""

    def __init__(self):
        self.go_on = threading.Event()
        self._loop = asyncio.get_running_loop()
        self.begun = asyncio.Event()

    def __call__(self):
        self._loop.call_soon_threadsafe(self.begun.set)
        self.go_on.wait(30)


def test_who_no_longer_waits_disturbs_nobody(threads):
    async def given_up():
        slow = Slow()
        waiting = asyncio.create_task(threads.run(slow))
        await slow.begun.wait()
        waiting.cancel()
        slow.go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        return await threads.run(abs, -1)

    assert asyncio.run(given_up()) == 1


def test_a_loop_that_has_ended_meanwhile_takes_no_thread_along(threads):
    async def left():
        slow = Slow()
        waiting = asyncio.create_task(threads.run(slow))
        await slow.begun.wait()
        waiting.cancel()
        return slow.go_on

    asyncio.run(left()).set()

    assert asyncio.run(threads.run(abs, -2)) == 2
