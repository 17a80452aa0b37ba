"""What machines ask: whether the process is alive, whether the desk is ready, and its figures.

None of them needs a session or a person. Anybody may ask the first two, which tell no more than yes and no and the
names of what is not well; what lies behind is for whoever has the token of the metrics.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from hmac import compare_digest
from http import HTTPStatus
from typing import Any, Final, cast

from flask import Blueprint, Flask, Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine

from desk.domain.access import PUBLIC
from desk.watching.readiness import Outlook, Readiness
from desk.watching.sharing import Sharing
from desk.web.access import access
from desk.web.context import desk

blueprint = Blueprint("probes", __name__)
CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
# By these paths the server knows what must be answered while every thread for pages waits for something.
PATHS: Final = frozenset({"/healthz", "/readyz", "/metrics"})


@dataclass(frozen=True, slots=True)
class Probes:
    """What the answers are taken from."""

    readiness: Readiness
    tell: Callable[[], bytes]


def install(
    app: Flask, engine: Engine, *, revision: Callable[[], str], knows: Callable[[str], bool], sharing: Sharing
) -> None:
    """Give the application what its probes ask."""
    settings = app.extensions["desk"].settings

    def clock() -> datetime:
        return cast(datetime, app.extensions["desk"].streams.clock())

    readiness = Readiness(settings, Outlook(engine, revision, knows, lambda: _counts(app), clock))

    def tell() -> bytes:
        from desk.watching.exposition import Figures

        return Figures(settings, engine, sharing.totals, readiness.parts, clock).tell()

    app.extensions["desk_probes"] = Probes(readiness, tell)


def _counts(app: Flask) -> bool:
    """Tell whether the store of the limits answers."""
    return all(limiter.storage.check() for limiter in app.extensions.get("limiter", ()))


@blueprint.get("/healthz")
@access(PUBLIC)
def health() -> ResponseReturnValue:
    """Answer as long as the process is alive, whatever else is not."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@access(PUBLIC)
def ready() -> ResponseReturnValue:
    """Answer 200 where everything is well, else 503 with the names of what is not."""
    parts = _probes().readiness.parts()
    failing = [each.name for each in parts if not each.well]
    said: dict[str, Any] = {"status": "not ready" if failing else "ok", "failing": failing}
    if _may_know():
        said["parts"] = [asdict(each) for each in parts]
    return jsonify(said), HTTPStatus.SERVICE_UNAVAILABLE if failing else HTTPStatus.OK


@blueprint.get("/metrics", strict_slashes=True)
@access(PUBLIC)
def metrics() -> ResponseReturnValue:
    """Answer the figures to whoever has the token; where none is set, there is no such page."""
    if not desk().settings.watching.token:
        return _briefly(HTTPStatus.NOT_FOUND)
    if not _may_know():
        answer = _briefly(HTTPStatus.UNAUTHORIZED)
        answer.headers["WWW-Authenticate"] = 'Bearer realm="metrics"'
        return answer
    return Response(_probes().tell(), content_type=CONTENT_TYPE)


def _probes() -> Probes:
    return cast(Probes, current_app.extensions["desk_probes"])


def _may_know() -> bool:
    """Tell whether the request carries the token of the metrics."""
    token = desk().settings.watching.token
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    return bool(token) and scheme.lower() == "bearer" and compare_digest(given.strip().encode(), token.encode())


def _briefly(status: HTTPStatus) -> Response:
    return Response(f"{status.phrase}\n", status, content_type="text/plain; charset=utf-8")
