"""How long somebody must wait after wrong attempts: ever longer, never for good, and only they (OWASP: device cookies).

Wrong attempts are counted under several keys at once, each with its own allowance. Whoever shows a device that is known
for the account is counted under that alone; everybody else under account and address, more loosely under account and
network, and under the account as a whole. So an attacker who tries a name from anywhere delays nobody who sits at their
own computer, and nobody at another address of the same network (ASVS 5.0, 6.3.1, 2.4.1).

Turns are not for who asks most often. When a turn comes up, the first who was told to wait for it has a minute to take
it, then for two more minutes anybody who was told to wait, and only then whoever happens to ask. So who waits as told
is not overtaken by who never comes back, nor by who was wrong so often that their chances are used up. Somebody at
the same address who keeps many browsers waiting can still be first; a known device, a link by mail, a code of an
administrator or another network let the owner in then.
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
    """How many wrong attempts cost nothing within `window` seconds; then each costs twice the wait, up to `longest`.

    Who of those who share it made fewer than `chances` has a turn kept when told to wait.
    """

    free: int
    longest: int
    window: int = DAY
    chances: int = 0

    def wait_after(self, wrong: int) -> int:
        """Return the seconds to wait before the next attempt."""
        over = wrong - self.free
        return 0 if over < 0 else min(2 ** min(over + 1, 30), self.longest)


@dataclass(frozen=True, slots=True)
class Counted:
    """A key under which attempts count, with what it allows."""

    key: str
    allowance: Allowance
    who: str = ""  # for whom a turn is kept of those who share the key: a browser, an address


OF_DEVICE: Final = Allowance(free=10, longest=300)
# With the minute in which a turn is kept for somebody else nobody is told to wait for more than a quarter of an hour.
OF_ADDRESS: Final = Allowance(free=5, longest=840, chances=8)  # at most 118 a day
OF_NETWORK: Final = Allowance(free=80, longest=840, chances=1)  # at most 193 a day, from all its addresses
# For how many seconds a turn is kept for the first who was told to come then, and for all who were told.
FIRST_FOR: Final = 60
KEPT_FOR: Final = 180
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
        waits = [self._wait_of(storage, each) for each in counted]
        if max(waits, default=0) > 0:
            return max(waits)
        for each in counted:
            wrong = storage.incr(each.key, each.allowance.window)
            wait = each.allowance.wait_after(wrong)
            if wait and storage.incr(_turn(each), wait) > 1:
                return max(1, self._left(storage, _turn(each)))
            if each.who:
                storage.incr(_of(_had(each), each), each.allowance.window)
                self._let_go(storage, each)
        return 0

    def _wait_of(self, storage: Storage, counted: Counted) -> int:
        left = self._left(storage, _turn(counted))
        if not counted.who:
            return left
        if left:
            return left + self._tell(storage, counted, left)
        first = self._left(storage, _first(counted))
        is_told = storage.get(_of(_kept(counted), counted)) > 0
        if is_told:
            return 0 if storage.get(_of(_first(counted), counted)) > 0 else first
        return self._left(storage, _kept(counted))

    def _tell(self, storage: Storage, counted: Counted, left: int) -> int:
        """Keep the next turn for who is told to wait for it; returns how long after it comes up theirs begins."""
        if storage.get(_of(_had(counted), counted)) >= counted.allowance.chances:
            return KEPT_FOR if storage.get(_kept(counted)) > 0 else 0
        storage.incr(_kept(counted), left + KEPT_FOR)
        storage.incr(_of(_kept(counted), counted), left + KEPT_FOR)
        if storage.incr(_first(counted), left + FIRST_FOR) == 1:
            storage.incr(_of(_first(counted), counted), left + FIRST_FOR)
        return 0 if storage.get(_of(_first(counted), counted)) > 0 else FIRST_FOR

    def _let_go(self, storage: Storage, counted: Counted) -> None:
        """Keep the turn for nobody any more."""
        if storage.get(_kept(counted)) > 0:
            kept, first = _kept(counted), _first(counted)
            for key in (kept, first, _of(kept, counted), _of(first, counted)):
                storage.clear(key)

    def _left(self, storage: Storage, key: str) -> int:
        """Return for how many seconds a key holds."""
        return max(1, ceil(storage.get_expiry(key) - self._clock())) if storage.get(key) > 0 else 0

    def succeeded(self, counted: Sequence[Counted]) -> None:
        """Forget what was counted under these keys."""
        for each in counted:
            for storage in (self._stored, self._own):
                try:
                    for key in (each.key, _turn(each), _of(_had(each), each)):
                        storage.clear(key)
                    self._let_go(storage, each)
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
        return self._left(storage, f"{key}:waits")


def _turn(counted: Counted) -> str:
    return f"{counted.key}:turn"


def _kept(counted: Counted) -> str:
    return f"{counted.key}:kept"


def _first(counted: Counted) -> str:
    return f"{counted.key}:first"


def _had(counted: Counted) -> str:
    return f"{counted.key}:had"


def _of(key: str, counted: Counted) -> str:
    """Return a key for one of those who share it."""
    return f"{key}:{counted.who}"


def _attacks(account: str) -> str:
    return f"attacks:{account}"
