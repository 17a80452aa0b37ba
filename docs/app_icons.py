"""Make the icons of the visitor's page as an app from `static/img/mark.svg`: `python docs/app_icons.py`.

The mark stands within the middle four fifths, so that a phone may cut the icon round. Needs Chromium and the packages
of `make test`.
"""

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

IMAGES = Path(__file__).parents[1] / "static" / "img"
SIZES = (192, 512)
GROUND = "#0b3136"  # the masthead of tokens.css
STYLE = "body{{margin:0;display:grid;place-items:center;height:100vh;background:{ground}}}svg{{width:58vw}}"
PAGE = f"<style>{STYLE}</style>{{mark}}"


def main() -> None:
    """Make both."""
    mark = (IMAGES / "mark.svg").read_text()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for size in SIZES:
            page = browser.new_page(viewport={"width": size, "height": size})
            page.set_content(PAGE.format(ground=GROUND, mark=mark))
            page.screenshot(path=IMAGES / f"app-{size}.png")
        browser.close()


if __name__ == "__main__":
    main()
