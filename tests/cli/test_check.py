"""`desk check`: what an office looks at before its counters open, each thing good and each thing wrong."""

import json
import re
from contextlib import closing
from datetime import UTC, datetime, timedelta
from socket import create_server

import pytest
from sqlalchemy.engine import make_url

import desk
from desk.backups import postgres_tools
from desk.cli.checks import CHECKS
from desk.cli.checks import machine as machine_checks
from desk.cli.checks import voice as voice_checks
from desk.cli.checks.base import Subject
from desk.limiting.counters import Counters
from desk.models.engine import sqlite
from desk.settings import load_settings
from desk.watching.heartbeat import Heart
from tests.cli.conftest import Installation
from tests.fixtures.real_server import ROOT

OPEN = {
    "DESK_BASE_URL": "https://antrean.kantor.go.id",
    "DESK_TLS": "1",
    "DESK_TRUSTED_PROXIES": "1",
    "DESK_MAIL_FROM": "antrean@kantor.go.id",
}
FREE_PORT = 9  # discard: nobody listens there


@pytest.fixture
def own_desk(demo_desk):
    """An office of one's own: the demo's, under codes that are not the demo's."""
    demo_desk.change("UPDATE offices SET code = 'kantor-' || id")
    (demo_desk.data / "secrets").mkdir(mode=0o700, exist_ok=True)
    demo_desk.data.chmod(0o700)
    for number, name in enumerate(("chain-1", "links", "cookies")):
        file = demo_desk.data / "secrets" / name
        file.write_text(bytes(range(number * 32, number * 32 + 32)).hex() + "\n")
        file.chmod(0o600)
    (demo_desk.data / "secrets").chmod(0o700)
    return demo_desk


def found(desk, name, **environ):
    """Return the levels and words of one check."""
    result = desk.type("check", "--only", name, "--json", **{**OPEN, **environ})
    assert result.exit_code in (0, 1), result.stderr
    answer = json.loads(result.stdout)
    levels = {each["level"] for each in answer["checks"]}
    assert result.exit_code == (1 if "fault" in levels else 0)
    assert all(each["remedy"] for each in answer["checks"] if each["level"] in ("fault", "warning"))
    return levels, " ".join(each["said"] for each in answer["checks"])


def test_an_office_of_ones_own_is_ready(own_desk, monkeypatch):
    monkeypatch.setattr(machine_checks, "SYNCHRONIZED", own_desk.data)
    result = own_desk.type("check", **OPEN)

    if "sqlite" in own_desk.url:
        assert result.exit_code == 0, result.stdout
        assert result.stdout.splitlines()[-1].startswith("Ready")
    else:  # the cluster of the tests is quick and forgets
        assert [line.split()[1] for line in result.stdout.splitlines() if line.startswith("FAULT")] == ["durable"]
    assert len(CHECKS) >= 25
    strict = own_desk.type("check", "--strict", "--quiet", **OPEN)
    assert strict.exit_code == 1 and "\nok " not in strict.stdout and "warning  mail" in strict.stdout


def test_the_demo_is_not_ready(demo_desk):
    levels, said = found(demo_desk, "demo")

    assert levels == {"fault"} and "demo" in said


def test_without_a_database_everything_else_is_looked_at(empty_desk):
    result = empty_desk.type("check", **OPEN)

    assert result.exit_code == 1
    assert "desk db upgrade" in result.stdout and "It was not looked at" in result.stdout


