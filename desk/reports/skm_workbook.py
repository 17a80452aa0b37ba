"""The raw answers of a survey with formulas that work the index out again, live.

The rows say what somebody thought of the elements and nothing else: no time, no service, no profile. Who answered
stands in a table of its own, added up, its small numbers hidden: so no row can be laid beside a person. The rows stand
in an order that follows from their number alone.
"""

import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from desk.domain.skm_elements import EXACT, HIGHEST_SCORE, LOWEST_SCORE, PER_POINT, Instrument, Weight

DATA, INDEX = "Data", "IKM"  # the names that the formulas use
FIRST: Final = 2  # the row below the heads of the data
HEADS: Final = 4  # the row of the heads of the elements
NOISE: Final = 9  # decimals to which binary fractions are cleaned before the one rounding


@dataclass(frozen=True, slots=True)
class Words:
    """The words of the workbook, in one language; `elements` are the names in the instrument's order."""

    elements: Sequence[str]
    heads: Sequence[str]  # element, answers, sum, NRR, weighted, converted, quality
    weight: str
    index: str
    respondents: str
    profile_title: str
    profile_heads: Sequence[str]
    about_title: str
    about: Sequence[tuple[str, str]]


def as_workbook(
    instrument: Instrument,
    weight: Weight,
    answers: Iterable[Mapping[str, int]],
    profile: Sequence[tuple[str, str, int | None]],
    words: Words,
) -> bytes:
    """Return the workbook: how it was made, the answers, the index in formulas, who answered."""
    rows = mixed([tuple(each.get(key) for key in instrument.keys) for each in answers])
    book = Workbook()
    about = book.active
    about.title = words.about_title
    for line in words.about:
        about.append([_harmless(each) for each in line])
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 28, 100
    _write_data(book.create_sheet(DATA), words, rows)
    _write_index(book.create_sheet(INDEX), instrument, weight, words, len(rows))
    page = book.create_sheet(words.profile_title)
    page.append(list(words.profile_heads))
    for *names, count in profile:
        page.append([*(_harmless(each) for each in names), "–" if count is None else count])
    for sheet in book.worksheets[1:]:
        for cell in sheet[HEADS if sheet.title == INDEX else 1]:
            cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def mixed(rows: Sequence[tuple[int | None, ...]]) -> list[tuple[int | None, ...]]:
    """Return rows in an order that says nothing of when they came: sorted, then dealt out by a digest of the place."""
    ordered = sorted(rows, key=lambda row: [each or 0 for each in row])
    places = sorted(range(len(ordered)), key=lambda place: hashlib.sha256(str(place).encode()).digest())
    return [ordered[place] for place in places]


def _write_data(page: Any, words: Words, rows: Sequence[tuple[int | None, ...]]) -> None:
    page.append([words.respondents, *words.elements])
    for number, row in enumerate(rows, 1):
        page.append([number, *row])
    page.freeze_panes = "B2"


def _write_index(page: Any, instrument: Instrument, weight: Weight, words: Words, count: int) -> None:
    """Write one row for each element and the index below, all in formulas over the data."""
    page["A1"], page["B1"] = (
        words.weight,
        f"=1/{len(instrument.elements)}" if weight.name == EXACT else weight.value.numerator / weight.value.denominator,
    )
    page["A2"], page["B2"] = words.respondents, f"=COUNT({DATA}!A{FIRST}:A{FIRST + count - 1})"
    for column, head in enumerate(words.heads, 1):
        page.cell(HEADS, column, head)
    last = HEADS + len(words.elements)
    for place, name in enumerate(words.elements, 1):
        row = HEADS + place
        letter = get_column_letter(place + 1)
        answers = f"{DATA}!{letter}{FIRST}:{letter}{FIRST + count - 1}"
        cells = (
            name,
            f"=COUNT({answers})",
            f"=SUM({answers})",
            f'=IF(B{row}=0,"",AVERAGE({answers}))',
            f'=IF(B{row}=0,"",D{row}*B$1)',
            f'=IF(B{row}=0,"",{_rounded(f"D{row}*{PER_POINT}")})',
            f'=IF(B{row}=0,"",{_letter(instrument, f"F{row}")})',
        )
        for column, cell in enumerate(cells, 1):
            page.cell(row, column, cell)
        for column, decimals in ((4, "0.0000"), (5, "0.0000"), (6, "0.00")):
            page.cell(row, column).number_format = decimals
    means = f"D{HEADS + 1}:D{last}"
    whole = f"COUNT({means})<{len(words.elements)}"
    total = last + 1
    page.cell(total, 1, words.index).font = Font(bold=True)
    page.cell(total, 6, f'=IF({whole},"",{_rounded(f"SUM(E{HEADS + 1}:E{last})*{PER_POINT}")})').font = Font(bold=True)
    page.cell(total, 6).number_format = "0.00"
    page.cell(total, 7, f'=IF({whole},"",{_letter(instrument, f"F{total}")})').font = Font(bold=True)
    page.column_dimensions["A"].width = 48


def _rounded(expression: str) -> str:
    """Return the formula that rounds once, half up; what binary fractions add or take is cleaned away first."""
    return f"ROUND(ROUND({expression},{NOISE}),2)"


def _letter(instrument: Instrument, cell: str) -> str:
    """Return the formula of the letter of a figure as it is shown."""
    *better, worst = instrument.bands
    formula = f'"{worst.letter.value}"'
    for band in reversed(better):
        formula = f'IF({cell}>={band.lowest},"{band.letter.value}",{formula})'
    return formula


def _harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def on_scale(instrument: Instrument, answers: Mapping[str, Any]) -> dict[str, int]:
    """Return the scores of the elements among somebody's answers."""
    return {
        key: answers[key]
        for key in instrument.keys
        if isinstance(answers.get(key), int) and LOWEST_SCORE <= answers[key] <= HIGHEST_SCORE
    }
