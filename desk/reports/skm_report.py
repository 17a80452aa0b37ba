"""A survey report as its renderers take it: chapters of texts, tables and charts in plain words, for PDF and DOCX.

It knows no survey: what stands in it is put together where words are translated.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; `unfinished` ones are placeholders that the office fills in, `muted` ones say how something is."""

    words: str
    unfinished: bool = False
    muted: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within a chapter."""

    words: str


@dataclass(frozen=True, slots=True)
class Listed:
    """Points of a list."""

    points: Sequence[str]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with its caption; `widths` are shares of the page, `numbers` the columns that stand to the right.

    `strong` are the rows that stand out (a sum).
    """

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float]
    numbers: frozenset[int] = frozenset()
    strong: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Mark:
    """One bar or point: its label, its value (None: nothing is told), the value in words; `stressed` to be seen."""

    label: str
    value: float | None
    said: str
    stressed: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    """Lying bars between `lowest` and `highest`; the table beside it has the same figures."""

    caption: str
    marks: Sequence[Mark]
    lowest: float
    highest: float


@dataclass(frozen=True, slots=True)
class Line:
    """Values from period to period, joined by a line where both are told."""

    caption: str
    marks: Sequence[Mark]
    lowest: float
    highest: float


Block: TypeAlias = Text | Heading | Listed | Grid | Bars | Line


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter with its number and title ("I. Pendahuluan")."""

    title: str
    blocks: Sequence[Block]
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Headline:
    """The figure of the first page: the index, its letter in words, and what stands beside it (weight, respondents)."""

    figure: str
    letter: str
    words: str
    beside: Sequence[str]


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report of the day `made_on`; `page_of` is the page number in words with the place %d.

    `foot` stands on every page.
    """

    title: str
    unit: str
    period: str
    language: str
    foot: str
    page_of: str
    headline: Headline
    notice_title: str
    notices: Sequence[str] = field(default_factory=list)
    chapters: Sequence[Chapter] = field(default_factory=list)
    made_on: date | None = None


@dataclass(frozen=True, slots=True)
class Poster:
    """The publication sheet: title, unit and period, the figure, what stands beside it, and the thanks."""

    title: str
    unit: str
    period: str
    figure_title: str
    figure: str
    letter_title: str
    letter: str
    words: str
    facts: Sequence[tuple[str, str]]
    profile_title: str
    profile: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    thanks: str
    foot: str
    language: str
