"""SQLite's bell: `PRAGMA data_version` changes when any other connection, of any process, has committed."""

from collections.abc import Callable, Iterable
from contextlib import closing

from sqlalchemy import Engine

from desk.push.persistent import Persistent

WATCH_SECONDS = 0.05


class SqliteBell:
    """Watches the file; telling the others needs nothing, for they watch it too."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._watch: _Watch | None = None

    def start(self, heard: Callable[[Iterable[int] | None], None]) -> None:
        if self._engine.url.database not in {None, "", ":memory:"}:
            self._watch = _Watch(self._engine, heard)
            self._watch.start()

    def ring(self, office_id: int) -> None:
        pass

    def stop(self) -> None:
        if self._watch is not None:
            self._watch.stop()


class _Watch(Persistent):
    def __init__(self, engine: Engine, heard: Callable[[Iterable[int] | None], None]) -> None:
        super().__init__("push: watching the SQLite file")
        self._engine = engine
        self._heard = heard

    def attempt(self) -> None:
        driver = self._engine.dialect.loaded_dbapi
        with closing(driver.connect(self._engine.url.database, isolation_level=None)) as connection:
            seen = None
            while not self.stopping.wait(WATCH_SECONDS):
                (version,) = connection.execute("PRAGMA data_version").fetchone()
                if version != seen:
                    self._heard(None)
                seen = version
