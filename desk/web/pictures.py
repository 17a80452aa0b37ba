"""Pictures that people upload: read by decoding them, made smaller, and written anew without what was beside them."""

from functools import lru_cache
from io import BytesIO
from typing import Final

from PIL import Image, ImageOps

from desk.operations.settings.identity import Logo

MOST_BYTES: Final = 512 * 1024
MOST_PIXELS: Final = 4096  # on either side; more is refused before it is decoded
# What a logo is made smaller to: enough for a lobby display, and light for a phone.
SHOWN: Final = (640, 320)
# What it is made smaller to for the masthead: two dots for each of the 144 × 44 it has there at most, and so few bytes
# that a visitor's first page stays light.
IN_MASTHEAD: Final = (288, 88)
MOST_IN_MASTHEAD: Final = 6_000
SHADES: Final = (128, 64, 32, 16)
FORMATS: Final = ("PNG", "JPEG", "WEBP")
# What Pillow raises for what is no picture, a broken one, or one that unpacks to more than it should.
_FAULTS: Final = (
    OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError, Image.DecompressionBombWarning,
)  # fmt: skip


class NoPicture(ValueError):
    """It is no PNG, JPEG or WebP that can be read."""


class TooLarge(ValueError):
    """It has too many bytes or pixels."""


def read_logo(given: bytes) -> Logo:
    """Return a logo as it is kept; raise `TooLarge` or `NoPicture`. What a file calls itself plays no part."""
    if len(given) > MOST_BYTES:
        raise TooLarge
    try:
        with Image.open(BytesIO(given), formats=FORMATS) as opened:
            if max(opened.size) > MOST_PIXELS:
                raise TooLarge
            opened.load()
            picture = ImageOps.exif_transpose(opened)
            picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    except TooLarge:
        raise
    except _FAULTS as error:
        raise NoPicture from error
    picture.thumbnail(SHOWN)
    return _written(picture)


@lru_cache(maxsize=32)
def for_masthead(content: bytes) -> bytes:
    """Return a logo that was kept as a small PNG of at most `MOST_IN_MASTHEAD` bytes: fewer shades, then fewer dots.

    Raises `NoPicture` for what is none.
    """
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as opened:
            picture = opened.convert("RGBA")
    except _FAULTS as error:
        raise NoPicture from error
    picture.thumbnail(IN_MASTHEAD)
    while True:
        for shades in SHADES:
            written = _encoded(picture.quantize(shades, method=Image.Quantize.FASTOCTREE), "PNG")
            if len(written) <= MOST_IN_MASTHEAD:
                return written
        picture.thumbnail((picture.width * 3 // 4, picture.height * 3 // 4))


def _written(picture: Image.Image) -> Logo:
    """Write the pixels and nothing else, in the smaller of the two formats that every browser shows."""
    picture.info.clear()
    kinds = ["PNG"] if picture.mode == "RGBA" else ["PNG", "JPEG"]
    content, kind = min(((_encoded(picture, kind), kind) for kind in kinds), key=lambda each: len(each[0]))
    return Logo(content, f"image/{kind.lower()}", *picture.size)


def _encoded(picture: Image.Image, kind: str) -> bytes:
    written = BytesIO()
    picture.save(written, kind, optimize=True, **({"quality": 90} if kind == "JPEG" else {}))
    return written.getvalue()
