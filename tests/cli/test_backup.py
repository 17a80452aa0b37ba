"""Backups and what is restored from them, as a person types it: whole, or refused with a sentence."""

import os
import re
import resource
import subprocess
import sys
import tarfile
import threading
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from desk.app import create_app
from desk.backups.folder import list_backups
from desk.backups.locking import LOCK, Busy, alone, together
from desk.backups.making import make_backup
from desk.backups.manifest import list_secrets
from desk.backups.postgres_tools import Tools, ToolTrouble
from desk.cli.backup_keeping import BackupKeeper, last_due, list_overdue_backups, order_of
from desk.cli.trail_keeping import TrailKeeper
from desk.domain.access import KIOSK
from desk.models import Service
from desk.operations import intake
from desk.operations.accounts.passwords import hashed
from desk.operations.accounts.second_factor_codes import new_secret, seal
from desk.operations.intake import CheckIn
from desk.operations.requests import Request
from desk.operations.stream import Streams
from desk.secret_names import AT_THE_START, FACTORS
from desk.settings import load_settings
from tests.cli.conftest import SECRETS, Installation, prepare_demo, settle
from tests.fixtures.web import PASSWORD

HOUSE = "http://desk.example"
EVENTS = "SELECT office_id, number, at, name, payload, key_id, mac FROM events ORDER BY office_id, number"


def newest(desk: Installation) -> Path:
    """Return the newest backup of an installation."""
    return list_backups(desk.data / "backups")[0].file


def made(desk: Installation, *arguments: object) -> Path:
    desk.does("backup", *arguments)
    return newest(desk)


@dataclass
class Crowd:
    """Visitors who take numbers at three kiosks of the first office, one after another, until told to stop."""

    streams: Streams
    visits: list[int] = field(default_factory=list)
    enough: threading.Event = field(default_factory=threading.Event)
    stop: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Crowd":
        with self.streams.reading() as connection:
            query = select(Service.id).where(Service.office_id == 1).limit(1)
            self.service_id = connection.execute(query).scalar_one()
        self.kiosks = [threading.Thread(target=self.run) for _ in range(3)]
        for kiosk in self.kiosks:
            kiosk.start()
        assert self.enough.wait(60)
        return self

    def run(self) -> None:
        while not self.stop.is_set():
            request = Request(KIOSK, "check_in", {"service": self.service_id})
            done = intake.check_in(self.streams, 1, CheckIn((self.service_id,)), request)
            self.visits.append(done.facts["visit"])  # acknowledged
            if len(self.visits) > 10:
                self.enough.set()

    def __exit__(self, *raised: object) -> None:
        self.stop.set()
        for kiosk in self.kiosks:
            kiosk.join(60)
        self.streams.engine.dispose()


def seal_one(desk: Installation, key: bytes) -> None:
    """Let Sari have a second factor that this key opens."""
    (sari,) = desk.rows("SELECT id FROM people WHERE username = 'sari'")
    row = f"{sari.id}, '{seal(key, sari.id, new_secret())}', 1, 1, 0"
    desk.change(f"INSERT INTO second_factors (person_id, sealed_secret, since, last_step, failures) VALUES ({row})")


@pytest.fixture
def elsewhere(fresh_database, tmp_path: Path) -> Installation:
    """Another machine: an empty database and no data folder."""
    return Installation(tmp_path / "elsewhere", fresh_database())


def test_a_backup_under_load_holds_whatever_was_acknowledged_before_it(demo_desk, elsewhere, tmp_path):
    recipient = demo_desk.does("backup", "key", tmp_path / "key").strip()
    with Crowd(demo_desk.streams()) as crowd:
        before = set(crowd.visits)
        file = made(demo_desk, "--recipient", recipient)
    assert set(crowd.visits) > before

    said = elsewhere.does("restore", file, "--identity", tmp_path / "key", "--yes")

    assert "All is well." in said
    assert {row.id for row in elsewhere.rows("SELECT id FROM visits WHERE office_id = 1")} >= before
    restored = elsewhere.rows(EVENTS)
    reached = {row.office_id: row.number for row in restored}
    assert restored == [row for row in demo_desk.rows(EVENTS) if row.number <= reached[row.office_id]]
    assert elsewhere.findings() == []
    assert {path.name: path.read_text() for path in (elsewhere.data / "secrets").iterdir()} == SECRETS
    assert not (elsewhere.data / "restoring").exists()


