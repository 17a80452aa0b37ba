"""The figures by element, the analysis and the appendices of a survey report, in the language of the request."""

from collections.abc import Sequence
from itertools import dropwhile
from typing import Final

from flask_babel import format_decimal, gettext

from desk.domain.improvement import UNFINISHED
from desk.domain.skm_elements import INSTRUMENTS, Element
from desk.domain.skm_index import ElementFigures, Index
from desk.domain.skm_period import Period
from desk.reads.improvements import Measure
from desk.reports.skm_findings import Findings
from desk.reports.skm_report import Bars, Block, Chapter, Grid, Heading, Line, Listed, Mark, Text
from desk.web.context import language
from desk.web.satisfaction.page import interval_words, shown
from desk.web.satisfaction.question import period_words
from desk.wording.skm import STATUSES

DECIMALS: Final = 4  # of means, as the bounds of the letters are printed
HIGHEST: Final = 100.0
COUNT: Final = 3  # of the weakest and of the strongest elements
NAMES: Final = {each.key: each for instrument in INSTRUMENTS.values() for each in instrument.elements}


def element_name(key: str) -> str:
    """Return the name of an element by its key."""
    return _name(NAMES[key])


def placeholder(words: str) -> Text:
    """Return a place that the office fills in."""
    return Text(f"[… {words} …]", unfinished=True)


def _name(element: Element) -> str:
    return element.english if language() == "en" else element.name


def _letter(figures: ElementFigures) -> str:
    return figures.band.letter.value if figures.band else "–"


def by_element(found: Findings) -> list[Block]:
    """Return the table of the elements with the index and its interval, and their chart, the weakest marked."""
    return [_element_grid(found.index), *_interval(found), _element_bars(found.index), *_apart(found.index)]


def _element_grid(index: Index) -> Grid:
    heads = [
        gettext("Element"),
        gettext("Mean (NRR)"),
        gettext("Weighted"),
        gettext("Converted"),
        gettext("Quality"),
    ]
    rows = [
        [
            _name(each.element),
            shown(each.mean, DECIMALS),
            shown(each.weighted, DECIMALS),
            shown(each.converted),
            _letter(each),
        ]
        for each in index.elements
    ]
    rows.append([gettext("Index (IKM)"), "", "", shown(index.value), _quality(index)])
    last = frozenset({len(rows) - 1})
    return Grid(gettext("Index by element"), heads, rows, (6, 2, 2, 2, 1.6), frozenset({1, 2, 3}), last)


def _interval(found: Findings) -> list[Block]:
    """Return the sentence on the interval of the index; none where there is none."""
    if found.interval is None:
        return []
    words = gettext("Interval of the index: %(interval)s.", interval=interval_words(found.interval))
    return [Text(words, muted=True)]


def _element_bars(index: Index) -> Bars:
    lowest = {each.element.key for each in index.lowest(COUNT)}
    marks = [
        Mark(
            _name(each.element),
            None if each.converted is None else float(each.converted),
            f"{shown(each.converted)} {_letter(each)}",
            each.element.key in lowest,
        )
        for each in index.elements
    ]
    return Bars(gettext("Chart: index by element; dark: the three lowest"), marks, 0.0, HIGHEST)


def _apart(index: Index) -> list[Block]:
    """Return the elements that always stand apart too, and why; nothing where there are none."""
    apart = [f"{_name(each.element)} {shown(each.converted)} ({_letter(each)})" for each in index.apart]
    if not apart:
        return []
    note = gettext(
        "Apart: %(elements)s. A lawful fee can never score 4, and the question about complaints asks whether there"
        " is a way to complain at all.",
        elements="; ".join(apart),
    )
    return [Text(note, muted=True)]


def analysis(found: Findings) -> Chapter:
    """Return weaknesses, strengths, the plan and the trend."""
    index = found.index
    highest = [each for each in reversed(index.lowest(len(index.elements))) if each.mean is not None][:COUNT]
    blocks: list[Block] = [
        Heading(gettext("A. Weaknesses: the three lowest elements")),
        Listed([_said(each) for each in index.lowest(COUNT)]),
        Heading(gettext("B. Strengths: the three highest elements")),
        Listed([_said(each) for each in highest]),
        placeholder(gettext("why these are weak and those strong, in the words of the office")),
        Heading(gettext("C. Follow-up plan")),
        *_plan(found.plan),
        Heading(gettext("D. Trend")),
        *_trend(found),
    ]
    return Chapter(gettext("IV. Analysis"), blocks)


def _said(figures: ElementFigures) -> str:
    return f"{_name(figures.element)}: {shown(figures.converted)} ({_letter(figures)})"


