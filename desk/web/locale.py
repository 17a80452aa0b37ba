"""The language of a request, and what every template knows."""

from collections.abc import Callable
from typing import Any, cast

from flask import current_app, g, has_request_context, request, session, url_for
from flask_babel import Babel, get_locale
from flask_login import current_user

from desk.domain.devices import BEAT
from desk.logs import current_request_id
from desk.web.accounts.sessions import SignedIn
from desk.web.branding import frame_color, sheet_address
from desk.web.context import OfficeView, desk
from desk.web.kiosk.view import easy_view
from desk.web.lobby.device_cookie import current_device, given_secret, version_of
from desk.web.navigation import navigation, office_switch
from desk.web.themes import Theme, media_of, theme_here

LANGUAGES = ("id", "en")
# The day before the month in both languages: the locale alone would put them in the American order in English.
DATES = {**Babel.default_date_formats, "date.medium": "d MMM y", "date.long": "d MMMM y", "date.full": "EEEE, d MMMM y"}


def choose_language() -> str:
    """Return the language chosen on this device, else the person's or the page's own, else Indonesian."""
    if not has_request_context():
        return "id"
    wanted = request.args.get("language", "")
    if g.get("for_everybody"):  # a page that anybody may keep: no cookie decides, and none is set
        return wanted if wanted in LANGUAGES else "id"
    if current_app.secret_key is None:  # the API: no cookies, and nobody is signed in
        return wanted if wanted in LANGUAGES else "id"
    if wanted in LANGUAGES:
        session["language"] = wanted
        return wanted
    chosen = session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    person = find_person()
    own = getattr(g, "own_language", None) or (person.language if person is not None else None)
    office = getattr(g, "office", None)
    of_the_house = office.language if office is not None else None
    return next((str(each) for each in (own, of_the_house) if each in LANGUAGES), "id")


def find_person() -> SignedIn | None:
    """Return who is signed in; nobody on a page that is the same for all, or says that the database is away."""
    if g.get("without_database") or g.get("for_everybody") or not current_user.is_authenticated:
        return None
    return cast(SignedIn, current_user)


def choose_zone() -> str | None:
    """Return the time zone of the page's office; UTC where a page belongs to none."""
    office = getattr(g, "office", None) if has_request_context() else None
    return office.zone if office is not None else None


def page_context() -> dict[str, Any]:
    """Return what the frame of every page reads."""
    person = find_person()
    office = getattr(g, "office", None)
    locale = get_locale()
    return {
        "look_of": _look(office),
        "office": office,
        "person": person,
        "language": "id" if locale is None else locale.language,
        "now": desk().streams.clock(),
        "home": url_for("pairing.face" if _is_device(person) else "home.index"),
        "navigation": navigation(person, office),
        "offices": office_switch(person, office),
        "sign_out_url": url_for("signin.leave"),
        "request_id": current_request_id(),
        "time_zone": office.zone if office is not None else "",
        "easy_view": easy_view,
        "device": current_device,  # asked only by the frames of kiosks, displays and tablets
        "device_version": version_of,
        "device_beat_seconds": int(BEAT.total_seconds()),
    }


def _look(office: OfficeView | None) -> Callable[..., dict[str, Any]]:
    """Return what tells a frame in which colors its page is shown; the easy view of a kiosk is in high contrast."""

    def look_of(*, is_staff: bool = False, is_easy: bool = False) -> dict[str, Any]:
        theme = Theme.CONTRAST if is_easy else theme_here() if is_staff else Theme.SYSTEM
        return {"media": media_of(theme), "sheet": sheet_address(office, theme), "frame": frame_color(office)}

    return look_of


def _is_device(person: SignedIn | None) -> bool:
    """Tell whether the browser is a device: it knows no other start than its face."""
    return person is None and not g.get("for_everybody") and given_secret() is not None
