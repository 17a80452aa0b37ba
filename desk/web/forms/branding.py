"""The form of an office's two colors; one that cannot be read is answered with the pair, and with a shade that can."""

from collections.abc import Callable
from typing import Any, Final

from flask_babel import format_decimal, gettext
from wtforms import StringField, ValidationError
from wtforms.validators import Optional

from desk.domain.branding import Weak, nearest_accent, nearest_main, read_hex, weak_in_accent, weak_in_main
from desk.domain.facts import JSON
from desk.web.administration.planning import PlannedForm
from desk.web.forms.fields import lazy
from desk.wording import N_

NO_COLOR: Final = N_("Write the color like #0b3136: a mark and six figures or letters from a to f.")
TOO_WEAK: Final = N_(
    "%(pair)s: the contrast would be %(ratio)s : 1, and %(least)s : 1 is needed to read it. "
    "The nearest shade that does: %(shade)s."
)
# Where a pair of tokens meets, as people see it.
PAIRS: Final[dict[tuple[str, str], str]] = {
    ("on-mast", "mast"): N_("White text on the masthead"),
    ("on-mast-muted", "mast"): N_("Less important text on the masthead"),
    ("on-mast", "mast-raised"): N_("White text on what is chosen in the masthead"),
    ("amber", "mast"): N_("The amber mark of where one is, on the masthead"),
    ("on-primary", "primary"): N_("White text on a button"),
    ("link", "surface"): N_("A link on a white card"),
    ("link", "paper"): N_("A link on the page"),
    ("link", "sunken"): N_("A link on a gray ground"),
    ("link", "primary-soft"): N_("A link on a marked line"),
    ("text", "primary-soft"): N_("Text on a marked line"),
    ("primary", "paper"): N_("A button on the page"),
}
MOST: Final = 60


class ColorField(StringField):  # type: ignore[misc]
    """A color as it is typed; `color` is how it is kept, None for the one of the desk."""

    data: Any
    color: str | None = None
    nearest: str | None = None

    def settle(self, weak_in: Callable[[str], Weak | None], nearest: Callable[[str], str]) -> None:
        """Read what was typed and judge it; raise what is to be said in the field."""
        typed = (self.data or "").strip()
        self.color = read_hex(typed)
        if self.color is None:
            if typed:
                raise ValidationError(gettext(NO_COLOR))
            return
        self.data = self.color
        weak = weak_in(self.color)
        if weak is not None:
            self.nearest = nearest(self.color)
            raise ValidationError(_sentence(weak, self.nearest))


class ColorsForm(PlannedForm):
    """The main color and the accent of an office, and from when on; empty: those that come with the desk."""

    main_color = ColorField(
        lazy(N_("Main color")),
        [Optional()],
        description=lazy(N_("The masthead of every page, and the ground of the lobby board. White text stands on it.")),
        render_kw={"maxlength": MOST, "autocomplete": "off", "spellcheck": "false", "data-color": ""},
    )
    accent_color = ColorField(
        lazy(N_("Accent color")),
        [Optional()],
        description=lazy(N_("Buttons, links and what is chosen.")),
        render_kw={"maxlength": MOST, "autocomplete": "off", "spellcheck": "false", "data-color": ""},
    )

    def __init__(self, **more: Any) -> None:
        """Make the form."""
        super().__init__("colors", **more)

    def go(self, how: str) -> None:
        """Take the nearest shade that can be read for what was typed, or go back to the colors of the desk."""
        if how == "nearest":
            for field, nearest in ((self.main_color, nearest_main), (self.accent_color, nearest_accent)):
                typed = read_hex(field.data or "")
                field.data = field.data if typed is None else nearest(typed)
        if how == "default":
            self.main_color.data = self.accent_color.data = ""

    def validate_main_color(self, field: ColorField) -> None:
        """Judge it where it is used."""
        field.settle(weak_in_main, nearest_main)

    def validate_accent_color(self, field: ColorField) -> None:
        """Judge it where it is used."""
        field.settle(weak_in_accent, nearest_accent)

    @property
    def values(self) -> dict[str, JSON]:
        """What was asked for, by the columns of the office."""
        return {"main_color": self.main_color.color, "accent_color": self.accent_color.color}


def _sentence(weak: Weak, nearest: str) -> str:
    return str(
        gettext(
            TOO_WEAK,
            pair=gettext(PAIRS[weak.ink, weak.ground]),
            ratio=format_decimal(weak.ratio, "0.00"),
            least=format_decimal(weak.least, "0.0"),
            shade=nearest,
        )
    )
