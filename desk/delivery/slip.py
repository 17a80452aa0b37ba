"""A slip of paper as a receipt printer takes it: lines, a large number, pictures, codes, the cut.

Everything stands in the middle. Letters that are in neither of the two code pages are drawn; so are all lines that are
not plain ASCII, where the printer is set so.
"""

import io
import textwrap
from functools import cache
from pathlib import Path
from typing import Final

import segno
from PIL import Image, ImageDraw, ImageFont, UnidentifiedImageError

from desk.delivery.escpos_library import CODE_PAGES, blank
from desk.domain.masking import one_line
from desk.domain.printing import Letters, PrinterUse

FONTS: Final = Path(__file__).parents[1] / "reports" / "fonts"
LETTER_DOTS: Final = 24  # the height of the printer's own letters
LARGEST: Final = 8  # times as large as those
LOGO_SHARE, LOGO_HEIGHT = 0.5, 144
CODE_SHARE: Final = 0.75  # of the width of the paper, at most
CODE_MODULE: Final = 7  # dots, at most: 0.9 mm
QUIET_MODULES: Final = 4
ROOM_TO_TEAR: Final = 5  # lines
BAR_HEIGHT: Final = 16  # dots


class Slip:
    """What is printed, from the top down."""

    def __init__(self, use: PrinterUse) -> None:
        """Begin on a new piece of paper."""
        self._use = use
        self._printer = blank(use.dots, use.columns)
        self._printer.hw("INIT")  # whatever a job before has left set
        self._printer.set(align="center")

    def line(self, words: str, *, bold: bool = False, size: int = 1) -> None:
        """Print words in as many lines as they need; nothing where there are none."""
        shown = one_line(words)
        if not shown:
            return
        if self._is_drawn(shown):
            self._draw(shown, bold=bold, size=size)
            return
        self._printer.set(bold=bold, custom_size=True, width=size, height=size)
        for each in textwrap.wrap(shown, self._use.columns // size, break_on_hyphens=False):
            self._printer.textln(each)
        self._printer.set(bold=False, normal_textsize=True)

    def number(self, words: str) -> None:
        """Print a number as large as it fits."""
        self.line(words, bold=True, size=max(1, min(LARGEST, (self._use.columns - 2) // max(len(words), 1))))

    def space(self, lines: int = 1) -> None:
        """Leave lines empty."""
        self._printer.ln(lines)

    def logo(self, content: bytes) -> None:
        """Print a picture in the printer's one color; nothing where it is none."""
        try:
            with Image.open(io.BytesIO(content)) as opened:
                picture = _on_white(opened)
        except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
            return
        share = min(self._use.dots * LOGO_SHARE / picture.width, LOGO_HEIGHT / picture.height)
        size = (max(1, round(picture.width * share)), max(1, round(picture.height * share)))
        self._picture(picture.resize(size, Image.Resampling.LANCZOS))

    def bar(self) -> None:
        """Print a black bar from edge to edge: on paper that is narrower than what is set it is cut off or breaks."""
        self._picture(Image.new("L", (self._use.dots, BAR_HEIGHT), 0))

    def code(self, address: str) -> None:
        """Print a QR code: drawn, because many printers know no command for it."""
        matrix = [*segno.make(address, error="m", micro=False).matrix_iter(border=QUIET_MODULES)]
        module = max(2, min(CODE_MODULE, int(self._use.dots * CODE_SHARE) // len(matrix)))
        picture = Image.new("L", (len(matrix), len(matrix)))
        picture.putdata([0 if dark else 255 for row in matrix for dark in row])
        self._picture(picture.resize((picture.width * module, picture.height * module), Image.Resampling.NEAREST))

    def end(self) -> None:
        """Cut the paper, or leave room to tear it off."""
        if self._use.cuts:
            self._printer.cut(feed=False)  # GS V 66: it feeds as far as its knife stands away
        else:
            self._printer.print_and_feed(ROOM_TO_TEAR)

    @property
    def content(self) -> bytes:
        """All of it."""
        found: bytes = self._printer.output
        return found

    def _is_drawn(self, words: str) -> bool:
        if words.isascii():
            return False
        return self._use.letters is Letters.DRAWN or not all(map(_is_in_a_page, words))

    def _draw(self, words: str, *, bold: bool, size: int) -> None:
        font = _font(LETTER_DOTS * size, is_bold=bold)
        room = self._use.dots - 8
        lines = _lines_of(words, font, room)
        height = round(LETTER_DOTS * size * 1.3)
        picture = Image.new("L", (self._use.dots, height * len(lines)), 255)
        pen = ImageDraw.Draw(picture)
        for number, each in enumerate(lines):
            pen.text(((self._use.dots - min(font.getlength(each), room)) / 2, number * height), each, 0, font)
        self._picture(picture.point(lambda shade: 255 if shade > 127 else 0))

    def _picture(self, picture: Image.Image) -> None:
        """Print a picture in the middle of paper that is as wide as the printer's: not all center pictures."""
        sheet = Image.new("L", (self._use.dots, picture.height), 255)
        sheet.paste(picture, ((self._use.dots - picture.width) // 2, 0))
        self._printer.image(sheet, impl="bitImageRaster")


def _on_white(picture: Image.Image) -> Image.Image:
    shown = picture.convert("RGBA")
    sheet = Image.new("RGBA", shown.size, "white")
    sheet.alpha_composite(shown)
    return sheet.convert("L")


def _lines_of(words: str, font: ImageFont.FreeTypeFont, room: int) -> list[str]:
    """Return drawn words in lines that have room; a word that is longer than a line goes on in the next."""
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= room:
            lines[-1] = longer
            continue
        lines.append("")
        for letter in word:
            if lines[-1] and font.getlength(lines[-1] + letter) > room:
                lines.append("")
            lines[-1] += letter
    return lines


@cache
def _font(size: int, *, is_bold: bool) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / ("DejaVuSans-Bold.ttf" if is_bold else "DejaVuSans.ttf"), size)


@cache
def _is_in_a_page(letter: str) -> bool:
    def has(page: str) -> bool:
        try:
            letter.encode(page)
        except UnicodeEncodeError:
            return False
        return True

    return letter.isascii() or any(map(has, CODE_PAGES.values()))
