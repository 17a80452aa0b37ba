"""What `deploy/` gives to whoever installs the desk says what there is, and is understood by what reads it."""

import ast
import configparser
import json
import re
import shlex
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from desk.cli.main import main
from desk.settings import load_settings
from tests.fixtures.machine import CADDY, NGINX, SYSTEMD
from tests.guards.tree import ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service")) + sorted((DEPLOY / "systemd").glob("*.timer"))
HARDENED = {
    "NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes", "User": "desk",
    "CapabilityBoundingSet": "", "StateDirectory": "desk", "EnvironmentFile": "/etc/desk/desk.env", "UMask": "0077",
    "SystemCallFilter": "@system-service", "RestrictNamespaces": "yes",
}  # fmt: skip
# Of ten: systemd calls up to 4.9 OK or better. What is left is the network, which the desk is there for.
MOST_EXPOSED = 35


def unit(path: Path) -> configparser.ConfigParser:
    parsed = configparser.ConfigParser(interpolation=None, strict=False)
    parsed.optionxform = str  # type: ignore[method-assign, assignment]
    parsed.read_string(path.read_text())
    return parsed


def commands() -> list[list[str]]:
    """Return what the units and the container run, after the name of the program."""
    started = [
        shlex.split(value)[1:]
        for path in UNITS if path.suffix == ".service"
        for name, value in unit(path)["Service"].items() if name.startswith("ExecStart")
    ]  # fmt: skip
    return [*started, *(json.loads(words) for name, words in instructions() if name == "CMD")]


def instructions() -> list[tuple[str, str]]:
    """Return the instructions of the Containerfile."""
    text = re.sub(r"^#.*\n", "", (DEPLOY / "Containerfile").read_text(), flags=re.MULTILINE)
    lines = [line.split(None, 1) for line in text.splitlines() if line.strip()]
    return [(name, words) for name, words in lines]


def test_systemd_understands_every_unit(tmp_path: Path) -> None:
    analyze = str(SYSTEMD.path())
    copies = []
    for path in UNITS:
        copy = tmp_path / path.name
        text = path.read_text().replace("/opt/desk/bin/desk", "/bin/true")
        copy.write_text(re.sub(r"^(User|Group)=desk$", r"\1=root", text, flags=re.MULTILINE))
        copies.append(str(copy))
    done = subprocess.run([analyze, "verify", *copies], capture_output=True, text=True, check=False)
    complaints = [line for line in done.stderr.splitlines() if str(tmp_path) in line or "desk" in line]
    assert done.returncode == 0 and complaints == [], done.stderr

    for path in UNITS:
        if path.suffix == ".service":
            judged = subprocess.run(
                [analyze, "security", "--offline=yes", f"--threshold={MOST_EXPOSED}", str(path)],
                capture_output=True, text=True, check=False,
            )  # fmt: skip
            assert judged.returncode == 0, judged.stdout + judged.stderr


@pytest.mark.parametrize("path", [path for path in UNITS if path.suffix == ".service"], ids=lambda path: path.name)
def test_every_service_may_no_more_than_it_needs(path: Path) -> None:
    service = unit(path)["Service"]
    assert {name: service.get(name) for name in HARDENED} == HARDENED


def test_every_command_is_one() -> None:
    assert len(commands()) >= 5
    for words in commands():
        answered = CliRunner().invoke(main, [*words, "--help"])
        assert answered.exit_code == 0 and f" {words[0]} " in answered.output, answered.output


def test_the_settings_that_are_given_are_settings() -> None:
    text = (DEPLOY / "systemd" / "desk.env").read_text()
    given = dict(re.findall(r"^#?([A-Z_]+)=(.*)$", text, re.MULTILINE))
    known = "".join(file.read_text() for file in (ROOT / "desk").glob("settings*.py"))
    assert [name for name in given if f'"{name}"' not in known] == []
    given.pop("DESK_METRICS_TOKEN_FILE")
    settings = load_settings(given)
    assert settings.tls and settings.trusted_proxies == 1 and settings.backups.at is not None


def test_the_container_is_built_of_what_there_is(tmp_path: Path) -> None:
    told = instructions()
    sources = [words.split()[:-1] for name, words in told if name == "COPY" and "--from" not in words]
    copied = [source for each in sources for source in each]
    assert [source for source in copied if not (ROOT / source).exists()] == []
    for source in copied:
        target = tmp_path / source
        target.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-r", str(ROOT / source), str(target)], check=True)
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path / "dist")]
    subprocess.run(build, cwd=tmp_path, check=True, capture_output=True)

    pip = [words for name, words in told if name == "RUN" and "pip install" in words]
    assert "--require-hashes --only-binary=:all: -r requirements/run.txt" in pip[0]
    assert "--no-index --no-deps --no-build-isolation ." in pip[1]
    assert ("USER", "10001:10001") in told and ("VOLUME", "/var/lib/desk") in told
    (client,) = re.findall(r"postgresql-client-(\d+)", (DEPLOY / "Containerfile").read_text())
    assert f"postgres:{client} " in (DEPLOY / "compose.yaml").read_text(), "pg_dump takes no newer server"
    assert [name for name, _ in told].index("USER") < [name for name, _ in told].index("ENTRYPOINT")


def test_the_container_knows_whether_it_is_alive() -> None:
    (words,) = [words for name, words in instructions() if name == "HEALTHCHECK"]
    _, flag, script = json.loads(words[words.index("[") :])
    assert flag == "-c" and ast.parse(script)
    asked = []

    class Alive(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(503 if len(asked) > 1 else 200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Alive)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    script = script.replace(":8000", f":{server.server_port}")
    try:
        codes = [subprocess.run([sys.executable, "-c", script], capture_output=True).returncode for _ in range(2)]
    finally:
        server.shutdown()
        server.server_close()
    assert codes == [0, 1] and asked == ["/healthz"] * 2


def test_the_proxies_understand_their_files(tmp_path: Path) -> None:
    checked = subprocess.run(
        [str(CADDY.path()), "adapt", "--config", str(DEPLOY / "Caddyfile"), "--adapter", "caddyfile"],
        capture_output=True, text=True, check=False, env={"HOME": str(tmp_path)},
    )  # fmt: skip
    assert checked.returncode == 0, checked.stderr
    assert NGINX.path().exists()
