"""What every test has: the plugins in tests/fixtures, and marks that follow from what a test uses.

A new file in tests/fixtures is a plugin by lying there.
"""

from pathlib import Path

import pytest
from hypothesis import settings

# They import each other: told before, pytest rewrites the asserts of each whichever comes first.
pytest.register_assert_rewrite("tests.fixtures")

_FIXTURES = Path(__file__).parent / "fixtures"

pytest_plugins = [f"tests.fixtures.{file.stem}" for file in sorted(_FIXTURES.glob("[!_]*.py"))]

# A shared machine has slow moments; a failing example is printed so that it can be pasted into a test.
settings.register_profile("desk", deadline=None, print_blob=True)
settings.load_profile("desk")


# A page that is looked at in both languages is looked at in one of them on each database.
_SPOKEN = {"sqlite": "id", "postgres": "en"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what needs PostgreSQL or Chromium; keep browser tests in one worker, one Chromium at a time."""
    spared = [item for item in items if _is_spared(item)]
    config.hook.pytest_deselected(items=spared)
    items[:] = [item for item in items if not _is_spared(item)]
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        parameters = getattr(getattr(item, "callspec", None), "params", {})
        if "postgres" in fixtures or parameters.get("database_kind") == "postgres":
            item.add_marker("postgres")
        if "browser" in fixtures:
            item.add_marker("browser")
            item.add_marker(pytest.mark.xdist_group("chromium"))


def _is_spared(item: pytest.Item) -> bool:
    """Tell whether a page test asks the same of the other database, in the other language."""
    parameters = getattr(getattr(item, "callspec", None), "params", {})
    spoken = _SPOKEN.get(parameters.get("database_kind", ""))
    is_page = item.path.parent.name == "web"
    return is_page and spoken is not None and parameters.get("language", spoken) != spoken