def test_the_state_of_the_backup_takes_the_place_of_a_later_one(played_desk):
    before, file = played_desk.rows(EVENTS), made(played_desk)
    played_desk.does("token", "create", "--role", "agent", "--name", "Kiosk")
    later = played_desk.rows(EVENTS)
    assert later != before

    asked = played_desk.type("restore", file, given="n\n")
    assert asked.exit_code == 1 and played_desk.rows(EVENTS) == later
    assert "which is kept beside" in asked.stdout and not (played_desk.data / "restoring").exists()

    said = played_desk.does("restore", file, "--yes")
    assert "All is well." in said and "is kept in" in said
    assert played_desk.rows(EVENTS) == before
    kept = list(played_desk.data.glob("*.before-*"))
    if played_desk.url.startswith("sqlite"):
        (file,) = Path(played_desk.url.removeprefix("sqlite:///")).parent.glob("*.before-*")
        assert Installation(played_desk.data, f"sqlite:///{file}").rows(EVENTS) == later
    else:
        assert [path.name.partition(".before-")[0] for path in kept] == ["desk.pgdump"]


def test_it_says_which_events_a_checkpoint_knows_that_the_backup_does_not(demo_desk):
    file = made(demo_desk)
    demo_desk.does("token", "create", "--role", "agent", "--name", "Kiosk")
    settings, streams = load_settings(demo_desk.environ), demo_desk.streams()
    TrailKeeper(settings, streams).look()
    streams.engine.dispose()

    assert "which came after the backup" in demo_desk.does("restore", file, "--yes", "--discard-present")


def test_a_plain_backup_needs_the_secrets_to_be_there(demo_desk, elsewhere):
    file = made(demo_desk)

    refused = elsewhere.type("restore", file, "--yes")
    assert refused.exit_code == 3 and "Put those there first" in refused.stderr
    assert not (elsewhere.data / "secrets").exists()

    settle(elsewhere.data)
    (elsewhere.data / "secrets" / "links").write_text("44" * 32)
    answered = elsewhere.type("restore", file, "--yes")
    assert answered.exit_code == 0 and "links that were given out before" in answered.stderr


def test_a_plain_backup_may_hold_the_secrets_when_told_to(demo_desk, elsewhere):
    settle(elsewhere.data)
    (elsewhere.data / "secrets" / "chain-1").write_text("44" * 32)

    elsewhere.does("restore", made(demo_desk, "--with-secrets"), "--yes")

    assert (elsewhere.data / "secrets" / "chain-1").read_text() == SECRETS["chain-1"]
    (old,) = elsewhere.data.glob("secrets.before-*/chain-1")
    assert old.read_text() == "44" * 32


def test_an_older_revision_is_upgraded_afterwards(demo_desk):
    revision = demo_desk.rows("SELECT version_num FROM alembic_version")[0][0]
    demo_desk.does("db", "downgrade", f"{int(revision) - 1:04}", "--yes")
    file = made(demo_desk)
    demo_desk.does("db", "upgrade")

    assert "All is well." in demo_desk.does("restore", file, "--yes")
    assert demo_desk.rows("SELECT version_num FROM alembic_version")[0][0] == revision


