"""The forms of an office's name and logo; the field of a logo reads the picture while it is checked."""

from typing import Any, Final

from flask_babel import gettext
from wtforms import FileField, HiddenField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from desk.domain.facts import JSON
from desk.operations.settings.identity import LONGEST_ADDRESS, LONGEST_NAME, Logo
from desk.web.administration.planning import PlannedForm, since_field
from desk.web.forms.base import Form
from desk.web.forms.fields import choices, lazy, new_key, one_line, several_lines
from desk.web.pictures import MOST_BYTES, NoPicture, TooLarge, read_logo
from desk.wording import N_

LANGUAGES: Final = {"id": N_("Indonesian"), "en": N_("English")}
NO_PICTURE: Final = N_("This is no picture that can be read. Choose a PNG, JPEG or WebP file; SVG is not taken.")
TOO_LARGE: Final = N_(
    "A logo may have at most 512 KB and 4,096 pixels on each side. Make it smaller and choose it again."
)
LOGO_HINT: Final = N_(
    "PNG, JPEG or WebP, at most 512 KB. It stands on the kiosk, the displays, tickets and visitors’ pages."
)


class LogoField(FileField):  # type: ignore[misc]
    """A logo; `logo` is what is kept of it, None where no file was chosen."""

    logo: Logo | None = None

    def pre_validate(self, form: Any) -> None:
        """Read the picture; say in the field what to do where it is none."""
        given = self.data.read(MOST_BYTES + 1) if hasattr(self.data, "read") and self.data.filename else b""
        if not given:
            return
        try:
            self.logo = read_logo(given)
        except TooLarge as error:
            raise ValidationError(gettext(TOO_LARGE)) from error
        except NoPicture as error:
            raise ValidationError(gettext(NO_PICTURE)) from error


def logo_field() -> LogoField:
    """Return the field of a logo."""
    return LogoField(
        lazy("Logo"),
        description=lazy(LOGO_HINT),
        render_kw={
            "accept": "image/png,image/jpeg,image/webp",
            "data-most-bytes": MOST_BYTES,
            "data-too-large": lazy(TOO_LARGE),
        },
    )


def name_field() -> StringField:
    """Return the field of an office's name."""
    missing = InputRequired(lazy("Enter the name of the office."))
    return StringField(lazy("Name of the office"), [missing, Length(max=LONGEST_NAME)], filters=[one_line])


def address_field() -> TextAreaField:
    """Return the field of an office's address."""
    return TextAreaField(
        lazy("Address of the office"),
        [Length(max=LONGEST_ADDRESS)],
        filters=[several_lines],
        description=lazy("It stands on the start page and on receipts."),
    )


def language_field() -> RadioField:
    """Return the field of the language an office speaks first."""
    return RadioField(
        lazy("Language"),
        [InputRequired(lazy("Choose a language."))],
        choices=choices(LANGUAGES),
        default="id",
        description=lazy("In which pages begin; everybody can choose the other one."),
    )


class IdentityForm(Form):
    """Name, address and language of an office."""

    key = HiddenField(default=new_key)
    name = name_field()
    address = address_field()
    language = language_field()
    since = since_field()
    shown = HiddenField()

    @property
    def values(self) -> dict[str, JSON]:
        """What was asked for, by the columns of the office."""
        return {"name": self.name.data, "address": self.address.data or "", "language": self.language.data or "id"}


class LogoForm(PlannedForm):
    """A new logo, and from when on."""

    logo = logo_field()

    def __init__(self, **more: Any) -> None:
        """Make the form; here a file is what it is for."""
        super().__init__("new", **more)
        self.logo.id = self.logo.label.field_id = "logo"
        self.logo.flags.required = True

    def validate_logo(self, field: LogoField) -> None:
        """Demand a file."""
        if field.logo is None and not field.errors:
            raise ValidationError(gettext("Choose a file."))


class NoLogoForm(PlannedForm):
    """From when on there is no logo."""

    def __init__(self, **more: Any) -> None:
        """Make the form."""
        super().__init__("no-logo", **more)
