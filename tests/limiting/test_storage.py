"""Counting for the rate limits: exact over threads and processes, on both databases; never silently unlimited."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from flask_limiter import Limiter
from limits import RateLimitItemPerMinute
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter, SlidingWindowCounterRateLimiter
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from desk.limiting import SqlStorage, limits_uri
from desk.models.engine import open_engine
from desk.settings import Settings

FIVE_A_MINUTE = RateLimitItemPerMinute(5)
NOON = 1_772_420_400.0  # at the beginning of a minute


class Clock:
    def __init__(self):
        self.now = NOON

    def __call__(self):
        return self.now


@pytest.fixture
def uri(database_url, tmp_path):
    settings = Settings(data=tmp_path, database_url=database_url)
    return limits_uri(settings)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def open_storage(uri, clock):
    opened = []

    def one():
        storage = storage_from_string(uri)
        storage.clock = clock
        opened.append(storage)
        return storage

    yield one
    for storage in opened:
        storage.close()


@pytest.fixture
def storage(open_storage):
    return open_storage()


def test_where_it_counts(tmp_path):
    on_sqlite = limits_uri(Settings(data=tmp_path))
    on_postgres = limits_uri(Settings(data=tmp_path, database_url="postgresql+psycopg://desk:pw@db.example/desk?x=1"))

    assert on_sqlite == f"desk-sqlite:///{tmp_path}/limits.db"
    assert on_postgres == "desk-postgresql://desk:pw@db.example/desk?x=1"
    assert limits_uri(Settings(limits_url="redis://cache.example")) == "redis://cache.example"


def test_both_schemes_are_known(uri):
    assert isinstance(storage_from_string(uri), SqlStorage)


def test_another_scheme_is_refused():
    with pytest.raises(ValueError, match="not a storage"):
        SqlStorage("mysql://desk")


def test_hits_are_counted_until_they_expire(storage, clock):
    assert [storage.incr("wati", 60) for _ in range(3)] == [1, 2, 3]
    assert storage.incr("joko", 60, amount=4) == 4
    assert storage.get_expiry("wati") == NOON + 60

    clock.now += 59
    assert (storage.incr("wati", 60), storage.get("wati")) == (4, 4)
    clock.now += 1
    assert (storage.get("wati"), storage.get_expiry("wati")) == (0, clock.now)
    assert (storage.incr("wati", 60), storage.get_expiry("wati")) == (1, clock.now + 60)


def test_forgetting(storage):
    storage.incr("wati", 60)
    storage.incr("joko", 60)
    storage.clear("wati")
    assert (storage.get("wati"), storage.get("joko")) == (0, 1)
    assert storage.reset() == 1
    assert storage.get("joko") == 0


def test_what_expired_is_removed(storage, clock, uri):
    for number in range(10):
        storage.incr(f"visitor-{number}", 60)
    clock.now += 120
    storage.incr("late", 60)

    assert storage.reset() == 1


def test_a_fixed_window(storage):
    limiter = FixedWindowRateLimiter(storage)

    assert [limiter.hit(FIVE_A_MINUTE, "wati") for _ in range(7)] == [True] * 5 + [False] * 2
    assert limiter.get_window_stats(FIVE_A_MINUTE, "wati").remaining == 0
    assert limiter.hit(FIVE_A_MINUTE, "joko")


def test_a_sliding_window(storage, clock):
    limiter = SlidingWindowCounterRateLimiter(storage)
    assert [limiter.hit(FIVE_A_MINUTE, "wati") for _ in range(6)] == [True] * 5 + [False]

    clock.now += 60 + 15  # a quarter of the next window: three quarters of five count, rounded down
    assert [limiter.hit(FIVE_A_MINUTE, "wati") for _ in range(3)] == [True, True, False]
    clock.now += 120
    assert not limiter.hit(FIVE_A_MINUTE, "wati", cost=6)
    assert limiter.hit(FIVE_A_MINUTE, "wati", cost=5)


def test_what_a_sliding_window_tells(storage, clock):
    storage.acquire_sliding_window_entry("wati", 5, 60, 4)
    assert storage.get_sliding_window("wati", 60) == (0, 0.0, 4, 120.0)
    clock.now += 75
    storage.acquire_sliding_window_entry("wati", 5, 60, 1)
    previous, previous_left, current, current_left = storage.get_sliding_window("wati", 60)
    assert (previous, current) == (4, 1)
    assert (previous_left, current_left) == pytest.approx((45, 105))

    storage.clear_sliding_window("wati", 60)
    assert storage.get_sliding_window("wati", 60)[::2] == (0, 0)


def test_threads_share_the_count(storage):
    together = threading.Barrier(8)

    def hit(_):
        together.wait()
        return [storage.incr("everybody", 60) for _ in range(50)]

    with ThreadPoolExecutor(8) as pool:
        counted = [count for counts in pool.map(hit, range(8)) for count in counts]

    assert sorted(counted) == list(range(1, 401))


def test_threads_share_a_sliding_window(storage):
    together = threading.Barrier(8)

    def hit(_):
        together.wait()
        return [storage.acquire_sliding_window_entry("everybody", 100, 3600) for _ in range(50)]

    with ThreadPoolExecutor(8) as pool:
        assert sum(sum(counts) for counts in pool.map(hit, range(8))) == 100


_PROCESS = """
import sys
from limits.storage import storage_from_string
import desk.limiting
storage = storage_from_string(sys.argv[1])
sys.stdin.readline()
print(*[storage.incr("everybody", 3600) for _ in range(100)])
"""


def test_processes_share_the_count_from_the_first_request_on(uri):
    """All open the store at once, before its table is there."""
    command = [sys.executable, "-c", _PROCESS, uri]
    pipe = subprocess.PIPE
    processes = [
        subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, cwd=Path(__file__).parents[2])
        for _ in range(4)
    ]
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate(timeout=60) for process in processes]

    assert [errors for _, errors in said] == [""] * 4
    assert sorted(int(count) for counts, _ in said for count in counts.split()) == list(range(1, 401))


def test_a_forked_process_opens_its_own_connections(storage, monkeypatch):
    storage.incr("wati", 60)
    before = storage._counters
    monkeypatch.setattr("os.getpid", lambda: -1)

    assert storage.incr("wati", 60) == 2
    assert storage._counters is not before
    before.close()


def test_the_store_is_apart_from_the_data(storage, uri, database_url, database_kind, tmp_path):
    storage.incr("wati", 60)
    engine = open_engine(database_url)
    with engine.connect() as connection:
        if database_kind == "sqlite":
            assert (tmp_path / "limits.db").exists()
            assert connection.execute(text("SELECT count(*) FROM sqlite_schema")).scalar() == 0
        else:
            query = "SELECT relpersistence FROM pg_class WHERE oid = 'desk_limiting.counters'::regclass"
            assert connection.execute(text(query)).scalar() == "u"
    engine.dispose()


def test_a_healthy_store(storage):
    assert storage.check() is True


@pytest.fixture
def broken(tmp_path):
    """A store whose folder is not there yet."""
    storage = SqlStorage(f"desk-sqlite:///{tmp_path}/later/limits.db")
    yield storage
    storage.close()


def test_a_broken_store_says_so(broken, caplog):
    assert broken.check() is False
    assert "the store of rate limits is broken" in caplog.text
    with pytest.raises(SQLAlchemyError):
        broken.incr("wati", 60)


def test_a_store_that_comes_back_is_used_again(broken, tmp_path):
    assert broken.check() is False
    (tmp_path / "later").mkdir()
    assert broken.check() is True


@pytest.fixture
def browse():
    """Call it for a browser at an application that limits sign-in with the store at this address."""
    limiters = []

    def one(uri):
        app = Flask(__name__)
        app.config.update(RATELIMIT_STORAGE_URI=uri, RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True)
        limiters.append(Limiter(lambda: "wati", app=app))

        @app.post("/sign-in")
        @limiters[-1].limit("3 per hour")
        def sign_in():
            return "tried"

        return app.test_client()

    yield one
    for limiter in limiters:
        limiter.storage.close()


def test_sign_in_over_several_applications_is_limited_together(browse, uri):
    one, other = browse(uri), browse(uri)

    answers = [client.post("/sign-in").status_code for client in (one, other, one, other, one)]
    assert answers == [200, 200, 200, 429, 429]


def test_sign_in_stays_limited_when_the_store_is_away(browse, tmp_path, caplog):
    client = browse(f"desk-sqlite:///{tmp_path}/nowhere/limits.db")

    assert [client.post("/sign-in").status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    assert "falling back to in-memory storage" in caplog.text
