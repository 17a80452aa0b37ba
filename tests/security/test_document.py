"""docs/security.md names tests that exist, for every test file of this folder."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "security.md"


def named_tests() -> set[tuple[str, str]]:
    """Return the file and function of each test the document names; `…` stands for the file before."""
    found, file = set(), ""
    for path, function in re.findall(r"`(tests/[\w/]+\.py|…)::(\w+)`", DOCUMENT.read_text(encoding="utf-8")):
        file = file if path == "…" else path
        found.add((file, function))
    return found


def functions_in(path: Path) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)}


def test_every_test_that_is_named_exists() -> None:
    named = named_tests()
    assert len(named) > 30
    assert [each for each in named if each[1] not in functions_in(ROOT / each[0])] == []


def test_every_file_of_this_folder_is_named() -> None:
    files = {path.relative_to(ROOT).as_posix() for path in Path(__file__).parent.glob("test_*.py")}
    written = DOCUMENT.read_text(encoding="utf-8")
    assert [each for each in files if each not in written] == []
