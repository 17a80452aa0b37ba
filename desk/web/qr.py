"""QR codes as pictures in the page: no file, no request, no style attribute."""

import segno
from markupsafe import Markup


def qr_picture(address: str) -> Markup:
    """Return the QR code of an address as an SVG that takes the size its class gives it."""
    code = segno.make(address, error="m", micro=False)
    return Markup(code.svg_inline(omitsize=True, svgclass="qr", lineclass=None))  # noqa: S704 - drawn by us
