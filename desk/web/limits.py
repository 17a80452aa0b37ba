"""Rate limits on what anybody may send: sign-in, public check-in, survey. Only POSTs count."""

from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

LIMITS = {
    "signin.enter": "20 per minute; 200 per hour",
    "kiosk.take": "60 per minute",
    "survey.send": "30 per minute",
    "visitor.depart": "30 per minute",
}


def limit_posts(app: Flask) -> Limiter:
    """Install the limits; each is per address and holds over all processes of the installation."""
    limiter = Limiter(get_remote_address, app=app)
    for endpoint, limit in LIMITS.items():
        _limit(app, limiter, endpoint, limit)
    return limiter


def _limit(app: Flask, limiter: Limiter, endpoint: str, limit: str) -> None:
    """Count the POSTs of one endpoint before its view runs."""
    shared = limiter.shared_limit(limit, scope=endpoint, methods=["POST"])
    check = shared(lambda: None)

    @app.before_request
    def count() -> None:
        if request.endpoint == endpoint and request.method == "POST":
            check()

    _ = count
