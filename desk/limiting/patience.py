"""How long somebody must wait after wrong attempts: ever longer, never for good, and only they (OWASP: device cookies).

Wrong attempts are counted under several keys at once, each with its own allowance. Whoever shows a device that is known
for the account is counted under that alone; everybody else under account and network, and under the account as a whole.
So an attacker who tries a name from anywhere delays nobody who sits at their own computer, and somebody at a new one
waits no longer than `Allowance.longest` however hard others try (ASVS 5.0, 6.3.1, 2.4.1).
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from limits.storage import MemoryStorage, Storage

HOUR: Final = 3_600
DAY: Final = 24 * HOUR


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many wrong attempts cost nothing within `window` seconds; then each costs twice the wait, up to `longest`."""

    free: int
    longest: int
    window: int = DAY

    def wait_after(self, wrong: int) -> int:
        """Return the seconds to wait before the next attempt."""
        over = wrong - self.free
        return 0 if over < 0 else min(2 ** min(over + 1, 30), self.longest)


@dataclass(frozen=True, slots=True)
class Counted:
    """A key under which attempts count, with what it allows."""

    key: str
    allowance: Allowance


OF_DEVICE: Final = Allowance(free=10, longest=300)
OF_NETWORK: Final = Allowance(free=5, longest=900)
# Under attack from many networks: whoever comes from another one waits once, and then has attempts of their own.
ATTACKED_AFTER: Final = 50
ATTACKED_WAIT: Final = 30


class Patience:
    """Counts attempts in the store of the rate limits; where that is broken, in the memory of this process."""

    def __init__(self, storage: Storage, *, clock: Callable[[], float] = time.time) -> None:
        self._stored, self._own, self._clock = storage, MemoryStorage(), clock

    def take_turn(self, counted: Sequence[Counted]) -> int:
        """Begin an attempt: returns 0 where it may be made, else the seconds until then; nothing is counted then.

        Who may is counted as wrong at once, so that many attempts at one time are no way around; `succeeded` undoes it.
        """
        try:
            return self._take_turn(self._stored, counted)
        except self._stored.base_exceptions:
            return self._take_turn(self._own, counted)

    def _take_turn(self, storage: Storage, counted: Sequence[Counted]) -> int:
        waits = [self._wait(storage, each) for each in counted]
        if max(waits, default=0) > 0:
            return max(waits)
        for each in counted:
            wrong = storage.incr(each.key, each.allowance.window)
            wait = each.allowance.wait_after(wrong)
            if wait and storage.incr(_turn(each), wait) > 1:
                return max(1, self._wait(storage, each))
        return 0

    def _wait(self, storage: Storage, counted: Counted) -> int:
        if storage.get(_turn(counted)) <= 0:
            return 0
        return max(1, ceil(storage.get_expiry(_turn(counted)) - self._clock()))

    def succeeded(self, counted: Sequence[Counted]) -> None:
        """Forget what was counted under these keys."""
        for each in counted:
            for storage in (self._stored, self._own):
                try:
                    storage.clear(each.key)
                    storage.clear(_turn(each))
                except storage.base_exceptions:
                    continue

    def is_attacked(self, account: str) -> bool:
        """Tell whether an account was tried in vain from many networks within the hour."""
        try:
            return self._stored.get(_attacks(account)) >= ATTACKED_AFTER
        except self._stored.base_exceptions:
            return self._own.get(_attacks(account)) >= ATTACKED_AFTER

    def count_attack(self, account: str) -> None:
        """Count one attempt in vain for an account, from wherever."""
        try:
            self._stored.incr(_attacks(account), HOUR)
        except self._stored.base_exceptions:
            self._own.incr(_attacks(account), HOUR)

    def wait_once(self, key: str) -> int:
        """Let whoever comes for the first time wait once; returns the seconds left, 0 for who has waited."""
        try:
            return self._wait_once(self._stored, key)
        except self._stored.base_exceptions:
            return self._wait_once(self._own, key)

    def is_first_of_minute(self, key: str) -> bool:
        """Tell whether this is the first time in a minute that it is asked: for what is written down."""
        try:
            return self._stored.incr(f"{key}:said", 60) == 1
        except self._stored.base_exceptions:
            return self._own.incr(f"{key}:said", 60) == 1

    def _wait_once(self, storage: Storage, key: str) -> int:
        waiting = storage.incr(f"{key}:came", HOUR)
        if waiting == 1:
            storage.incr(f"{key}:waits", ATTACKED_WAIT)
        if storage.get(f"{key}:waits") <= 0:
            return 0
        return max(1, ceil(storage.get_expiry(f"{key}:waits") - self._clock()))


def _turn(counted: Counted) -> str:
    return f"{counted.key}:turn"


def _attacks(account: str) -> str:
    return f"attacks:{account}"