@pytest.mark.parametrize(
    ("name", "environ", "level", "word"),
    [
        ("base-address", {"DESK_BASE_URL": ""}, "fault", "not set"),
        ("base-address", {"DESK_BASE_URL": "http://localhost:8000"}, "fault", "machine itself"),
        ("base-address", {"DESK_BASE_URL": "antrean.kantor.go.id"}, "fault", "no web address"),
        ("base-address", {"DESK_BASE_URL": "https://kantor.go.id/antrean"}, "fault", "more than a host"),
        ("base-address", {"DESK_BASE_URL": "http://antrean.kantor.go.id"}, "warning", "openly"),
        ("base-address", {"DESK_BASE_URL": "http://192.168.1.10:8000"}, "good", "192.168.1.10"),
        ("tls", {"DESK_TLS": "0"}, "fault", "not bound"),
        ("tls", {"DESK_BASE_URL": "http://192.168.1.10"}, "fault", "nobody can sign in"),
        ("tls", {"DESK_BASE_URL": "http://192.168.1.10", "DESK_TLS": "0"}, "warning", "without TLS"),
        ("proxies", {"DESK_TRUSTED_PROXIES": "0"}, "fault", "one address"),
        ("proxies", {"DESK_HOST": "0.0.0.0"}, "warning", "beside them"),
        ("listening", {"DESK_TRUSTED_PROXIES": "0", "DESK_TLS": "0"}, "warning", "this machine only"),
        ("sender", {"DESK_SMTP_HOST": "127.0.0.1", "DESK_MAIL_FROM": "desk@localhost"}, "fault", "refuse"),
        ("mail", {"DESK_SMTP_HOST": "127.0.0.1", "DESK_SMTP_PORT": str(FREE_PORT)}, "fault", "does not take us"),
        ("mail", {}, "warning", "No mail server"),
        ("gateway", {}, "good", "No gateway"),
        ("rate-limits", {}, "good", "store of the rate limits"),
        ("rate-limits", {"DESK_LIMITS_URL": "memory://"}, "warning", "forgotten at every start"),
        ("worker", {}, "warning", "No worker has gone round"),
        ("metrics", {}, "good", "no token"),
        ("metrics", {"DESK_METRICS_TOKEN": "sebuah-kunci-yang-panjang"}, "good", "who has their token"),
        ("debugging", {"FLASK_DEBUG": "1"}, "fault", "FLASK_DEBUG"),
        ("debugging", {"DESK_LOG_LEVEL": "DEBUG"}, "warning", "says everything"),
    ],
)
def test_settings_that_do_not_fit(own_desk, name, environ, level, word):
    levels, said = found(own_desk, name, **environ)

    assert level in levels and word in said


def test_it_makes_nothing_in_an_empty_folder(tmp_path):
    result = Installation(tmp_path, "").type("check")

    assert result.exit_code == 1 and "There is no database yet" in result.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_store_of_limits_that_cannot_be_written(own_desk):
    refusing = "CREATE TRIGGER full BEFORE INSERT ON counters BEGIN SELECT RAISE(FAIL, 'disk is full'); END"
    store = Counters(make_url(f"sqlite:///{own_desk.data}/limits.db"))
    store.close()
    assert found(own_desk, "rate-limits")[0] == {"good"}
    with closing(sqlite.connect(str(own_desk.data / "limits.db"))) as connection:
        connection.execute(refusing)

    levels, said = found(own_desk, "rate-limits")
    assert levels == {"fault"} and "cannot be written" in said and "disk is full" in said


def test_the_programs_for_backups_are_as_new_as_the_server(own_desk, monkeypatch):
    monkeypatch.setattr(postgres_tools, "_version", lambda path: 1)
    levels, said = found(own_desk, "backup-tools")

    assert levels == ({"good"} if "sqlite" in own_desk.url else {"fault"})
    assert "sqlite" in own_desk.url or "older than the server" in said


def test_the_sections_that_remedies_name_are_there():
    sources = "".join(file.read_text() for file in (ROOT / "desk").rglob("*.py"))
    named = re.findall(r"docs/(\w+\.md)[:,] ([A-Z][\w ]+)", sources)
    assert named
    for file, section in named:
        assert f"## {section}\n" in (ROOT / "docs" / file).read_text(), section


def test_a_worker_that_goes_round_is_seen(own_desk, monkeypatch):
    engine = own_desk.engine()
    Heart(engine).beat(datetime.now(UTC))
    assert found(own_desk, "worker")[0] == {"good"}

    monkeypatch.setattr(desk, "__version__", "99.0")
    assert "A worker of version" in found(own_desk, "worker")[1]
    engine.dispose()


def test_a_password_is_not_sent_openly(own_desk):
    mail = {"DESK_SMTP_HOST": "mail.invalid", "DESK_SMTP_USERNAME": "desk", "DESK_SMTP_PASSWORD": "geheim-123"}
    levels, said = found(own_desk, "mail", **mail)

    assert "fault" in levels and "be sent openly" in said and "geheim" not in said


def test_a_mail_server_is_asked_and_sent_nothing(own_desk, mail_server):
    mail = {"DESK_SMTP_HOST": "127.0.0.1", "DESK_SMTP_PORT": str(mail_server.port)}

    assert found(own_desk, "mail", **mail)[0] == {"good"}
    assert found(own_desk, "sender", **mail)[0] == {"good"}
    assert not mail_server.letters


def test_a_gateway_is_reached_and_its_receipts_are_missed(own_desk):
    with closing(create_server(("127.0.0.1", 0))) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/send"
        levels, said = found(own_desk, "gateway", DESK_GATEWAY_URL=url)
    assert levels == {"good", "warning"} and "Receipts" in said
    assert "fault" in found(own_desk, "gateway", DESK_GATEWAY_URL=f"http://127.0.0.1:{FREE_PORT}/send")[0]


