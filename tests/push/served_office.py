"""A real server with a tiny application, run as `python -m tests.push.served_office '{"url": …}'`.

Prints `ready <port>` once; logs to standard error. What differs between tests is in the JSON argument.
"""

import json
import logging
import os
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

from desk.push.hub import Hub
from desk.push.places import StreamLimits
from desk.serving import Front, Limits, Options, build_asgi, protocol, serve
from tests.push.logbook import append, open_logbook, topics_of


def pages(hub: Hub, engine: Any) -> Flask:
    app = Flask("served office")
    add_ordinary(app, hub, engine)
    add_difficult(app)
    return app


def add_ordinary(app: Flask, hub: Hub, engine: Any) -> None:

    @app.post("/offices/<int:office_id>/events")
    def happen(office_id: int) -> str:
        number = append(engine, office_id, *request.args["names"].split(","))
        hub.poke(office_id)
        return str(number)

    @app.get("/process")
    def process() -> str:
        return str(os.getpid())

    @app.get("/client")
    def client() -> dict[str, str | None]:
        return {"address": request.remote_addr, "scheme": request.scheme, "host": request.host}

    @app.get("/<kind>/<token>")
    def visitor(kind: str, token: str) -> str:
        return "yours"

    @app.post("/lengths")
    @app.post("/large")
    def length() -> str:
        return str(len(request.get_data()))


def add_bounds(app: Flask, limits: Limits) -> None:
    """Refuse what is too long in a page of the application's own."""

    @app.before_request
    def bounded() -> tuple[str, int] | None:
        most = limits.large_bytes if limits.is_large(request.path) else limits.body_bytes
        return ("This page says that it is too large", 413) if (request.content_length or 0) > most else None


def add_difficult(app: Flask) -> None:
    closed = threading.Event()

    @app.get("/stuck")
    def stuck() -> str:
        while True:
            time.sleep(60)

    @app.get("/endless")
    def endless() -> Response:
        def lines() -> Iterator[bytes]:
            try:
                while True:
                    yield b"x" * 65_536
            finally:
                closed.set()

        return Response(lines(), mimetype="text/plain")

    @app.get("/endless-closed")
    def endless_closed() -> str:
        return str(closed.wait(10))


def limits_of(given: dict[str, Any]) -> Limits:
    large, who = given.get("large_paths"), given.get("may_send_large")
    may = who and (lambda environ: environ.get("HTTP_COOKIE") == who)
    return Limits(**{**given, "large_paths": large and re.compile(large), "may_send_large": may})


def application(given: dict[str, Any]) -> Callable[[], Front]:
    def build() -> Front:
        if given.get("broken"):
            raise RuntimeError("this office cannot be served")
        engine = open_logbook(given["url"])
        hub = Hub(engine, topics_of=topics_of)
        limits = limits_of(given.get("limits", {}))
        app = pages(hub, engine)
        if limits.has_page_for_large:
            add_bounds(app, limits)
        return build_asgi(
            app,
            hub,
            limits=limits,
            stream_limits=StreamLimits(**given.get("stream_limits", {})),
            proxies=given.get("proxies", 0),
        )

    return build


def companion(file: str) -> Callable[[], None]:
    """Return one that notes its process id, ends at its first life, and then stays."""

    def note() -> None:
        with Path(file).open("a+") as notes:
            notes.seek(0)
            lives = len(notes.readlines())
            notes.write(f"{os.getpid()}\n")
        while lives:
            time.sleep(60)

    return note


def main() -> None:
    given = json.loads(sys.argv[1])
    logging.basicConfig(level=logging.INFO, stream=sys.stderr)
    protocol.HEAD_SECONDS = given.get("head_seconds", protocol.HEAD_SECONDS)
    serve(
        application(given),
        Options(port=given.get("port", 0), processes=given.get("processes", 1)),
        companions=[companion(given["companion"])] if "companion" in given else [],
        ready=lambda host, port: print("ready", port, flush=True),
    )


if __name__ == "__main__":
    main()
