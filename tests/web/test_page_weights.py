"""No page costs more than its row in docs/page_weights.md allows."""

from pathlib import Path

import pytest

from tests.fixtures.office import DeskOffice
from tests.fixtures.page_weights import PAGES, measured
from tests.fixtures.web import Web

TABLE = Path(__file__).parents[2] / "docs" / "page_weights.md"


def bounds() -> dict[tuple[str, str], tuple[float, int, int]]:
    """Return at most how many kB, requests and queries a page may cost, as written down."""
    rows = [[cell.strip() for cell in line.strip("| \n").split("|")] for line in TABLE.read_text().splitlines()]
    cells = [row for row in rows if len(row) == 9 and row[8].isdecimal()]
    return {(row[0], row[1]): (float(row[6]), int(row[7]), int(row[8])) for row in cells}


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_no_page_grows_beyond_its_bound(web: Web, desk_office: DeskOffice) -> None:
    allowed = bounds()
    assert allowed.keys() == {(face, page) for face, page, _, _ in PAGES}
    grown = {}
    for each in measured(web, desk_office):
        costs, most = (each.all_bytes / 1000, each.requests, each.queries), allowed[each.face, each.page]
        if any(cost > bound for cost, bound in zip(costs, most, strict=True)):
            grown[each.face, each.page] = (costs, most)
    assert grown == {}, "make it lighter, or, with a reason: python -m docs.page_weights"


def test_what_visitors_load_first_is_below_60_kb() -> None:
    assert all(most[0] <= 60 for (face, page), most in bounds().items() if (face, page) == ("Phone", "own number"))
