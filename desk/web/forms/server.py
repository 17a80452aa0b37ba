"""The forms of what holds for the server: its public address, the way out of its mail; of backups: `backups.py`.

Each gives its values by the variables of the environment they stand for, as text; what the environment fixes has no
field. A password is never shown, and never goes to another server than the one it was typed for.
"""

import re
from collections.abc import Collection, Mapping
from datetime import time
from ipaddress import IPv6Address, ip_address
from typing import Any, Final
from urllib.parse import urlsplit

from flask_babel import gettext
from wtforms import BooleanField, PasswordField, StringField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange

from desk.delivery.addresses import SenderIdentity, UnusableAddress
from desk.domain.opening import AddressFault, find_address_fault
from desk.settings_kept import is_credential, is_sender
from desk.settings_values import LOOPBACK
from desk.web.forms.base import Form
from desk.web.forms.fields import CountField, lazy, one_line
from desk.wording import N_
from desk.wording.opening import ADDRESS_FAULTS

LONGEST_ADDRESS: Final = 200
LONGEST_HOST: Final = 253
LONGEST_CREDENTIAL: Final = 254
_LABEL: Final = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST: Final = re.compile(rf"{_LABEL}(\.{_LABEL})*\.?", re.IGNORECASE)
_FIT: Final = lazy(N_("Use at most %(max)d characters."))
_PORT: Final = lazy(N_("Give a number from 1 to 65535."))
_SERVER: Final = ("host", "port", "username")  # for whom a password was typed
NO_HOST: Final = N_("Give the name of the server only, like mail.example.go.id, without https:// and port.")
ASCII_ONLY: Final = N_("Use letters without accents, digits and signs.")
TYPE_AGAIN: Final = N_("Type the password again: the kept one is for another server, user name or way of encryption.")
SENT_OPENLY: Final = N_("Without STARTTLS the password would be sent openly. Tick this, or leave the user name empty.")
NO_SENDER: Final = N_(
    "Give an address like antrean@example.go.id, perhaps with a name: Antrean <antrean@example.go.id>."
)


class ServerForm(Form):
    """A form of the server's; `NAMES` are the variables behind its fields."""

    NAMES: Mapping[str, str] = {}

    def __init__(self, fixed: Collection[str], **named: Any) -> None:
        """Make the form without the fields that the environment fixes."""
        super().__init__(**named)
        for field, name in self.NAMES.items():
            if name in fixed:
                del self[field]

    @property
    def values(self) -> dict[str, str]:
        """What is to be kept, by the variables; "" for nothing."""
        return {name: _text(self[field].data) for field, name in self.NAMES.items() if field in self}


class AddressForm(ServerForm):
    """The address under which visitors reach the desk."""

    NAMES = {"public_address": "DESK_BASE_URL"}  # noqa: RUF012
    public_address = StringField(
        lazy(N_("Public address")),
        [Length(max=LONGEST_ADDRESS, message=_FIT)],
        filters=[one_line],
        description=lazy(
            N_("Like https://antrean.example.go.id, without a path. Empty: the address that this machine has today.")
        ),
        render_kw={"autocomplete": "off", "inputmode": "url"},
    )

    def validate_public_address(self, field: StringField) -> None:
        """Refuse what no phone could open."""
        fault = find_address_fault(field.data) if field.data else None
        if fault not in (None, AddressFault.OPEN):
            raise ValidationError(gettext(ADDRESS_FAULTS[fault]))
        if field.data and not _is_plain_place(field.data):
            raise ValidationError(gettext(ADDRESS_FAULTS[AddressFault.NO_ADDRESS]))


