"""Telling the log of security of every request that was refused: by its status, which no way around can leave out.

What a status does not tell stands in `g.alarm`: the guard and the token of forms put it there.
"""

from typing import Any, Final

from flask import Flask, Response, g, request

from desk.operations.accounts.security_log import PERSON, Alarm, tell
from desk.web.marking import ARGUMENTS, ROUTE

BY_STATUS: Final = {
    400: Alarm.UNFIT, 401: Alarm.NOT_SIGNED_IN, 403: Alarm.NOT_ALLOWED, 413: Alarm.TOO_LONG, 415: Alarm.UNFIT,
    429: Alarm.LIMIT,
}  # fmt: skip
# A program has no typing errors: it sends what the schema does not allow, or asks for what is not its own.
OF_PROGRAMS: Final = {**BY_STATUS, 404: Alarm.NOT_THEIRS, 422: Alarm.UNFIT}


def install(pages: Flask, beside: Flask) -> None:
    """Look at every answer of both applications."""
    pages.after_request(_of_page)
    beside.after_request(_of_program)


def _of_page(response: Response) -> Response:
    return _told(g.get("alarm") or BY_STATUS.get(response.status_code), response)


def _of_program(response: Response) -> Response:
    return _told(OF_PROGRAMS.get(response.status_code), response)


def _told(alarm: Alarm | None, response: Response) -> Response:
    if alarm is None:
        return response
    environ = request.environ
    person = getattr(g.get("_login_user"), "id", None) or environ.get(PERSON)
    office = environ.get(ARGUMENTS, {}).get("office_id")
    facts: dict[str, Any] = {"route": environ.get(ROUTE), "method": request.method, "status": response.status_code}
    tell(alarm, person_id=person, office=office if isinstance(office, int) else None, **facts)
    return response
