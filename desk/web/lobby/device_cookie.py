"""The cookie of a paired device: whose browser this is, apart from whoever may be signed in.

It opens the face of its kind in its own office and nothing of the staff. A browser without one costs no query.
"""

from typing import Final

from flask import Response, abort, g, make_response, redirect, render_template, request, url_for

from desk.domain.audit import digest_of
from desk.domain.devices import DeviceKind
from desk.domain.door import CheckInMode
from desk.domain.points import PointKind
from desk.domain.tokens import TokenKind, derive
from desk.reads.devices import PairedDevice, find_by_secret
from desk.web.context import cookie_key, desk, get_office, reader
from desk.web.lobby.closed_for_good import turn_away_if_retired

# Browsers keep no cookie longer; every beat of the device renews it.
LASTS_SECONDS: Final = 400 * 24 * 3600
LONGEST: Final = 100
FACES: Final = {DeviceKind.KIOSK: "kiosk.start", DeviceKind.DISPLAY: "display.board", DeviceKind.DOOR: "door.screen"}


def cookie_name(purpose: str = "device") -> str:
    """Return the name of a cookie for `device` or `pairing`; with TLS no other site and no other path can set it."""
    return f"__Host-desk-{purpose}" if desk().settings.tls else f"desk-{purpose}"


def keep(response: Response, secret: str, *, purpose: str = "device", seconds: int = LASTS_SECONDS) -> None:
    """Give a browser a secret to keep."""
    secure = desk().settings.tls
    response.set_cookie(
        cookie_name(purpose), secret, max_age=seconds, path="/", secure=secure, httponly=True, samesite="Strict"
    )


def forget(response: Response, *, purpose: str) -> None:
    """Have a browser forget a secret."""
    response.delete_cookie(cookie_name(purpose), path="/", secure=desk().settings.tls, httponly=True, samesite="Strict")


def given_secret(purpose: str = "device") -> str | None:
    """Return the secret that the browser sent along."""
    secret = request.cookies.get(cookie_name(purpose))
    return secret if secret and len(secret) <= LONGEST and secret.isascii() else None


def current_device() -> PairedDevice | None:
    """Return the device that this browser is, be it unpaired meanwhile; None for any other."""
    if g.get("for_everybody") or g.get("without_database"):
        return None
    if "device" not in g:
        secret = given_secret()
        g.device = None if secret is None else find_by_secret(reader(), secret)
    found: PairedDevice | None = g.device
    return found


def leave_if_unpaired() -> None:
    """Lead the browser of a device that was unpaired to the page that says so, and pairs it anew."""
    device = current_device()
    if device is not None and device.revoked_at is not None:
        abort(redirect(url_for("pairing.page"), 303))


def at_kiosk(office_id: int) -> PairedDevice | None:
    """Open the office for the kiosk and return the device, if it is one; turn others away where only such may."""
    office = get_office(office_id)
    # Where a number by phone needs the code at the door, the kiosk's page would be the way around it.
    is_locked = office.paired_kiosks_only or office.phone_check_in == CheckInMode.ROTATING.value
    return _own(office_id, DeviceKind.KIOSK, is_locked=is_locked)


def at_display(office_id: int) -> PairedDevice | None:
    """Open the office for the lobby display and return the device, if it is one; turn others away likewise."""
    is_locked = get_office(office_id).paired_displays_only
    return _own(office_id, DeviceKind.DISPLAY, is_locked=is_locked)


def face_of(device: PairedDevice) -> str:
    """Return the address of the face that a device shows."""
    if device.kind in FACES:
        return url_for(FACES[device.kind], office_id=device.office_id)
    if device.point is None:
        abort(404)
    kind = PointKind.TABLET
    token = derive(desk().streams.keys.links, TokenKind.TABLET, device.point, channel=kind.value)
    return url_for("tablet.show", token=token)


def version_of(device: PairedDevice) -> str:
    """Return what changes as soon as the device is set otherwise."""
    said = f"device|{device.name}|{device.counter_id}|{sorted(device.settings.items())}|{device.is_office_retired}"
    return digest_of(cookie_key(), said)


def _own(office_id: int, kind: DeviceKind, *, is_locked: bool) -> PairedDevice | None:
    leave_if_unpaired()
    turn_away_if_retired()
    device = current_device()
    if device is not None and device.office_id == office_id and device.kind is kind:
        return device
    if is_locked:
        abort(make_response(render_template("devices/locked.html", kind=kind), 403))
    return None
