"""The first revision: equal to the models, up and down with rows, append-only where it says so, safe in company."""

import re
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError, OperationalError

from desk.cli import database
from desk.models import AccessRecord, Base
from desk.models.engine import open_engine
from desk.operations.stream import Streams
from tests.fixtures.office import KEYS, Clock, DeskOffice, furnish

APPEND_ONLY = {"events": "name", "access_records": "verb"}
CHANGES = {
    "sqlite": (
        "UPDATE {table} SET {column} = 'Nothing'",
        "DELETE FROM {table}",
        "INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
    ),
    "postgresql": (
        "UPDATE {table} SET {column} = 'Nothing'",
        "DELETE FROM {table}",
        "TRUNCATE {table} CASCADE",
    ),
}
UPGRADE = "import sys; from desk.cli.database import upgrade; upgrade(sys.argv[1])"


@pytest.fixture
def engine(database_url):
    """An engine on an empty database."""
    engine = open_engine(database_url).execution_options(desk_writes=True)
    yield engine
    engine.dispose()


def prepare_busy_office(url):
    """Migrate, open an office in which somebody is served and handed over, and let somebody look."""
    database.upgrade(url)
    engine = open_engine(url)
    furnish(Streams(engine, KEYS, clock=Clock()))
    engine.dispose()
    office = DeskOffice(url)
    office.sari.signs_on(1)
    office.dewi.signs_on(2)
    office.arrives("A", email="wati@example.go.id", consent=True)
    office.arrives("B")
    transaction = office.sari.serves()
    office.dewi.accepts(office.sari.offers(transaction, office.dewi))
    office.dewi.completes(transaction)
    with office.streams.setting_up() as connection:
        row = {"office_id": 1, "person_id": 1, "at": datetime.now(UTC), "verb": "looked", "subject": "visit"}
        connection.execute(AccessRecord.__table__.insert(), row)
    office.engine.dispose()


@pytest.fixture
def busy_url(fresh_database):
    """A migrated database with rows in it."""
    return fresh_database(prepare_busy_office)


def _catalog(engine):
    """Return every table, column, key and index as the database itself describes them."""
    if engine.dialect.name == "sqlite":
        query = "SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL"
    else:
        query = (
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' UNION ALL "
            "SELECT conrelid::regclass || '.' || conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE connamespace = 'public'::regnamespace UNION ALL "
            "SELECT table_name || '.' || column_name, concat_ws(' ', data_type, character_maximum_length, is_nullable, "
            "column_default) FROM information_schema.columns WHERE table_schema = 'public'"
        )
    with engine.connect() as connection:
        rows = connection.execute(text(query)).tuples().all()
    return {name: _parts(sql) for name, sql in rows if "alembic_version" not in name and "sqlite_stat" not in name}


def _parts(sql):
    """Return the columns and constraints of a definition without regard to their order and lines.

    SQLite writes a column that was added later behind the last constraint, and quotes the name of a copied table.
    """
    sql = re.sub(r'^CREATE TABLE "(\w+)"', r"CREATE TABLE \1", sql)
    parts, depth = [""], 0
    for sign in re.sub(r"\s+", " ", sql):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if (sign, depth) in {("(", 1), (",", 1), (")", 0)}:
            parts.append("")
        else:
            parts[-1] += sign
    return sorted(part.strip() for part in parts if part.strip())


def _tables(engine):
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def test_alembic_sees_no_difference_to_the_models(engine, database_url):
    database.upgrade(database_url)

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_database_sees_no_difference_to_the_models(fresh_database):
    """Alembic looks at names and types; this also at conditions of indexes, checks and how tables are kept."""
    by_migration, by_models = fresh_database(), fresh_database()
    database.upgrade(by_migration)
    first, second = open_engine(by_migration), open_engine(by_models)
    Base.metadata.create_all(second.execution_options(desk_writes=True))

    assert _catalog(first) == _catalog(second)
    first.dispose()
    second.dispose()


def test_up_and_down_and_up_again_with_rows(busy_url):
    office = DeskOffice(busy_url)
    assert office.findings() == []
    office.engine.dispose()
    engine = open_engine(busy_url)

    database.downgrade(busy_url, "base")
    assert database.current(busy_url) is None
    assert _tables(engine) == set()

    database.upgrade(busy_url)
    assert database.current(busy_url) == database.head()
    assert _tables(engine) == set(Base.metadata.tables)
    engine.dispose()


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("change", range(3))
def test_an_append_only_table_refuses_every_change(busy_url, table, change):
    engine = open_engine(busy_url).execution_options(desk_writes=True)
    statement = CHANGES[engine.dialect.name][change].format(table=table, column=APPEND_ONLY[table])
    everything = text(f"SELECT * FROM {table}")
    with engine.connect() as connection:
        before = connection.execute(everything).all()

    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text(statement))

    with engine.connect() as connection:
        assert connection.execute(everything).all() == before != []
    engine.dispose()


def test_truncating_the_offices_does_not_take_the_events_along(postgres_url):
    url = postgres_url()
    database.upgrade(url)
    engine = open_engine(url)

    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text("TRUNCATE offices CASCADE"))
    engine.dispose()


def test_an_upgrade_that_fails_half_way_leaves_the_database_as_it_was(engine, database_url):
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE responses (id INTEGER)"))

    with pytest.raises(DBAPIError):
        database.upgrade(database_url)

    assert _tables(engine) == {"responses"}
    assert database.current(database_url) is None


def test_several_processes_may_upgrade_at_the_same_time(database_url):
    processes = [
        subprocess.Popen([sys.executable, "-c", UPGRADE, database_url], stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]

    for process in processes:
        _, said = process.communicate(timeout=120)
        assert process.returncode == 0, said
    assert database.current(database_url) == database.head()


def test_a_migration_gives_up_soon_where_a_table_is_in_use(postgres_url):
    url = postgres_url()
    database.upgrade(url)
    engine = open_engine(url)

    with engine.connect() as reader:
        reader.execute(text("SELECT * FROM offices")).all()
        with pytest.raises(OperationalError, match="lock timeout"):
            database.downgrade(url, "base")
    assert database.current(url) == database.head()
    engine.dispose()


def test_asking_for_the_revision_makes_no_database(tmp_path):
    url = f"sqlite:///{tmp_path / 'none.db'}"

    assert database.current(url) is None
    assert list(tmp_path.iterdir()) == []


def test_a_revision_of_a_newer_program_is_not_known():
    assert database.knows(database.head())
    assert not database.knows("9999")
