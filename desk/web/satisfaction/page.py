"""A satisfaction page ready to be shown, and how its figures are written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Final

from flask_babel import format_date, format_decimal, gettext

from desk.domain.questionnaires import Measure
from desk.domain.skm_elements import EXACT, Weight, half_up
from desk.domain.skm_index import Index
from desk.domain.skm_sample import Sample
from desk.reads.report_names import Names
from desk.reports.satisfaction import instrument_of
from desk.reports.score_intervals import IndexInterval
from desk.reports.telling import Untold
from desk.web.context import language
from desk.web.reports.charts import Chart
from desk.web.reports.sheets import Kind, Sheet, figure_of
from desk.web.satisfaction.question import Asked, period_words
from desk.wording import N_
from desk.wording.skm import INTERVALS, LEADS, MEASURES, METHODS

UNTOLD: Final[Mapping[Untold, str]] = {
    Untold.FEW: N_(
        "Fewer than 5 people answered in this period. No figure is shown: it would tell what each of them said."
    ),
    Untold.RUNNING: N_(
        "Still running: shown once at least five more people have answered. Before that, whoever takes the figures that"
        " are shown already off these would have what fewer than 5 people said. Choose a period that is over."
    ),
    Untold.AFTER: N_(
        "This month is over, its quarter still running: shown once at least five more people have answered, or when the"
        " quarter is over. Choose the quarter."
    ),
    Untold.UNFINISHED: N_(
        "Still running, and a quarter of it that is over has too few answers to be shown by itself: this period is"
        " shown in its last quarter at the earliest. Choose a quarter that is over."
    ),
    Untold.PERIOD: N_(
        "Hidden: beside the figures of periods within this one or around it they would tell what fewer than 5"
        " people said, whoever takes one off the other. Choose one of those periods."
    ),
    Untold.PUBLISHED: N_(
        "Hidden: beside what was published of this period, or of one within it or around it, it would tell"
        " what fewer than 5 people said who answered or changed their answers since. See what was published."
    ),
    Untold.SERVICE: N_(
        "Hidden: beside the figures of the other services, in this period or another, they would tell what"
        " fewer than 5 people said. Choose another period or all services."
    ),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """A page ready to be shown."""

    report: str
    asked: Asked
    names: Names
    periods: list[tuple[str, str]]
    sheets: list[Sheet] = field(default_factory=list)
    charts: dict[str, Chart] = field(default_factory=dict)
    index: Index | None = None
    interval: IndexInterval | None = None
    instead: Measure | None = None  # the regulation under which the period was answered, where it is another one
    respondents: int = 0
    sample: Sample | None = None
    warnings: list[str] = field(default_factory=list)
    figures: list[tuple[str, str]] = field(default_factory=list)
    nothing: bool = False
    hidden: str = ""  # why nothing is shown though people answered
    questionnaires: list[tuple[Measure, str]] = field(default_factory=list)  # to choose from, where there is a choice

    @property
    def wrong(self) -> str | None:
        """What cannot be answered, and how to ask instead."""
        return self.asked.wrong

    @property
    def weights(self) -> tuple[Weight, ...]:
        """The weights in use under the regulation asked for."""
        return instrument_of(self.asked.measure).weights

    @property
    def sample_words(self) -> str:
        """How many answered, and how many had to."""
        return sample_words(self.respondents, self.sample)

    @property
    def sentence(self) -> str:
        """Nothing more to say below the tables."""
        return ""

    @property
    def lists(self) -> dict[str, int]:
        """No table here is turned over page by page."""
        return {}

    @property
    def days(self) -> str:
        """The period in words, with its days."""
        first, last = self.asked.period.first, self.asked.period.last
        return f"{period_words(self.asked.period)} ({format_date(first)} – {format_date(last)})"

    @property
    def only(self) -> list[str]:
        """What the page is narrowed to, in words."""
        named = self.names.services.get(self.asked.service_id, {}).get(language())
        return [named] if named else []

    @property
    def methods(self) -> list[str]:
        """How it was worked out."""
        return [gettext(each) % () for each in METHODS[self.report]]

    @property
    def lead(self) -> str:
        """What the page is."""
        return gettext(LEADS[self.report])

    @property
    def file_name(self) -> str:
        """The name of a file without its ending."""
        measure = f"-{self.asked.measure}" if self.questionnaires else ""
        return f"{self.report}-{self.asked.period}{measure}"

    @property
    def questionnaire(self) -> str:
        """Which questionnaire the tables are about; empty where the page is about one anyway."""
        return dict(self.questionnaires).get(self.asked.measure, "")


def shown(value: Fraction | None, decimals: int = 2) -> str:
    """Return a figure rounded once, half up, with the decimal mark of the language; a dash for none."""
    if value is None:
        return "–"
    return str(format_decimal(half_up(value, decimals), "0." + "0" * decimals))


def interval_words(interval: IndexInterval) -> str:
    """Return from where to where an index lies, and how that was worked out."""
    low, high = (figure_of(Kind.SCORE_ABOUT, each) for each in (interval.low, interval.high))
    bounds = gettext("between %(low)s and %(high)s with 95%% confidence", low=low, high=high)
    return f"{bounds} ({method_words(interval)})"


def method_words(interval: IndexInterval) -> str:
    """Return how an interval was worked out."""
    return gettext(INTERVALS[interval.method])


def in_percent(value: float) -> str:
    """Return a share of 0 to 1 in per cent, with one decimal."""
    return f"{format_decimal(round(value * 100, 1))}%"


def weight_figure(weight: Weight) -> str:
    """Return a weight as it is printed: 1/9, or a decimal with the mark of the language."""
    if weight.name == EXACT:
        return str(weight.value)
    return str(format_decimal(Decimal(weight.name), "0.0###"))


def sample_words(received: int, drawn: Sample | None) -> str:
    """Return how many answered, beside how many had to of those who were served, as far as that is known."""
    if drawn is None:
        return gettext(
            "%(received)s respondents; how many were served, and so how many are needed, is not known",
            received=format_decimal(received),
        )
    return gettext(
        "%(received)s respondents of %(needed)s needed; %(population)s were served",
        received=format_decimal(received),
        needed=format_decimal(drawn.needed),
        population=format_decimal(drawn.population),
    )


def mean_satisfaction_of(measure: Measure) -> str:
    """Return the head of a column of satisfaction: by which questionnaire, and that it is a mean of 0 to 100 %."""
    return gettext("Mean satisfaction, 0 to 100%%: %(measure)s", measure=gettext(MEASURES[measure]))


def only_measure(measure: Measure) -> str:
    """Say of which questionnaire a table is, and of which all it is where offices have several of their own."""
    if measure is Measure.OWN:
        words = gettext(
            "Only answers to the office's own questionnaires, all of them together, each from the lowest (0%%) to the"
            " highest (100%%) of its scale."
        )
        return words % ()
    return gettext(
        "Only answers to this questionnaire: %(measure)s. Figures of different questionnaires are never added up.",
        measure=gettext(MEASURES[measure]),
    )


def known(count: int | None) -> str:
    """Return a number that may not be known."""
    return gettext("not known") if count is None else str(format_decimal(count))


def sample_columns(drawn: Sample | None) -> tuple[str, str]:
    """Return how many were served and how many had to answer, for a table."""
    return (known(None), known(None)) if drawn is None else (known(drawn.population), known(drawn.needed))


def why_untold(untold: Untold | None) -> str:
    """Return in words why figures are not told; nothing where they may be."""
    return "" if untold is None else gettext(UNTOLD[untold])


def why_elements_untold(index: Index | None) -> str:
    """Return in words why elements are not told, and with them no index; nothing where all may be."""
    if index is None or not index.hidden:
        return ""
    return gettext(
        "Not told: %(elements)s. Fewer than 5 people answered it, or beside the figures of other services and periods"
        " it would tell what so few said. Without it there is no index either: whoever took the other elements off the"
        " index would have it.",
        elements=", ".join(each.english if language() == "en" else each.name for each in index.hidden),
    )


def service_words(bare: Answer, service_id: int) -> str:
    """Return the name of a service; answers need not tell which."""
    return bare.names.services.get(service_id, {}).get(language()) or gettext("not told")


def filled(bare: Answer, **more: object) -> Answer:
    """Return the page with what was found."""
    kept = {name: getattr(bare, name) for name in ("report", "asked", "names", "periods", "questionnaires")}
    return Answer(**kept, **more)  # type: ignore[arg-type]
