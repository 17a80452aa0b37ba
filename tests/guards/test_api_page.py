"""docs/api.md names the requests, scopes and fields that the API has."""

import runpy
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_the_tables_are_made_from_the_routes() -> None:
    written = (DOCS / "api.md").read_text()
    assert runpy.run_path(str(DOCS / "api_tables.py"))["page"](written) == written, "run: python docs/api_tables.py"
