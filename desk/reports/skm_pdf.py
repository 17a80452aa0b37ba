"""A survey report as PDF on A4, its charts drawn as lines and areas; readable in black and white."""

import io
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Any, Final, assert_never
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor, white
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table

from desk.reports.document import BOLD, INK, LINE, MARGIN, MUTED, PADDING, PROGRAM, REGULAR, WIDTH, load_fonts
from desk.reports.skm_report import Bars, Block, Chapter, Grid, Heading, Line, Listed, Mark, Report, Text

FILL, STRESS = HexColor("#14777d"), HexColor("#13262b")
PAPER: Final = HexColor("#eef2f2")
BAR: Final = 6.5 * mm
LABEL: Final = 62 * mm
CHART: Final = 46 * mm


def as_pdf(report: Report) -> bytes:
    """Return the report as PDF, with its fonts inside."""
    load_fonts()
    written = io.BytesIO()
    template = SimpleDocTemplate(
        written,
        pagesize=A4,
        leftMargin=MARGIN - PADDING,
        rightMargin=MARGIN - PADDING,
        topMargin=MARGIN,
        bottomMargin=MARGIN + 8 * mm,
        title=f"{report.title}, {report.period}",
        author=report.unit,
        subject=report.period,
        creator=PROGRAM,
        lang=report.language,
        displayDocTitle=True,
        initialFontName=REGULAR,
    )

    def foot(canvas: Any, template: Any) -> None:
        canvas.saveState()
        canvas.setStrokeColor(LINE)
        canvas.line(MARGIN, MARGIN + 5 * mm, A4[0] - MARGIN, MARGIN + 5 * mm)
        canvas.setFillColor(MUTED)
        canvas.setFont(REGULAR, 7)
        canvas.drawString(MARGIN, MARGIN + 1 * mm, report.foot)
        canvas.drawRightString(A4[0] - MARGIN, MARGIN + 1 * mm, report.page_of % canvas.getPageNumber())
        canvas.restoreState()

    parts = [*_first(report), *(flowable for chapter in report.chapters for flowable in _chapter(chapter))]
    template.build(parts, onFirstPage=foot, onLaterPages=foot)
    return written.getvalue()


def _first(report: Report) -> list[Flowable]:
    """Return the head of the first page: title, figure, and what to look at before publishing."""
    parts: list[Flowable] = [_text(report.unit, "muted"), _text(report.title, "title"), _text(report.period, "period")]
    headline = report.headline
    beside = [_text(each) for each in headline.beside]
    figure = [_text(f"{headline.figure}   {headline.letter}", "figure"), Spacer(1, 2 * mm), _text(headline.words)]
    style = [
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("BOX", (0, 0), (-1, -1), 1, INK),
        ("TOPPADDING", (0, 0), (-1, -1), 8),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 8),
    ]
    parts += [Spacer(1, 3 * mm), Table([[figure, beside]], colWidths=[62 * mm, WIDTH - 62 * mm], style=style)]
    if report.notices:
        box = [[[_text(report.notice_title, "strong"), *(_text(f"• {each}") for each in report.notices)]]]
        lines = [("BOX", (0, 0), (-1, -1), 1.2, INK), ("BACKGROUND", (0, 0), (-1, -1), PAPER)]
        parts += [Spacer(1, 3 * mm), Table(box, colWidths=[WIDTH], style=lines)]
    return [*parts, Spacer(1, 3 * mm)]


def _chapter(chapter: Chapter) -> list[Flowable]:
    """Return a chapter; headings stay with what follows them."""
    found: list[Flowable] = [PageBreak()] if chapter.new_page else []
    waiting: list[Flowable] = [_text(chapter.title, "chapter")]
    for block in chapter.blocks:
        flowables = _block(block)
        if isinstance(block, Heading):
            waiting += flowables
            continue
        together = 2 if waiting or isinstance(block, Bars | Line) else 0
        found += [KeepTogether([*waiting, *flowables[:2]])] if together else []
        found += flowables[together:]
        waiting = []
    return [*found, *waiting]


def _block(block: Block) -> list[Flowable]:
    match block:
        case Text():
            style = "unfinished" if block.unfinished else "muted" if block.muted else "body"
            return [_text(block.words, style), Spacer(1, 2.5 * mm if block.unfinished else 1.2 * mm)]
        case Heading():
            return [_text(block.words, "heading")]
        case Listed():
            return [_text(f"• {each}", "point") for each in block.points]
        case Grid():
            return [_text(block.caption, "caption"), _grid(block), Spacer(1, 3 * mm)]
        case Bars():
            return [_text(block.caption, "caption"), BarChart(block), Spacer(1, 3 * mm)]
        case Line():
            return [_text(block.caption, "caption"), LineChart(block), Spacer(1, 3 * mm)]
        case _:
            assert_never(block)


def _grid(grid: Grid) -> Table:
    """Return a table that goes on with its heads on the next page."""

    def cells(row: Sequence[str], style: str) -> list[Paragraph]:
        return [_text(each, f"{style}-number" if place in grid.numbers else style) for place, each in enumerate(row)]

    body = [cells(row, "strong" if number in grid.strong else "cell") for number, row in enumerate(grid.rows)]
    whole = ((0, 0), (-1, -1))
    style = [
        ("VALIGN", *whole, "TOP"),
        ("GRID", *whole, 0.4, LINE),
        ("BACKGROUND", (0, 0), (-1, 0), PAPER),
        ("TOPPADDING", *whole, 2),
        ("BOTTOMPADDING", *whole, 3),
    ]
    widths = [WIDTH * share / sum(grid.widths) for share in grid.widths]
    return Table([cells(grid.heads, "head"), *body], colWidths=widths, repeatRows=1, style=style)


