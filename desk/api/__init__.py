"""JSON under /api/v1 on the same operations, with schemas of its own, problem+json and an OpenAPI 3.1 document."""

from flask import Blueprint, Flask, Response, jsonify

from desk.api import handoffs, offices, posts, transactions
from desk.api.document import document
from desk.api.problems import problem_of
from desk.api.routing import register
from desk.domain.access import PUBLIC

__all__ = ["ROUTES", "blueprint", "install", "problem_of"]

ROUTES = (*offices.ROUTES, *posts.ROUTES, *transactions.ROUTES, *handoffs.ROUTES)
blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


def install(app: Flask) -> None:
    """Register the API with all its routes."""
    app.register_blueprint(blueprint)


def openapi() -> Response:
    """Answer the document; it tells nothing of any office."""
    return jsonify(document(ROUTES))


openapi.access = PUBLIC  # type: ignore[attr-defined]
blueprint.add_url_rule("/openapi.json", "openapi", openapi)
for _each in ROUTES:
    register(blueprint, _each)
