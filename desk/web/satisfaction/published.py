"""Published figures in words, for the page on which they are published and the page for everybody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import format_decimal, gettext

from desk.domain.improvement import Status
from desk.domain.publication import UNTOLD, Figures
from desk.domain.skm_elements import weight_of
from desk.domain.skm_index import Index, answered_by_few, hiding, index_of
from desk.domain.skm_profile import VALUES as VALUES_IN_ORDER
from desk.domain.skm_sample import Sample
from desk.domain.skm_warnings import FEWEST_TO_PUBLISH
from desk.domain.tallies import Tally
from desk.reports.score_intervals import index_interval
from desk.web.context import language
from desk.web.satisfaction.page import interval_words, sample_words, shown, weight_figure
from desk.web.satisfaction.question import days_words, period_words
from desk.web.satisfaction.report_analysis import element_name
from desk.wording.skm import METHODS, OF_THE_INTERVAL, PROFILE, STATUSES, VALUES


@dataclass(frozen=True, slots=True)
class ElementView:
    """One element: its name, its mean and figure in words, its letter, and the figure as a number for a bar."""

    name: str
    mean: str
    figure: str
    letter: str
    value: float | None
    lowest: bool


@dataclass(frozen=True, slots=True)
class PlanView:
    """One measure: what was published of it, and how far it is now where that is something else."""

    element: str
    program: str
    due: str
    status: Status
    status_words: str
    now_words: str | None


@dataclass(frozen=True, slots=True)
class PublishedView:
    """Everything that is shown of a period's figures; `interval` is empty where it is not known."""

    period: str
    days: str
    figure: str
    letter: str
    words: str
    interval: str
    regulation: str
    weight: str
    respondents: str
    elements: list[ElementView]
    apart: list[str]
    profile: list[tuple[str, list[tuple[str, str]]]]
    plan: list[PlanView]
    methods: list[str]


def published_view(
    figures: Figures, counted: Tally | None, words: Mapping[int, str], now: Mapping[int, Status], *, until: date
) -> PublishedView:
    """Return figures in the language of the request; `words` are the programs by step, `now` how far measures are.

    Until that day answers are counted, where the period was not over. `counted` are the sums that the figures were
    taken of; None where they are not known, and nothing is said of how sure the index is.
    """
    instrument, period = figures.tallied.instrument, figures.period
    index = index_told(figures)
    band, interval = index.band, None if counted is None else index_interval(index, counted)
    elements = _elements(index)
    return PublishedView(
        period_words(period),
        days_words(period, until),
        shown(index.value),
        band.letter.value if band else "–",
        "–" if band is None else band.english if language() == "en" else band.performance,
        "" if interval is None else interval_words(interval),
        instrument.title,
        weight_figure(index.weight),
        sample_words(figures.tallied.respondents, _sample(figures)),
        elements,
        [f"{element_name(each.element.key)} {shown(each.converted)}" for each in index.apart],
        _profile(figures),
        _plan(figures, words, now),
        [gettext(each) % () for each in METHODS["ikm"] if interval or each != OF_THE_INTERVAL],
    )


def index_told(figures: Figures) -> Index:
    """Return the index of published figures; also of those from before elements that few answered were refused."""
    index = index_of(figures.tallied, weight_of(figures.tallied.instrument, figures.weight))
    return hiding(index, answered_by_few(figures.tallied, FEWEST_TO_PUBLISH))


def _sample(figures: Figures) -> Sample | None:
    """Return respondents beside those needed; None where it was not known how many were served."""
    if figures.population is None or figures.needed is None:
        return None
    return Sample(figures.population, figures.needed, figures.tallied.respondents)


def _elements(index: Index) -> list[ElementView]:
    lowest = {each.element.key for each in index.lowest()}
    return [
        ElementView(
            element_name(each.element.key),
            gettext("too few to tell") if each.hidden else shown(each.mean, 4),
            shown(each.converted),
            each.band.letter.value if each.band else "–",
            None if each.converted is None else float(each.converted),
            each.element.key in lowest,
        )
        for each in index.elements
    ]


def _profile(figures: Figures) -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (
            gettext(PROFILE[column]),
            [
                (_value(value), "–" if counts[value] is None else str(format_decimal(counts[value])))
                for value in (*VALUES_IN_ORDER[column], UNTOLD)
                if value in counts
            ],
        )
        for column, counts in figures.profile.items()
    ]


def _value(value: str) -> str:
    if not value:
        return str(gettext("not told"))
    return str(gettext(VALUES[value])) if value in VALUES else value


def _plan(figures: Figures, words: Mapping[int, str], now: Mapping[int, Status]) -> list[PlanView]:
    return [
        PlanView(
            element_name(each.element),
            words.get(each.words_id) or "–",
            period_words(each.due),
            each.status,
            gettext(STATUSES[each.status]),
            gettext(STATUSES[now[each.id]]) if now.get(each.id, each.status) is not each.status else None,
        )
        for each in figures.plan
    ]
