"""What several screens show alike: made once, never older than the office's last event, nor than a second."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from desk.web.made_once import FRESH, MOST, MadeOnce
from tests.fixtures.office import OPENING


def test_what_many_ask_for_at_once_is_made_once() -> None:
    once, made, all_here = MadeOnce(), [], Barrier(8)

    def ask(_: int) -> int:
        all_here.wait()
        return once.get("board", 7, lambda: made.append("board") or len(made), at=OPENING)

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(ask, range(8))) == [1] * 8


def test_it_is_made_anew_as_soon_as_it_may_look_different() -> None:
    once, made = MadeOnce(), []

    def ask(key: object = "board", head: int = 7, after: timedelta = timedelta()) -> int:
        return once.get(key, head, lambda: made.append(key) or len(made), at=OPENING + after)

    assert [ask(), ask(after=FRESH / 2)] == [1, 1]
    assert ask(head=8) == 2, "something happened"
    assert ask(head=8, after=FRESH) == 3, "the clock went on"
    assert ask(head=8) == 4, "the clock was put back"
    assert ask("another board", head=8) == 5
    for number in range(MOST):
        ask(number)
    assert ask(head=8) == 5 + MOST + 1, "those that nobody asked for lately are let go"
