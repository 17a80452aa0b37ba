"""What can go wrong is said in one sentence, with an exit code, and no traceback."""

import errno
import os
import subprocess
import sys

import pytest

import desk
from desk.cli import backup, database, doubts, owners, serving
from desk.models import engine
from desk.settings import load_settings
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


def test_nobody_works_in_the_folder_of_somebody_else(tmp_path, monkeypatch):
    data = tmp_path / "var"
    data.mkdir()
    if os.geteuid() == 0:
        os.chown(data, 65_534, -1)
    owner = owners.name_of(data.stat().st_uid)
    monkeypatch.setattr(owners.os, "geteuid", lambda: 0)

    for command in (("check",), ("backup",), ("db", "upgrade")):
        result = Installation(data, "").type(*command)
        assert result.exit_code == 3 and result.stdout == ""
        assert f"sudo -u {owner} " in result.stderr and f"{' '.join(command)}`" in result.stderr
        assert len(result.stderr.strip().splitlines()) == 1
    assert list(data.iterdir()) == []


def test_a_full_disk_and_a_folder_that_refuses_are_told_with_their_place(empty_desk, monkeypatch, tmp_path):
    def raised(error):
        def fails(*_, **__):
            raise error

        monkeypatch.setattr(backup, "make_backup", fails)
        return empty_desk.type("backup").stderr.strip()

    empty_desk.does("db", "upgrade")
    assert raised(OSError(errno.ENOSPC, "No space left on device")).endswith(f"(data folder: {empty_desk.data})")
    full = OSError(errno.ENOSPC, "No space left on device", str(tmp_path / "x"))
    assert raised(full) == f"Error: No space left on device: {tmp_path / 'x'}"
    missing = FileNotFoundError(errno.ENOENT, "No such file or directory", str(tmp_path / "y"))
    assert raised(missing) == f"Error: No such file or directory: {tmp_path / 'y'}"
    said = raised(PermissionError(errno.EACCES, "Permission denied", str(tmp_path / "z")))
    owner = owners.name_of(tmp_path.stat().st_uid)
    assert f"{tmp_path} belongs to {owner}, and this runs as " in said and len(said.splitlines()) == 1


def test_what_starts_and_does_not_do_what_it_is_for_is_told_in_a_line_each(caplog):
    doubts.tell_doubts(load_settings({"DESK_BASE_URL": "https://antrean.kantor.go.id"}))
    assert caplog.messages == []
    given = {"DESK_BASE_URL": "foo", "DESK_BACKUP_RECIPIENTS": "age1foo", "DESK_MAIL_FROM": "foo"}
    doubts.tell_doubts(load_settings(given))
    assert [line.split()[0] for line in caplog.messages] == list(given) and "foo" not in caplog.text


def test_where_everything_is_listened_on_the_address_of_this_machine_is_told(monkeypatch):
    monkeypatch.setattr(serving, "lan_address", lambda: "192.0.2.9")
    told = [serving.outer_address(host, 80) for host in ("0.0.0.0", "::", "192.0.2.7", "::1")]
    assert told == [f"http://{host}:80" for host in ("192.0.2.9", "192.0.2.9", "192.0.2.7", "[::1]")]


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
