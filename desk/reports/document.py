"""A document on A4, laid out by ReportLab: headings, facts, a bar of custody, a timeline; with its title, its language,
page numbers and a line at the foot of every page. It is given plain words and knows no transaction."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table

FONTS: Final = Path(__file__).parent / "fonts"
REGULAR, BOLD = "Desk", "Desk-Bold"
PROGRAM: Final = "Desk"  # what made the document, as its properties say
INK, MUTED, LINE = HexColor("#13262b"), HexColor("#4b5b5f"), HexColor("#b8c2c4")
MARGIN: Final = 18 * mm
PADDING: Final = 6  # of ReportLab's frame, in points
WIDTH: Final = A4[0] - 2 * MARGIN
FIRST: Final = 38 * mm  # the column of moments and of terms
# The solids of the stylesheet's tokens; told apart on gray paper too by the words in the legend.
STATES: Final = {
    "waiting": HexColor("#e5b863"),
    "called": HexColor("#c97a0a"),
    "serving": HexColor("#14777d"),
    "processing": HexColor("#5670b8"),
    "paused": HexColor("#8f6b98"),
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the bar: whose, in which state (code and word), how long in seconds and in words."""

    holder: str
    state: str
    word: str
    seconds: float
    length: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline, with what stands under it; `quote` are somebody's own words."""

    time: str
    words: str
    lines: Sequence[str] = ()
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it: facts, a table with its heads, a bar, a timeline, paragraphs."""

    title: str
    facts: Sequence[tuple[str, str]] = ()
    heads: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    bar: Sequence[Stretch] = ()
    entries: Sequence[Entry] = ()
    paragraphs: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document; `page_of` is the page number in words with the place %d, `foot` stands on every page."""

    title: str
    subtitle: str
    author: str
    language: str
    foot: str
    page_of: str
    sections: Sequence[Section] = field(default_factory=list)


def as_pdf(document: Document) -> bytes:
    """Return the document as PDF, with its fonts inside."""
    load_fonts()
    written = io.BytesIO()
    template = SimpleDocTemplate(
        written,
        pagesize=A4,
        leftMargin=MARGIN - PADDING,
        rightMargin=MARGIN - PADDING,
        topMargin=MARGIN,
        bottomMargin=MARGIN + 8 * mm,
        title=document.title,
        author=document.author,
        subject=document.subtitle,
        creator=PROGRAM,
        lang=document.language,
        displayDocTitle=True,
        initialFontName=REGULAR,
    )
    parts: list[Flowable] = [_text(document.subtitle, "muted"), _text(document.title, "title"), Spacer(1, 4 * mm)]
    for section in document.sections:
        parts += _section(section)

    def foot(canvas: Any, template: Any) -> None:
        canvas.saveState()
        canvas.setStrokeColor(LINE)
        canvas.line(MARGIN, MARGIN + 5 * mm, A4[0] - MARGIN, MARGIN + 5 * mm)
        words = Paragraph(escape(document.foot), _style("foot"))
        _, height = words.wrap(WIDTH - 25 * mm, 20 * mm)
        words.drawOn(canvas, MARGIN, MARGIN + 4 * mm - height)
        page = Paragraph(escape(document.page_of % canvas.getPageNumber()), _style("page"))
        _, height = page.wrap(25 * mm, 10 * mm)
        page.drawOn(canvas, A4[0] - MARGIN - 25 * mm, MARGIN + 4 * mm - height)
        canvas.restoreState()

    template.build(parts, onFirstPage=foot, onLaterPages=foot)
    return written.getvalue()


@cache
def load_fonts() -> None:
    """Have ReportLab know the fonts that go into every PDF."""
    pdfmetrics.registerFont(TTFont(REGULAR, FONTS / "DejaVuSans.ttf"))
    pdfmetrics.registerFont(TTFont(BOLD, FONTS / "DejaVuSans-Bold.ttf"))


@cache
def _style(name: str) -> ParagraphStyle:
    size = {"title": 18, "heading": 11.5, "foot": 7, "page": 7, "muted": 8.5}.get(name, 9)
    return ParagraphStyle(
        name,
        fontName=BOLD if name in ("title", "heading", "term") else REGULAR,
        fontSize=size,
        leading=size * 1.35,
        textColor=MUTED if name in ("muted", "foot", "page", "term") else INK,
        spaceBefore=4 * mm if name == "heading" else 0,
        spaceAfter=1.5 * mm if name in ("heading", "title") else 0,
        leftIndent=4 * mm if name == "quote" else 0,
        alignment=TA_RIGHT if name == "page" else 0,
        splitLongWords=True,
    )


