"""Refusals and errors as application/problem+json (RFC 9457)."""

from typing import Any, Final

from flask import Response, json, request
from flask_babel import gettext
from werkzeug.exceptions import HTTPException

from desk.domain.refusals import Refused
from desk.models.engine import AWAY
from desk.wording.refusals import SENTENCES

MEDIA_TYPE: Final = "application/problem+json"


def problem(status: int, code: str, detail: str, **members: Any) -> Response:
    """Return a problem; `code` is stable for programs, `detail` says to people what to do next."""
    body = {"type": f"urn:desk:problem:{code}", "title": code.replace("_", " "), "status": status, "code": code}
    return Response(json.dumps({**body, "detail": detail, **members}), status=status, content_type=MEDIA_TYPE)


def problem_of(error: Exception) -> Response:
    """Return the problem that answers a refusal or an error."""
    match error:
        case Refused():
            return _refusal(error)
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
    text = gettext(found.text)
    said = text % refused.details if "%(" in text else text
    return problem(found.status, refused.reason.value, said, details=details)


def _plain(value: object) -> object:
    return value if isinstance(value, int | str | None) else str(value)


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    code = error.name.lower().replace(" ", "_").replace("'", "")
    response = problem(status, code, error.description or error.name)
    for name, value in error.get_headers(request.environ):
        if name in ("Retry-After", "Allow", "WWW-Authenticate"):
            response.headers[name] = value
    return response
