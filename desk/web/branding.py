"""The colors of an office as a sheet of their own, which pages load after the tokens: no page carries a style itself.

Its address changes with the colors and with the rules by which they are derived, so that a browser never asks again.
"""

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from flask import Blueprint, Response, abort, g, request, url_for
from flask.typing import ResponseReturnValue

from desk.domain.access import PUBLIC
from desk.domain.branding import DEFAULT_MAIN, derived
from desk.domain.identity import MAX_OFFICE_ID
from desk.reads.opening import find_colors
from desk.web.access import access
from desk.web.context import OfficeView, reader
from desk.web.themes import MEDIA, Theme, media_of

blueprint = Blueprint("branding", __name__)
# The same as for a logo: kept for good under the address of just these colors, briefly under any other.
KEPT: Final = "public, max-age=31536000, immutable"
KEPT_BRIEFLY: Final = "public, max-age=300"
LETTERS: Final = 12


@blueprint.get("/offices/<int:office_id>/colors.css")
@access(PUBLIC)
def sheet(office_id: int) -> ResponseReturnValue:
    """Return the sheet for a theme; the same for everybody, and empty where an office has no colors of its own."""
    g.for_everybody = True
    found = find_colors(reader(), office_id) if office_id <= MAX_OFFICE_ID else None
    theme = request.args.get("theme", Theme.SYSTEM)
    if found is None or theme not in MEDIA:
        abort(404)
    text = _sheet(*found, Theme(theme))
    response = Response(text, mimetype="text/css")
    response.set_etag(_digest(text))
    response.headers["Cache-Control"] = KEPT if request.args.get("v") == _digest(text) else KEPT_BRIEFLY
    return response.make_conditional(request)


def sheet_address(office: OfficeView | None, theme: Theme) -> str | None:
    """Return where the colors of an office stand, None for one that has those of the desk."""
    if office is None or not (office.main_color or office.accent_color):
        return None
    version = _digest(_sheet(office.main_color, office.accent_color, theme))
    return url_for("branding.sheet", office_id=office.id, theme=theme.value, v=version)


def frame_color(office: OfficeView | None) -> str:
    """Return what a phone paints around the page: the color of the masthead."""
    return (office.main_color if office is not None else None) or DEFAULT_MAIN


@lru_cache(maxsize=256)
def _sheet(main: str | None, accent: str | None, theme: Theme) -> str:
    """Write the tokens of each scheme that a theme may show; paper has none of them, there ink is used."""
    colors = derived(main, accent)
    return "".join(
        f"@media {media} {{ :root {{ {_lines(colors[scheme])} }} }}\n"
        for scheme, media in media_of(theme).items()
        if colors[scheme]
    )


def _lines(tokens: Mapping[str, str]) -> str:
    return "; ".join(f"--{name}: {value}" for name, value in tokens.items())


@lru_cache(maxsize=256)
def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:LETTERS]
