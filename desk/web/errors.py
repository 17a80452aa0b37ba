"""Refusals and errors as pages, in the person's language, without a traceback.

What was unexpected is logged by its kind and place only: the words of an error may hold what a person typed, an address
or a token (a database quotes the row it refuses).
"""

from collections.abc import Callable
from typing import Any, Final

from flask import Flask, Response, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_datetime, format_time, gettext, ngettext
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge, TooManyRequests, Unauthorized

from desk.domain.refusals import Reason, Refused
from desk.logs import current_request_id, told_of
from desk.models.engine import AWAY
from desk.operations.accounts.security_log import OF_RIGHTS, Alarm
from desk.operations.requests import Done
from desk.web.interrupted import place_before, typed_words
from desk.web.limits import LARGE_BYTES, LARGE_FORMS, MEBIBYTE, minutes_to_wait
from desk.web.numbers import with_separators
from desk.web.staff_frame import frame_of_error
from desk.wording.closed_offers import closing_of
from desk.wording.refusals import SENTENCES, filled

STATUSES: Final = frozenset({400, 401, 403, 404, 409, 410, 413, 422, 429, 500, 503})
DEEPEST_OFFICE: Final = 3  # the slashes of /offices/1/counter-settings
LAST_WORDS: Final = (
    "Terjadi kesalahan di sistem kami. Coba lagi sebentar lagi.\nSomething went wrong here. Try again soon.\n"
)


def sentence(refused: Refused) -> str:
    """Return a refusal in words, in the language of the request; of what was asked for in vain it leaves word."""
    if request.method == "POST" and refused.reason in OF_RIGHTS:
        g.is_right_missing = True
    text = filled(gettext(SENTENCES[refused.reason].text), with_separators(refused.details))
    opens_at = refused.details.get("opens_at")
    if opens_at is not None:
        opening = format_datetime(opens_at, "EEEE, d MMMM yyyy HH:mm")
        next_opening = gettext("Next opening: %(time)s.", time=opening)
        return f"{text} {next_opening}"
    closing = closing_of(refused)
    if closing is not None:
        words, at, name = closing
        return gettext(words) % {"name": name or gettext("The system"), "time": format_time(at, gettext("HH:mm"))}
    return text


def refusal_status(refused: Refused) -> int:
    """Return the HTTP status of a refusal."""
    return SENTENCES[refused.reason].status


def error_page(status: int, *, text: str | None = None, **more: Any) -> Response:
    """Return the page of an error; a sentence of ours replaces the general one."""
    if status >= 500:
        g.without_database = True
    shown = status if status in STATUSES else 500 if status >= 500 else 400
    page = render_template(f"errors/{shown}.html", message=text, frame=frame_of_error(), **more)
    response = Response(page, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def back_with(message: str, target: str) -> ResponseReturnValue:
    """Return to a page that shows the message on top."""
    flash(message, "error")
    return redirect(target, 303)


def done_and_told(operation: Callable[[], Done], said: str | Callable[[Done], str], target: str) -> ResponseReturnValue:
    """Do one operation and return to a page that says so, or why not; what nobody may know of stays unknown."""
    try:
        done = operation()
    except Refused as refused:
        if refused.reason in (Reason.UNKNOWN, Reason.FORBIDDEN):
            raise
        return back_with(sentence(refused), target)
    flash(said if isinstance(said, str) else said(done), "success")
    return redirect(target, 303)


Respond = Callable[[Exception], ResponseReturnValue]


def install(app: Flask, respond: Respond) -> None:
    """Let `respond` answer every refusal and error of an application; what is unexpected is logged."""

    def answer(error: Exception) -> ResponseReturnValue:
        _log(app, error)
        try:
            return respond(error)
        except Exception as another:  # noqa: BLE001 - such as the database, asked in which language to answer
            _log(app, another)
            return _answer_plainly(app, respond, another)

    app.register_error_handler(Exception, answer)


def _answer_plainly(app: Flask, respond: Respond, error: Exception) -> ResponseReturnValue:
    """Answer without asking the database; where even that fails, without a page."""
    g.without_database = True
    try:
        return respond(error)
    except Exception as another:  # noqa: BLE001 - nothing is left to be asked
        _log(app, another)
        return Response(f"{LAST_WORDS}{current_request_id() or ''}\n", 500, mimetype="text/plain")


def _log(app: Flask, error: Exception) -> None:
    match error:
        case Refused() | HTTPException():
            return
        case _ if isinstance(error, AWAY):
            app.logger.error("database: %s", type(getattr(error, "orig", None) or error).__name__)
        case _:
            app.logger.error("unexpected: %s", told_of(error))


def page_of(error: Exception) -> ResponseReturnValue:
    """Return the page that answers a refusal or an error."""
    match error:
        case Refused():
            return error_page(refusal_status(error), text=sentence(error))
        case CSRFError():
            g.alarm = Alarm.FORGED
            text = gettext("The page was open too long or came from elsewhere. Go back, reload it and try again.")
            return error_page(400, text=text, typed=typed_words())
        case HTTPException():
            return _http_page(error)
        case _ if isinstance(error, AWAY):
            return error_page(503)
        case _:
            return error_page(500)


def _page_above() -> str:
    """Return the page that a form of ours stands on whose address somebody opens; nothing where there is none.

    The answer to a form that was refused has the address of the form, and is opened again by a reload or a new tab.
    """
    if request.method != "GET" or not request.path.startswith("/offices/") or not current_user.is_authenticated:
        return ""
    routes, path = current_app.create_url_adapter(request), request.path.rstrip("/")
    while routes is not None and path.count("/") > DEEPEST_OFFICE:
        path = path.rpartition("/")[0]
        try:
            routes.match(path, method="GET")
        except HTTPException:
            continue
        return path
    return ""


def _http_page(error: HTTPException) -> ResponseReturnValue:
    above = _page_above() if isinstance(error, MethodNotAllowed) else ""
    if above:
        return redirect(above, 303)
    if error.response is not None or error.code is None or error.code < 400:
        return error.get_response()
    response = error_page(error.code, **_particulars(error))
    for name, value in error.get_headers(request.environ):
        if name in ("Retry-After", "Allow"):
            response.headers[name] = value
    return response


def _particulars(error: HTTPException) -> dict[str, Any]:
    """Return what the page of this error says beyond the general words."""
    match error:
        case Unauthorized():
            return {"typed": typed_words(), "sign_in": url_for("signin.form", next=place_before() or None)}
        case TooManyRequests():
            minutes = minutes_to_wait()
            return {} if minutes is None else {"next_step": _wait(minutes)}
        case RequestEntityTooLarge() if request.endpoint in LARGE_FORMS:
            words = gettext(
                "A file may have at most %(most)d MB. Split it, for example by month, and send it in parts."
            )
            return {"next_step": words % {"most": LARGE_BYTES // MEBIBYTE}}
        case _:
            return {}


def _wait(minutes: int) -> str:
    return ngettext(
        "Try again in %(num)d minute. At the office, an officer can help you right away.",
        "Try again in %(num)d minutes. At the office, an officer can help you right away.",
        minutes,
    )
