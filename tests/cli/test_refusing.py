"""What can go wrong is said in one sentence, with an exit code, and no traceback."""

import os
import subprocess
import sys

import pytest

import desk
from desk.cli import database
from desk.models import engine
from tests.cli.conftest import Installation

ASKS = [
    ("doctor",),
    ("audit", "verify"),
    ("token", "list"),
    ("demo",),
    ("serve",),
    ("worker",),
    ("person", "password", "x"),
]


def test_the_version_is_said(empty_desk):
    assert empty_desk.does("--version") == f"desk, version {desk.__version__}\n"


@pytest.mark.parametrize("arguments", ASKS, ids=" ".join)
def test_without_a_database_every_command_says_what_to_do(tmp_path, arguments):
    result = Installation(tmp_path / "nothing", "").type(*arguments)

    assert (result.exit_code, result.stdout) == (3, "")
    assert "desk up" in result.stderr
    assert not (tmp_path / "nothing").exists(), "asking makes nothing"


@pytest.mark.parametrize("arguments", [("db", "upgrade"), *ASKS], ids=" ".join)
def test_a_library_that_can_lose_data_is_refused(tmp_path, monkeypatch, arguments):
    monkeypatch.setattr(engine, "sqlite_version", lambda: (3, 40, 1))

    result = Installation(tmp_path / "nothing", "").type(*arguments)

    assert (result.exit_code, result.stdout) == (3, "")
    assert "SQLite 3.40.1 can corrupt" in result.stderr
    assert not list(tmp_path.rglob("*.db"))


@pytest.mark.parametrize("arguments", ASKS, ids=" ".join)
def test_a_database_that_does_not_answer_is_said(tmp_path, arguments):
    gone = Installation(tmp_path, f"postgresql://desk:hemlig@/desk?host={tmp_path}")

    result = gone.type(*arguments)
    assert (result.exit_code, result.stdout) == (3, "")
    assert "The database" in result.stderr and "hemlig" not in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "-1"),
        ("DESK_TLS", "perhaps"),
        ("DESK_DEMO", "perhaps"),
        ("DESK_LOG_LEVEL", "LOUD"),
        ("DESK_LOG_FORMAT", "xml"),
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_URL", "mysql://x"),
        ("DATABASE_URL", "postgresql+asyncpg://x/y"),
        ("DATABASE_URL", "postgresql://x:port/y"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(tmp_path, name, value):
    result = Installation(tmp_path, "").type("serve", **{name: value})

    assert result.exit_code == 3
    assert name in result.stderr


def test_a_database_of_a_newer_program_is_left_alone(empty_desk):
    empty_desk.does("db", "upgrade")
    empty_desk.change("UPDATE alembic_version SET version_num = '9999'")

    for arguments in (("db", "upgrade"), ("serve",), ("doctor",)):
        result = empty_desk.type(*arguments)
        assert result.exit_code == 3 and "9999" in result.stderr
    assert empty_desk.rows("SELECT version_num FROM alembic_version") == [("9999",)]


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("")

    result = Installation(tmp_path / "file" / "var", "").type("db", "upgrade")
    assert result.exit_code == 3 and len(result.stderr.strip().splitlines()) == 1


def test_the_version_of_the_database(empty_desk):
    assert empty_desk.type("db", "current").exit_code == 1
    head = database.head()
    assert f"Upgraded from nothing to {head}" in empty_desk.does("db", "upgrade")
    assert f"is at revision {head}" in empty_desk.does("db", "upgrade")
    assert empty_desk.does("db", "current") == f"{head} (this program: {head})\n"


def test_going_back_asks_first(empty_desk):
    empty_desk.does("db", "upgrade")

    assert empty_desk.type("db", "downgrade", "base", given="n\n").exit_code == 1
    assert empty_desk.type("db", "downgrade", "9999").exit_code == 3
    assert empty_desk.type("db", "current").exit_code == 0
    assert "revision none" in empty_desk.does("db", "downgrade", "base", "--yes")
    assert empty_desk.type("db", "downgrade", "base", "--yes").exit_code == 3


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::"])
def test_a_demo_is_not_shown_to_the_network_unless_the_command_line_says_so(demo_desk, host):
    result = demo_desk.type("serve", DESK_HOST=host)

    assert result.exit_code == 3
    assert f"--host {host}" in result.stderr


def test_a_new_password_is_printed_alone_and_ends_sessions(demo_desk):
    demo_desk.change(
        "INSERT INTO staff_sessions (secret_hash, person_id, started_at, seen_at, expires_at) "
        "SELECT 'x', id, 1, 1, 9999999999999999 FROM people WHERE username = 'sari'"
    )

    said = demo_desk.does("person", "password", "Sari")

    assert len(said.strip().split("-")) == 4 and said.count("\n") == 1
    ((ended,),) = demo_desk.rows("SELECT ended_at FROM staff_sessions")
    assert ended is not None
    ((kept,),) = demo_desk.rows("SELECT password_hash FROM people WHERE username = 'sari'")
    assert kept.startswith("$argon2id$")
    assert demo_desk.type("person", "password", "nobody").exit_code == 3
    assert demo_desk.findings() == []


def test_a_reader_that_goes_away_hears_no_traceback(tmp_path):
    command = f"{sys.executable} -m desk.cli.main --help | head -n 1"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, env=dict(os.environ), check=False)

    assert done.stdout.startswith("Usage") and done.stderr == ""
