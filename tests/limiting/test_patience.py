"""Waiting after wrong attempts: ever longer, never for good, and only whoever made them."""

import pytest
from limits.storage import MemoryStorage

from desk.limiting.patience import ATTACKED_AFTER, ATTACKED_WAIT, DAY, OF_DEVICE, OF_NETWORK, Counted, Patience
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


NETWORK = (Counted("network:sari:203.0.113.0/24", OF_NETWORK),)
OTHER = (Counted("network:sari:198.51.100.0/24", OF_NETWORK),)
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
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]


def test_guesses_of_one_network_are_bounded(patience: Patience, now: Now) -> None:
    """ASVS 6.3.1: hammering every second for a day."""
    assert attempts_in(patience, now, DAY - 1, every=1) <= 5 + 10 + 96


def test_nobody_else_waits(patience: Patience, now: Now) -> None:
    for _ in range(500):
        patience.take_turn(NETWORK)
    assert patience.take_turn(DEVICE) == 0
    assert patience.take_turn(OTHER) == 0
    assert patience.take_turn((Counted("network:dewi:203.0.113.0/24", OF_NETWORK),)) == 0


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
