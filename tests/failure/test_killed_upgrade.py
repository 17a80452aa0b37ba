"""`kill -9` at the steps of an upgrade: the old state or the new, never between; and two that start at once are one."""

import os
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from desk.backups import archive
from desk.backups.folder import list_backups
from desk.cli import database
from desk.models.engine import open_engine
from desk.settings import load_settings
from tests.cli.conftest import Installation, prepare_demo, settle
from tests.fixtures.dying_step_by_step import step_by_step
from tests.fixtures.real_server import RealServer, free_port

# So many revisions are upgraded in one go, and so many times the upgrade is killed.
REVISIONS, KILLS = 8, 9


def prepare_old(url: str) -> None:
    """Load the demo offices, and go back to some revisions ago."""
    prepare_demo(url)
    database.downgrade(url, old_revision())


@pytest.fixture
def old_desk(fresh_database, tmp_path: Path) -> Installation:
    """An installation of some revisions ago."""
    settle(tmp_path / "var")
    return Installation(tmp_path / "var", fresh_database(prepare_old))


def old_revision() -> str:
    """Return the revision of a while ago."""
    return f"{int(database.head()) - REVISIONS:04}"


def state_of() -> tuple[str, dict[str, object]]:
    """Return the revision and the form of every table, of the database of this environment."""
    engine = open_engine(load_settings().database)
    with engine.connect() as connection:
        revision = str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())
        look = inspect(connection)
        tables = {
            name: (
                [(each["name"], str(each["type"]), each["nullable"]) for each in look.get_columns(name)],
                sorted(str(each["name"]) for each in look.get_indexes(name)),
            )
            for name in sorted(look.get_table_names())
        }
    engine.dispose()
    return revision, tables


def upgrade_step_by_step(attempt, folder: str) -> None:
    """Count the steps, go back, and upgrade again, killed at many of them; the last one comes through."""
    old = state_of()
    assert not attempt(1_000_000, "db", "upgrade")
    new = state_of()
    steps = int(Path(f"{os.environ['FOLDER']}.steps").read_text())
    stride = max(1, steps // KILLS)
    seen = []
    for step in [*range(1, steps - 3, stride), *range(max(1, steps - 3), steps + 1)]:
        if not seen or seen[-1] == "new":
            assert not attempt(0, "db", "downgrade", old_revision(), "--yes")
            assert state_of() == old
        assert attempt(step, "db", "upgrade"), f"{step} of {steps} is not reached"
        found = state_of()
        assert found in (old, new), f"killed at step {step} of {steps}, it is neither old nor new"
        seen.append("old" if found == old else "new")
    assert not attempt(0, "db", "upgrade")
    assert state_of() == new
    assert not attempt(0, "doctor")
    print(steps, *seen)


@pytest.mark.failure
def test_a_killed_upgrade_leaves_the_old_state_or_the_new(old_desk, tmp_path):
    said = step_by_step(
        __name__,
        "upgrade_step_by_step",
        tmp_path,
        folder=tmp_path,
        environ={**old_desk.environ, "DESK_BACKUP_BEFORE_UPGRADE": "0"},
        statements=True,
    ).split()

    assert int(said[0]) > 2 * REVISIONS
    assert set(said[1:]) == {"old", "new"}


@pytest.mark.failure
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)  # PostgreSQL has a lock of its own besides
def test_of_two_that_start_at_once_one_upgrades_after_one_backup(old_desk):
    server = RealServer(old_desk.data, old_desk.url, free_port(), {"DESK_BACKUP_BEFORE_UPGRADE": "1"})

    both = [server.begin("db", "upgrade") for _ in range(2)]

    for each in both:
        said, complained = each.communicate(timeout=120)
        assert each.returncode == 0 and database.head() in said, complained
    (made,) = list_backups(old_desk.data / "backups")
    with made.file.open("rb") as file:
        assert archive.read(file).contents.revision == old_revision()
    assert old_desk.findings() == []
