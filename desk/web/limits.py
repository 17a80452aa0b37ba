"""Rate limits on what anybody may send: sign-in, public check-in, survey. Only POSTs count."""

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

LIMITS = {
    "signin.enter": "20 per minute; 200 per hour",
    "kiosk.take": "60 per minute",
    "survey.send": "30 per minute",
    "visitor.depart": "30 per minute",
}


def limit_posts(app: Flask) -> Limiter:
    """Install the limits on views that are registered already; each is per address and holds over all processes."""
    limiter = Limiter(get_remote_address, app=app)
    for endpoint, limit in LIMITS.items():
        app.view_functions[endpoint] = limiter.limit(limit, methods=["POST"])(app.view_functions[endpoint])
    return limiter
