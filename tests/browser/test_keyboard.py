"""Each face by keyboard alone, as for somebody who cannot touch: what has the focus has a name, a ring, and is seen.

One walk in ordinary colors, one in those that Windows forces, both with as little motion as can be.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from desk.models import Visit
from tests.browser.test_survey import address
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import PASSWORD, Web

__all__ = ["address"]
pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
OpenPage = Callable[..., Page]
MOST_STEPS = 60
# What somebody who listens is told, whether they who look can see where they are, and whether it is in view.
FOCUSED = """() => {
    const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e)
    const by = (e.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id))
    const labels = [...by, ...(e.labels ?? []), e].map((each) => each?.textContent)
    const words = [e.getAttribute("aria-label"), ...labels]
    return {
        name: words.filter(Boolean).join(" ").replace(/\\s+/g, " ").trim(),
        ring: e.matches(":focus-visible") && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
        seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    }
}"""


def goes_to(page: Page, name: str) -> None:
    """Press Tab until what bears a name has the focus; each stop on the way must be known by ear and by eye."""
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            continue
        found = page.evaluate(FOCUSED)
        assert found["name"] and found["ring"] and found["seen"], (page.url, found)
        if name in found["name"]:
            return
    raise AssertionError(f"{page.url}: no way to {name!r} by keyboard")


def opens(page: Page, name: str, leads_to: str) -> None:
    goes_to(page, name)
    page.keyboard.press("Enter")
    page.wait_for_url(leads_to)
    page.wait_for_load_state("load")


@pytest.mark.parametrize("forced", ["none", "active"], ids=["ordinary", "forced colors"])
def test_every_face_by_keyboard(
    open_page: OpenPage, address: str, web: Web, desk_office: DeskOffice, forced: str
) -> None:
    page = open_page(reduced_motion="reduce", forced_colors=forced, expected_errors=("404", "422", "stream"))

    page.goto(f"{address}/offices/1/kiosk?language=en")
    goes_to(page, "Skip to the main content")
    opens(page, "Lelang", "**/kiosk/services/*")
    opens(page, "Take a number", "**/ticket*")
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    visit = desk_office.rows(Visit)[-1].id
    page.goto(f"{address}{web.status_path(visit)}?language=en")
    opens(page, "I am leaving", "**/departure*")
    goes_to(page, "Skip to the main content")

    page.goto(f"{address}/sign-in?language=en")
    goes_to(page, "User name")
    page.keyboard.type("sari.kpknl")
    goes_to(page, "Password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)

    page.goto(f"{address}/account?language=en")
    goes_to(page, "As this device is set")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Kept on this device.")).to_be_visible()
    assert page.evaluate("matchMedia('(prefers-reduced-motion: reduce)').matches")
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--paper').trim()") == "#0c1719"

    page.goto(f"{address}/offices/1/counter?language=en")
    goes_to(page, "Loket 1")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(".duty-bar h1")).to_have_text("Loket 1")
    opens(page, "Reception", "**/reception*")
    page.close()
