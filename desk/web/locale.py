"""The language of a request, and what every template knows."""

from typing import Any, cast

from flask import current_app, g, has_request_context, request, session, url_for
from flask_babel import get_locale
from flask_login import current_user

from desk.domain.devices import BEAT
from desk.logs import current_request_id
from desk.web.context import desk
from desk.web.device_cookie import current_device, version_of
from desk.web.navigation import navigation, office_switch
from desk.web.sessions import SignedIn

LANGUAGES = ("id", "en")


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
        "office": office,
        "person": person,
        "language": "id" if locale is None else locale.language,
        "now": desk().streams.clock(),
        "home": url_for("home.index"),
        "navigation": navigation(person, office),
        "offices": office_switch(person, office),
        "sign_out_url": url_for("signin.leave"),
        "request_id": current_request_id(),
        "time_zone": office.zone if office is not None else "",
        "device": current_device,  # asked only by the frames of kiosks, displays and tablets
        "device_version": version_of,
        "device_beat_seconds": int(BEAT.total_seconds()),
    }
