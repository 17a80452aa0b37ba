"""The table of counts, and its statements: each is one statement, so each is atomic without a transaction around it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, text

from desk.models.engine import engine_options

# A request must not hang on its being counted: after these, it is counted in the memory of its process instead.
WAIT_MS: Final = 2_000
_POOL: Final[Mapping[str, Any]] = {"pool_size": 5, "max_overflow": 20, "pool_timeout": WAIT_MS / 1000}

_SQLITE_PRAGMAS: Final = (
    f"busy_timeout = {WAIT_MS}",
    "journal_mode = WAL",
    "synchronous = OFF",  # counts of the last minutes may be lost in a power cut
)
_POSTGRES_SETTINGS: Final = f"-c statement_timeout={WAIT_MS} -c synchronous_commit=off"

_ON_SQLITE: Final = (
    """CREATE TABLE IF NOT EXISTS counters
        (key TEXT PRIMARY KEY, hits INTEGER NOT NULL, expires_at REAL NOT NULL) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS ix_counters_expires_at ON counters (expires_at)",
)
# A schema of its own, so that migrations do not take the table for one of theirs. "IF NOT EXISTS" alone fails when two
# processes come at the same instant.
_ON_POSTGRES: Final = (
    """DO $$ BEGIN
    PERFORM pg_advisory_xact_lock(4602678819);
    CREATE SCHEMA IF NOT EXISTS desk_limiting;
    CREATE UNLOGGED TABLE IF NOT EXISTS desk_limiting.counters
        (key text PRIMARY KEY, hits bigint NOT NULL, expires_at double precision NOT NULL);
    CREATE INDEX IF NOT EXISTS ix_counters_expires_at ON desk_limiting.counters (expires_at);
    END $$""",
)

_ADD: Final = """
INSERT INTO {table} AS mine (key, hits, expires_at) VALUES (:key, :amount, :expires_at)
ON CONFLICT (key) DO UPDATE SET
    hits = CASE WHEN mine.expires_at <= :now THEN excluded.hits ELSE mine.hits + excluded.hits END,
    expires_at = CASE WHEN mine.expires_at <= :now THEN excluded.expires_at ELSE mine.expires_at END
WHERE mine.expires_at <= :now OR mine.hits + excluded.hits <= :most
RETURNING hits"""
_FIND: Final = "SELECT hits, expires_at FROM {table} WHERE key = :key AND expires_at > :now"
_REMOVE: Final = "DELETE FROM {table} WHERE key = :key"
_REMOVE_ALL: Final = "DELETE FROM {table}"
# In bites, and on PostgreSQL around the rows that others hold, so that nobody waits for the tidying.
_TIDY: Final = """
DELETE FROM {table} WHERE key IN
    (SELECT key FROM {table} WHERE expires_at <= :now ORDER BY expires_at LIMIT 1000 {skipping})"""


@dataclass(frozen=True, slots=True)
class Count:
    """What is known of a key: how often it was hit, and until when that counts (seconds since 1970)."""

    hits: int
    expires_at: float


class Counters:
    """The counts in one database; safe between threads and, once forked, to be made anew in each process."""

    def __init__(self, url: URL) -> None:
        self._engine = _open(url)
        on_sqlite = self._engine.dialect.name == "sqlite"
        places = (
            {"table": "counters", "skipping": ""}
            if on_sqlite
            else {"table": "desk_limiting.counters", "skipping": "FOR UPDATE SKIP LOCKED"}
        )
        self._add, self._find, self._remove, self._remove_all, self._tidy = (
            text(statement.format(**places)) for statement in (_ADD, _FIND, _REMOVE, _REMOVE_ALL, _TIDY)
        )
        with self._connect() as connection:
            for statement in _ON_SQLITE if on_sqlite else _ON_POSTGRES:
                connection.exec_driver_sql(statement)

    def _connect(self) -> Connection:
        return self._engine.connect()

    def add(self, key: str, amount: int, *, now: float, expires_at: float, most: int) -> int | None:
        """Add to a key and return its hits; None, and nothing is added, when that would be more than `most`."""
        values = {"key": key, "amount": amount, "now": now, "expires_at": expires_at, "most": most}
        with self._connect() as connection:
            row = connection.execute(self._add, values).one_or_none()
        return None if row is None else int(row.hits)

    def find(self, key: str, *, now: float) -> Count | None:
        """Return what counts for a key at this time."""
        with self._connect() as connection:
            row = connection.execute(self._find, {"key": key, "now": now}).one_or_none()
        return None if row is None else Count(row.hits, row.expires_at)

    def probe(self, key: str, *, now: float) -> None:
        """Count a key and forget it: raises where the store cannot be written."""
        self.add(key, 1, now=now, expires_at=now + 1, most=2**31)
        self.remove(key)

    def remove(self, key: str) -> None:
        """Forget a key."""
        with self._connect() as connection:
            connection.execute(self._remove, {"key": key})

    def remove_all(self) -> int:
        """Forget every key; returns how many there were."""
        with self._connect() as connection:
            return connection.execute(self._remove_all).rowcount

    def tidy(self, *, now: float) -> None:
        """Remove some of what no longer counts."""
        with self._connect() as connection:
            connection.execute(self._tidy, {"now": now})

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()


def _open(url: URL) -> Engine:
    options: dict[str, Any] = {**engine_options(str(url)), **_POOL, "isolation_level": "AUTOCOMMIT"}
    if url.get_backend_name() != "sqlite":
        connecting = {**options["connect_args"], "connect_timeout": 3, "options": _POSTGRES_SETTINGS}
        return create_engine(url, **{**options, "connect_args": connecting})
    engine = create_engine(url, **options)
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, record: object) -> None:
    for pragma in _SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
