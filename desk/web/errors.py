"""Refusals and errors as pages, in the person's language, without a traceback."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import format_datetime, gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from desk.domain.refusals import Refused
from desk.wording.refusals import SENTENCES

STATUSES = frozenset({400, 403, 404, 409, 410, 413, 422, 429, 500, 503})


def sentence(refused: Refused) -> str:
    """Return a refusal in words, in the language of the request."""
    text = gettext(SENTENCES[refused.reason].text)
    opens_at = refused.details.get("opens_at")
    if opens_at is not None:
        opening = format_datetime(opens_at, "EEEE, d MMMM yyyy HH:mm")  # type: ignore[arg-type]
        return f"{text} {gettext('Next opening: %(time)s.', time=opening)}"
    return text


def refusal_status(refused: Refused) -> int:
    """Return the HTTP status of a refusal."""
    return SENTENCES[refused.reason].status


def error_page(status: int, *, text: str | None = None) -> Response:
    """Return the page of an error; a sentence of ours replaces the general one."""
    shown = status if status in STATUSES else 500 if status >= 500 else 400
    response = Response(render_template(f"errors/{shown}.html", message=text), status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def back_with(message: str, target: str) -> ResponseReturnValue:
    """Return to a page that shows the message on top."""
    flash(message, "error")
    return redirect(target, 303)


Respond = Callable[[Exception], ResponseReturnValue]


def install(app: Flask, respond: Respond) -> None:
    """Let `respond` answer every refusal and error of an application; what is unexpected is logged."""

    def answer(error: Exception) -> ResponseReturnValue:
        _log(app, error)
        return respond(error)

    app.register_error_handler(Exception, answer)


def _log(app: Flask, error: Exception) -> None:
    match error:
        case Refused() | HTTPException():
            return
        case OperationalError():
            app.logger.error("database: %s", type(error.orig).__name__)
        case _:
            app.logger.exception("unexpected: %s", type(error).__name__)


def page_of(error: Exception) -> ResponseReturnValue:
    """Return the page that answers a refusal or an error."""
    match error:
        case Refused():
            return error_page(refusal_status(error), text=sentence(error))
        case CSRFError():
            text = gettext("The page was open too long or came from elsewhere. Go back, reload it and try again.")
            return error_page(400, text=text)
        case HTTPException():
            return _http_page(error)
        case OperationalError():
            return error_page(503)
        case _:
            return error_page(500)


def _http_page(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or error.code is None or error.code < 400:
        return error.get_response()
    response = error_page(error.code)
    for name, value in error.get_headers(request.environ):
        if name in ("Retry-After", "Allow"):
            response.headers[name] = value
    return response


def details_of(refused: Refused) -> dict[str, Any]:
    """Return the details of a refusal that may be shown."""
    return {name: value for name, value in refused.details.items() if isinstance(value, str | int)}