def _text(words: str, style: str = "body") -> Paragraph:
    return Paragraph(escape(words).replace("\n", "<br/>"), _style(style))


def _section(section: Section) -> list[Flowable]:
    """Return a section; its heading stays with what follows."""
    body: list[Flowable] = [_text(words) for words in section.paragraphs]
    if section.bar:
        body += [Bar(section.bar), _text(_legend(section.bar), "muted"), Spacer(1, 2 * mm)]
    if section.facts:
        body.append(_facts(section.facts))
    if section.rows:
        body.append(_table(section.heads, section.rows))
    entries = [_entry(each) for each in section.entries]
    body += entries
    return [KeepTogether([_text(section.title, "heading"), *body[:1]]), *body[1:]]


def _legend(bar: Sequence[Stretch]) -> str:
    seconds: dict[str, float] = {}
    for stretch in bar:
        seconds[stretch.word] = seconds.get(stretch.word, 0) + stretch.seconds
    total = sum(seconds.values()) or 1
    return " · ".join(f"{word} {round(100 * spent / total)}%" for word, spent in seconds.items())


def _facts(facts: Sequence[tuple[str, str]]) -> Table:
    cells = [[_text(term, "term"), _text(value)] for term, value in facts]
    return Table(cells, colWidths=[FIRST, WIDTH - FIRST], style=_grid(1))


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """Return a table whose first column holds a moment."""
    others = [(WIDTH - FIRST) / (len(heads) - 1)] * (len(heads) - 1)
    cells = [[_text(head, "term") for head in heads], *[[_text(cell) for cell in row] for row in rows]]
    return Table(cells, colWidths=[FIRST, *others], repeatRows=1, style=_grid(2, line=0.4))


def _entry(entry: Entry) -> Table:
    under = [_text(line, "muted") for line in entry.lines]
    quote = [_text(entry.quote, "quote")] if entry.quote else []
    cells = [[_text(entry.time, "muted"), [_text(entry.words), *under, *quote]]]
    return Table(cells, colWidths=[FIRST, WIDTH - FIRST], style=_grid(1.5, line=0.25), splitInRow=1)


def _grid(padding: float, *, line: float = 0) -> list[tuple[Any, ...]]:
    whole = ((0, 0), (-1, -1))
    lines = [("LINEBELOW", *whole, line, LINE)] if line else []
    return [
        ("FONTNAME", *whole, REGULAR),
        ("VALIGN", *whole, "TOP"),
        ("LEFTPADDING", (0, 0), (0, -1), 0),
        ("TOPPADDING", *whole, padding),
        ("BOTTOMPADDING", *whole, padding),
        *lines,
    ]


class Bar(Flowable):  # type: ignore[misc]
    """Two lanes: people above, states below, to scale."""

    LANE: Final = 7 * mm

    def __init__(self, stretches: Sequence[Stretch]) -> None:
        super().__init__()
        self.width, self.height = WIDTH, 2 * self.LANE + 2 * mm
        self._stretches = stretches

    def draw(self) -> None:
        """Draw on the page."""
        total = sum(each.seconds for each in self._stretches) or 1.0
        left, holder_left = 0.0, 0.0
        for number, each in enumerate(self._stretches):
            width = each.seconds / total * self.width
            self.canv.setFillColor(STATES.get(each.state, LINE))
            self.canv.rect(left, 0, width, self.LANE, stroke=0, fill=1)
            left += width
            following = self._stretches[number + 1 : number + 2]
            if not following or following[0].holder != each.holder:
                self._lane(each.holder, holder_left, left - holder_left)
                holder_left = left

    def _lane(self, holder: str, left: float, width: float) -> None:
        canvas = self.canv
        canvas.setStrokeColor(INK)
        canvas.setFillColor(HexColor("#eef2f2"))
        canvas.rect(left, self.LANE + 1, width, self.LANE, stroke=1, fill=1)
        canvas.setFillColor(INK)
        canvas.setFont(REGULAR, 8)
        if canvas.stringWidth(holder, REGULAR, 8) < width - 4:
            canvas.drawString(left + 2, self.LANE + 2.3 * mm, holder)
