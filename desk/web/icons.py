"""Icons within the page: a page that a phone opens first carries those it shows, instead of the file of all of them."""

import re
from functools import cache
from pathlib import Path
from typing import Final

from flask import Blueprint, current_app, g
from markupsafe import Markup

blueprint = Blueprint("icons", __name__)  # no page: it brings what the templates ask
SPRITE: Final = "vendor/bootstrap-icons/sprite.svg"
SYMBOL: Final = re.compile(r'<symbol id="([^"]+)" viewBox="([^"]+)">(.*?)</symbol>', re.DOTALL)


def carry_icons() -> None:
    """Let the page of this request carry its icons."""
    g.carries_icons = True


@blueprint.app_template_global()
def carried_icon(name: str) -> Markup | None:
    """Return what an icon is drawn with, a picture within a picture; None where the page does not carry its icons."""
    if not g.get("carries_icons"):
        return None
    view_box, drawn = _symbols(current_app.static_folder or "")[name]
    return Markup(f'<svg viewBox="{view_box}">{drawn}</svg>')  # noqa: S704 - from a file of ours


@cache
def _symbols(folder: str) -> dict[str, tuple[str, str]]:
    text = (Path(folder) / SPRITE).read_text()
    return {name: (view_box, drawn) for name, view_box, drawn in SYMBOL.findall(text)}
