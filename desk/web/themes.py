"""Light, dark or in high contrast: chosen by whoever works here, on this device; a visitor's page follows the system.

It is kept by the browser and not with the account: the screen at a window in the sun is another one than that at home.
"""

from enum import StrEnum
from typing import Final

from flask import Blueprint, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.web.access import SIGNED_IN, access
from desk.web.context import desk
from desk.wording import N_

blueprint = Blueprint("themes", __name__)
LASTS_SECONDS: Final = 400 * 24 * 3600  # browsers keep no cookie longer


class Theme(StrEnum):
    """How pages look on a device."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


WORDS: Final[dict[Theme, str]] = {
    Theme.SYSTEM: N_("As this device is set"),
    Theme.LIGHT: N_("Light"),
    Theme.DARK: N_("Dark"),
    Theme.CONTRAST: N_("High contrast"),
}
# By theme: when the colors of each scheme hold, in the order of the sheets. Paper always has those of the light one.
MEDIA: Final[dict[Theme, dict[str, str]]] = {
    Theme.SYSTEM: {
        "light": "screen",
        "dark": "screen and (prefers-color-scheme: dark)",
        "contrast": "screen and (prefers-contrast: more)",
    },
    Theme.LIGHT: {"light": "screen"},
    Theme.DARK: {"light": "screen", "dark": "screen"},
    Theme.CONTRAST: {"light": "screen", "dark": "screen", "contrast": "screen"},
}


def media_of(theme: Theme) -> dict[str, str]:
    """Return by scheme when its colors hold; a scheme that is left out never does."""
    return MEDIA[theme]


def theme_here() -> Theme:
    """Return how pages of the staff look on this device."""
    chosen = "" if g.get("for_everybody") else request.cookies.get(_cookie(), "")
    return Theme(chosen) if chosen in MEDIA else Theme.SYSTEM


@blueprint.post("/account/theme")
@access(SIGNED_IN)
def choose() -> ResponseReturnValue:
    """Keep how pages look on this device; what nobody can choose is as the device is set."""
    wanted = request.form.get("theme", "")
    theme = Theme(wanted) if wanted in MEDIA else Theme.SYSTEM
    flash(gettext("Kept on this device."), "success")
    response = redirect(url_for("account.page"), 303)
    response.set_cookie(
        _cookie(),
        theme.value,
        max_age=LASTS_SECONDS,
        path="/",
        secure=desk().settings.tls,
        httponly=True,
        samesite="Lax",
    )
    return response


def _cookie() -> str:
    return "__Host-desk-theme" if desk().settings.tls else "desk-theme"
