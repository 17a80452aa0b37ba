"""One declaration per route, from which come its URL rule, its checks and its place in the OpenAPI document."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, NamedTuple

from flask import Blueprint, Response, current_app, request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import BadRequest, NotFound

from desk.api.bearer import Bearer, Known, Scope, authenticate, require_scope
from desk.api.incoming import JSON_TYPE, Incoming
from desk.api.problems import NotAsTheSchemaSays
from desk.domain.access import PUBLIC
from desk.domain.identity import office_of
from desk.operations.requests import Done, Outdated, Request
from desk.operations.stream import Streams

ID: Final = "<int:id>"
LARGEST_ID: Final = (1 << 53) - 1
MAX_KEY: Final = 80
MOST_LOOKS: Final = 5
REPLAYED: Final = ("Idempotent-Replayed", "true")


@dataclass(frozen=True, slots=True)
class Call:
    """What a route's function gets: who acts, in which office, the id in the path, the body, the idempotency key."""

    bearer: Bearer
    office_id: int
    id: int
    body: Any
    key: str | None
    streams: Streams

    def request(self, verb: str) -> Request:
        """Return the request for an operation, under the idempotency key of the header if there is one."""
        if self.key is not None and not 1 <= len(self.key) <= MAX_KEY:
            raise BadRequest(f"Idempotency-Key must have 1 to {MAX_KEY} characters.")
        body = self.body.model_dump(mode="json") if self.body is not None else {}
        return Request(self.bearer.actor, verb, {"id": self.id, **body}, self.key, self.bearer.configuration)


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
    locate: Callable[[Known, int], int] | None = None


class Answer(NamedTuple):
    """What a route answers: JSON, with the headers that are not on every answer."""

    body: bytes
    status: HTTPStatus
    headers: list[tuple[str, str]]


def of_entity(known: Known, entity_id: int) -> int:
    """Return the office of an id that tells its office."""
    return office_of(entity_id)


def register(blueprint: Blueprint, route: Route) -> None:
    """Add a route to the blueprint."""

    def view(**path: int) -> Response:
        known: Known = current_app.extensions["desk_known"]
        body, status, headers = respond(route, path.get("id", 0), request.environ, known)
        return Response(body, status, headers, content_type=JSON_TYPE)

    view.access = PUBLIC  # type: ignore[attr-defined]  # the bearer token is asked for below
    view.scope = route.scope  # type: ignore[attr-defined]
    blueprint.add_url_rule(route.path, route.name, view, methods=[route.method])


def respond(route: Route, entity_id: int, environ: dict[str, Any], known: Known) -> Answer:
    """Answer; again with rights looked up anew where they may have changed since: settings come several at a time."""
    incoming = Incoming(environ, body_bytes=known.body_bytes)
    if route.method == "GET":
        return _attempt(route, entity_id, incoming, known, authenticate(incoming, known))
    for looked_up in range(MOST_LOOKS):
        with suppress(Outdated):
            return _attempt(route, entity_id, incoming, known, authenticate(incoming, known, anew=looked_up > 0))
    return _attempt(route, entity_id, incoming, known, authenticate(incoming, known))


def _attempt(route: Route, entity_id: int, incoming: Incoming, known: Known, bearer: Bearer) -> Answer:
    incoming.belongs_to(bearer.actor.person_id, office_id=bearer.office_id, token_hash=bearer.token_hash)
    if ID in route.path and not 1 <= entity_id <= LARGEST_ID:
        raise NotFound
    office_id = _office(route, entity_id, bearer, known)
    require_scope(bearer, route.scope, office_id)
    body = _body(route, incoming)
    return _answer(route, route.function(Call(bearer, office_id, entity_id, body, incoming.key, known.streams)))


def _office(route: Route, entity_id: int, bearer: Bearer, known: Known) -> int:
    if route.locate is not None:
        return route.locate(known, entity_id)
    return entity_id or bearer.office_id


def _body(route: Route, incoming: Incoming) -> BaseModel | None:
    if route.body is None:
        return None
    raw = incoming.json() or b"{}"
    try:
        return route.body.model_validate_json(raw)
    except ValidationError as error:
        raise NotAsTheSchemaSays(error) from None


def _answer(route: Route, found: Any) -> Answer:
    headers: list[tuple[str, str]] = []
    if isinstance(found, Done):
        headers = [REPLAYED] if found.repeated else headers
        found = {**found.facts, "event": found.event, "at": found.time}
    model = found if isinstance(found, BaseModel) else route.answer.model_validate(found)
    return Answer(model.model_dump_json().encode(), route.status, headers)
