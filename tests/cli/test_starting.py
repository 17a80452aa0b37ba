"""From nothing to a desk at work, in processes of its own, as `make run` starts it."""

import os
import re
import signal
import stat
import subprocess
import sys
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from desk.app import create_app
from desk.cli.starting import FACES
from desk.settings import load_settings
from desk.web.accounts.sessions import check_password
from desk.wording.facilities import SEEDED
from tests.cli.conftest import Installation
from tests.fixtures.real_server import free_port

PATIENCE = 120.0


@dataclass
class Start:
    """One `desk up`, what it said so far, and its end."""

    process: "subprocess.Popen[str]"
    lines: list[str] = field(default_factory=list)

    def waits_for(self, words: str) -> str:
        """Return what was said until a line has these words."""
        deadline = time.monotonic() + PATIENCE
        while not any(words in line for line in list(self.lines)):
            assert time.monotonic() < deadline and self.process.poll() is None, "".join(self.lines)
            time.sleep(0.05)
        return "".join(self.lines)

    def ends(self) -> int:
        """Press Ctrl-C and return the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(20)


@pytest.fixture
def start(tmp_path):
    """Type `desk up` in a folder with nothing in it, with this environment."""
    started: list[Start] = []

    def run(*arguments: str, **environ: str) -> Start:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("DESK_", "DATABASE_"))}
        process = subprocess.Popen(
            [sys.executable, "-m", "desk.cli.main", "up", *arguments],
            env={**kept, "DESK_DATA": str(tmp_path / "var"), "PYTHONPATH": str(Path.cwd()), **environ},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        )  # fmt: skip
        here = Start(process)
        threading.Thread(target=lambda: here.lines.extend(process.stdout or []), daemon=True).start()
        started.append(here)
        return here

    yield run
    for here in started:
        if here.process.poll() is None:
            here.process.kill()
            here.process.wait()
        if here.process.stdout:
            here.process.stdout.close()


def _get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:
        assert answer.status == 200
        return answer.read().decode()


@pytest.mark.slow
def test_the_first_start_makes_everything_and_the_second_keeps_it(start, tmp_path):
    port = str(free_port())
    first = start(PORT=port)
    said = first.waits_for("Stop with Ctrl-C")

    assert '"ok"' in _get(f"http://127.0.0.1:{port}/healthz")
    assert "DESK_DATA=var-office DESK_DEMO=0" in said and "this is it" not in said
    faces = re.findall(rf"http://127.0.0.1:{port}/offices/1/\S+", said)
    assert len(faces) == len(FACES)
    assert "KPKNL Jakarta (Demo)" in _get(f"http://127.0.0.1:{port}/offices/1/display")
    shown = dict(re.findall(r"^  (\w+) +((?:[a-z2-9]{4}-){3}[a-z2-9]{4}) ", said, re.MULTILINE))
    desk = Installation(tmp_path / "var", "")
    engine = desk.streams().engine
    assert len(shown) == 14
    assert check_password(engine, "sari", shown["sari"]) is not None
    assert check_password(engine, "sari", shown["dewi"]) is None
    engine.dispose()
    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700
    assert first.ends() == 0

    kept = (desk.data / "demo-passwords.txt").read_bytes()
    secrets = {path.name: path.read_bytes() for path in (desk.data / "secrets").iterdir()}
    desk.does("token", "create", "--role", "agent", "--name", "bench-1")
    second = start(PORT=port, DESK_DEMO="0")  # too late: what is there stays, and the way to an office is said
    said = second.waits_for("Stop with Ctrl-C")

    assert "there is one in" in said and "DESK_DATA=var-office DESK_DEMO=0" in said
    assert shown["sari"] not in said and str(desk.data / "demo-passwords.txt") in said
    assert (desk.data / "demo-passwords.txt").read_bytes() == kept
    assert {path.name: path.read_bytes() for path in (desk.data / "secrets").iterdir()} == secrets
    assert len(desk.reads("token", "list")) == 1
    assert desk.reads("doctor")["well"]
    assert second.ends() == 0


@pytest.mark.slow
def test_a_port_that_is_taken_is_said_in_a_sentence(start, tmp_path):
    taken = free_port()
    first = start(PORT=str(taken), DESK_DEMO="0")
    first.waits_for("Stop with Ctrl-C")

    second = start(PORT=str(taken), DESK_DEMO="0")
    assert second.process.wait(PATIENCE) == 3
    time.sleep(0.2)
    said = "".join(second.lines)
    assert f"Cannot listen on 127.0.0.1:{taken}" in said and "Traceback" not in said
    assert not (tmp_path / "var" / "demo-passwords.txt").exists()
    assert first.ends() == 0


def test_every_face_is_where_the_start_says(empty_desk):
    empty_desk.does("db", "upgrade")
    app = create_app(load_settings(empty_desk.environ))

    rules = {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert {f"/offices/<int:office_id>/{path}" for path in FACES.values()} <= rules
    assert "/sign-in" in rules


def _init(desk, **changes):
    options = {"name": "KPKNL Bandung", "code": "bandung", "zone": "Asia/Jakarta", "admin-username": "Agus"} | changes
    return desk.type("init", *(part for name, value in options.items() for part in (f"--{name}", value)))


def test_an_empty_office_is_opened_with_an_administrator(empty_desk):
    result = _init(empty_desk)

    assert result.exit_code == 0, result.output
    password = re.search(r"((?:[a-z2-9]{4}-){3}[a-z2-9]{4})", result.stdout)[1]
    streams = empty_desk.streams()
    assert check_password(streams.engine, "agus", password) is not None
    streams.engine.dispose()
    assert empty_desk.rows("SELECT code, name, zone FROM offices") == [("bandung", "KPKNL Bandung", "Asia/Jakarta")]
    assert empty_desk.rows("SELECT role FROM memberships") == [("admin",)]
    assert empty_desk.rows("SELECT count(*) FROM services") == [(0,)]
    assert empty_desk.rows("SELECT count(*) FROM facilities") == [(len(SEEDED),)]
    assert empty_desk.findings() == []


def test_a_demo_is_not_loaded_beside_an_office(empty_desk):
    _init(empty_desk)

    assert "none was loaded" in empty_desk.does("demo")
    assert not (empty_desk.data / "demo-passwords.txt").exists()


@pytest.mark.parametrize("changes", [{}, {"code": "surabaya"}], ids=["same code", "same user name"])
def test_an_office_is_opened_once(empty_desk, changes):
    _init(empty_desk)

    result = _init(empty_desk, **changes)
    assert result.exit_code == 3 and "already" in result.stderr
    assert empty_desk.rows("SELECT count(*) FROM offices") == [(1,)]


@pytest.mark.parametrize(
    "changes",
    [
        {"code": "Bandung!"},
        {"code": ""},
        {"code": "x" * 40},
        {"name": " "},
        {"name": "x" * 201},
        {"zone": "Asia/Nowhere"},
        {"zone": "../../etc/passwd"},
        {"zone": "localtime"},
        {"zone": "posix/Asia/Jakarta"},
        {"admin-username": "\0"},
        {"admin-username": "   "},
        {"admin-username": "Agus Salim!"},
    ],
)
def test_what_makes_no_sense_is_not_understood_and_opens_nothing(empty_desk, changes):
    assert _init(empty_desk, **changes).exit_code == 2
    assert empty_desk.type("doctor").exit_code == 3, "not even a database was made"
