"""A survey report as DOCX, to be finished: headings of the outline, tables, charts as pictures, marked placeholders."""

import io
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any, Final, assert_never

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Pt

from desk.reports.skm_charts import bars_png, line_png
from desk.reports.skm_report import Bars, Block, Chapter, Grid, Heading, Line, Listed, Report, Text

PAGE: Final = (Cm(21), Cm(29.7))
EDGE: Final = Cm(2.2)
ROOM: Final = Cm(21) - 2 * EDGE
LANGUAGES: Final = {"id": "id-ID", "en": "en-GB"}
FONT: Final = "Calibri"


def as_docx(report: Report) -> bytes:
    """Return the report as DOCX; what must be looked at before publishing is its first paragraph."""
    document = Document()
    _prepare(document, report)
    if report.notices:
        _notices(document, report)
    document.add_heading(report.title, 0)
    _plain(document, report.unit, bold=True, size=14)
    _plain(document, report.period, size=12)
    headline = report.headline
    _plain(document, f"{headline.figure} · {headline.letter} · {headline.words}", bold=True, size=20)
    for each in headline.beside:
        document.add_paragraph(each)
    for chapter in report.chapters:
        _chapter(document, chapter)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _prepare(document: Any, report: Report) -> None:
    """Set page, fonts, language, properties and the line at the foot."""
    section = document.sections[0]
    section.page_width, section.page_height = PAGE
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = EDGE
    section.start_type = WD_SECTION.NEW_PAGE
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(11)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), LANGUAGES.get(report.language, "id-ID"))
    normal.element.get_or_add_rPr().append(language)
    about = document.core_properties
    about.title, about.author, about.subject = f"{report.title}, {report.period}", report.unit, report.period
    about.language, about.comments = LANGUAGES.get(report.language, "id-ID"), ""
    if report.made_on is not None:
        about.created = about.modified = datetime.combine(report.made_on, time())
    _drop_thumbnail(document)
    _foot(section.footer.paragraphs[0], report)


def _drop_thumbnail(document: Any) -> None:
    """Take out the picture of the empty template, which file managers would show for this report."""
    relationships = document.part.package.rels
    for key in [key for key, each in relationships.items() if each.reltype.endswith("/thumbnail")]:
        del relationships[key]


def _foot(paragraph: Any, report: Report) -> None:
    """Write what stands on every page, to the right the number of the page."""
    before, _, after = report.page_of.partition("%d")
    paragraph.text = f"{report.foot}\t\t{before}"
    number = OxmlElement("w:fldSimple")
    number.set(qn("w:instr"), "PAGE")
    run = paragraph.add_run("1")
    number.append(run._r)
    paragraph._p.append(number)
    paragraph.add_run(after)


def _notices(document: Any, report: Report) -> None:
    """Put what must be looked at on top, marked, to be removed when it is settled."""
    first = document.add_paragraph()
    run = first.add_run(report.notice_title)
    run.bold, run.font.highlight_color = True, WD_COLOR_INDEX.YELLOW
    for each in report.notices:
        point = document.add_paragraph(style="List Bullet")
        point.add_run(each).font.highlight_color = WD_COLOR_INDEX.YELLOW


def _chapter(document: Any, chapter: Chapter) -> None:
    heading = document.add_heading(chapter.title, 1)
    heading.paragraph_format.page_break_before = chapter.new_page
    for block in chapter.blocks:
        _block(document, block)


def _block(document: Any, block: Block) -> None:
    match block:
        case Text():
            run = document.add_paragraph().add_run(block.words)
            run.italic = block.muted
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW if block.unfinished else None
        case Heading():
            document.add_heading(block.words, 2)
        case Listed():
            for each in block.points:
                document.add_paragraph(each, style="List Bullet")
        case Grid():
            _caption(document, block.caption)
            _grid(document, block)
        case Bars():
            _picture(document, block.caption, bars_png(block), _described(block))
        case Line():
            _picture(document, block.caption, line_png(block), _described(block))
        case _:
            assert_never(block)


def _plain(document: Any, words: str, *, bold: bool = False, size: int = 11) -> None:
    run = document.add_paragraph().add_run(words)
    run.bold, run.font.size = bold, Pt(size)


def _caption(document: Any, words: str) -> None:
    paragraph = document.add_paragraph(words, style="Caption")
    paragraph.paragraph_format.keep_with_next = True


def _grid(document: Any, grid: Grid) -> None:
    """Add a table whose heads are repeated on the next page, and no row of which is broken by one."""
    table = document.add_table(rows=0, cols=len(grid.heads), style="Table Grid")
    table.autofit = False
    widths = [Emu(int(ROOM * share / sum(grid.widths))) for share in grid.widths]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width  # of the grid: LibreOffice goes by it, Word by the cells
    heads = table.add_row()
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    heads._tr.get_or_add_trPr().append(repeated)
    _fill(heads, grid.heads, widths, grid, bold=True)
    for number, row in enumerate(grid.rows):
        added = table.add_row()
        added._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        _fill(added, row, widths, grid, bold=number in grid.strong)
    after = document.add_paragraph().paragraph_format
    after.space_after, after.line_spacing = Pt(0), Pt(8)


def _fill(row: Any, words: Sequence[str], widths: Sequence[Any], grid: Grid, *, bold: bool) -> None:
    for place, (cell, text, width) in enumerate(zip(row.cells, words, widths, strict=True)):
        cell.width = width
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(0)
        run = paragraph.add_run(text)
        run.bold, run.font.size = bold, Pt(9)
        if place in grid.numbers:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _picture(document: Any, caption: str, png: bytes, described: str) -> None:
    """Add a picture with what it shows in words, for those who do not see it."""
    _caption(document, caption)
    shape = document.add_picture(io.BytesIO(png), width=ROOM)
    shape._inline.docPr.set("descr", described)
    for side in "TBLR":
        shape._inline.set(f"dist{side}", "0")  # without it LibreOffice sets the picture off, over the margin


def _described(chart: Bars | Line) -> str:
    return f"{chart.caption}: " + "; ".join(f"{each.label} {each.said}" for each in chart.marks)
