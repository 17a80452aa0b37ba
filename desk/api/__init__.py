"""JSON under /api/v1 on the same operations, with schemas of its own, problem+json and an OpenAPI 3.1 document."""

from typing import Final

from flask import Blueprint, Flask, Response, jsonify

from desk.api import at_the_counter, handoffs, offices, posts, requests, shifts, transactions
from desk.api.bearer import Known
from desk.api.direct import Direct
from desk.api.document import document
from desk.api.problems import problem_of
from desk.api.routing import register
from desk.domain.access import PUBLIC

__all__ = ["PREFIX", "ROUTES", "create_api", "problem_of"]

ROUTES = (
    *offices.ROUTES, *posts.ROUTES, *transactions.ROUTES, *at_the_counter.ROUTES, *handoffs.ROUTES, *requests.ROUTES,
    *shifts.ROUTES,
)  # fmt: skip
PREFIX: Final = "/api/"
BASE: Final = "/api/v1"
blueprint = Blueprint("api", __name__, url_prefix=BASE)


def create_api(pages: Flask) -> Flask:
    """Return the API: an application of its own beside the pages, without sessions, forms and their hooks.

    It shares the pages' extensions and nothing else; cookies open nothing here.
    """
    app = Flask("desk.api", static_folder=None)
    app.extensions = pages.extensions
    app.config.update(TESTING=pages.testing, MAX_CONTENT_LENGTH=pages.config["MAX_CONTENT_LENGTH"])
    app.register_blueprint(blueprint)
    known = app.extensions["desk_known"] = Known(app.extensions, body_bytes=app.config["MAX_CONTENT_LENGTH"])
    app.wsgi_app = Direct(app, BASE, ROUTES, known)  # type: ignore[method-assign]
    return app


def openapi() -> Response:
    """Answer the document; it tells nothing of any office."""
    return jsonify(document(ROUTES))


openapi.access = PUBLIC  # type: ignore[attr-defined]
blueprint.add_url_rule("/openapi.json", "openapi", openapi)
for _each in ROUTES:
    register(blueprint, _each)
