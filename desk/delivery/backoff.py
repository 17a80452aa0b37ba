"""How long a message waits for its next attempt, and when to give up.

The first attempt happens when the message is due. After attempt 1, 2, 3 … it waits 1, 2, 4, 8, 16, 32, 64, 128, 256
minutes and from then on 6 hours, each shortened at random by up to half so that messages that failed together do not
come back together. Sixteen attempts span 22 to 45 hours: greylisting is over after minutes, a full mailbox after a day.

While the other side cannot be reached at all, no attempt is counted, and the waits grow to 30 minutes only: so soon
after an outage, however long it was, everything is on its way.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

FIRST_WAIT: Final = timedelta(minutes=1)
LONGEST_WAIT: Final = timedelta(hours=6)
LONGEST_UNREACHED: Final = timedelta(minutes=30)
MAX_ATTEMPTS: Final = 16


def wait_after(attempt: int, *, chance: Callable[[], float]) -> timedelta:
    """Return the wait after a failed attempt (the first is 1); `chance` gives numbers from 0 up to 1."""
    return _wait(attempt, LONGEST_WAIT, chance)


def wait_unreached(times: int, *, chance: Callable[[], float]) -> timedelta:
    """Return the wait after the other side was away so many times in a row (the first is 1)."""
    return _wait(times, LONGEST_UNREACHED, chance)


def _wait(times: int, longest: timedelta, chance: Callable[[], float]) -> timedelta:
    whole = min(FIRST_WAIT * 2 ** min(times - 1, MAX_ATTEMPTS), longest)
    wait: timedelta = whole * (1 - chance() / 2)
    return wait


def is_last(attempt: int) -> bool:
    """Tell whether no attempt follows this one."""
    return attempt >= MAX_ATTEMPTS
