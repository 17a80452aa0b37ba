"""Where a benchmark takes place: a data folder and a database that are thrown away, and an office with a long past."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text

from bench import history, servers
from bench.aftermath import write_aftermath
from bench.answers import write_tallies
from bench.office import BenchOffice, environment, furnish, streams_of
from desk.cli.database import upgrade
from desk.operations.stream import Streams
from desk.settings import Settings


@contextmanager
def database(kind: str) -> Iterator[tuple[Path, str]]:
    """Yield a data folder and the address of an empty, upgraded database."""
    with ExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="desk-bench-")))
        url = ""
        if kind == "postgres":
            server = stack.enter_context(servers.postgres())
            admin = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
            with admin.connect() as connection:
                connection.execute(text("CREATE DATABASE desk"))
            admin.dispose()
            url = f"{server}/desk"
        settings, streams = streams_of(environment(data, url, 0))
        upgrade(settings.database)
        streams.engine.dispose()
        yield data, url


def past_office(data: Path, url: str, past: int) -> tuple[Settings, Streams, BenchOffice]:
    """Open an office, write its past, and return it as it stands today."""
    begun = time.perf_counter()
    _, then = streams_of(environment(data, url, 0), at=history.BEGAN)
    office = furnish(then)
    if past:
        history.write_history(then, office, past)
        write_tallies(then, office)
        write_aftermath(then, office)
    then.engine.dispose()
    settings, streams = streams_of(environment(data, url, 0))
    if url:
        analyze(streams)
    print(f"# {past:,} transactions written in {time.perf_counter() - begun:.0f} s", flush=True)
    return settings, streams, office


def analyze(streams: Streams) -> None:
    """Do at once what PostgreSQL does by itself within a minute: count the tables in which something has changed.

    Those that are still empty it leaves alone, and so does this: once counted, they would be taken to stay empty.
    (SQLite's planner is told its sizes at every upgrade.)
    """
    with streams.engine.connect() as connection:
        changed = connection.execute(text("SELECT relname FROM pg_stat_user_tables WHERE n_mod_since_analyze > 50"))
        for table in changed.scalars().all():
            connection.execute(text(f"ANALYZE {table}"))
        connection.commit()
