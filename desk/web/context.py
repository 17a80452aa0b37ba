"""What every view needs: the desk behind the app, a reader, who acts, and the request for an operation."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from flask import abort, current_app, g, request
from flask_babel import get_locale
from flask_login import current_user
from sqlalchemy import select

from desk.domain.access import Actor
from desk.domain.identity import MAX_OFFICE_ID
from desk.models import Office, OfficeLogo, db
from desk.operations.requests import Request
from desk.operations.stream import Streams
from desk.reads.reader import Reader
from desk.settings import Settings
from desk.settings_now import current

MAX_KEY = 80


@dataclass(frozen=True, slots=True)
class Desk:
    """The application's own state: its settings and the streams of its database."""

    settings: Settings
    streams: Streams


def desk() -> Desk:
    """Return the desk behind the current app, with its settings as they are now."""
    known: Desk = current_app.extensions["desk"]
    settings = current(known.settings)
    return known if settings is known.settings else Desk(settings, known.streams)


def cookie_key() -> bytes:
    """Return the secret that signs cookies and the tokens of forms."""
    return cast(bytes, current_app.secret_key)


def reader() -> Reader:
    """Return the session for reading; it is released at the end of the request and never commits."""
    return cast(Reader, db.session)


def language() -> str:
    """Return the language of this request: "id" or "en"."""
    locale = get_locale()
    return locale.language if locale is not None else "id"


@dataclass(frozen=True, slots=True)
class OfficeView:
    """The office of the page."""

    id: int
    code: str
    name: str
    address: str
    zone: str
    language: str = "id"
    logo: str | None = None  # the digest of its picture
    paired_kiosks_only: bool = False
    paired_displays_only: bool = False
    phone_check_in: str = "open"
    door_code_s: int = 30
    main_color: str | None = None
    accent_color: str | None = None
    retired_at: datetime | None = None


def get_office(office_id: int) -> OfficeView:
    """Return an office for its pages, which also know it as `g.office`; 404 when there is none."""
    if office_id > MAX_OFFICE_ID:  # a database may not even be able to look for it
        abort(404)
    row = (
        reader()
        .execute(
            select(
                Office.id,
                Office.code,
                Office.name,
                Office.address,
                Office.zone,
                Office.language,
                OfficeLogo.digest,
                Office.paired_kiosks_only,
                Office.paired_displays_only,
                Office.phone_check_in,
                Office.door_code_s,
                Office.main_color,
                Office.accent_color,
                Office.retired_at,
            )
            .outerjoin(OfficeLogo, OfficeLogo.office_id == Office.id)
            .where(Office.id == office_id)
        )
        .one_or_none()
    )
    if row is None:
        abort(404)
    g.office = OfficeView(*row)
    return cast(OfficeView, g.office)


def acting(office_id: int) -> Actor:
    """Return the signed-in person as the one who acts in the office."""
    return cast(Actor, current_user.actor(office_id))


def asked(actor: Actor, verb: str, **body: Any) -> Request:
    """Return the request for an operation, with the idempotency key the form or header carries (if any)."""
    key = request.form.get("key") or request.headers.get("Idempotency-Key")
    if key and not (len(key) <= MAX_KEY and key.isascii() and key.isprintable()):
        abort(400)
    return Request(actor, verb, body, key or None)
