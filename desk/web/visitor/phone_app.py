"""The visitor's page as an app on the phone: its manifest, the worker that keeps static files, the offline page.

The worker keeps static files and two empty pages that say that there is no network, nothing of any visit. What was last
known of a visit is kept by the page itself, under a digest of its address, and thrown away when the visit is over or
after twelve hours (docs/privacy.md). The manifest holds the visit's own address, as the icon on the screen must; nobody
gets it without that address.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any, Final

from flask import Blueprint, Response, current_app, g, jsonify, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.domain.access import PUBLIC
from desk.web.access import access
from desk.web.branding import frame_color
from desk.web.context import language
from desk.web.icons import carry_icons
from desk.web.locale import LANGUAGES
from desk.web.visitor.status import keep_private, open_visit

blueprint = Blueprint("phone_app", __name__)
blueprint.after_request(keep_private)
SCOPE: Final = "/v/"
KEPT: Final = (
    "css/public.css", "css/tokens.css", "css/dark.css", "css/contrast.css", "css/base.css", "css/components.css",
    "css/forms.css", "css/visitor.css",
    "js/once.js", "js/errors.js", "js/offline.js", "js/last_known.js",
    "img/mark.svg", "vendor/bootstrap/bootstrap-reboot.min.css",
)  # fmt: skip
ICONS: Final = (("img/app-192.png", "192x192"), ("img/app-512.png", "512x512"))
PAPER: Final = "#f5f2eb"  # of tokens.css, in light: what the system paints before the page is there


@blueprint.get("/v/<token>/manifest.webmanifest")
@access(PUBLIC)
def manifest(token: str) -> ResponseReturnValue:
    """Tell the browser how the page of one visit stands among the apps of the phone."""
    visit = open_visit(token).visit
    own = url_for("visitor.page", token=token)
    told: dict[str, Any] = {
        "id": own,
        "name": gettext("Number %(number)s – %(office)s", number=visit.number, office=g.office.name),
        "short_name": visit.number,
        "lang": language(),
        "start_url": own,
        "scope": SCOPE,
        "display": "standalone",
        "theme_color": frame_color(g.office),
        "background_color": PAPER,
        "icons": [
            {"src": url_for("static", filename=name), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for name, sizes in ICONS
            for purpose in ("any", "maskable")
        ],
    }
    response = jsonify(told)
    response.mimetype = "application/manifest+json"
    return response


@blueprint.get("/v/worker.js")
@access(PUBLIC)
def worker() -> ResponseReturnValue:
    """Return the worker; it changes with every file that it keeps."""
    g.for_everybody = True
    files = [url_for("static", filename=name) for name in KEPT]
    pages = {each: url_for("phone_app.offline", language=each) for each in LANGUAGES}
    script = render_template("visitor/worker.js", version=_version(), files=files, pages=pages)
    response = Response(script, mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/v/offline")
@access(PUBLIC)
def offline() -> ResponseReturnValue:
    """Return the page that stands in while the phone has no network; the same for everybody."""
    g.for_everybody = True
    carry_icons()
    response = make_response(render_template("visitor/offline.html", language_path=request.path))
    response.headers["Cache-Control"] = "no-cache"
    return response


@cache
def _version() -> str:
    folder = Path(current_app.static_folder or "")
    digest = hashlib.sha256()
    for name in KEPT:
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()[:16]
