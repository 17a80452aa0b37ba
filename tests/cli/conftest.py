"""An installation: a data folder with its secrets, a database, and the commands as a person types them."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, text

from desk.cli import database
from desk.cli.main import main
from desk.demo import loading
from desk.demo.day import play
from desk.models.engine import open_engine
from desk.operations.stream import Streams
from desk.reads.doctor import examine
from desk.settings import load_keys, load_settings

SECRETS = {"chain-1": "11" * 32, "links": "22" * 32, "cookies": "33" * 32}


@dataclass
class Installation:
    """One desk; `type` runs a command in this process."""

    data: Path
    url: str

    @property
    def environ(self) -> dict[str, str]:
        return {"DESK_DATA": str(self.data), "DATABASE_URL": self.url}

    def type(self, *arguments: object, given: str = "", **environ: str) -> Result:
        """Type `desk …` and return what it answered."""
        runner = CliRunner(env={**self.environ, **environ})
        result = runner.invoke(main, [str(each) for each in arguments], input=given, catch_exceptions=False)
        assert "Traceback" not in result.output
        return result

    def does(self, *arguments: object, **environ: str) -> str:
        """Type a command that succeeds, and return what it said on standard output."""
        result = self.type(*arguments, **environ)
        assert result.exit_code == 0, result.output
        return result.stdout

    def reads(self, *arguments: object) -> dict:
        """Type a command with --json and return its answer, whatever its exit code."""
        return json.loads(self.type(*arguments, "--json").stdout)

    def streams(self) -> Streams:
        settings = load_settings(self.environ)
        return Streams(open_engine(settings.database), load_keys(settings))

    def engine(self) -> Engine:
        return open_engine(self.url).execution_options(desk_writes=True)

    def rows(self, query: str, **values: object) -> list:
        """Return the rows of a query."""
        engine = self.engine()
        with engine.connect() as connection:
            found = connection.execute(text(query), values).all()
        engine.dispose()
        return list(found)

    def change(self, *statements: str) -> None:
        """Change the database behind the desk's back."""
        engine = self.engine()
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement))
        engine.dispose()

    def findings(self) -> list:
        streams = self.streams()
        with streams.reading() as connection:
            found = examine(connection, streams.keys.known)
        streams.engine.dispose()
        return found


def settle(data: Path) -> None:
    """Make the data folder with the secrets that the prepared databases were signed with."""
    (data / "secrets").mkdir(parents=True)
    for name, value in SECRETS.items():
        (data / "secrets" / name).write_text(value)


def prepare_demo(url: str) -> None:
    """Load the demo offices; hashing is slow on purpose, and nobody signs in here."""
    _prepare(url, day=False)


def prepare_day(url: str) -> None:
    """Load the demo offices and play the day."""
    _prepare(url, day=True)


def _prepare(url: str, *, day: bool) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        here = Installation(Path(folder) / "data", url)
        settle(here.data)
        database.upgrade(url)
        streams, now = here.streams(), datetime.now(UTC)
        with patch.object(loading, "hashed", lambda password: "no hash"):
            loading.load(streams.engine, streams.keys, here.data, now=now)
        if day:
            play(streams.engine, streams.keys, here.data, now=now)
        streams.engine.dispose()


@pytest.fixture
def empty_desk(database_url: str, tmp_path: Path) -> Installation:
    """An installation with secrets and an empty database."""
    settle(tmp_path / "var")
    return Installation(tmp_path / "var", database_url)


@pytest.fixture
def demo_desk(fresh_database, tmp_path: Path) -> Installation:
    """An installation with the demo offices, nobody there yet."""
    settle(tmp_path / "var")
    return Installation(tmp_path / "var", fresh_database(prepare_demo))


@pytest.fixture
def played_desk(fresh_database, tmp_path: Path) -> Installation:
    """An installation after the day was played in the demo office."""
    settle(tmp_path / "var")
    return Installation(tmp_path / "var", fresh_database(prepare_day))
