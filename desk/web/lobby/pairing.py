"""What a device shows of itself: the code that pairs it, and from then on its face.

The page at `/pair` asks for a code, shows it, and waits; as soon as an administrator has typed the code, it takes its
secret into a cookie of its own and goes on to its face. `/device` leads there at every later start.
"""

from math import ceil
from typing import Final

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from desk.domain.access import PUBLIC
from desk.domain.devices import CODE_LASTS, code_of, secret_of, spaced
from desk.operations.settings.devices import begin_pairing, mark_seen
from desk.reads.devices import Waiting, find_waiting
from desk.web.access import access
from desk.web.context import desk, get_office, reader
from desk.web.lobby.device_cookie import current_device, face_of, forget, given_secret, keep, version_of

blueprint = Blueprint("pairing", __name__)
WAITING: Final = "pairing"


@blueprint.after_request
def keep_nothing(response: Response) -> Response:
    """Let no browser keep a code."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/pair")
@access(PUBLIC)
def page() -> ResponseReturnValue:
    """Show the code, or offer one; a device that is paired is led on."""
    waiting, device = _waiting(), current_device()
    if device is not None:
        get_office(device.office_id)
    secret = given_secret(WAITING)
    code = spaced(code_of(desk().streams.keys.links, secret)) if waiting is not None and secret is not None else None
    return render_template(
        "devices/pair.html",
        state=_state(waiting),
        code=code,
        minutes_left=_minutes_left(waiting),
        device=device,
        is_asked="code" in request.args,
        address=f"{desk().settings.public_url}{url_for('pairing.page')}",
    )


@blueprint.post("/pair")
@access(PUBLIC)
def begin() -> ResponseReturnValue:
    """Let this browser wait under a new code."""
    response = make_response(redirect(url_for("pairing.page", code=1), 303))
    keep(response, begin_pairing(desk().streams), purpose=WAITING, seconds=int(CODE_LASTS.total_seconds()))
    return response


@blueprint.get("/pair/now")
@access(PUBLIC)
def now() -> ResponseReturnValue:
    """Tell the page whether its code still waits, was typed, or is over."""
    return jsonify(state=_state(_waiting()))


@blueprint.post("/pair/claims")
@access(PUBLIC)
def claim() -> ResponseReturnValue:
    """Give the browser that waited the secret of the device it has become, and show its face."""
    waiting = _waiting()
    if waiting is None or waiting.device_id is None:
        return redirect(url_for("pairing.page"), 303)
    response = make_response(redirect(url_for("pairing.face"), 303))
    keep(response, secret_of(desk().streams.keys.links, waiting.device_id))
    forget(response, purpose=WAITING)
    return response


@blueprint.get("/device")
@access(PUBLIC)
def face() -> ResponseReturnValue:
    """Lead a device to its face, and show any other browser the page that pairs it."""
    device = current_device()
    if device is None or device.revoked_at is not None:
        return page()
    return redirect(face_of(device), 303)


@blueprint.get("/device/now")
@access(PUBLIC)
def settings() -> ResponseReturnValue:
    """Return the part of a face that says how the device is set; none where it was unpaired."""
    device = current_device()
    is_paired = device is not None and device.revoked_at is None
    version = version_of(device) if device is not None and is_paired else ""
    response = make_response(render_template("devices/_now.html", version=version))
    response.add_etag()
    return response.make_conditional(request)


@blueprint.post("/device/beats")
@access(PUBLIC)
def beat() -> ResponseReturnValue:
    """Note that the device is there, and let it keep its secret for longer."""
    device, secret = current_device(), given_secret()
    if device is None or secret is None or device.revoked_at is not None:
        return redirect(url_for("pairing.page"), 303)
    streams = desk().streams
    mark_seen(streams, device.office_id, device.id, at=streams.clock())
    response = make_response("", 204)
    keep(response, secret)
    return response


def _waiting() -> Waiting | None:
    secret = given_secret(WAITING)
    return None if secret is None else find_waiting(reader(), secret, at=desk().streams.clock())


def _minutes_left(waiting: Waiting | None) -> int:
    """Return how long a code is good yet: a device without an office has no time zone to say until when."""
    left = 0.0 if waiting is None else (waiting.expires_at - desk().streams.clock()).total_seconds()
    return max(1, ceil(left / 60))


def _state(waiting: Waiting | None) -> str:
    if waiting is None:
        return "over"
    return "waiting" if waiting.device_id is None else "paired"