class MailForm(ServerForm):
    """The mail server, how to sign in there, and who sends; without a server, messages wait."""

    NAMES = {  # noqa: RUF012
        "host": "DESK_SMTP_HOST",
        "port": "DESK_SMTP_PORT",
        "starttls": "DESK_SMTP_STARTTLS",
        "username": "DESK_SMTP_USERNAME",
        "password": "DESK_SMTP_PASSWORD",
        "mail_from": "DESK_MAIL_FROM",
    }
    host = StringField(
        lazy(N_("Mail server")),
        [Length(max=LONGEST_HOST, message=_FIT)],
        filters=[one_line],
        description=lazy(N_("Like mail.example.go.id. Empty: no mail is sent, messages wait.")),
        render_kw={"autocomplete": "off"},
    )
    port = CountField(
        lazy(N_("Port")),
        [InputRequired(_PORT), NumberRange(1, 65_535, _PORT)],
        default=587,
        invalid_value_message=_PORT,
        description=lazy(N_("587 with STARTTLS, 25 without. TLS from the first byte (465) is not supported.")),
    )
    starttls = BooleanField(lazy(N_("Encrypt with STARTTLS")), default=True)
    username = StringField(
        lazy(N_("User name there")),
        [Length(max=LONGEST_CREDENTIAL, message=_FIT)],
        filters=[one_line],
        description=lazy(N_("Empty where the server wants none.")),
        render_kw={"autocomplete": "off"},
    )
    password = PasswordField(
        lazy(N_("Password there")),
        [Length(max=LONGEST_CREDENTIAL, message=_FIT)],
        render_kw={"autocomplete": "new-password"},
    )
    no_password = BooleanField(lazy(N_("Remove the kept password")))
    mail_from = StringField(
        lazy(N_("Sender")),
        [Length(max=LONGEST_CREDENTIAL, message=_FIT)],
        filters=[one_line],
        description=lazy(N_("An address of the office, which the mail server lets you send from.")),
        render_kw={"autocomplete": "off"},
    )

    def __init__(self, fixed: Collection[str], kept: Mapping[str, str], **named: Any) -> None:
        """Make the form over what is kept now."""
        super().__init__(fixed, **named)
        self._kept = kept
        if "password" not in self or not self.has_password:
            del self["no_password"]

    @property
    def has_password(self) -> bool:
        """Whether a password is kept."""
        return bool(self._kept.get("DESK_SMTP_PASSWORD"))

    def validate_host(self, field: StringField) -> None:
        """Refuse what is more than a name."""
        if field.data and not _is_host(field.data):
            raise ValidationError(gettext(NO_HOST))

    def validate_username(self, field: StringField) -> None:
        """Refuse what mail servers do not take."""
        if not is_credential(field.data or ""):
            raise ValidationError(gettext(ASCII_ONLY))

    def validate_starttls(self, field: BooleanField) -> None:
        """Refuse to sign in openly, but on this machine."""
        if self.username.data and not field.data and self.host.data and self.host.data not in LOOPBACK:
            raise ValidationError(gettext(SENT_OPENLY))

    def validate_password(self, field: PasswordField) -> None:
        """Refuse what mail servers do not take, and the kept one for another server than it was typed for."""
        if not is_credential(field.data or ""):
            raise ValidationError(gettext(ASCII_ONLY))
        if self._keeps_password and not self._is_same_server:
            raise ValidationError(gettext(TYPE_AGAIN))

    def validate_mail_from(self, field: StringField) -> None:
        """Demand an address where mail is sent."""
        if not field.data and not ("host" in self and self.host.data):
            return
        try:
            SenderIdentity.parse(field.data or "")
        except UnusableAddress as error:
            raise ValidationError(gettext(NO_SENDER)) from error
        if not is_sender(field.data or ""):
            raise ValidationError(gettext(NO_SENDER))

    @property
    def _keeps_password(self) -> bool:
        removes = "no_password" in self and self.no_password.data
        asks = bool(self.host.data and self.username.data)
        return self.has_password and asks and not self.password.data and not removes

    @property
    def _is_same_server(self) -> bool:
        same = all(_text(self[field].data) == self._kept.get(self.NAMES[field], "") for field in _SERVER)
        return same and (self.starttls.data or self._kept.get("DESK_SMTP_STARTTLS") != "1")

    @property
    def values(self) -> dict[str, str]:
        """What is to be kept; without a mail server, nothing of it."""
        found = super().values
        if "host" not in self:
            return found
        if not self.host.data:
            return {name: "" if name.startswith("DESK_SMTP_") else value for name, value in found.items()}
        if self._keeps_password:
            del found["DESK_SMTP_PASSWORD"]
        elif not self.username.data:
            found["DESK_SMTP_PASSWORD"] = ""
        return found


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case time():
            return f"{value:%H:%M}"
        case _:
            return str(value)


def _is_host(text: str) -> bool:
    try:
        return bool(ip_address(text))
    except ValueError:
        return len(text) <= LONGEST_HOST and _HOST.fullmatch(text) is not None


def _is_plain_place(address: str) -> bool:
    try:
        found = urlsplit(address)
        host, port = found.hostname or "", found.port
    except ValueError:
        return False
    if host.startswith("[") or ":" in host:
        return isinstance(ip_address(host.strip("[]")), IPv6Address)
    return _is_host(host) and (port is None or port > 0)
