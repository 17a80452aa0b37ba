"""Every page of the gallery in Chromium: axe finds nothing, nothing is too wide, nothing is too small to hit."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from docs.gallery.__main__ import served
from docs.gallery.app import PAGES, create_gallery

STATES = [*PAGES, "forms?empty", "survey?empty", "visitor?called"]
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}
TARGETS = "a.btn, button, .input, .choice, summary, .nav-list:not(.nav-sub) a, .language a"
SMALL = """(targets) => [...document.querySelectorAll(targets)].filter((e) => e.checkVisibility())
    .map((e) => [e.textContent.trim(), e.getBoundingClientRect()])
    .filter(([, box]) => box.height < 43.5 || box.width < 43.5)
    .map(([text, box]) => `${text}: ${box.width} × ${box.height}`)"""
TYPE = "() => [...document.querySelectorAll('.board-number')].map((e) => parseFloat(getComputedStyle(e).fontSize))"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(create_gallery()) as address:
        yield address


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", [*STATES, "errors/404"])
def test_axe_finds_nothing(open_page, address: str, name: str, scheme: str):
    page: Page = open_page(
        color_scheme=scheme, expected_errors=("404", "Applying inline style")
    )  # axe tries, the policy refuses
    page.goto(f"{address}/{name}")
    results = Axe().run(page, options=RULES)
    violations = results.response["violations"]
    found = [(violation["id"], [node["html"] for node in violation["nodes"]]) for violation in violations]
    assert found == []


@pytest.mark.parametrize("name", [name for name in STATES if name != "display"])
def test_nothing_is_too_wide_or_too_small(open_page, address: str, name: str):
    page: Page = open_page()
    for width in (320, 640, 1280):  # 640 is a desk of 1280 pixels at 200 % zoom
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"{address}/{name}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
        assert page.evaluate(SMALL, TARGETS) == []


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720), (1080, 1920)], ids=str)
def test_the_board_fits_its_wall(open_page, address: str, size: tuple[int, int]):
    page: Page = open_page(viewport=size)
    page.goto(f"{address}/display")
    assert page.evaluate("document.documentElement.scrollHeight") <= size[1]
    sizes = page.evaluate(
        "[...document.querySelectorAll('.board-number')].map((e) => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert min(sizes) / min(size) > 0.11  # 12 cm of type on a screen 68 cm high