class BarChart(Flowable):  # type: ignore[misc]
    """Lying bars, each with its label before and its value behind; stressed ones are darker and marked."""

    def __init__(self, bars: Bars) -> None:
        super().__init__()
        self.width, self.height = WIDTH, BAR * len(bars.marks)
        self._bars = bars

    def draw(self) -> None:
        """Draw on the page."""
        canvas, bars = self.canv, self._bars
        room = self.width - LABEL - 16 * mm
        for number, mark in enumerate(bars.marks):
            bottom = self.height - BAR * (number + 1) + 1 * mm
            label = _text(mark.label, "chart")
            _, height = label.wrap(LABEL - 2 * mm, BAR)
            label.drawOn(canvas, 0, bottom + (BAR - 2 * mm - height) / 2)
            length = _share(mark.value, bars.lowest, bars.highest) * room
            canvas.setFillColor(STRESS if mark.stressed else FILL)
            canvas.rect(LABEL, bottom, length, BAR - 2 * mm, stroke=0, fill=1)
            canvas.setFillColor(INK)
            canvas.setFont(BOLD if mark.stressed else REGULAR, 8)
            canvas.drawString(LABEL + length + 2 * mm, bottom + 1.3 * mm, mark.said)
        canvas.setStrokeColor(INK)
        canvas.line(LABEL, 0, LABEL, self.height)


class LineChart(Flowable):  # type: ignore[misc]
    """Points from left to right with their values above them, joined where two neighbors are told."""

    def __init__(self, line: Line) -> None:
        super().__init__()
        self.width, self.height = WIDTH, CHART
        self._line = line

    def draw(self) -> None:
        """Draw on the page."""
        canvas, line = self.canv, self._line
        foot, top = 10 * mm, self.height - 8 * mm
        canvas.setStrokeColor(LINE)
        for share in (0.0, 0.25, 0.5, 0.75, 1.0):
            height = foot + share * (top - foot)
            canvas.line(0, height, self.width, height)
        step = self.width / max(1, len(line.marks))
        heights = [
            None if mark.value is None else foot + _share(mark.value, line.lowest, line.highest) * (top - foot)
            for mark in line.marks
        ]
        points = [(step * (number + 0.5), each) for number, each in enumerate(heights)]
        self._join(points)
        for (left, height), mark in zip(points, line.marks, strict=True):
            self._point(left, height, mark, step)

    def _join(self, points: Sequence[tuple[float, float | None]]) -> None:
        self.canv.setStrokeColor(FILL)
        self.canv.setLineWidth(1.6)
        for (left, before), (right, after) in pairwise(points):
            if before is not None and after is not None:
                self.canv.line(left, before, right, after)
        self.canv.setLineWidth(1)

    def _point(self, left: float, height: float | None, mark: Mark, room: float) -> None:
        canvas = self.canv
        label = _text(mark.label, "chart-center")
        _, needed = label.wrap(room - 1 * mm, 10 * mm)
        label.drawOn(canvas, left - room / 2 + 0.5 * mm, 9 * mm - needed)
        if height is None:
            return
        canvas.setFillColor(STRESS if mark.stressed else white)
        canvas.setStrokeColor(STRESS)
        canvas.circle(left, height, 1.3 * mm, stroke=1, fill=1)
        canvas.setFillColor(INK)
        canvas.setFont(BOLD if mark.stressed else REGULAR, 8)
        canvas.drawCentredString(left, height + 2.4 * mm, mark.said)


def _share(value: float | None, lowest: float, highest: float) -> float:
    """Return where a value lies between two bounds, from 0 to 1; 0 for none."""
    if value is None:
        return 0.0
    return min(1.0, max(0.0, (value - lowest) / (highest - lowest)))


def _text(words: str, style: str = "body") -> Paragraph:
    return Paragraph(escape(words).replace("\n", "<br/>"), _style(style))


_SIZES: Final = {
    "title": 18.0, "period": 11.0, "figure": 26.0, "chapter": 13.0, "heading": 10.5, "muted": 8.0, "caption": 8.5,
    "cell": 8.0, "cell-number": 8.0, "head": 8.0, "head-number": 8.0, "strong-number": 8.0, "chart": 7.5,
    "chart-center": 7.0,
}  # fmt: skip
_BOLD: Final = frozenset(
    {"title", "figure", "chapter", "heading", "head", "head-number", "strong", "strong-number", "caption"}
)


@cache
def _style(name: str) -> ParagraphStyle:
    size = _SIZES.get(name, 9.0)
    return ParagraphStyle(
        name,
        fontName=BOLD if name in _BOLD else REGULAR,
        fontSize=size,
        leading=size * 1.35,
        textColor=MUTED if name in ("muted", "unfinished") else INK,
        spaceBefore={"chapter": 5 * mm, "heading": 2.5 * mm, "caption": 1.5 * mm, "unfinished": 2.5 * mm}.get(name, 0),
        spaceAfter={"chapter": 2 * mm, "heading": 1 * mm, "caption": 1.5 * mm, "title": 1 * mm}.get(name, 0),
        leftIndent=3 * mm if name == "point" else 0,
        firstLineIndent=-3 * mm if name == "point" else 0,
        alignment=TA_RIGHT if name.endswith("-number") else 1 if name == "chart-center" else 0,
        borderColor=LINE if name == "unfinished" else None,
        borderWidth=0.6 if name == "unfinished" else 0,
        borderPadding=2 if name == "unfinished" else 0,
        splitLongWords=True,
    )
