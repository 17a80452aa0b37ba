"""The database's version: bringing it up to this program's, taking it back, saying which it is. Needs no Flask."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import make_url

from desk.models.engine import open_engine
from desk.models.planner import tell_planner

PACKAGE: Final = Path(__file__).parents[1]
INSTALLED: Final = PACKAGE / "_resources" / "migrations"


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database to a revision; several processes may do so at once, one of them does it.

    Creates the file of a SQLite database. All or nothing: what fails half-way leaves the database as it was.
    """
    _run(url, lambda config: command.upgrade(config, revision))
    _tell_planner(url)


def _tell_planner(url: str) -> None:
    engine = open_engine(url).execution_options(desk_writes=True)
    try:
        with engine.begin() as connection:
            tell_planner(connection)
    finally:
        engine.dispose()


def downgrade(url: str, revision: str) -> None:
    """Take the database back to a revision, `base` for an empty one; what the later ones added is lost."""
    _run(url, lambda config: command.downgrade(config, revision))


def current(url: str) -> str | None:
    """Return the database's revision; None for one that has none, or does not exist (it is not created then)."""
    if not exists(url):
        return None
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def head() -> str:
    """Return the newest revision this program knows."""
    found = ScriptDirectory.from_config(_config()).get_current_head()
    if found is None:
        raise LookupError("no revisions in the migrations folder")
    return found


def knows(revision: str) -> bool:
    """Tell whether this program knows a revision; one it does not know was made by a newer program."""
    return revision in {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def exists(url: str) -> bool:
    """Tell whether there is a database; a server is taken to have one."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return True
    return Path(parsed.database).exists()


def _run(url: str, change: Callable[[Config], None]) -> None:
    config = _config()
    engine = open_engine(url)
    config.attributes["engine"] = engine
    try:
        change(config)
    finally:
        engine.dispose()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_migrations()).replace("%", "%%"))
    return config


def _migrations() -> Path:
    """Return the folder: inside an installed package, beside it in a checkout."""
    return INSTALLED if INSTALLED.is_dir() else PACKAGE.parent / "migrations"
