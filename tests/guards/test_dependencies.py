"""What the project asks for is locked, hashed and explained."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.guards.tree import ROOT, imports_of, modules

_PINNED = re.compile(
    r"^([A-Za-z0-9._-]+)==([^ ]+)(?: ;[^\\]+)? \\\n(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+", re.MULTILINE
)

_IMPORTED_AS = {"argon2-cffi": "argon2", "pillow": "PIL", "python-docx": "docx", "python-escpos": "escpos"}
_USED_WITHOUT_AN_IMPORT = {
    "espeakng-loader": "the child process that speaks imports it where it is there",
    "hatchling": "builds the package",
    "httptools": "uvicorn parses HTTP with it",
    "tzdata": "zoneinfo reads it",
    "uvloop": "uvicorn runs on it",
}


def _lines(name):
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    return [Requirement(line) for line in text.splitlines() if line and not line.startswith("#")]


def _asked_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    run = [*map(Requirement, project["dependencies"]), *_lines("run.in")]
    return {"run.txt": run, "test.txt": [*run, *_lines("test.in")]}


def _locked(name):
    """Return the version of every package in a lock that has its hashes."""
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    found = {canonicalize_name(package): Version(version) for package, version in _PINNED.findall(text)}
    assert len(found) == len(re.findall(r"^[A-Za-z0-9]", text, re.MULTILINE)), "a package without a hash"
    return found


@pytest.mark.parametrize("lock", ["run.txt", "test.txt"])
def test_everything_asked_for_is_locked_at_a_version_that_fits(lock):
    locked = _locked(lock)
    wanted = {canonicalize_name(asked.name): asked.specifier for asked in _asked_for()[lock]}

    assert wanted.keys() - locked.keys() == set(), "run: make lock"
    assert [name for name, fits in wanted.items() if locked[name] not in fits] == [], "run: make lock"


def test_tests_run_with_what_is_run():
    run, test = _locked("run.txt"), _locked("test.txt")

    assert run.items() <= test.items()


def test_every_dependency_is_explained():
    explained = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8").lower()
    asked = {canonicalize_name(asked.name) for asked in _asked_for()["test.txt"]}

    assert sorted(name for name in asked if f"`{name}`" not in explained) == []


def test_every_dependency_is_used():
    sources = [*modules("desk"), *modules("migrations")]
    imported = {name.split(".")[0] for path in sources for name in imports_of(path)}
    asked = {canonicalize_name(asked.name) for asked in _asked_for()["run.txt"]} - _USED_WITHOUT_AN_IMPORT.keys()

    assert sorted(name for name in asked if _IMPORTED_AS.get(name, name.replace("-", "_")) not in imported) == []
