"""Renders every component from the real templates and photographs it: `python docs/gallery FOLDER`, or without a folder serve it.

A page of the gallery is a template beside this file; its figures are in `people.py`. Nothing here is part of the product.
"""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import people
import segno
from flask import Flask, flash, render_template, request
from flask_babel import Babel
from flask_wtf import CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader
from markupsafe import Markup
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import make_server

ROOT = Path(__file__).parents[2]
FACES = {"components": "staff", "forms": "staff", "console": "staff", "today": "staff", "transaction": "staff"}
NAVIGATION = [
    SimpleNamespace(label="Loket", url="console", current=False, icon="display"),
    SimpleNamespace(label="Hari ini", url="today", current=True, icon="list-ul"),
    SimpleNamespace(label="Survei", url="survey", current=False, icon="chat-left-text"),
]
ERRORS = [400, 403, 404, 409, 410, 413, 422, 429, 500, 503]
SCREENS = {"phone": (360, 740), "narrow": (320, 640), "desktop": (1280, 800), "portrait": (800, 1280), "wall": (1920, 1080)}

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


def create_gallery() -> Flask:
    """Return an application that knows nothing but the templates."""
    app = Flask("gallery", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.config.update(SECRET_KEY="gallery", BABEL_DEFAULT_LOCALE="id", BABEL_DEFAULT_TIMEZONE="Asia/Jakarta")
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(ROOT / "translations")
    app.jinja_loader = ChoiceLoader([FileSystemLoader(ROOT / "templates"), FileSystemLoader(ROOT / "docs" / "gallery")])
    Babel(app, locale_selector=language)
    CSRFProtect(app)
    app.context_processor(context)
    app.after_request(forbid_inline)
    app.add_url_rule("/<name>", view_func=page, methods=["GET", "POST"])
    app.add_url_rule("/errors/<int:code>", view_func=error)
    return app


def language() -> str:
    """Return the language asked for in the address."""
    return request.args.get("language", "id")


def context() -> dict[str, Any]:
    """Return what the view layer gives every template."""
    staff = FACES.get(request.path.strip("/"))
    return {
        "office": SimpleNamespace(id=1, name="KPKNL Jakarta II"),
        "person": SimpleNamespace(name="Budi Santoso") if staff else None,
        "navigation": NAVIGATION if staff else [],
        "sign_out_url": "/sign-out",
        "home": "/today",
        "language": language(),
        "now": people.NOW,
        "people": people,
        "time_zone": "Asia/Jakarta",
    }


def forbid_inline(response: Any) -> Any:
    """Answer under the strict policy of the product, so that a violation shows in the gallery too."""
    response.headers["Content-Security-Policy"] = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    return response


def page(name: str) -> str:
    """Render a page of the gallery; `?empty` submits its form with nothing in it."""
    form = people.Survey() if name == "survey" else people.EveryField()
    if "empty" in request.args:
        form.process(data={})
        form.validate()
    if name == "today":
        flash("Nomor C012 diterima oleh Budi.", "success")
    qr = Markup(segno.make("https://desk.example/v/8f3a", error="m").svg_inline(omitsize=True, svgclass="qr"))  # noqa: S704
    return render_template(f"{name}.html", form=form, hand_over=people.HandOver(), qr=qr, called="called" in request.args)


def error(code: int) -> tuple[str, int]:
    """Render an error page."""
    return render_template(f"errors/{code}.html"), code


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve on a free port of the loopback for as long as the block runs."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


def photograph(browser: Browser, address: str, folder: Path) -> None:
    """Write one PNG per page, screen and scheme, and print what the browser complained about."""
    for scheme in ("light", "dark"):
        for name, screens in SHOTS.items():
            for screen in screens:
                width, height = SCREENS[screen]
                view = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
                view.on("console", lambda message, name=name: print(f"{name}: {message.text}"))
                view.goto(f"{address}/{name}")
                full = not name.startswith(("display", "kiosk"))
                view.screenshot(path=folder / f"{name.replace('/', '-').replace('?', '-')}.{screen}.{scheme}.png", full_page=full)
                overflow = view.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                if overflow > 0:
                    print(f"{name} at {screen}: {overflow} px too wide")
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
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
        photograph(playwright.chromium.launch(executable_path="/usr/bin/chromium", args=flags), address, folder)


if __name__ == "__main__":
    main()
