"""Telling the log of security of every request that was refused: by its status, which no way around can leave out.

What a status does not tell stands in `g.alarm`: the guard and the token of forms put it there. An operation that
refused for want of a right tells the log itself; that it did stands in `g.is_right_missing`. What was refused to
somebody who is known is counted too, where their administrators see it.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from flask import Flask, Response, g, request

from desk.domain.refused_access import NO_OFFICE, RefusedAs, refusal_at
from desk.operations.accounts.counting_refusals import RefusalTally, write_refusals
from desk.operations.accounts.security_log import PERSON, TOKEN, Alarm, tell
from desk.operations.stream import Streams
from desk.web.marking import ARGUMENTS, ROUTE

BY_STATUS: Final = {
    400: Alarm.UNFIT, 401: Alarm.NOT_SIGNED_IN, 403: Alarm.NOT_ALLOWED, 413: Alarm.TOO_LONG, 415: Alarm.UNFIT,
    429: Alarm.LIMIT,
}  # fmt: skip
# A program has no typing errors: it sends what the schema does not allow, or asks for what is not its own.
OF_PROGRAMS: Final = {**BY_STATUS, 404: Alarm.NOT_THEIRS, 422: Alarm.UNFIT}
# What is counted; a body that is too long or unfit says nothing of anybody's rights.
COUNTED: Final = {each.value for each in RefusedAs}
TALLY: Final = "desk_refusals"  # under which the applications keep what is counted and not written yet
NOWHERE: Final = "-"  # in the place of a route: an address that has none


def install(pages: Flask, beside: Flask) -> None:
    """Look at every answer of both applications."""
    pages.extensions[TALLY] = RefusalTally()

    def looking(by_status: Mapping[int, Alarm]) -> Callable[[Response], Response]:
        def look(response: Response) -> Response:
            alarm = g.get("alarm") or by_status.get(response.status_code)
            if alarm is not None:
                _tell(alarm, response)
            if alarm is not None or g.get("is_right_missing"):
                _count(pages.extensions, alarm or Alarm.NOT_ALLOWED)
            return response

        return look

    pages.after_request(looking(BY_STATUS))
    beside.after_request(looking(OF_PROGRAMS))


def write_rest(extensions: Mapping[str, Any]) -> None:
    """Write what this process counted and kept back, for somebody who is about to look."""
    streams: Streams = extensions["desk"].streams
    write_refusals(streams.engine, extensions[TALLY].take_rest())


def _tell(alarm: Alarm, response: Response) -> None:
    facts: dict[str, Any] = {"route": _route(), "method": request.method, "status": response.status_code}
    tell(alarm, person_id=_person_id(), office=_office_id(), **facts)


def _count(extensions: Mapping[str, Any], alarm: Alarm) -> None:
    person_id = _person_id()
    if person_id is None or alarm.value not in COUNTED:
        return
    streams: Streams = extensions["desk"].streams
    tally: RefusalTally = extensions[TALLY]
    office_id, token_hash = request.environ.get(TOKEN, (_office_id(), ""))
    at = streams.clock()
    refusal = refusal_at(
        at,
        office_id=office_id or NO_OFFICE,
        person_id=person_id,
        kind=RefusedAs(alarm.value),
        route=f"{request.method} {_route() or NOWHERE}",
        token_hash=token_hash,
    )
    write_refusals(streams.engine, tally.add(refusal, at))


def _person_id() -> int | None:
    found: int | None = getattr(g.get("_login_user"), "id", None) or request.environ.get(PERSON)
    return found


def _route() -> str | None:
    found: str | None = request.environ.get(ROUTE)
    return found


def _office_id() -> int | None:
    office_id = request.environ.get(ARGUMENTS, {}).get("office_id")
    return office_id if isinstance(office_id, int) else None
