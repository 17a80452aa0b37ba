"""docs/lifecycle.md is what the table of the life cycle says."""

import runpy
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_is_made_from_the_table() -> None:
    made = runpy.run_path(str(DOCS / "lifecycle_page.py"))["page"]()
    assert (DOCS / "lifecycle.md").read_text() == made, "run: python docs/lifecycle_page.py"
