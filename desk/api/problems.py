"""Refusals and errors as application/problem+json (RFC 9457)."""

from typing import Any, Final

from flask import Response, g, json, request
from flask_babel import gettext
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException, UnprocessableEntity

from desk.domain.refusals import Refused
from desk.models.engine import AWAY
from desk.operations.accounts.security_log import OF_RIGHTS
from desk.wording.closed_offers import closing_of
from desk.wording.refusals import SENTENCES, filled

MEDIA_TYPE: Final = "application/problem+json"


class NotAsTheSchemaSays(UnprocessableEntity):
    """A body that is no JSON, or not what its route takes."""

    def __init__(self, invalid: ValidationError) -> None:
        super().__init__()
        self.invalid = invalid


def problem(status: int, code: str, detail: str, **members: Any) -> Response:
    """Return a problem; `code` is stable for programs, `detail` says to people what to do next."""
    body = {"type": f"urn:desk:problem:{code}", "title": code.replace("_", " "), "status": status, "code": code}
    return Response(json.dumps({**body, "detail": detail, **members}), status=status, content_type=MEDIA_TYPE)


def problem_of(error: Exception) -> Response:
    """Return the problem that answers a refusal or an error."""
    match error:
        case Refused():
            g.is_right_missing = error.reason in OF_RIGHTS
            return _refusal(error)
        case NotAsTheSchemaSays():
            return _invalid(error.invalid)
        case HTTPException() if error.code is not None:
            return _http(error)
        case _ if isinstance(error, AWAY):
            response = problem(503, "busy", gettext("The database does not answer. Try again under the same key."))
            response.headers["Retry-After"] = "2"
            return response
        case _:
            return problem(500, "internal", gettext("Something went wrong here. Nothing was changed."))


def _refusal(refused: Refused) -> Response:
    found = SENTENCES[refused.reason]
    details = {name: _plain(value) for name, value in refused.details.items()}
    return problem(found.status, refused.reason.value, _words(refused, gettext(found.text)), details=details)


def _words(refused: Refused, text: str) -> str:
    closing = closing_of(refused)
    if closing is None:
        return filled(text, refused.details)
    words, at, name = closing
    return gettext(words) % {"name": name or gettext("The system"), "time": f"{at:%H:%M} UTC"}


def _plain(value: object) -> object:
    return value if isinstance(value, int | str | None) else str(value)


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


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    code = error.name.lower().replace(" ", "_").replace("'", "")
    response = problem(status, code, error.description or error.name)
    for name, value in error.get_headers(request.environ):
        if name in ("Retry-After", "Allow", "WWW-Authenticate"):
            response.headers[name] = value
    return response
