"""The charts of a survey report as pictures, for formats into which nothing can be drawn: bars and a line."""

import io
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

from PIL import Image, ImageDraw, ImageFont

from desk.reports.document import FONTS
from desk.reports.skm_report import Bars, Line, Mark

WIDTH: Final = 1500
BAR: Final = 62
LABEL: Final = 560
TALL: Final = 460
INK, FILL, RULE = "#13262b", "#14777d", "#b8c2c4"


def bars_png(bars: Bars) -> bytes:
    """Return lying bars, stressed ones darker and in bold."""
    picture, pen = _sheet(BAR * len(bars.marks) + 8)
    room = WIDTH - LABEL - 150
    for number, mark in enumerate(bars.marks):
        top = BAR * number + 4
        lines = _lines(pen, mark.label, _font(21), LABEL - 24)
        for place, line in enumerate(lines):
            pen.text((0, top + 25 - 13 * len(lines) + 26 * place), line, fill=INK, font=_font(21))
        length = _share(mark, bars) * room
        pen.rectangle((LABEL, top + 6, LABEL + length, top + BAR - 14), fill=INK if mark.stressed else FILL)
        pen.text((LABEL + length + 14, top + 14), mark.said, fill=INK, font=_font(24, bold=mark.stressed))
    pen.line((LABEL, 0, LABEL, BAR * len(bars.marks) + 8), fill=INK, width=2)
    return _written(picture)


def line_png(line: Line) -> bytes:
    """Return points from left to right, joined where two neighbors are told."""
    picture, pen = _sheet(TALL)
    foot, top = TALL - 90, 60
    for quarter in range(5):
        height = foot - (foot - top) * quarter / 4
        pen.line((0, height, WIDTH, height), fill=RULE, width=1)
    step = WIDTH / max(1, len(line.marks))
    places = [
        (step * (number + 0.5), None if mark.value is None else foot - _share(mark, line) * (foot - top))
        for number, mark in enumerate(line.marks)
    ]
    for (left, before), (right, after) in pairwise(places):
        if before is not None and after is not None:
            pen.line((left, before, right, after), fill=FILL, width=5)
    for (middle, place), mark in zip(places, line.marks, strict=True):
        _point(pen, middle, place, mark, step)
    return _written(picture)


def _point(pen: Any, left: float, height: float | None, mark: Mark, room: float) -> None:
    for place, words in enumerate(_lines(pen, mark.label, _font(19), room - 10)[:3]):
        pen.text((left, TALL - 76 + 24 * place), words, fill=INK, font=_font(19), anchor="ma")
    if height is None:
        return
    pen.ellipse(
        (left - 9, height - 9, left + 9, height + 9), fill=INK if mark.stressed else "white", outline=INK, width=3
    )
    pen.text((left, height - 20), mark.said, fill=INK, font=_font(24, bold=mark.stressed), anchor="ms")


def _sheet(height: int) -> tuple[Image.Image, Any]:
    picture = Image.new("RGB", (WIDTH, height), "white")
    return picture, ImageDraw.Draw(picture)


def _font(size: int, *, bold: bool = False) -> Any:
    return ImageFont.truetype(FONTS / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"), size)


def _share(mark: Mark, of: Bars | Line) -> float:
    if mark.value is None:
        return 0.0
    return min(1.0, max(0.0, (mark.value - of.lowest) / (of.highest - of.lowest)))


def _lines(pen: Any, words: str, font: Any, room: float) -> Sequence[str]:
    found: list[str] = []
    for word in words.split():
        longer = f"{found[-1]} {word}" if found else word
        if found and pen.textlength(longer, font=font) <= room:
            found[-1] = longer
        else:
            found.append(word)
    return found


def _written(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.save(written, "PNG", optimize=True)
    return written.getvalue()
