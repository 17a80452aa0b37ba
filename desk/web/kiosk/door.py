"""The code at the door that changes: the screen that shows it, and who came through it.

Only a screen of the office shows the code: one that was paired for the door or as a kiosk, or one at which somebody of
the staff is signed in. Whoever opens the address in the code gets a grant in their cookie, good for some minutes.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flask import Blueprint, abort, current_app, g, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from desk.domain.access import PUBLIC
from desk.domain.devices import DeviceKind
from desk.domain.door import GRANT, NUMBERS_PER_GRANT, CheckInMode, code_now, is_valid
from desk.domain.refusals import Reason, Refused
from desk.limiting.grants import Grants
from desk.operations.requests import Done
from desk.web.access import access
from desk.web.context import desk, get_office
from desk.web.lobby.closed_for_good import turn_away_if_retired
from desk.web.lobby.device_cookie import current_device, leave_if_unpaired
from desk.web.qr import qr_picture

blueprint = Blueprint("door", __name__)
COOKIE_KEY: Final = "door"  # in the session: the office, until when, and under what the numbers are counted
GRANTS: Final = "desk_grants"
CODE: Final = "code"
SHOWING: Final = frozenset({DeviceKind.DOOR, DeviceKind.KIOSK})


@blueprint.get("/offices/<int:office_id>/door/screen")
@access(PUBLIC)
def screen(office_id: int) -> ResponseReturnValue:
    """Show the code of now to whoever stands at the door."""
    _open_screen(office_id)
    return render_template("door/screen.html", door=_door(office_id))


@blueprint.get("/offices/<int:office_id>/door/code")
@access(PUBLIC)
def code(office_id: int) -> ResponseReturnValue:
    """Return the part of the screen that changes."""
    _open_screen(office_id)
    response = make_response(render_template("door/_code.html", door=_door(office_id)))
    response.add_etag()
    return response.make_conditional(request)


@blueprint.get("/offices/<int:office_id>/enter/<code>")
@access(PUBLIC)
def enter(office_id: int, code: str) -> ResponseReturnValue:
    """Lead from the code to the services; a code that is over leads there too, where it is said."""
    office = get_office(office_id)
    turn_away_if_retired()
    at = desk().streams.clock()
    if is_valid(desk().streams.keys.links, office_id, code, seconds=office.door_code_s, at=at):
        session[COOKIE_KEY] = [office_id, int((at + GRANT).timestamp()), secrets.token_urlsafe(12)]
    return redirect(url_for("kiosk.phone_services", office_id=office_id), 303)


@blueprint.app_context_processor
def _context() -> dict[str, Any]:
    return {"at_the_door": lambda: is_at_the_door(at=desk().streams.clock())}


def is_at_the_door(*, at: datetime) -> bool:
    """Tell whether whoever asks may take a number by phone in the office of the page."""
    office = g.office
    if office.phone_check_in != CheckInMode.ROTATING.value:
        return True
    found = session.get(COOKIE_KEY)
    if not isinstance(found, list) or len(found) != 3:
        return False
    office_id, until, _ = found
    return office_id == office.id and isinstance(until, int) and at.timestamp() < until


def require_at_the_door() -> None:
    """Raise `Refused(DOOR_CODE_OVER)` for whoever did not scan the code at the door, or too long ago."""
    if not is_at_the_door(at=desk().streams.clock()):
        raise Refused(Reason.DOOR_CODE_OVER)


def under_grant(work: Callable[[], Done]) -> Done:
    """Issue a number to whoever came through the code: only a few under one grant, else `Refused(DOOR_GRANT_SPENT)`."""
    if g.office.phone_check_in != CheckInMode.ROTATING.value:
        return work()
    grants: Grants = current_app.extensions[GRANTS]
    grant, key, lasts = session[COOKIE_KEY][2], request.form.get("key", ""), int(GRANT.total_seconds())
    if not grants.take(grant, key, most=NUMBERS_PER_GRANT, seconds=lasts):
        raise Refused(Reason.DOOR_GRANT_SPENT)
    try:
        return work()
    except Refused:
        grants.give_back(grant, key, seconds=lasts)
        raise


def _open_screen(office_id: int) -> None:
    get_office(office_id)
    leave_if_unpaired()
    turn_away_if_retired()
    device = current_device()
    is_ours = device is not None and device.office_id == office_id and device.kind in SHOWING
    if is_ours:
        return
    if not current_user.is_authenticated:
        abort(redirect(url_for("pairing.page"), 303))
    if not current_user.roles_in(office_id):
        raise Refused(Reason.ONLY_DOOR_SCREENS)


@dataclass(frozen=True, slots=True)
class Door:
    """What the screen shows: the code as a picture, whether it changes, and how often it is looked for (seconds)."""

    picture: Markup
    every: int
    rotates: bool


def _door(office_id: int) -> Door:
    office = g.office
    public = desk().settings.public_url
    if office.phone_check_in != CheckInMode.ROTATING.value:
        return Door(qr_picture(public + url_for("kiosk.phone_services", office_id=office_id)), 60, rotates=False)
    seconds = office.door_code_s
    found = code_now(desk().streams.keys.links, office_id, seconds=seconds, at=desk().streams.clock())
    path = url_for("door.enter", office_id=office_id, code=found.code)
    return Door(qr_picture(public + path), max(5, seconds // 3), rotates=True)