def _plan(plan: Sequence[Measure]) -> list[Block]:
    if not plan:
        return [placeholder(gettext("nothing is planned yet: add measures to the follow-up plan"))]
    heads = [
        gettext("No."),
        gettext("Priority element"),
        gettext("Program or activity"),
        gettext("Time"),
        gettext("Person in charge"),
    ]
    rows = [
        [str(number), element_name(each.element), each.program or "–", period_words(each.due), each.owner]
        for number, each in enumerate(plan, 1)
    ]
    return [Grid(gettext("Follow-up plan"), heads, rows, (1, 3, 5, 2.4, 2.6))]


def _trend(found: Findings) -> list[Block]:
    marks = [
        Mark(
            period_words(period),
            None if index is None or index.value is None else float(index.value),
            shown(index.value) if index else "–",
            period == found.question.period,
        )
        for period, _, index in _since_first(found)
    ]
    told = [each.value for each in marks if each.value is not None]
    rows = [
        [period_words(period), str(format_decimal(answers)), shown(index.value if index else None), _quality(index)]
        for period, answers, index in _since_first(found)
    ]
    heads = [gettext("Period"), gettext("Respondents"), gettext("IKM"), gettext("Quality")]
    table = Grid(gettext("From period to period"), heads, rows, (4, 2, 2, 2), frozenset({1, 2}))
    if len(told) < 2:
        return [table, Text(gettext("There is no earlier period to compare with."), muted=True)]
    return [Line(gettext("Chart: the index from period to period"), marks, *_bounds(told)), table]


def _since_first(found: Findings) -> list[tuple[Period, int, Index | None]]:
    """Return the trend from the first period on in which anybody answered."""
    return list(dropwhile(lambda told: not told[1], found.trend))


def _bounds(told: Sequence[float]) -> tuple[float, float]:
    """Return from where to where the chart goes: whole fives, so that small changes are seen but not magnified much."""
    lowest, highest = min(told) - 5, max(told) + 5
    return max(0.0, 5.0 * (lowest // 5)), min(HIGHEST, 5.0 * (highest // 5 + 1))


def _quality(index: Index | None) -> str:
    return index.band.letter.value if index and index.band else "–"


def appendices(found: Findings) -> list[Chapter]:
    """Return the questionnaire, the data as they were worked out, and what became of the plan before."""
    return [_questions(found), _sums(found), _plan_before(found)]


def _questions(found: Findings) -> Chapter:
    heads = [gettext("No."), gettext("Question"), gettext("Answers")]
    rows = [
        [
            str(number),
            each.text.in_language(language()),
            " · ".join(f"{option.value} {option.text.in_language(language())}" for option in each.options),
        ]
        for number, each in enumerate((each for each in found.questionnaire.questions if each.scored), 1)
    ]
    grid = Grid(found.questionnaire.title.in_language(language()), heads, rows, (1, 6, 6))
    return Chapter(gettext("Appendix 1. Questionnaire"), [grid], new_page=True)


def _sums(found: Findings) -> Chapter:
    heads = [
        gettext("Element"),
        gettext("Answers"),
        gettext("Sum of scores"),
        gettext("Mean (NRR)"),
        gettext("Weighted"),
    ]
    rows = [
        [
            _name(each.element),
            str(format_decimal(each.tally.answers)),
            str(format_decimal(each.tally.total)),
            shown(each.mean, DECIMALS),
            shown(each.weighted, DECIMALS),
        ]
        for each in found.index.elements
    ]
    grid = Grid(
        gettext("Sums from which the index can be worked out anew"),
        heads,
        rows,
        (6, 2, 2, 2, 2),
        frozenset(range(1, 5)),
    )
    note = gettext("The single answers, without whose they are, are in the workbook beside this report.")
    return Chapter(gettext("Appendix 2. Processed data"), [grid, Text(note, muted=True)])


def _plan_before(found: Findings) -> Chapter:
    title = gettext("Appendix 3. Follow-up of the previous period")
    if not found.plan_before:
        words = gettext("No follow-up plan of the previous period is kept here.")
        return Chapter(title, [Text(words)])
    heads = [
        gettext("No."),
        gettext("Priority element"),
        gettext("Program or activity"),
        gettext("Time"),
        gettext("Person in charge"),
        gettext("Status"),
    ]
    rows = [
        [
            str(number),
            element_name(each.element),
            each.program or "–",
            period_words(each.due),
            each.owner,
            gettext(STATUSES[each.status]),
        ]
        for number, each in enumerate(found.plan_before, 1)
    ]
    finished = sum(each.status not in UNFINISHED for each in found.plan_before)
    note = gettext("Settled: %(finished)s of %(all)s.", finished=finished, all=len(rows))
    caption = gettext("Plan of %(period)s", period=period_words(found.question.period.before))
    return Chapter(title, [Grid(caption, heads, rows, (1, 3, 4, 2.4, 2.4, 2.7)), Text(note, muted=True)])
