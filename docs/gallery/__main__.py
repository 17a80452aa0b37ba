"""Photographs every component as the real templates render it: `python -m docs.gallery FOLDER`.

Without a folder it serves them. A page of the gallery is a template beside this file; its figures are in `people.py`.
Nothing here is part of the product.
"""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from docs.gallery.app import create_gallery

SCREENS = {
    "phone": (360, 740),
    "narrow": (320, 640),
    "desktop": (1280, 800),
    "portrait": (800, 1280),
    "wall": (1920, 1080),
}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# page → where to photograph it; a query makes it a state of that page
SHOTS = {
    "components": ["phone", "desktop"],
    "forms": ["phone", "desktop"],
    "forms?empty": ["phone", "desktop"],
    "console": ["phone", "desktop"],
    "today": ["narrow", "phone", "desktop"],
    "transaction": ["phone", "desktop"],
    "kiosk": ["desktop", "portrait"],
    "ticket": ["desktop", "portrait"],
    "visitor": ["narrow", "phone"],
    "visitor?called": ["phone"],
    "survey": ["phone", "desktop"],
    "survey?empty": ["phone"],
    "display": ["wall", "portrait"],
    "errors/409": ["phone", "desktop"],
}


class Quiet(WSGIRequestHandler):
    """Says nothing about requests."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002
        """Drop the line."""


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve on a free port of the loopback for as long as the block runs."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


def say(line: str) -> None:
    """Tell the person at the terminal."""
    sys.stdout.write(f"{line}\n")


def photograph(browser: Browser, address: str, folder: Path) -> None:
    """Write one PNG per page, screen and scheme, and print what the browser complained about."""
    for scheme in ("light", "dark"):
        for name, screens in SHOTS.items():
            for screen in screens:
                width, height = SCREENS[screen]
                view = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
                view.on("console", lambda message, name=name: say(f"{name}: {message.text}"))
                view.goto(f"{address}/{name}")
                full = not name.startswith(("display", "kiosk"))
                view.screenshot(
                    path=folder / f"{name.replace('/', '-').replace('?', '-')}.{screen}.{scheme}.png", full_page=full
                )
                overflow = view.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                if overflow > 0:
                    say(f"{name} at {screen}: {overflow} px too wide")
                view.close()


def main() -> None:
    """Photograph into the folder named on the command line, or serve until interrupted."""
    app = create_gallery()
    if len(sys.argv) < 2:
        app.run(port=8001)
        return
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    with served(app) as address, sync_playwright() as playwright:
        photograph(playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS), address, folder)


if __name__ == "__main__":
    main()
