"""What a counter is called in words: the one place that decides between a name of its own and its number."""

from collections.abc import Callable
from typing import Final

from desk.domain.counter_names import CounterName
from desk.wording import N_

NUMBERED: Final = N_("Counter %(number)d")


def called(counter: CounterName, language: str, gettext: Callable[[str], str]) -> str:
    """Return what a counter is called in a language, whose messages `gettext` translates."""
    return counter.own(language) or gettext(NUMBERED) % {"number": counter.number}
