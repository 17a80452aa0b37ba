"""The floor of the server: our own server stack around an application that answers a constant."""

import sys
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import create_engine

from desk.push.hub import Hub
from desk.serving import Front, Options, build_asgi, serve

ANSWER = b'{"status":"ok"}'


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer a constant."""
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(ANSWER)))])
    return [ANSWER]


def front() -> Front:
    """Return the server's application."""
    return build_asgi(application, Hub(create_engine("sqlite://")))


if __name__ == "__main__":
    serve(front, Options(port=int(sys.argv[1]), processes=int(sys.argv[2])))
