"""Devices known for somebody: a cookie that says who has signed in here before. It opens nothing.

It only decides with whom a wrong password counts: whoever holds one is counted under it alone, so nobody who tries the
account from elsewhere can keep them out. Up to five people a device, 180 days; signed, so nobody makes one up.
"""

import secrets
from typing import Any, Final

from flask import Flask, Response, g, request
from itsdangerous import BadData, URLSafeTimedSerializer

from desk.web.context import cookie_key, desk

NAME: Final = "desk-known"
DAYS: Final = 180
MOST_PEOPLE: Final = 5


def install(app: Flask) -> None:
    """Give whoever has just signed in the cookie."""
    app.after_request(_remember)


def find_mark(person_id: int | None) -> str | None:
    """Return by what this device is known for somebody; None where they have not signed in here before."""
    return None if person_id is None else _known().get(str(person_id))


def _known() -> dict[str, str]:
    """Return the marks by person, the newest last; empty for a cookie that is not ours."""
    try:
        found: Any = _signer().loads(request.cookies.get(_name(), ""), max_age=DAYS * 86_400)
    except BadData:
        return {}
    return {str(person): str(mark) for person, mark in found.items()} if isinstance(found, dict) else {}


def _remember(response: Response) -> Response:
    person_id = g.pop("known_person", None)
    if person_id is None:
        return response
    known = _known()
    mark = known.pop(str(person_id), None) or secrets.token_urlsafe(12)
    kept = {**dict(list(known.items())[-(MOST_PEOPLE - 1) :]), str(person_id): mark}
    response.set_cookie(
        _name(),
        _signer().dumps(kept),
        max_age=DAYS * 86_400,
        secure=desk().settings.tls,
        httponly=True,
        samesite="Strict",
    )
    return response


def _name() -> str:
    return f"__Host-{NAME}" if desk().settings.tls else NAME


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(cookie_key(), salt="known-device")