def test_what_is_no_good_backup_is_refused_and_changes_nothing(demo_desk, tmp_path):
    recipient = demo_desk.does("backup", "key", tmp_path / "key").strip()
    demo_desk.does("backup", "key", tmp_path / "other")
    plain = made(demo_desk).read_bytes()
    encrypted = made(demo_desk, "--recipient", recipient).read_bytes()
    before = demo_desk.rows(EVENTS)

    def refused(content: bytes, *arguments: object) -> str:
        (tmp_path / "given").write_bytes(content)
        answer = demo_desk.type("restore", tmp_path / "given", "--yes", *arguments)
        assert answer.exit_code == 3, answer.output
        assert demo_desk.rows(EVENTS) == before and not (demo_desk.data / "restoring").exists()
        return answer.stderr

    def flipped(content: bytes, place: int) -> bytes:
        return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]

    key = ("--identity", tmp_path / "key")
    for place in (0, 600, 1024 + 512, plain.index(b"desk", 3000), len(plain) // 2):
        assert "Nothing was changed. It" in refused(flipped(plain, place)), place
    for length in (0, 700, len(plain) // 2):
        assert "not a backup of the desk" in refused(plain[:length]), length
    assert "damaged" in refused(flipped(encrypted, len(encrypted) // 2), *key)
    assert "damaged" in refused(encrypted[: len(encrypted) - 100], *key)
    assert "give the key" in refused(encrypted)
    assert "cannot be decrypted" in refused(encrypted, "--identity", tmp_path / "other")
    assert "no age key" in refused(encrypted, "--identity", __file__)
    assert "does not begin with manifest.json" in refused(_tar(tmp_path, "somebody.txt"))


def test_a_backup_of_the_other_kind_of_database_is_refused(demo_desk):
    file = made(demo_desk)
    other = "postgresql://127.0.0.1:1/nobody" if demo_desk.url.startswith("sqlite") else ""

    answer = demo_desk.type("restore", file, "--yes", DATABASE_URL=other)
    assert answer.exit_code == 3 and "this installation has another" in answer.stderr


def _tar(folder: Path, name: str) -> bytes:
    (folder / name).write_text("hello")
    with tarfile.open(folder / "foreign.tar", "w") as tar:
        tar.add(folder / name, name)
    return (folder / "foreign.tar").read_bytes()


def test_a_backup_of_a_newer_program_is_refused(demo_desk):
    revision = demo_desk.rows("SELECT version_num FROM alembic_version")[0][0]
    demo_desk.change("UPDATE alembic_version SET version_num = '9999'")
    assert demo_desk.type("backup").exit_code == 3  # nor does an old program make one
    make_backup(order_of(load_settings(demo_desk.environ)), at=datetime.now(UTC))
    demo_desk.change(f"UPDATE alembic_version SET version_num = '{revision}'")

    answer = demo_desk.type("restore", newest(demo_desk), "--yes")
    assert answer.exit_code == 3 and "this program is too old for it" in answer.stderr


def test_of_those_that_are_ours_the_newest_stay(demo_desk):
    folder = demo_desk.data / "backups"
    folder.mkdir()
    ours = ["desk-20260101T000000Z.tar", "desk-20260102T000000Z.tar.age", "desk-20260103T000000Z.tar"]
    theirs = ["desk-20260101T000000Z.tar.old", "desk.tar", "notes.txt", ".desk-20260101T000000Z.tar.part"]
    for name in [*ours, *theirs]:
        (folder / name).touch()

    file = made(demo_desk, "--keep", 2)

    assert {path.name for path in folder.iterdir()} == {file.name, ours[-1], *theirs}
    assert file.stat().st_mode & 0o777 == 0o600
    listed = demo_desk.does("backup", "list").splitlines()
    assert [line.split()[-1] for line in listed] == [file.name, ours[-1]]


def test_what_fails_leaves_nothing_and_removes_nothing(demo_desk, tmp_path):
    file = made(demo_desk)
    (tmp_path / "file").touch()
    assert demo_desk.type("backup", "--folder", tmp_path / "file" / "folder").exit_code != 0
    assert "begins with age1" in demo_desk.type("backup", "--recipient", "AGE-SECRET-KEY-1QQ").stderr
    done = subprocess.run(
        [sys.executable, "-m", "desk.cli.main", "backup", "--keep", "1"],
        env={**os.environ, **demo_desk.environ}, capture_output=True, text=True, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
    )  # fmt: skip
    assert done.returncode == 3, done.stderr
    assert len(done.stderr.strip().splitlines()) == 1

    assert [path.name for path in (demo_desk.data / "backups").iterdir()] == [file.name]
    assert not (demo_desk.data / "backing-up").exists()


def test_nobody_restores_under_those_who_work_and_nobody_works_under_a_restore(demo_desk):
    file = made(demo_desk)
    with together(demo_desk.data / LOCK):
        answer = demo_desk.type("restore", file, "--yes")
        assert answer.exit_code == 3 and "Stop it first" in answer.stderr
        assert demo_desk.type("doctor").exit_code == 0
    with alone(demo_desk.data / LOCK):
        answer = demo_desk.type("doctor")
        assert answer.exit_code == 3 and "A restore is under way" in answer.stderr
        with pytest.raises(Busy), together(demo_desk.data / LOCK):
            pass


def test_a_worker_on_another_machine_is_noticed_through_the_database(postgres_url, tmp_path):
    settle(tmp_path / "var")
    desk = Installation(tmp_path / "var", postgres_url(prepare_demo))
    file, engine = made(desk), desk.engine()
    with engine.connect():
        answer = desk.type("restore", file, "--yes")
    engine.dispose()

    assert answer.exit_code == 3 and "Stop the servers and workers on all machines" in answer.stderr


def test_a_database_that_refuses_holds_what_it_held(postgres_url, tmp_path):
    settle(tmp_path / "var")
    desk = Installation(tmp_path / "var", postgres_url(prepare_demo))
    file, before = made(desk, "--with-secrets"), desk.rows(EVENTS)
    (desk.data / "secrets" / "links").write_text("44" * 32)

    answer = desk.type("restore", file, "--yes", PGOPTIONS="-c default_transaction_read_only=on")

    assert answer.exit_code == 3 and "Nothing was changed. psql: " in answer.stderr
    assert "read-only transaction" in answer.stderr and desk.rows(EVENTS) == before
    assert (desk.data / "secrets" / "links").read_text() == "44" * 32
    assert sorted(path.name for path in desk.data.iterdir()) == ["backup.lock", "backups", "desk.lock", "secrets"]


def test_the_worker_makes_one_a_day_and_the_doctor_misses_it(demo_desk):
    settings = load_settings({**demo_desk.environ, "DESK_BACKUP_AT": "01:30", "DESK_BACKUP_KEEP": "1"})
    now = datetime.now(UTC)
    assert "there is none in" in list_overdue_backups(settings, now=now)[0]

    keeper = BackupKeeper(settings)
    assert [keeper.look(now), keeper.look(now + timedelta(seconds=20))] == [True, False]
    assert keeper.look(now + timedelta(days=1))
    assert len(list_backups(demo_desk.data / "backups")) == 1

    assert list_overdue_backups(settings, now=now + timedelta(hours=49)) == []
    assert "older than 26 hours" in list_overdue_backups(settings, now=now + timedelta(hours=51))[0]
    warned = demo_desk.type("doctor", DESK_BACKUP_AT="01:30", DESK_BACKUP_FOLDER=str(demo_desk.data / "none"))
    assert warned.exit_code == 0 and "backups are scheduled" in warned.stderr


def test_a_backup_of_the_day_that_failed_is_tried_again(demo_desk, caplog):
    environ = {**demo_desk.environ, "DESK_BACKUP_AT": "01:30", "DESK_BACKUP_RECIPIENTS": "age1nobody"}
    keeper, now = BackupKeeper(load_settings(environ)), datetime.now(UTC) - timedelta(hours=1)

    assert not keeper.look(now)
    assert "the backup of the day failed" in caplog.text
    caplog.clear()
    assert not keeper.look(now + timedelta(minutes=9)) and not caplog.text
    assert not keeper.look(now + timedelta(minutes=11)) and "failed" in caplog.text
    checked = demo_desk.type("check", "--only", "backup", DESK_BACKUP_AT="01:30")
    assert checked.exit_code == 1 and "FAULT" in checked.stdout and "age1nobo" in checked.stdout
    made(demo_desk)
    assert demo_desk.does("check", "--only", "backup", DESK_BACKUP_AT="01:30")


def test_every_secret_there_can_be_goes_into_a_backup_and_comes_back(demo_desk, elsewhere, tmp_path):
    settings = load_settings(demo_desk.environ)
    for name in (FACTORS, settings.make_chain_key()):
        settings.secret(name)
    with pytest.raises(ValueError, match=r"desk\.secret_names"):
        settings.secret("another")
    (settings.data / "secrets" / "cookies~").write_text("what an editor left")
    seal_one(demo_desk, settings.secret(FACTORS))
    kept = {name: path.read_bytes() for name, path in list_secrets(settings.data).items()}
    assert kept.keys() == {*AT_THE_START, FACTORS, "chain-2"}
    recipient = demo_desk.does("backup", "key", tmp_path / "key").strip()

    said = elsewhere.does("restore", made(demo_desk, "--recipient", recipient), "--identity", tmp_path / "key", "--yes")

    assert "All is well." in said
    assert {path.name: path.read_bytes() for path in (elsewhere.data / "secrets").iterdir()} == kept


def test_a_plain_backup_without_the_key_of_second_factors_says_who_is_locked_out(demo_desk):
    secrets = demo_desk.data / "secrets"
    seal_one(demo_desk, load_settings(demo_desk.environ).secret(FACTORS))
    file, key = made(demo_desk), (secrets / FACTORS).read_text()
    (secrets / FACTORS).unlink()

    answer = demo_desk.type("restore", file, "--yes")

    assert answer.exit_code == 1 and "LOCKED OUT" in answer.stderr and "signs in anew" not in answer.stderr
    assert "second factor of sari" in answer.stdout and "desk person second-factor remove" in answer.stdout
    assert not (secrets / FACTORS).exists()
    assert "FAULT" in demo_desk.type("check", "--only", "second-factors").stdout
    (secrets / FACTORS).write_text(key)
    demo_desk.does("doctor")
    (secrets / FACTORS).write_text("44" * 32)
    assert demo_desk.type("doctor").exit_code == 1
    demo_desk.does("person", "second-factor", "remove", "sari")
    demo_desk.does("doctor")
    demo_desk.does("check", "--only", "second-factors")


def test_a_time_that_is_none_is_said(empty_desk):
    answer = empty_desk.type("backup", DESK_BACKUP_AT="25:00")

    assert answer.exit_code == 3 and "DESK_BACKUP_AT must be a time like 01:30" in answer.stderr


def test_the_day_of_a_backup_begins_when_it_is_due():
    noon = datetime(2026, 3, 2, 12, 0).astimezone()

    assert last_due(time(11, 59), now=noon) == noon - timedelta(minutes=1)
    assert last_due(time(12, 1), now=noon) == noon - timedelta(hours=23, minutes=59)


@pytest.mark.parametrize("program", ["pg_dump", "pg_nothing"])
def test_programs_that_are_missing_or_too_old_are_named(program):
    tools = Tools("postgresql+psycopg://desk:secret@127.0.0.1/desk", 99)

    with pytest.raises(ToolTrouble, match=r"PostgreSQL 99 or newer \(Debian: apt install postgresql-client-99\)"):
        tools.command(program)


def test_a_password_stands_in_no_command_line():
    tools = Tools("postgresql+psycopg://desk:secret@127.0.0.1:5433/desk?sslmode=require", 0)

    with suppress(ToolTrouble):
        assert "secret" not in " ".join(tools.command("pg_dump"))
    assert tools.environ["PGPASSWORD"] == "secret"


def test_a_key_is_never_replaced(empty_desk, tmp_path):
    empty_desk.does("backup", "key", tmp_path / "key")
    before = (tmp_path / "key").read_text()

    assert empty_desk.type("backup", "key", tmp_path / "key").exit_code == 3
    assert (tmp_path / "key").read_text() == before
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


class Browser:
    """A browser at the pages of an installation, in which its administrator has signed in."""

    def __init__(self, desk: Installation, username: str) -> None:
        settings = replace(load_settings(desk.environ), limits_url="memory://", testing=True, base_url=HOUSE)
        self.app = create_app(settings)
        self.client = self.app.test_client()
        self.post("/sign-in?language=en", "/sign-in", username=username, password=PASSWORD)

    def post(self, page: str, path: str, **fields: str) -> TestResponse:
        """Send fields with the token of a page."""
        (token, *_) = re.findall(r'name="csrf_token" value="([^"]+)"', self.client.get(page).text)
        return self.client.post(path, data={"csrf_token": token, **fields})

    def close(self) -> None:
        with self.app.app_context():
            self.app.extensions["sqlalchemy"].engine.dispose()
        self.app.extensions["desk"].streams.engine.dispose()


def test_key_and_file_from_the_browser_are_all_that_another_machine_takes(demo_desk, elsewhere, tmp_path):
    (admin,) = demo_desk.rows("SELECT id, username FROM people WHERE keeps_server")[:1]
    demo_desk.change(f"UPDATE people SET password_hash = '{hashed(PASSWORD)}' WHERE id = {admin.id}")
    agus, page = Browser(demo_desk, admin.username), "/offices/1/server"
    shown = unescape(agus.post(page, f"{page}/backup-keys").text)
    (saved,) = re.findall(r'href="data:text/plain;charset=utf-8,([^"]+)"', shown)
    (tmp_path / "key").write_text(unquote(saved))
    (recipient,) = re.findall(r'name="recipient"[^>]* value="(age1[^"]+)"', shown)
    assert agus.post(page, f"{page}/backup-recipients", recipient=recipient, is_kept="y").status_code == 303
    assert agus.post(page, "/offices/1/checklist/backup").status_code == 303
    taken = agus.client.get(f"{page}/backups/newest", buffered=True)
    (tmp_path / "taken").write_bytes(taken.data)
    agus.close()

    told = elsewhere.type("restore", tmp_path / "taken", "--yes")
    assert told.exit_code == 3 and "give the key" in told.stderr
    said = elsewhere.does("restore", tmp_path / "taken", "--identity", tmp_path / "key", "--yes")

    assert "All is well." in said and elsewhere.findings() == []
    restored = elsewhere.rows(EVENTS)
    assert restored and set(restored) < set(demo_desk.rows(EVENTS))  # that the backup was made came after it
    assert {path.name: path.read_text() for path in (elsewhere.data / "secrets").iterdir()} == SECRETS
