"""The rules in desk/domain know the standard library, and nothing there that looks at the world."""

import sys

import pytest

from tests.guards.tree import imports_of, modules, name_of

_LOOKS_AT_THE_WORLD = {
    "asyncio", "http", "io", "logging", "os", "pathlib", "random", "secrets", "shutil", "smtplib", "socket", "sqlite3",
    "subprocess", "tempfile", "threading", "time", "urllib", "uuid",
}  # fmt: skip


@pytest.mark.parametrize("path", modules("desk/domain"), ids=name_of)
def test_a_rule_imports_only_the_pure_part_of_the_standard_library(path):
    outside = {name for name in imports_of(path) if not name.startswith("desk.domain")}
    roots = {name.split(".")[0] for name in outside}

    assert roots - sys.stdlib_module_names == set()
    assert roots & _LOOKS_AT_THE_WORLD == set()
