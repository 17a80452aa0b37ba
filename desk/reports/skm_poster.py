"""The publication sheet of a survey as a poster, A4 or A3: one figure to be read from afar, plain, black on white."""

import io
from typing import Any, Final

from reportlab.lib.pagesizes import A3, A4
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from desk.reports.document import BOLD, INK, PROGRAM, REGULAR, load_fonts
from desk.reports.skm_report import Poster

PAPERS: Final = {"a4": A4, "a3": A3}
EDGE: Final = 16 * mm
WIDTH, HEIGHT = A4
MIDDLE: Final = WIDTH / 2


def as_poster(poster: Poster, paper: str = "a4") -> bytes:
    """Return the poster as PDF; it is drawn for A4 and enlarged for A3. Raises `KeyError` for other paper."""
    load_fonts()
    written = io.BytesIO()
    size = PAPERS[paper]
    canvas = Canvas(written, pagesize=size, lang=poster.language, initialFontName=REGULAR)
    canvas.setTitle(f"{poster.title} {poster.unit}, {poster.period}")
    canvas.setAuthor(poster.unit)
    canvas.setSubject(poster.period)
    canvas.setCreator(PROGRAM)
    canvas.setViewerPreference("DisplayDocTitle", "true")
    canvas.scale(size[0] / WIDTH, size[1] / HEIGHT)
    canvas.setFillColor(INK)
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(2)
    canvas.rect(EDGE / 2, EDGE / 2, WIDTH - EDGE, HEIGHT - EDGE, stroke=1, fill=0)
    _head(canvas, poster)
    _figure(canvas, poster)
    _facts(canvas, poster)
    _thanks(canvas, poster)
    canvas.showPage()
    canvas.save()
    return written.getvalue()


def _head(canvas: Any, poster: Poster) -> None:
    top = HEIGHT - EDGE - 14 * mm
    _centered(canvas, poster.title, BOLD, 26, top)
    top = _wrapped(canvas, poster.unit.upper(), BOLD, 18, top - 12 * mm)
    _centered(canvas, poster.period, REGULAR, 14, top)


def _figure(canvas: Any, poster: Poster) -> None:
    """Draw the box with the index to the left and its letter to the right."""
    left, bottom, width, height = EDGE + 4 * mm, HEIGHT - 132 * mm, WIDTH - 2 * EDGE - 8 * mm, 66 * mm
    canvas.rect(left, bottom, width, height, stroke=1, fill=0)
    divide = left + width * 0.62
    canvas.line(divide, bottom, divide, bottom + height)
    middles = ((left + divide) / 2, (divide + left + width) / 2)
    canvas.setFont(BOLD, 15)
    for middle, words in zip(middles, (poster.figure_title, poster.letter_title), strict=True):
        canvas.drawCentredString(middle, bottom + height - 11 * mm, words)
    size = min(84.0, 84.0 * (divide - left - 12 * mm) / stringWidth(poster.figure, BOLD, 84))
    canvas.setFont(BOLD, size)
    canvas.drawCentredString(middles[0], bottom + 20 * mm, poster.figure)
    canvas.drawCentredString(middles[1], bottom + 20 * mm, poster.letter)
    canvas.setFont(REGULAR, 15)
    canvas.drawCentredString(middles[1], bottom + 9 * mm, poster.words)


def _facts(canvas: Any, poster: Poster) -> None:
    """Write what stands beside the figure: facts, then who answered, in two columns."""
    top = HEIGHT - 144 * mm
    for term, value in poster.facts:
        canvas.setFont(BOLD, 11.5)
        canvas.drawString(EDGE + 6 * mm, top, term)
        canvas.setFont(REGULAR, 11.5)
        for line in _lines(value, REGULAR, 11.5, WIDTH - 2 * EDGE - 76 * mm):
            canvas.drawString(EDGE + 68 * mm, top, line)
            top -= 6.5 * mm
    if not poster.profile:
        return
    top -= 3 * mm
    canvas.setFont(BOLD, 13)
    canvas.drawString(EDGE + 6 * mm, top, poster.profile_title)
    for column, (name, counts) in enumerate(poster.profile):
        left, below = EDGE + 6 * mm + column * 84 * mm, top - 8 * mm
        canvas.setFont(BOLD, 11)
        canvas.drawString(left, below, name)
        canvas.setFont(REGULAR, 11)
        for value, count in counts:
            below -= 5.6 * mm
            canvas.drawString(left, below, value)
            canvas.drawRightString(left + 62 * mm, below, count)


def _thanks(canvas: Any, poster: Poster) -> None:
    if poster.profile:
        canvas.setFont(REGULAR, 7.5)
        canvas.drawString(EDGE + 6 * mm, EDGE + 36 * mm, poster.foot)
    canvas.line(EDGE, EDGE + 32 * mm, WIDTH - EDGE, EDGE + 32 * mm)
    _wrapped(canvas, poster.thanks, BOLD, 12, EDGE + 23 * mm)


def _centered(canvas: Any, words: str, font: str, size: float, top: float) -> None:
    """Write one line in the middle, smaller where it would not fit."""
    room = WIDTH - 2 * EDGE - 8 * mm
    fitting = min(size, size * room / max(1.0, stringWidth(words, font, size)))
    canvas.setFont(font, fitting)
    canvas.drawCentredString(MIDDLE, top, words)


def _wrapped(canvas: Any, words: str, font: str, size: float, top: float) -> float:
    """Write centered lines; return where the next would stand."""
    for line in _lines(words, font, size, WIDTH - 2 * EDGE - 8 * mm):
        canvas.setFont(font, size)
        canvas.drawCentredString(MIDDLE, top, line)
        top -= size * 1.4
    return top - size * 0.3


def _lines(words: str, font: str, size: float, room: float) -> list[str]:
    """Return words broken into lines that fit."""
    found: list[str] = []
    for word in words.split():
        longer = f"{found[-1]} {word}" if found else word
        if found and stringWidth(longer, font, size) <= room:
            found[-1] = longer
        else:
            found.append(word)
    return found