@pytest.mark.parametrize(
    ("damage", "word"),
    [
        (lambda file: file.chmod(0o640), "read by others"),
        (lambda file: file.write_text("ab" * 32), "too weak"),
        (lambda file: file.write_text("0011223344"), "too weak"),
        (lambda file: file.write_text("not a secret"), "cannot be read"),
        (lambda file: file.write_text((file.parent / "cookies").read_text()), "are the same"),
        (lambda file: file.unlink(), "missing"),
        (lambda file: file.parent.chmod(0o755), "read by others"),
    ],
)
def test_secrets_that_are_none(own_desk, damage, word):
    damage(own_desk.data / "secrets" / "links")
    levels, said = found(own_desk, "secrets")

    assert "fault" in levels and word in said
    assert (own_desk.data / "secrets" / "cookies").read_text().strip() not in said


def test_a_server_without_a_voice_is_told(own_desk, monkeypatch):
    assert found(own_desk, "voice")[0] == {"good"}
    monkeypatch.setattr(voice_checks, "has_speaker", lambda: False)
    levels, said = found(own_desk, "voice")
    assert levels == {"warning"} and "no page is read aloud" in said


def test_a_data_folder_that_others_read(own_desk):
    assert found(own_desk, "data-folder")[0] == {"good"}
    own_desk.data.chmod(0o755)
    assert "read by others" in found(own_desk, "data-folder")[1]


@pytest.mark.parametrize(
    ("name", "damage", "level", "word"),
    [
        ("offices", "UPDATE offices SET zone = 'Asia/Nowhere' WHERE id = 1", "fault", "Asia/Nowhere"),
        ("administrators", "UPDATE people SET password_hash = NULL", "fault", "nobody who administers"),
        ("administrators", "UPDATE people SET disabled_at = NULL", "warning", "only one person"),
        ("server-keeper", "UPDATE people SET keeps_server = false", "warning", "keeps the server"),
        ("server-keeper", "UPDATE people SET disabled_at = 1 WHERE keeps_server", "warning", "keeps the server"),
        ("services", "UPDATE services SET retired = true WHERE office_id = 1", "fault", "there is no service"),
        ("services", "DELETE FROM skills", "fault", "nobody serves A"),
        ("series", "UPDATE services SET series = 'A' WHERE office_id = 1", "warning", "give out A"),
        ("counters", "UPDATE counters SET retired = true", "fault", "there is no counter"),
        ("hours", "UPDATE calendar_weeks SET hours = '[[], [], [], [], [], [], []]'", "fault", "do not open"),
        ("holidays", "DELETE FROM calendar_closures", "warning", "open on public holidays"),
        ("revision", "UPDATE alembic_version SET version_num = 'later'", "fault", "newer program"),
        ("checkpoint", "UPDATE offices SET code = code", "warning", "no checkpoint"),
    ],
)
def test_what_an_office_lacks(own_desk, name, damage, level, word):
    own_desk.change(damage)
    levels, said = found(own_desk, name)

    assert level in levels and word in said


def test_a_token_that_never_ends_is_told(own_desk):
    own_desk.does("token", "create", "--role", "agent", "--name", "papan", "--office", "kantor-1")
    own_desk.change("UPDATE api_tokens SET expires_at = NULL")

    levels, said = found(own_desk, "tokens")
    assert levels == {"warning"} and "1 tokens" in said


def test_the_database_keeps_what_it_takes(own_desk):
    levels, said = found(own_desk, "durable")
    assert levels == ({"good"} if "sqlite" in own_desk.url else {"fault"}), said
    for name in ("whole", "sqlite-library", "connections", "database-tls", "database-role"):
        levels, said = found(own_desk, name)
        assert "fault" not in levels and "unknown" not in levels, said


def test_backups_that_nobody_makes_are_told_and_so_are_those_that_lie_beside(own_desk, tmp_path):
    scheduled = {"DESK_BACKUP_AT": "22:30"}
    assert found(own_desk, "backup")[0] == {"warning"}
    assert "there is none" in found(own_desk, "backup", **scheduled)[1]
    assert "not encrypted" in found(own_desk, "backup-place", **scheduled)[1]
    assert "secrets are in no backup" in found(own_desk, "backup-place", **scheduled)[1]
    assert found(own_desk, "backup-place", DESK_BACKUP_RECIPIENTS="age1nobody")[0] == {"fault"}
    elsewhere = {"DESK_BACKUP_FOLDER": str(tmp_path / "elsewhere"), **scheduled}
    assert found(own_desk, "backup-place", **elsewhere)[0] == {"fault"}
    refused = own_desk.type("backup", **elsewhere)
    assert refused.exit_code == 3 and "is not there" in refused.stderr and not (tmp_path / "elsewhere").exists()
    (tmp_path / "elsewhere").mkdir()
    own_desk.does("backup", **elsewhere)

    assert found(own_desk, "backup", **elsewhere)[0] == {"good"}
    assert found(own_desk, "backup-tools")[0] == {"good"}


