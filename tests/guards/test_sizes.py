"""Functions, modules and templates stay short enough to be read in one go."""

import ast
from statistics import median, quantiles

import pytest

from tests.guards.tree import ROOT, modules, name_of, tree_of

MEDIAN_LINES, MOST_LINES, LONGEST_LINES = 10, 28, 50
MODULE_LINES = 300
TEMPLATE_LINES = 140


@pytest.fixture(scope="module")
def lengths():
    """Lines of every function in desk/, by where it stands."""
    return {
        f"{name_of(path)}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for path in modules("desk")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def _lines(path):
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_function_is_long(lengths):
    assert {place: lines for place, lines in lengths.items() if lines > LONGEST_LINES} == {}


def test_functions_are_short_on_the_whole(lengths):
    assert median(lengths.values()) <= MEDIAN_LINES
    assert quantiles(lengths.values(), n=20)[-1] <= MOST_LINES


def test_no_module_is_long():
    long = {name_of(path): lines for path in modules("desk") if (lines := _lines(path)) > MODULE_LINES}

    assert long == {}


def test_no_template_is_long():
    templates = (path for path in (ROOT / "templates").rglob("*") if path.is_file())

    assert {name_of(path): lines for path in templates if (lines := _lines(path)) > TEMPLATE_LINES} == {}
