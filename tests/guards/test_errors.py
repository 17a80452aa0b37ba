"""An error is answered, recorded or passed on; it never just disappears."""

import ast

import pytest

from tests.guards.tree import modules, name_of, tree_of

_BROAD = {"Exception", "BaseException"}
_NOTHING = (ast.Pass, ast.Continue, ast.Break)


def _is_broad(kind: ast.expr | None) -> bool:
    if isinstance(kind, ast.Tuple):
        return any(_is_broad(element) for element in kind.elts)
    return kind is None or (isinstance(kind, ast.Name) and kind.id in _BROAD)


def _does_nothing(statement: ast.stmt) -> bool:
    is_constant = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return isinstance(statement, _NOTHING) or is_constant


def _swallows(node: ast.AST) -> bool:
    if isinstance(node, ast.ExceptHandler):
        return _is_broad(node.type) and all(map(_does_nothing, node.body))
    is_suppress = isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "suppress"
    return is_suppress and any(_is_broad(argument) for argument in node.args)


@pytest.mark.parametrize("folder", ["desk", "migrations", "bench"])
def test_nothing_swallows_every_error(folder):
    swallowed = [
        f"{name_of(path)}:{node.lineno}"
        for path in modules(folder)
        for node in ast.walk(tree_of(path))
        if _swallows(node)
    ]

    assert swallowed == []
