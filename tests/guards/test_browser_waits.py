"""A page forbids text made into a program, and a wait that has to ask twice is such a program unless it is a function.

`Page.wait_for_function` evaluates any other expression with `eval` at each look; the first look is spared by the
browser, so that a test passes until the page is slow for once.
"""

import ast
import re
from pathlib import Path

import pytest

from tests.guards.tree import modules, name_of, tree_of

_FUNCTION = re.compile(r"\([\w\[\], ]*\) =>")


def _expressions(path: Path) -> list[str]:
    """Return what the file waits for, as far as it is written where it is waited for."""
    calls = (node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call))
    waits = (c.args[0] for c in calls if isinstance(c.func, ast.Attribute) and c.func.attr == "wait_for_function")
    written = (part.values[0] if isinstance(part, ast.JoinedStr) else part for part in waits)
    return [str(part.value) for part in written if isinstance(part, ast.Constant)]


@pytest.mark.parametrize("folder", ["tests", "docs", "bench"])
def test_every_wait_in_a_page_is_a_function(folder: str) -> None:
    found = [(name_of(path), wait) for path in modules(folder) for wait in _expressions(path)]

    assert found or folder == "bench", "this would find nothing wrong"
    assert [(name, wait) for name, wait in found if not _FUNCTION.match(wait)] == []
