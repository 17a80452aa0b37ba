"""Waiting after wrong attempts: ever longer, never for good, and only whoever made them."""

from itertools import count

import pytest
from limits.storage import MemoryStorage

from desk.limiting.patience import (
    ATTACKED_AFTER,
    ATTACKED_WAIT,
    DAY,
    HOUR,
    OF_ADDRESS,
    OF_DEVICE,
    OF_NETWORK,
    Counted,
    Patience,
)
from desk.limiting.storage import SqlStorage


class Now:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.time = 1_800_000_000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def patience(tmp_path, now: Now):
    storage = SqlStorage(f"desk-sqlite:///{tmp_path}/limits.db")
    storage.clock = now
    yield Patience(storage, clock=now)
    storage.close()


NETWORK = (Counted("address:sari:203.0.113.9", OF_ADDRESS),)
OTHER = (Counted("address:sari:198.51.100.9", OF_ADDRESS),)
DEVICE = (Counted("device:sari:abc", OF_DEVICE),)


def attempts_in(patience: Patience, now: Now, seconds: int, *, every: int) -> int:
    """Try for so long, always again after so many seconds; return how many attempts were looked at."""
    looked_at, until = 0, now.time + seconds
    while now.time < until:
        looked_at += patience.take_turn(NETWORK) == 0
        now.time += every
    return looked_at


def test_the_first_few_cost_nothing_then_each_costs_twice_the_wait(patience: Patience, now: Now) -> None:
    assert [patience.take_turn(NETWORK) for _ in range(5)] == [0] * 5
    waits = []
    for _ in range(12):
        waits.append(patience.take_turn(NETWORK))
        now.time += waits[-1]
        assert patience.take_turn(NETWORK) == 0
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 512, 840, 840, 840]


def test_guesses_of_one_network_are_bounded(patience: Patience, now: Now) -> None:
    """ASVS 6.3.1: hammering every second for a day."""
    assert attempts_in(patience, now, DAY - 1, every=1) <= 5 + 10 + 103


def test_nobody_else_waits(patience: Patience, now: Now) -> None:
    for _ in range(500):
        patience.take_turn(NETWORK)
    assert patience.take_turn(DEVICE) == 0
    assert patience.take_turn(OTHER) == 0
    assert patience.take_turn((Counted("address:dewi:203.0.113.9", OF_ADDRESS),)) == 0


def test_whoever_waits_is_not_counted_again(patience: Patience, now: Now) -> None:
    for _ in range(100):
        patience.take_turn(NETWORK)
    assert patience.take_turn(NETWORK) == 2


def test_success_forgets(patience: Patience, now: Now) -> None:
    for _ in range(6):
        patience.take_turn(NETWORK)
    patience.succeeded(NETWORK)
    assert [patience.take_turn(NETWORK) for _ in range(5)] == [0] * 5


def test_a_day_forgets(patience: Patience, now: Now) -> None:
    for _ in range(6):
        patience.take_turn(NETWORK)
    now.time += DAY
    assert [patience.take_turn(NETWORK) for _ in range(5)] == [0] * 5


def test_under_attack_a_stranger_waits_once(patience: Patience, now: Now) -> None:
    for _ in range(ATTACKED_AFTER):
        assert not patience.is_attacked("sari")
        patience.count_attack("sari")
    assert patience.is_attacked("sari")
    assert not patience.is_attacked("dewi")
    assert patience.wait_once(OTHER[0].key) == ATTACKED_WAIT
    now.time += 10
    assert patience.wait_once(OTHER[0].key) == ATTACKED_WAIT - 10
    now.time += ATTACKED_WAIT
    assert patience.wait_once(OTHER[0].key) == 0


def of(address: str, browser: str) -> tuple[Counted, ...]:
    """Return under what an attempt for Sari from the network 203.0.113.0/24 counts."""
    return (
        Counted(f"address:sari:{address}", OF_ADDRESS, browser),
        Counted("network:sari:203.0.113.0/24", OF_NETWORK, address),
    )


@pytest.mark.parametrize("keeps_cookies", [True, False], ids=["one browser", "ever new browsers"])
@pytest.mark.parametrize("addresses", [1, 3, 60])
def test_who_waits_as_told_gets_in_however_hard_others_try(now: Now, addresses: int, keeps_cookies: bool) -> None:
    """ASVS 6.3.1: once, no longer than a quarter of an hour, from an address of the attacker and from another one."""
    patience = Patience(TimedMemory(now), clock=now)
    numbers, looked_at, begun = count(), 0, now.time

    def attack(seconds: int) -> None:
        nonlocal looked_at
        until = now.time + seconds
        while now.time < until:
            number = next(numbers)
            browser = "thief" if keeps_cookies else f"thief{number}"
            looked_at += patience.take_turn(of(f"203.0.113.{number % addresses}", browser)) == 0
            now.time += 3

    attack(3 * HOUR)
    for number, address in enumerate(("203.0.113.0", "203.0.113.250")):
        told = patience.take_turn(of(address, f"owner{number}"))
        assert told <= 900
        attack(told)
        assert told == 0 or patience.take_turn(of(address, f"owner{number}")) == 0
        attack(HOUR)
    attack(int(begun + DAY - now.time))
    assert looked_at <= 200


class TimedMemory(MemoryStorage):
    """A store in memory on the clock of the test, to try a whole day in a moment."""

    def __init__(self, now: Now) -> None:
        super().__init__()
        self.now, self.kept = now, {}

    def _live(self, key: str) -> tuple[int, float]:
        hits, until = self.kept.get(key, (0, 0.0))
        return (hits, until) if until > self.now() else (0, 0.0)

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        hits, until = self._live(key)
        self.kept[key] = (hits + amount, until or self.now() + expiry)
        return hits + amount

    def get(self, key: str) -> int:
        return self._live(key)[0]

    def get_expiry(self, key: str) -> float:
        return self._live(key)[1] or self.now()

    def clear(self, key: str) -> None:
        self.kept.pop(key, None)


class Broken(MemoryStorage):
    """A store that is away."""

    @property
    def base_exceptions(self):
        return ConnectionError

    def incr(self, *arguments, **named):
        raise ConnectionError

    get = clear = get_expiry = incr


def test_a_broken_store_makes_nothing_unlimited() -> None:
    patience = Patience(Broken())
    assert [patience.take_turn(NETWORK) for _ in range(5)] == [0] * 5
    assert patience.take_turn(NETWORK) in (1, 2)
    patience.count_attack("sari")
    assert not patience.is_attacked("sari")
    patience.succeeded(NETWORK)
    assert patience.take_turn(NETWORK) == 0
    assert patience.wait_once("x") > 0
    assert patience.is_first_of_minute("x")
