"""How long a message waits for its next attempt, and when to give up.

The first attempt happens when the message is due. After attempt 1, 2, 3 … it waits 1, 2, 4, 8, 16, 32, 64, 128, 256
minutes and from then on 6 hours, each shortened at random by up to half so that messages that failed together do not
come back together. Sixteen attempts span 22 to 45 hours: greylisting is over after minutes, and a mail server may be
down for a night.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

FIRST_WAIT: Final = timedelta(minutes=1)
LONGEST_WAIT: Final = timedelta(hours=6)
MAX_ATTEMPTS: Final = 16


def wait_after(attempt: int, *, chance: Callable[[], float]) -> timedelta:
    """Return the wait after a failed attempt (the first is 1); `chance` gives numbers from 0 up to 1."""
    whole = min(FIRST_WAIT * 2 ** min(attempt - 1, MAX_ATTEMPTS), LONGEST_WAIT)
    wait: timedelta = whole * (1 - chance() / 2)
    return wait


def is_last(attempt: int) -> bool:
    """Tell whether no attempt follows this one."""
    return attempt >= MAX_ATTEMPTS
