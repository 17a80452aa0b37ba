"""The application behind the gallery: the real templates with made-up people, under the product's own policy."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import segno
from flask import Flask, Response, flash, render_template, request
from flask_babel import Babel
from flask_wtf import CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader
from markupsafe import Markup

from desk.web.headers import POLICY
from docs.gallery import board, people

ROOT = Path(__file__).parents[2]
PAGES = [
    "components", "forms", "console", "today", "transaction",
    "kiosk", "ticket", "visitor", "survey", "display",
]  # fmt: skip
STAFF = {"components", "forms", "console", "today", "transaction"}
ERRORS = [400, 401, 403, 404, 409, 410, 413, 422, 429, 500, 503]
NAVIGATION = [
    SimpleNamespace(label="Loket", url="/console", current="", icon="display", items=()),
    SimpleNamespace(
        label="Pengawasan",
        url="/today",
        current="true",
        icon="eye",
        items=(
            SimpleNamespace(label="Hari ini", url="/today", current="page", icon="list-ul"),
            SimpleNamespace(label="Survei", url="/survey", current="", icon="chat-left-text"),
        ),
    ),
]


def create_gallery() -> Flask:
    """Return an application that knows nothing but the templates."""
    app = Flask("gallery", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.config["SECRET_KEY"] = "of no worth"  # noqa: S105
    app.config.update(BABEL_DEFAULT_LOCALE="id", BABEL_DEFAULT_TIMEZONE="Asia/Jakarta")
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(ROOT / "translations")
    app.jinja_loader = ChoiceLoader([FileSystemLoader(ROOT / "templates"), FileSystemLoader(ROOT / "docs" / "gallery")])
    Babel(app, locale_selector=language)
    CSRFProtect(app)
    app.context_processor(context)
    app.after_request(forbid_inline)
    app.add_url_rule("/<name>", view_func=page, methods=["GET", "POST"])
    app.add_url_rule("/errors/<int:code>", view_func=error)
    app.add_url_rule("/account", "account.page", page, defaults={"name": "components"})
    return app


def language() -> str:
    """Return the language asked for in the address."""
    return request.args.get("language", "id")


def context() -> dict[str, Any]:
    """Return what the view layer gives every template."""
    staff = request.path.strip("/") in STAFF
    return {
        "office": SimpleNamespace(id=1, name="KPKNL Jakarta II", logo=None),
        "device": lambda: None,
        "easy_view": lambda: False,
        "person": SimpleNamespace(name="Budi Santoso") if staff else None,
        "navigation": NAVIGATION if staff else [],
        "sign_out_url": "/sign-out",
        "home": "/today",
        "language": language(),
        "now": people.NOW,
        "people": people,
        "time_zone": "Asia/Jakarta",
    }


def forbid_inline(response: Response) -> Response:
    """Answer under the strict policy of the product, so that a violation shows in the gallery too."""
    response.headers["Content-Security-Policy"] = POLICY
    return response


def page(name: str) -> str:
    """Render a page of the gallery; `?empty` submits its form with nothing in it."""
    form = people.EveryField()
    if "empty" in request.args:
        form.process(data={})
        form.validate()
    if name == "today":
        flash("Nomor C012 diterima oleh Budi.", "success")
    qr = Markup(segno.make("https://desk.example/v/8f3a", error="m").svg_inline(omitsize=True, svgclass="qr"))  # noqa: S704
    more = board.shown(request.args, language()) if name == "display" else {}
    return render_template(
        f"{name}.html", form=form, hand_over=people.HandOver(), qr=qr, called="called" in request.args, **more
    )


def error(code: int) -> tuple[str, int]:
    """Render an error page."""
    return render_template(f"errors/{code}.html"), code
