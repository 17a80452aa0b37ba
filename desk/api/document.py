"""The OpenAPI 3.1 document, made from the routes and their schemas."""

import re
from collections.abc import Iterable
from typing import Any, Final

from apispec import APISpec
from pydantic import BaseModel, Field, ValidationError
from pydantic.json_schema import models_json_schema

from desk import __version__
from desk.api.problems import MEDIA_TYPE
from desk.api.routing import MAX_KEY, Route

REFERENCE: Final = "#/components/schemas/{model}"
GENERAL_PROBLEMS: Final = {400: "Malformed", 401: "No valid token", 403: "Not within the token's scopes",
                           404: "No such thing in the token's office", 503: "Busy; try again"}  # fmt: skip
CHANGE_PROBLEMS: Final = {409: "Refused by a rule; `code` says which", 413: "Too large", 415: "Not JSON",
                          422: "Not as the schema or a rule demands"}  # fmt: skip


class Problem(BaseModel):
    """A refusal or an error (RFC 9457); `code` is stable, `detail` says what to do next."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    details: dict[str, Any] = Field(default_factory=dict)
    errors: list[dict[str, str]] = Field(default_factory=list)


def document(routes: Iterable[Route]) -> dict[str, Any]:
    """Return the document of these routes."""
    routes = list(routes)
    spec = APISpec(
        title="Desk",
        version=__version__,
        openapi_version="3.1.0",
        info={"description": "Queue numbers, accepted handoffs and a survey for every service transaction."},
        servers=[{"url": "/api/v1"}],
        security=[{"bearer": []}],
    )
    spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    for name, schema in _schemas(routes).items():
        spec.components.schema(name, schema)
    for path in dict.fromkeys(route.path for route in routes):
        here = [route for route in routes if route.path == path]
        spec.path(path=_template(path), operations={route.method.lower(): _operation(route) for route in here})
    found: dict[str, Any] = spec.to_dict()
    return found


def _schemas(routes: Iterable[Route]) -> dict[str, Any]:
    bodies = {(route.body, "validation") for route in routes if route.body is not None}
    answers = {(route.answer, "serialization") for route in routes} | {(Problem, "serialization")}
    models: Any = sorted(bodies | answers, key=lambda each: each[0].__name__)
    _, definitions = models_json_schema(models, ref_template=REFERENCE)
    found: dict[str, Any] = definitions["$defs"]
    return found


def _template(path: str) -> str:
    return re.sub(r"<int:(\w+)>", r"{\1}", path)


def _operation(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.summary,
        "description": f"{(route.function.__doc__ or '').strip()}\n\nScope: `{route.scope.value}`.",
        "tags": [route.tag],
        "parameters": _parameters(route),
        "responses": _responses(route),
    }
    if route.body is not None:
        schema = _reference(route.body)
        required = not _may_be_empty(route.body)
        operation["requestBody"] = {"required": required, "content": {"application/json": {"schema": schema}}}
    return operation


def _may_be_empty(body: type[BaseModel]) -> bool:
    """Tell whether a request without a body says enough."""
    try:
        body.model_validate({})
    except ValidationError:
        return False
    return True


def _parameters(route: Route) -> list[dict[str, Any]]:
    parameters: list[dict[str, Any]] = []
    if "<int:id>" in route.path:
        number = {"type": "integer", "minimum": 1, "maximum": (1 << 53) - 1}
        parameters.append({"name": "id", "in": "path", "required": True, "schema": number})
    if route.method == "POST":
        text = {"type": "string", "minLength": 1, "maxLength": MAX_KEY}
        about = "A repeat under the same key gets the first answer; another request under it is refused."
        parameters.append({"name": "Idempotency-Key", "in": "header", "schema": text, "description": about})
    return parameters


def _responses(route: Route) -> dict[str, Any]:
    problems = GENERAL_PROBLEMS | (CHANGE_PROBLEMS if route.method == "POST" else {})
    content = {MEDIA_TYPE: {"schema": _reference(Problem)}}
    success = {"description": "Done", "content": {"application/json": {"schema": _reference(route.answer)}}}
    return {
        str(route.status.value): success,
        **{str(status): {"description": text, "content": content} for status, text in problems.items()},
    }


def _reference(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": REFERENCE.format(model=model.__name__)}
