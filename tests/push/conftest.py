"""A database with two offices, and the server in front of it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tests.fixtures.databases import FreshDatabase
from tests.push.logbook import lay_out, open_logbook
from tests.push.loopback import Server, running


@pytest.fixture
def logbook_url(fresh_database: FreshDatabase) -> str:
    return fresh_database(lay_out)


@pytest.fixture
def logbook(logbook_url: str) -> Iterator[Engine]:
    engine = open_logbook(logbook_url)
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite_logbook_url(sqlite_url: FreshDatabase) -> str:
    """For what does not depend on the database."""
    return sqlite_url(lay_out)


@pytest.fixture
def server(logbook_url: str) -> Iterator[Server]:
    with running(url=logbook_url) as server:
        yield server
