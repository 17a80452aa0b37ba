"""What every test has: the plugins in tests/fixtures, and marks that follow from what a test uses.

A new file in tests/fixtures is a plugin by lying there.
"""

import os
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import settings

# They import each other: told before, pytest rewrites the asserts of each whichever comes first.
pytest.register_assert_rewrite("tests.fixtures")

_FIXTURES = Path(__file__).parent / "fixtures"

pytest_plugins = [f"tests.fixtures.{file.stem}" for file in sorted(_FIXTURES.glob("[!_]*.py"))]

# A shared machine has slow moments; a failing example is printed so that it can be pasted into a test.
settings.register_profile("desk", deadline=None, print_blob=True)
settings.load_profile("desk")


# A page that is looked at in both languages is looked at in one of them on each database; any other test of a page is
# run on one database, by its name, so that each page has tests on both. Set DESK_TEST_BOTH to run them all twice.
_SPOKEN = {"sqlite": "id", "postgres": "en"}
_BOTH = bool(os.environ.get("DESK_TEST_BOTH"))
# Tests of pages beside those of tests/web that take long and ask the same of both databases.
_OF_PAGES = frozenset(
    {
        "test_every_page_is_clean_on_a_phone",
        "test_the_tablet_asks_when_somebody_was_served_and_thanks",
    }
)
# Walks of browsers, commands and reports rest on operations and reads that are tested on both, too. Except where a
# database's own programs are started, or a walk has to be done in both languages.
_FOLDERS_OF_PAGES = frozenset({"web", "browser", "cli", "reports"})
_ON_BOTH = frozenset({"test_first_run", "test_backup", "test_check", "test_database", "test_doctor", "test_starting"})
# Who may open what, and what a page tells whom, is decided before a database is asked, or by what it answered.
_MODULES_OF_PAGES = frozenset(
    {
        "test_api_doors",
        "test_asvs_input",
        "test_asvs_logging",
        "test_asvs_sessions",
        "test_crawl",
        "test_doors",
        "test_forgery",
        "test_headers",
        "test_limits",
        "test_logs",
        "test_refusals",
        "test_token_kinds",
        "test_tokens_stay_with_visitors",
    }
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what needs PostgreSQL or Chromium; keep browser tests in one worker, one Chromium at a time."""
    collected = {item.nodeid for item in items}
    spared = [item for item in items if _is_spared(item, collected)]
    config.hook.pytest_deselected(items=spared)
    items[:] = [item for item in items if not _is_spared(item, collected)]
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        parameters = getattr(getattr(item, "callspec", None), "params", {})
        if "postgres" in fixtures or parameters.get("database_kind") == "postgres":
            item.add_marker("postgres")
        if "browser" in fixtures:
            item.add_marker("browser")
            item.add_marker(pytest.mark.xdist_group("chromium"))


def _is_spared(item: pytest.Item, collected: set[str]) -> bool:
    """Tell whether a page test asks on the other database what it asks on one: what it reads has tests of its own."""
    parameters = dict(getattr(getattr(item, "callspec", None), "params", {}))
    kind = parameters.pop("database_kind", "")
    is_of_page = item.path.parent.name in _FOLDERS_OF_PAGES or item.path.stem in _MODULES_OF_PAGES
    is_of_page = is_of_page or getattr(item, "originalname", "") in _OF_PAGES
    if _BOTH or not is_of_page or kind not in _SPOKEN or item.path.stem in _ON_BOTH:
        return False
    (other,) = _SPOKEN.keys() - {kind}
    if item.nodeid.replace(kind, other) not in collected:
        return False  # asked on this one only
    if "language" in parameters:
        return parameters["language"] != _SPOKEN[kind]
    name = item.nodeid.replace(kind, "")
    return kind != sorted(_SPOKEN)[crc32(name.encode()) % 2]
