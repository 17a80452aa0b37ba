"""What a person can set or type stands in docs/operations.md, and each release in the change log."""

import ast
import re

import click
import pytest

import desk
from tests.guards.tree import ROOT, tree_of

_NAME_OF_A_SETTING = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")


def _settings():
    """Return the environment variables that desk/settings.py and what it is made of name."""
    constants = (
        node.value
        for path in sorted((ROOT / "desk").glob("settings*.py"))
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Constant)
    )
    names = {value for value in constants if isinstance(value, str) and _NAME_OF_A_SETTING.fullmatch(value)}
    return sorted(name for name in names if name.startswith("DESK_") or name in {"PORT", "HOST", "DATABASE_URL"})


def _commands(group, path):
    for name, command in sorted(group.commands.items()):
        yield f"{path} {name}", command
        if isinstance(command, click.Group):
            yield from _commands(command, f"{path} {name}")


@pytest.fixture(scope="module")
def manual():
    """The text that whoever runs a desk reads."""
    return (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def commands():
    """Every command of `desk`, by what one types."""
    from desk.cli.main import main

    return dict(_commands(main, "desk"))


def test_every_setting_is_documented(manual):
    assert {"DESK_DATA", "PORT", "DATABASE_URL", "DESK_BASE_URL"} <= set(_settings())
    assert [name for name in _settings() if f"`{name}`" not in manual] == []


def test_every_setting_in_the_manual_exists(manual):
    assert set(re.findall(r"`(DESK_[A-Z_]+)`", manual)) - set(_settings()) == set()


def test_every_command_is_documented(manual, commands):
    leaves = [typed for typed, command in commands.items() if not isinstance(command, click.Group)]

    assert leaves
    assert [typed for typed in leaves if f"`{typed}" not in manual] == []


def test_every_command_says_what_it_does(commands):
    assert [typed for typed, command in commands.items() if len((command.help or "").strip()) < 20] == []


def test_this_version_is_in_the_change_log():
    entries = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)

    assert entries[0] == desk.__version__
