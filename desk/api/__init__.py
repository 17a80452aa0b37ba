"""JSON under /api/v1 on the same operations, with schemas of its own."""

from flask import Blueprint, Flask

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


def install(app: Flask) -> None:
    """Register the API."""
    app.register_blueprint(blueprint)
