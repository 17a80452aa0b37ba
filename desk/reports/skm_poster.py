"""The publication sheet of a survey as a poster, A4 or A3: one figure to be read from afar, plain, black on white.

Everything is given its place before anything is drawn: where it would not fit, all of it is set again a little smaller.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from reportlab.lib.pagesizes import A3, A4
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from desk.reports.document import BOLD, INK, PROGRAM, REGULAR, load_fonts
from desk.reports.skm_report import Poster

PAPERS: Final = {"a4": A4, "a3": A3}
WIDTH, HEIGHT = A4
FRAME: Final = 8 * mm  # from the edge of the paper
TOP: Final = FRAME + 9 * mm
ROOM: Final = HEIGHT - TOP - FRAME - 8 * mm  # for all that stands one below the other
LEFT: Final = 22 * mm
BREADTH: Final = WIDTH - 2 * LEFT
SCALES: Final = [1 - step / 40 for step in range(30)]  # the first at which all fits is taken
MOST_AIR: Final = 9 * mm  # more between two parts, where there is room
LEADING: Final = 1.4
BASELINE: Final = 1.0  # from the top of a line, in its own size
SMALL: Final = 7.5  # points; of the note, which never gets smaller
DIVIDED: Final = 0.62  # how much of the box the figure has, beside its letter


@dataclass(frozen=True, slots=True)
class _Column:
    """Where words stand: they fill so much to the right of `left`, in the middle or to the right if told."""

    left: float
    width: float
    share: float = 0.0  # of what a line leaves free, how much stands before it: 0.5 in the middle, 1 to the right


WHOLE: Final = _Column(LEFT, BREADTH)
MIDDLE: Final = _Column(LEFT, BREADTH, 0.5)


@dataclass(slots=True)
class _Draft:
    """Words and lines that have their places, in points below the top, but are not drawn yet."""

    scale: float
    words: list[tuple[float, float, str, str, float]] = field(default_factory=list)
    boxes: list[tuple[float, float, float, float]] = field(default_factory=list)

    def put(self, words: str, font: str, size: float, column: _Column, top: float) -> float:
        """Place words in as many lines as they need; return where the next may stand."""
        for line in _lines(words, font, size, column.width):
            left = column.left + column.share * (column.width - stringWidth(line, font, size))
            self.words.append((left, top + BASELINE * size, line, font, size))
            top += LEADING * size
        return top

    def put_one(self, words: str, font: str, size: float, column: _Column, top: float) -> float:
        """Place one line, smaller where it would not fit; return where the next may stand."""
        fitting = min(size, size * column.width / max(1.0, stringWidth(words, font, size)) * 0.999)
        self.put(words, font, fitting, column, top)
        return top + LEADING * size

    def draw(self, canvas: Any, top: float) -> None:
        """Draw everything below this height of the page."""
        for left, begins, width, height in self.boxes:
            canvas.rect(left, top - begins - height, width, height, stroke=1, fill=0)
        for left, below, words, font, size in self.words:
            canvas.setFont(font, size)
            canvas.drawString(left, top - below, words)


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
    canvas.rect(FRAME, FRAME, WIDTH - 2 * FRAME, HEIGHT - 2 * FRAME, stroke=1, fill=0)
    _draw(canvas, poster)
    canvas.showPage()
    canvas.save()
    return written.getvalue()


def _draw(canvas: Any, poster: Poster) -> None:
    """Draw what was published from the top down and the thanks at the bottom."""
    scale = next((each for each in SCALES if _spare(poster, each) >= 0), SCALES[-1])
    _, parts = _above(poster, scale, min(MOST_AIR, _spare(poster, scale) / 5))
    parts.draw(canvas, HEIGHT - TOP)
    height, thanks = _below(poster, scale)
    bottom = HEIGHT - TOP - ROOM
    thanks.draw(canvas, bottom + height)


def _spare(poster: Poster, scale: float) -> float:
    """Return how much of the page is left at a scale; less than nothing where it does not fit."""
    above, below = _above(poster, scale, 0)[0], _below(poster, scale)[0]
    return float(ROOM - above - below)


def _above(poster: Poster, scale: float, air: float) -> tuple[float, _Draft]:
    """Place everything but the thanks, with so much air between the parts; return its height too."""
    draft = _Draft(scale)
    top = _head(draft, poster, 0, air)
    top = _figure(draft, poster, top + 6 * mm * scale + air)
    top = _facts(draft, poster.facts, top + 6 * mm * scale + air)
    if poster.profile:
        top = _profile(draft, poster, top + 3 * mm * scale + air)
    return top, draft


def _head(draft: _Draft, poster: Poster, top: float, air: float) -> float:
    scale = draft.scale
    top = draft.put_one(poster.title, BOLD, 26 * scale, MIDDLE, top) + air / 3
    top = draft.put(poster.unit.upper(), BOLD, _size_of_unit(poster.unit.upper()) * scale, MIDDLE, top) + air / 3
    return draft.put_one(poster.period, REGULAR, 14 * scale, MIDDLE, top)


def _size_of_unit(unit: str) -> float:
    """Return the size at which a long name takes two lines, if it is not too small then."""
    sizes = (18, 16, 14, 12)
    return next((size for size in sizes if len(_lines(unit, BOLD, size, BREADTH)) <= 2), sizes[-1])


def _figure(draft: _Draft, poster: Poster, top: float) -> float:
    """Place the box with the index to the left and its letter to the right."""
    scale, padding = draft.scale, 6 * mm
    height: float = 66 * mm * scale
    divide = BREADTH * DIVIDED
    draft.boxes += [(LEFT, top, divide, height), (LEFT + divide, top, BREADTH - divide, height)]
    figure = _Column(LEFT + padding, divide - 2 * padding, 0.5)
    letter = _Column(LEFT + divide + padding, BREADTH - divide - 2 * padding, 0.5)
    for column, title, words in (
        (figure, poster.figure_title, poster.figure),
        (letter, poster.letter_title, poster.letter),
    ):
        draft.put_one(title, BOLD, 15 * scale, column, top + 5.5 * mm * scale)
        draft.put_one(words, BOLD, 84 * scale, column, top + 16.5 * mm * scale)
    draft.put_one(poster.words, REGULAR, 15 * scale, letter, top + 53 * mm * scale)
    return top + height


def _facts(draft: _Draft, facts: Sequence[tuple[str, str]], top: float) -> float:
    """Place what stands beside the figure: terms, and as much room for what is said of them as they leave."""
    size, gap = 11.5 * draft.scale, 6 * mm
    longest = max((float(stringWidth(term, BOLD, size)) for term, _ in facts), default=0.0)
    terms = _Column(LEFT, min(longest * 1.001, BREADTH / 3))
    values = _Column(LEFT + terms.width + gap, BREADTH - terms.width - gap)
    for term, value in facts:
        top = max(draft.put(term, BOLD, size, terms, top), draft.put(value, REGULAR, size, values, top)) + size * 0.2
    return top


def _profile(draft: _Draft, poster: Poster, top: float) -> float:
    """Place who answered, one characteristic beside the other, and the note on numbers that are not told."""
    scale, gap = draft.scale, 14 * mm
    top = draft.put(poster.profile_title, BOLD, 13 * scale, WHOLE, top) + 1.5 * mm * scale
    width = (BREADTH - gap * (len(poster.profile) - 1)) / max(2, len(poster.profile))
    lowest = top
    for place, (name, counts) in enumerate(poster.profile):
        left = LEFT + place * (width + gap)
        below = draft.put(name, BOLD, 11 * scale, _Column(left, width), top)
        for value, count in counts:
            number = stringWidth(count, REGULAR, 11 * scale) + 4 * mm
            after = draft.put(value, REGULAR, 11 * scale, _Column(left, width - number), below)
            draft.put(count, REGULAR, 11 * scale, _Column(left, width, 1), below)
            below = after
        lowest = max(lowest, below)
    return draft.put(poster.foot, REGULAR, SMALL, WHOLE, lowest + 2 * mm * scale)


def _below(poster: Poster, scale: float) -> tuple[float, _Draft]:
    """Place the thanks below a line across the page; return the height too."""
    draft = _Draft(scale)
    begins = 4 * mm * scale
    draft.boxes.append((2 * FRAME, begins, WIDTH - 4 * FRAME, 0))
    return draft.put(poster.thanks, BOLD, 12 * scale, MIDDLE, begins + 4 * mm * scale), draft


def _lines(words: str, font: str, size: float, room: float) -> list[str]:
    """Return words broken into lines that fit; a word that is longer than a line is broken too."""
    found: list[str] = []
    for word in words.split():
        longer = f"{found[-1]} {word}" if found else word
        if found and stringWidth(longer, font, size) <= room:
            found[-1] = longer
        else:
            found += _pieces(word, font, size, room)
    return found


def _pieces(word: str, font: str, size: float, room: float) -> list[str]:
    """Return a word in pieces that fit, mostly the whole of it."""
    found = [""]
    for sign in word:
        if found[-1] and stringWidth(found[-1] + sign, font, size) > room:
            found.append("")
        found[-1] += sign
    return found
