"""Photographs every face and every component: `python -m docs.gallery FOLDER` writes one page of them all.

Faces come from the real server (`faces.py`, in the house of `house.py`), components from the real templates with
made-up people: a page of theirs is a template beside this file, its figures are in `people.py`. Without a folder those
are served. With `--keep` behind the folder, those that `docs/design-language.md` shows are renewed. Nothing here is
part of the product.
"""

import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from docs.gallery import faces, house, index
from docs.gallery.app import create_gallery
from docs.gallery.faces import SCREENS
from docs.gallery.index import Picture

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
    "display?many": ["wall", "portrait"],
    "display?empty": ["wall"],
    "display?closed": ["wall"],
    "display?emergency&language=en": ["wall", "portrait"],
    "errors/409": ["phone", "desktop"],
}

PICTURES = Path(__file__).parents[1] / "pictures"
# what docs/design-language.md shows → which picture of the gallery it is
KEPT = {
    "components-light": "components.desktop.light",
    "components-dark": "components.desktop.dark",
    "forms-errors": "forms.desktop.light",
    "table-dark": "today.desktop.dark",
    "kiosk-branded": "in-the-colors-of-an-office-kiosk-desktop-id-light",
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


def photograph(browser: Browser, address: str, folder: Path) -> Iterator[Picture]:
    """Write one picture of a component per page, screen and scheme, and print what the browser complained about."""
    for name, screens in SHOTS.items():
        for screen in screens:
            for scheme in ("light", "dark"):
                width, height = SCREENS[screen]
                view = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
                view.on("console", lambda message, name=name: say(f"{name}: {message.text}"))
                view.goto(f"{address}/{name}")
                full = not name.startswith(("display", "kiosk"))
                file = f"{name.replace('/', '-').replace('?', '-').replace('&', '-')}.{screen}.{scheme}.png"
                view.screenshot(path=folder / file, full_page=full)
                overflow = view.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                if overflow > 0:
                    say(f"{name} at {screen}: {overflow} px too wide")
                view.close()
                yield Picture(f"Component: {name.partition('?')[0]}", f"{name}, {scheme}", file, screen)


def photograph_faces(browser: Browser, folder: Path) -> Iterator[Picture]:
    """Write the pictures of the faces."""
    with house.opened() as home:
        for shot in faces.photograph(browser, home, folder, say):
            words = f"{shot.state}, {shot.language}, {shot.scheme}"
            yield Picture(shot.face, words, f"{shot.name}.png", shot.screen)


def main() -> None:
    """Photograph into the folder named on the command line, or serve until interrupted."""
    app = create_gallery()
    if len(sys.argv) < 2:
        app.run(port=8001)
        return
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    with served(app) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        pictures = [*photograph_faces(browser, folder), *photograph(browser, address, folder)]
        browser.close()
    for kept, taken in KEPT.items() if sys.argv[2:] == ["--keep"] else ():
        shutil.copyfile(folder / f"{taken}.png", PICTURES / f"{kept}.png")
    say(f"{len(pictures)} pictures: {index.write(folder, pictures, SCREENS)}")


if __name__ == "__main__":
    main()
