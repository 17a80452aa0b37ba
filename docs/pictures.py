"""Take the pictures of the README from a running desk: `python docs/pictures.py URL PASSWORD_FILE`.

The desk should show the demo office after `desk demo --day`. Needs Chromium and the packages of `make test`.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

TARGET = Path(__file__).with_name("pictures")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def main(url: str, passwords: Path) -> None:
    """Take them all."""
    TARGET.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        take(opened(browser, f"{url}/offices/1/kiosk", (1280, 800)), "kiosk")
        take(opened(browser, f"{url}/offices/1/display", (1920, 1080)), "display")
        known = dict(line.split()[:2] for line in passwords.read_text().splitlines() if not line.startswith("#"))
        budi = signed_in(browser, url, "budi", known["budi"])
        budi.goto(f"{url}/offices/1/today?language=en")
        take(budi, "today")
        budi.locator("table tbody tr", has=budi.locator("text=/handoff/")).first.locator("a").first.click()
        take(budi, "transaction")
        for name in ("floor", "gaps"):
            budi.goto(f"{url}/offices/1/{name}?language=en")
            take(budi, name)
        budi.goto(f"{url}/offices/1/reports/waiting?language=en&period=today")
        budi.wait_for_selector(".chart-area canvas, .chart-area svg")
        budi.locator(".chart").first.evaluate("each => each.scrollIntoView({behavior: 'instant'})")
        take(budi, "report")
        counter(browser, url, known)
        take(visitor(browser, url), "visitor")
        browser.close()


def opened(browser: Browser, address: str, size: tuple[int, int], language: str = "en") -> Page:
    """Open an address in a window of its own."""
    page = browser.new_context(viewport={"width": size[0], "height": size[1]}).new_page()
    page.goto(f"{address}?language={language}")
    return page


def signed_in(browser: Browser, url: str, username: str, password: str) -> Page:
    """Return the window of somebody who signed in."""
    page = opened(browser, f"{url}/sign-in", (1280, 900))
    page.locator("#username").fill(username)
    page.locator("#password").fill(password)
    page.locator("main form .btn-primary").click()
    page.wait_for_load_state()
    return page


def counter(browser: Browser, url: str, known: dict[str, str]) -> None:
    """Take the console of the first officer who has a visitor."""
    for username in ("sari", "dewi", "joko", "rina", "tono", "putri"):
        page = signed_in(browser, url, username, known[username])
        page.goto(f"{url}/offices/1/counter?language=en")
        if page.locator(".console-now .ticket").count():
            return take(page, "counter")
    return None


def visitor(browser: Browser, url: str) -> Page:
    """Take a number at the kiosk and return the visitor's phone."""
    kiosk = opened(browser, f"{url}/offices/1/kiosk", (1280, 800))
    kiosk.locator("a[href*='/kiosk/services/']").first.click()
    kiosk.locator("form[action$='/visits'] button").click()
    kiosk.wait_for_url("**/ticket*")
    return opened(browser, kiosk.url.split("?")[0].removesuffix("/ticket"), (390, 780))


def take(page: Page, name: str) -> None:
    """Keep one picture."""
    page.wait_for_load_state("load")
    page.screenshot(path=TARGET / f"{name}.png")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
