"""Writing down, for who counts and logs requests, which route answers: Flask forgets it with the request."""

from typing import Any, Final

from flask import request

ROUTE: Final = "desk.route"
ARGUMENTS: Final = "desk.arguments"


def mark_route(endpoint: str | None, arguments: dict[str, Any] | None) -> None:
    """Keep the route as it stands in the code, and what it found in the address; runs before anything else."""
    rule = request.url_rule
    if rule is not None:
        request.environ[ROUTE] = rule.rule
        request.environ[ARGUMENTS] = dict(arguments or {})
