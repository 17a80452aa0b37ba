"""One declaration per route, from which come its URL rule, its checks and its place in the OpenAPI document."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, Response, current_app, request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import BadRequest, NotFound, UnsupportedMediaType

from desk.api.bearer import Bearer, Scope, authenticate, require_scope
from desk.api.problems import problem
from desk.domain.access import PUBLIC
from desk.domain.identity import office_of
from desk.operations.requests import Done, Outdated, Request
from desk.operations.stream import Streams

LARGEST_ID: Final = (1 << 53) - 1
MAX_KEY: Final = 80


@dataclass(frozen=True, slots=True)
class Call:
    """What a route's function gets: who acts, in which office, the id in the path, the body."""

    bearer: Bearer
    office_id: int
    id: int
    body: Any
    streams: Streams

    def request(self, verb: str) -> Request:
        """Return the request for an operation, under the idempotency key of the header if there is one."""
        key = request.headers.get("Idempotency-Key")
        if key is not None and not 1 <= len(key) <= MAX_KEY:
            raise BadRequest(f"Idempotency-Key must have 1 to {MAX_KEY} characters.")
        body = self.body.model_dump(mode="json") if self.body is not None else {}
        return Request(self.bearer.actor, verb, {"id": self.id, **body}, key, self.bearer.configuration)


@dataclass(frozen=True, slots=True)
class Route:
    """A method and path with what goes in, what comes out, and the scope it takes.

    `locate` finds the office an id in the path belongs to; None for a path that names the office itself.
    """

    method: str
    path: str
    name: str
    summary: str
    scope: Scope
    function: Callable[[Call], Any]
    answer: type[BaseModel]
    body: type[BaseModel] | None = None
    status: HTTPStatus = HTTPStatus.OK
    tag: str = "offices"
    locate: Callable[[Streams, int], int] | None = None


def of_entity(streams: Streams, entity_id: int) -> int:
    """Return the office of an id that tells its office."""
    return office_of(entity_id)


def register(blueprint: Blueprint, route: Route) -> None:
    """Add a route to the blueprint."""

    def view(**path: int) -> Response:
        return _respond(route, path.get("id", 0))

    view.access = PUBLIC  # type: ignore[attr-defined]  # the bearer token is asked for below
    view.scope = route.scope  # type: ignore[attr-defined]
    blueprint.add_url_rule(route.path, route.name, view, methods=[route.method])


def _respond(route: Route, entity_id: int) -> Response:
    """Answer; once more with rights looked up anew where they may have changed since they were looked up."""
    if route.method == "GET":
        return _attempt(route, entity_id, authenticate())
    try:
        return _attempt(route, entity_id, authenticate(anew=False))
    except Outdated:
        return _attempt(route, entity_id, authenticate())


def _attempt(route: Route, entity_id: int, bearer: Bearer) -> Response:
    if "<int:id>" in route.path and not 1 <= entity_id <= LARGEST_ID:
        raise NotFound
    streams: Streams = current_app.extensions["desk"].streams
    office_id = _office(route, entity_id, bearer, streams)
    require_scope(bearer, route.scope, office_id)
    try:
        body = _body(route)
    except ValidationError as error:
        return _invalid(error)
    found = route.function(Call(bearer, office_id, entity_id, body, streams))
    return _answer(route, found)


def _office(route: Route, entity_id: int, bearer: Bearer, streams: Streams) -> int:
    if route.locate is not None:
        return route.locate(streams, entity_id)
    return entity_id or bearer.office_id


def _body(route: Route) -> BaseModel | None:
    if route.body is None:
        return None
    raw = request.get_data()
    if raw and request.mimetype != "application/json":
        raise UnsupportedMediaType("Send application/json.")
    return route.body.model_validate_json(raw or b"{}")


def _invalid(error: ValidationError) -> Response:
    errors = [
        {"field": ".".join(str(part) for part in each["loc"]), "message": each["msg"]}
        for each in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    malformed = any(each["type"] == "json_invalid" for each in error.errors(include_url=False))
    status = 400 if malformed else 422
    return problem(
        status, "malformed" if malformed else "invalid", "The body is not as the schema says.", errors=errors
    )


def _answer(route: Route, found: Any) -> Response:
    headers = {}
    if isinstance(found, Done):
        headers = {"Idempotent-Replayed": "true"} if found.repeated else {}
        found = {**found.facts, "event": found.event, "at": found.time}
    model = found if isinstance(found, BaseModel) else route.answer.model_validate(found)
    text = model.model_dump_json()
    return Response(text, status=route.status, content_type="application/json", headers=headers)
