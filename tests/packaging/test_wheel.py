"""The wheel carries everything and works where nothing of the tree is in reach."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

import desk
from tests.guards.tree import ROOT

RESOURCES = ["templates", "static", "migrations", "translations"]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    """The wheel, built with what is installed: no network, no environment of its own."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def installed(wheel, tmp_path_factory):
    """The `desk` command of an environment that has the wheel, and sees this one's packages but not the tree."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    python = folder / "bin" / "python"
    arguments = ["--quiet", "--disable-pip-version-check", "--no-deps", "--no-index", str(wheel)]
    subprocess.run([sys.executable, "-m", "pip", "--python", str(python), "install", *arguments], check=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "borrowed.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    return folder / "bin" / "desk"


@pytest.fixture
def type_command(installed, tmp_path):
    """Run `desk` in an empty folder, with nothing set but its data folder."""

    def run(*arguments):
        environment = {"PATH": os.environ["PATH"], "DESK_DATA": str(tmp_path / "var"), "LC_ALL": "C.UTF-8"}
        command = [str(installed), *arguments]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)

    return run


@pytest.mark.parametrize("resource", RESOURCES)
def test_the_wheel_carries_every_file_of_a_top_level_folder(wheel, resource):
    carried = set(zipfile.ZipFile(wheel).namelist())
    kept = subprocess.run(["git", "ls-files", "-z", resource], cwd=ROOT, check=True, capture_output=True, text=True)
    names = [name for name in kept.stdout.split("\0") if name]

    assert names
    assert [name for name in names if f"desk/_resources/{name}" not in carried] == []


def test_the_wheel_carries_nothing_of_the_tests(wheel):
    top = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}

    assert top == {"desk", f"desk-{desk.__version__}.dist-info"}


def test_the_installed_package_is_the_one_in_the_wheel(installed, tmp_path):
    command = [str(installed.with_name("python")), "-c", "import desk; print(desk.__file__)"]
    said = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True).stdout

    assert Path(said.strip()).is_relative_to(installed.parents[1])


def test_the_installed_command_says_its_version(type_command):
    said = type_command("--version")

    assert said.returncode == 0, said.stderr
    assert desk.__version__ in said.stdout


@pytest.mark.slow
def test_the_installed_command_makes_a_sound_database(type_command):
    """Migrations are found inside the package, and what they make passes the doctor."""
    for arguments in (["db", "upgrade"], ["doctor"]):
        done = type_command(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
