"""A migration describes the schema of its day: it must not follow the models of today."""

import re

from tests.guards.tree import ROOT, imports_of, modules, name_of


def _revisions():
    return modules("migrations/versions")


def test_there_are_migrations():
    assert _revisions()


def test_no_migration_imports_the_package():
    borrowed = {
        name_of(path): sorted(name for name in imports_of(path) if name.split(".")[0] == "desk")
        for path in _revisions()
    }

    assert {name: imports for name, imports in borrowed.items() if imports} == {}


def test_migrations_are_numbered_without_a_gap():
    numbers = [re.match(r"(\d{4})_[a-z0-9_]+\.py$", path.name) for path in _revisions()]

    assert all(numbers), f"named 0001_what_it_does.py: {[path.name for path in _revisions()]}"
    assert [int(number[1]) for number in numbers] == list(range(1, len(numbers) + 1))
    assert (ROOT / "migrations" / "env.py").is_file()
