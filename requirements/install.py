"""Bring `.venv` to what a lock says; do nothing, and start no pip, when it is there already.

`python3 requirements/install.py run|test`. Standard library only, and old syntax on purpose: an interpreter that is
too old must reach the sentence that says so.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
# The test lock includes the run lock, so an environment for tests is one for running too.
STAMPS_SET_BY = {"run": ("run",), "test": ("run", "test")}


def main(lock: str) -> None:
    """Make or repair the environment for `lock`."""
    if sys.version_info < (3, 11):  # noqa: UP036  that is the point
        sys.exit("Python 3.11 or newer is needed; name one with: make PYTHON=/path/to/python3 ...")
    if _is_stale(lock):
        _make_environment()
        _install(lock)
        for name in STAMPS_SET_BY[lock]:
            _stamp(name).write_text(_wanted(name), encoding="utf-8")


def _is_stale(lock: str) -> bool:
    stamp = _stamp(lock)
    return not PYTHON.exists() or not stamp.exists() or stamp.read_text(encoding="utf-8") != _wanted(lock)


def _stamp(lock: str) -> Path:
    return ENVIRONMENT / (".installed-" + lock)


def _wanted(lock: str) -> str:
    """Say which interpreter, at which place, holds which lock: scripts in an environment break when it moves."""
    digest = hashlib.sha256()
    for name in ("requirements/" + lock + ".txt", "requirements/install.py", "pyproject.toml"):
        digest.update((ROOT / name).read_bytes())
    return _interpreter() + "\n" + digest.hexdigest() + "\n"


def _interpreter() -> str:
    return sys.version.replace("\n", " ") + "\n" + sys.base_prefix + "\n" + str(ENVIRONMENT)


def _make_environment() -> None:
    stamps = [stamp.read_text(encoding="utf-8") for stamp in map(_stamp, ("run", "test")) if stamp.exists()]
    of_another = any(not stamp.startswith(_interpreter()) for stamp in stamps)
    if of_another or not PYTHON.exists():
        _say("Making .venv with Python " + sys.version.split()[0])
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)], check=True)


def _install(lock: str) -> None:
    _say("Installing requirements/" + lock + ".txt")
    # Wheels only: a package built here might link the system's SQLite, and would need a compiler.
    _pip("--require-hashes", "--only-binary=:all:", "-r", str(ROOT / "requirements" / (lock + ".txt")))
    _pip("--no-index", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))


def _pip(*arguments: str) -> None:
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--quiet", "--disable-pip-version-check", *arguments]
    done = subprocess.run(command, check=False, env={**os.environ, "PIP_ROOT_USER_ACTION": "ignore"})
    if done.returncode:
        sys.exit("The environment is not complete; the lines above say why.")


def _say(sentence: str) -> None:
    print(sentence, flush=True)  # noqa: T201  a script that talks to a terminal


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in STAMPS_SET_BY:
        sys.exit("usage: install.py run|test")
    main(sys.argv[1])