def test_a_backup_without_the_secrets_is_told(own_desk, tmp_path):
    own_desk.does("backup")
    levels, said = found(own_desk, "backup-place")
    assert levels <= {"good", "warning"} and "secrets are in no backup" in said and "not encrypted" in said
    own_desk.does("backup", "--with-secrets")
    assert "in no backup" not in found(own_desk, "backup-place")[1]
    for file in (own_desk.data / "backups").iterdir():
        file.unlink()
    own_desk.does("backup")
    key = {"DESK_BACKUP_RECIPIENTS": own_desk.does("backup", "key", tmp_path / "key").strip()}
    assert "secrets are in no backup" in found(own_desk, "backup-place", **key)[1]
    own_desk.does("backup", **key)
    said = found(own_desk, "backup-place", **key)[1]
    assert "in no backup" not in said and ("disk of the data folder" in said) == ("sqlite" in own_desk.url)


def test_a_clock_that_stands_before_what_happened(own_desk):
    settings = load_settings(own_desk.environ)
    engine = own_desk.engine()
    early = datetime.now(UTC) - timedelta(days=400)
    (result,) = machine_checks.check_clock(Subject(settings, {}, early, engine, is_current=True))
    engine.dispose()

    assert result.level == "fault" and "NTP" in result.remedy


def test_little_room_and_few_files(own_desk, monkeypatch):
    subject = Subject(load_settings(own_desk.environ), {}, datetime.now(UTC), None, is_current=False)
    levels = []
    for room in (machine_checks.ROOM_FAULT - 1, machine_checks.ROOM_WARNING - 1, machine_checks.ROOM_WARNING):
        monkeypatch.setattr(machine_checks.shutil, "disk_usage", lambda _, room=room: _Free(room))
        levels += [each.level for each in machine_checks.check_disk(subject)]
    assert levels == ["fault", "warning", "good"]
    monkeypatch.setattr(machine_checks, "FEWEST_FILES", 10**9)
    assert [each.level for each in machine_checks.check_files(subject)] == ["warning"]


def test_a_network_disk_is_no_place_for_sqlite(own_desk, monkeypatch):
    settings = load_settings({"DESK_DATA": str(own_desk.data)})
    subject = Subject(settings, {}, datetime.now(UTC), None, is_current=False)
    monkeypatch.setattr(machine_checks, "_kind_of_disk", lambda _: "nfs4")
    (result,) = machine_checks.check_local_disk(subject)

    assert result.level == "fault" and "nfs4" in result.said


class _Free:
    def __init__(self, free):
        self.free = free


def test_an_office_that_is_retired_needs_nothing(own_desk):
    own_desk.change("DELETE FROM skills WHERE service_id IN (SELECT id FROM services WHERE office_id = 2)")
    own_desk.change("UPDATE counters SET retired = true WHERE office_id = 2")
    own_desk.change("UPDATE offices SET zone = 'Asia/Nowhere' WHERE id = 2")
    for name in ("services", "counters", "offices"):
        assert "fault" in found(own_desk, name)[0]

    own_desk.change("UPDATE offices SET retired_at = 1772413200000000 WHERE id = 2")
    for name in ("offices", "administrators", "services", "series", "counters", "hours", "holidays", "planned"):
        levels, said = found(own_desk, name)
        assert "fault" not in levels
        assert ("kantor-2" in said) is (name == "offices"), name
    assert "kantor-2: closed for good since 2026-03-02" in found(own_desk, "offices")[1]


def test_a_demo_that_is_retired_is_none_any_more_but_for_its_staff(demo_desk):
    demo_desk.change("UPDATE offices SET retired_at = 1772413200000000")
    levels, said = found(demo_desk, "demo")
    assert levels == {"warning"} and "can still sign in" in said

    demo_desk.change("UPDATE people SET disabled_at = 1772413200000000")
    assert found(demo_desk, "demo")[0] <= {"good", "warning"}
    assert "made-up staff" not in found(demo_desk, "demo")[1]
