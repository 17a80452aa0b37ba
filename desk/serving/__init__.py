"""Serving: the ASGI application in front (event streams and pages), and the processes that run it.

    def application() -> Front:
        ...  # in each process anew: the Flask application, its engine, its hub
        return build_asgi(flask_app, hub)

    serve(application, Options(port=8000), companions=[worker], ready=announce)

On the level of `desk.app` and `desk.cli`. Why this server: docs/decisions/0002-server-and-streams.md.
"""

from desk.serving.front import Front, build_asgi
from desk.serving.limits import Limits
from desk.serving.running import NotStarted, Options, serve, usual_processes

__all__ = ["Front", "Limits", "NotStarted", "Options", "build_asgi", "serve", "usual_processes"]
