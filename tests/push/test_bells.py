"""How processes wake each other, and what happens when the bell or the database is away."""

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event, text

from desk.push.bells import Bell, bell_for
from desk.push.changes import Changes
from desk.push.hub import Hub
from desk.push.postgres import offices_in
from tests.fixtures.databases import FreshDatabase
from tests.push.logbook import append, lay_out, open_logbook
from tests.push.loopback import DEADLINE_SECONDS, wait_until

_END_BELLS = text(
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
    " WHERE application_name = 'desk push' AND datname = current_database()"
)


class DeafBell:
    """Hears nothing and tells nobody."""

    def start(self, heard: Callable[[Iterable[int] | None], None]) -> None:
        pass

    def ring(self, office_id: int) -> None:
        pass

    def stop(self) -> None:
        pass


class Ear:
    """Remembers what a bell said."""

    def __init__(self) -> None:
        self.offices: set[int] = set()
        self.somewhere = 0

    def hear(self, offices: Iterable[int] | None) -> None:
        if offices is None:
            self.somewhere += 1
        else:
            self.offices.update(offices)


@pytest.fixture
def on_postgres(postgres_url: FreshDatabase) -> Iterator[Engine]:
    engine = open_logbook(postgres_url(lay_out))
    yield engine
    engine.dispose()


async def _told(hub: Hub, change: Callable[[], object]) -> Changes:
    """Return what a subscriber hears of a change."""
    hub.start()
    try:
        with hub.subscribed(1, None) as subscription:
            async with asyncio.timeout(DEADLINE_SECONDS):
                await subscription.take()
                await asyncio.to_thread(change)
                return await subscription.take()
    finally:
        hub.stop()


def test_the_look_around_finds_what_no_bell_rang_for(logbook: Engine) -> None:
    hub = Hub(logbook, bell=DeafBell())
    assert asyncio.run(_told(hub, lambda: append(logbook, 1, "QueueChanged"))) == Changes(1, frozenset({"office"}))


def test_many_pokes_are_few_questions(logbook: Engine) -> None:
    asked: list[str] = []
    event.listen(logbook, "before_cursor_execute", lambda *given: asked.append(given[2]))
    hub = Hub(logbook)

    def poke_often() -> None:
        append(logbook, 1, "QueueChanged")
        for _ in range(5_000):
            hub.poke(1)

    asyncio.run(_told(hub, poke_often))
    assert 0 < sum("FROM events" in statement for statement in asked) < 1_000


def test_a_poke_before_the_start_and_after_the_end_is_nothing(logbook: Engine) -> None:
    hub = Hub(logbook, bell=DeafBell())
    hub.poke(1)
    asyncio.run(_told(hub, lambda: append(logbook, 1, "QueueChanged")))
    hub.poke(1)


def test_a_poke_never_raises_while_the_database_is_away(on_postgres: Engine) -> None:
    away = on_postgres.url.set(query={"host": "/nowhere"})
    hub = Hub(open_logbook(away.render_as_string(hide_password=False)))

    async def poke() -> None:
        hub.start()
        hub.poke(1)
        with hub.subscribed(1, None) as subscription, pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await subscription.take()
        hub.stop()

    asyncio.run(poke())


@contextmanager
def ringing(engine: Engine) -> Iterator[tuple[Bell, Ear]]:
    """Start a bell; yield it with what it says, once it listens."""
    ear, bell = Ear(), bell_for(engine)
    bell.start(ear.hear)
    try:
        wait_until(lambda: ear.somewhere > 0, "the bell starts with a look everywhere")
        yield bell, ear
    finally:
        bell.stop()


def test_the_bell_of_this_database_is_heard(logbook: Engine) -> None:
    """SQLite says that something changed, PostgreSQL also where."""
    with ringing(logbook) as (bell, _), ringing(logbook) as (_, ear):
        before = ear.somewhere
        append(logbook, 2, "QueueChanged")
        bell.ring(2)
        wait_until(lambda: 2 in ear.offices or ear.somewhere > before, "a commit of another connection is heard")


def test_bells_survive_the_loss_of_their_connections(on_postgres: Engine) -> None:
    with ringing(on_postgres) as (bell, ear):
        bell.ring(1)
        wait_until(lambda: 1 in ear.offices, "the first ring is heard")
        before = ear.somewhere
        with on_postgres.connect() as connection:
            assert connection.execute(_END_BELLS).scalar() == 2
        wait_until(lambda: ear.somewhere > before, "the listener is back and looks everywhere")
        bell.ring(7)
        wait_until(lambda: 7 in ear.offices, "what is rung on a dead line is rung again")


def test_many_offices_fit(on_postgres: Engine) -> None:
    offices = set(range(2_000_000_000, 2_000_003_000))
    with ringing(on_postgres) as (bell, ear):
        for office_id in offices:
            bell.ring(office_id)
        wait_until(lambda: ear.offices == offices, "every office was rung for")


def test_threads_end_with_the_hub(logbook: Engine) -> None:
    asyncio.run(_told(Hub(logbook), lambda: append(logbook, 1, "QueueChanged")))
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("push")]


@pytest.mark.parametrize(("payload", "offices"), [("1,22", [1, 22]), ("", []), ("x,3,-4,²,5 ", [3])])
def test_strange_notifications_are_passed_over(payload: str, offices: list[int]) -> None:
    assert offices_in(payload) == offices
