"""Setting up an app: the secret on the page (as a picture and in letters), and the form that brings it back.

The form carries the secret signed, for this person and a quarter of an hour; the page shows it anyway.
"""

from dataclasses import dataclass, field
from typing import Final

import pyotp
from flask import render_template, url_for
from itsdangerous import BadSignature, URLSafeTimedSerializer
from markupsafe import Markup
from sqlalchemy import select

from desk.domain.refusals import Reason, Refused
from desk.domain.second_factors import SETTING_UP_S
from desk.models import Membership, Office
from desk.operations.accounts.second_factor_codes import new_secret
from desk.reads.reader import Reader
from desk.reads.second_factors import has_any_factor
from desk.secret_names import FACTORS
from desk.web.context import cookie_key, desk
from desk.web.forms.second_factor import SetUpForm
from desk.web.qr import qr_picture

_GROUP: Final = 4


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose app it is, and what the app calls it."""

    id: int
    username: str
    office: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A secret as the page shows it."""

    secret: str = field(repr=False)
    picture: Markup = field(repr=False)
    letters: str = field(repr=False)


def factor_key() -> bytes:
    """Return the key that seals what is kept of second factors; it is made for the first of them only.

    Raises `Refused(FACTOR_KEY_MISSING)` where somebody has a second factor and the key is not there: with another one
    nobody would get in any more, and nobody would know why.
    """
    key = find_factor_key()
    if key is not None:
        return key
    with desk().streams.reading() as connection:
        if has_any_factor(connection):
            raise Refused(Reason.FACTOR_KEY_MISSING)
    return desk().settings.secret(FACTORS)


def find_factor_key() -> bytes | None:
    """Return the key as it is; None where there is none."""
    return desk().settings.find_secret(FACTORS)


def office_to_act_in(reader: Reader, person_id: int) -> tuple[int, str] | None:
    """Return the office in whose trail it stands what somebody does about their own account, with its name.

    The first in which they are at home: what they do about it is nothing to an office where they are a guest.
    """
    query = select(Office.id, Office.name).join(Membership, Membership.office_id == Office.id)
    query = query.where(Membership.person_id == person_id).order_by(Membership.is_guest, Office.id)
    row = reader.execute(query).first()
    return None if row is None else (row.id, row.name)


def offer(form: SetUpForm, owner: Owner) -> Shown:
    """Return the secret of a form as it is shown; a new one where the form brings none of this person that is fresh."""
    secret = secret_of(form, owner.id) or new_secret()
    form.setup.data = _signer(owner.id).dumps(secret)
    uri = pyotp.TOTP(secret).provisioning_uri(name=owner.username, issuer_name=owner.office)
    letters = " ".join(secret[at : at + _GROUP] for at in range(0, len(secret), _GROUP))
    return Shown(secret, qr_picture(uri), letters)


def secret_of(form: SetUpForm, person_id: int) -> str | None:
    """Return the secret that a form brings back; None for one that is too old, or not of this person."""
    try:
        found = _signer(person_id).loads(form.setup.data or "", max_age=SETTING_UP_S)
    except BadSignature:
        return None
    return str(found)


def _signer(person_id: int) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(cookie_key(), salt=f"second-factor|{person_id}")


def codes_page(codes: list[str], *, onward: str, is_new: bool) -> str:
    """Return the page that shows recovery codes, the only time."""
    text = "\r\n".join(codes) + "\r\n"
    own = url_for("own_factor.page")
    return render_template(
        "second_factor/codes.html", codes=codes, text=text, onward=onward, is_new=is_new, language_path=own
    )
