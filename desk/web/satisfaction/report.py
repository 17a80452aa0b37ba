"""What stands in the report of a survey, in the language of the request, in the outline of the regulation.

I Introduction, II Collection, III Result, IV Analysis, V Closing, appendices. What only the office can say is a marked
placeholder. Under five respondents nobody may ask for it.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from flask_babel import format_date, format_decimal, gettext

from desk.domain.skm_elements import EXACT, Element, Instrument, Regulation
from desk.domain.skm_index import ElementFigures, Index
from desk.reports.skm_findings import Findings, ServiceFigures
from desk.reports.skm_report import Block, Chapter, Grid, Heading, Headline, Listed, Report, Text
from desk.web.context import language
from desk.web.satisfaction.index import warned
from desk.web.satisfaction.page import interval_words, sample_columns, sample_words, shown, weight_figure
from desk.web.satisfaction.question import days_words, period_words
from desk.web.satisfaction.report_analysis import analysis, appendices, by_element, placeholder
from desk.wording.skm import PROFILE, VALUES


@dataclass(frozen=True, slots=True)
class About:
    """What a report says of the office: name and address, the names of services by id, and the day it is made on."""

    office: str
    address: str
    services: dict[int, str]
    day: date


def report_of(found: Findings, about: About) -> Report:
    """Return the report on what was found."""
    return Report(
        gettext("Report on the Public Satisfaction Survey (SKM)"),
        unit_of(found, about),
        days_of(found),
        language(),
        gettext("%(office)s · made on %(day)s", office=about.office, day=format_date(about.day)),
        gettext("page %(number)s", number="%d"),
        _headline(found.index, found),
        gettext("To be looked at before this is published"),
        [warned(each, found.index) for each in found.warnings],
        _chapters(found, about),
        about.day,
    )


def _chapters(found: Findings, about: About) -> list[Chapter]:
    return [
        _introduction(found, about),
        _collection(found, about),
        _result(found, about),
        analysis(found),
        _closing(found, about),
        *appendices(found),
    ]


def unit_of(found: Findings, about: About) -> str:
    """Return whose figures these are: the office, or one service of it."""
    service = about.services.get(found.question.service_id)
    return f"{about.office} · {service}" if service else about.office


def days_of(found: Findings) -> str:
    """Return the period in words, with its days."""
    period = found.question.period
    return f"{period_words(period)} ({format_date(period.first)} – {format_date(period.last)})"


def weight_words(index: Index) -> str:
    """Return the weight as it is printed beside an index."""
    return gettext("weight of each element: %(weight)s", weight=weight_figure(index.weight))


def name_of(element: Element) -> str:
    """Return the name of an element."""
    return element.english if language() == "en" else element.name


def apart_words(index: Index) -> list[str]:
    """Return the elements that always stand apart too, each with its figure."""
    found = (each for each in index.apart if each.converted is not None)
    return [gettext("%(element)s: %(figure)s", element=name_of(each.element), figure=_of(each)) for each in found]


def _of(figures: ElementFigures) -> str:
    letter = figures.band.letter.value if figures.band else "–"
    return f"{shown(figures.converted)} ({letter})"


def letter_words(index: Index) -> str:
    """Return what the letter of an index says."""
    band = index.band
    return "–" if band is None else band.english if language() == "en" else band.performance


def _headline(index: Index, found: Findings) -> Headline:
    interval = found.interval
    beside = [
        *(() if interval is None else (gettext("Interval: %(interval)s", interval=interval_words(interval)),)),
        f"{found.instrument.title} · {weight_words(index)}",
        sample_words(found.tallied.respondents, found.sample),
        *((gettext("Apart: %(elements)s", elements="; ".join(apart_words(index))),) if index.apart else ()),
    ]
    letter = index.band.letter.value if index.band else "–"
    return Headline(shown(index.value), letter, letter_words(index), beside)


def _introduction(found: Findings, about: About) -> Chapter:
    unit, period = unit_of(found, about), period_words(found.question.period)
    blocks: list[Block] = [
        Heading(gettext("A. Background")),
        Text(
            gettext(
                "Every unit that serves the public asks those it served at least once a year how satisfied they are,"
                " and publishes the result and how it was worked out. This report tells of the survey of %(unit)s,"
                " %(period)s.",
                unit=unit,
                period=period,
            )
        ),
        placeholder(gettext("what the office wants of this survey, and what changed since the last")),
        Heading(gettext("B. Legal basis")),
        Listed(_laws(found.instrument)),
        placeholder(gettext("rules of the ministry and of the office")),
        Heading(gettext("C. Purpose and aims")),
        Text(
            gettext(
                "To know how satisfied those who were served are, element by element; to find the weakest elements;"
                " and to plan what is done about them and follow it up."
            )
        ),
    ]
    return Chapter(gettext("I. Introduction"), blocks)


def _laws(instrument: Instrument) -> list[str]:
    """Return the laws by their own titles, which are not translated."""
    of_survey = {
        Regulation.RULE_2017: "Peraturan Menteri Pendayagunaan Aparatur Negara dan Reformasi Birokrasi Nomor 14"
        " Tahun 2017 tentang Pedoman Penyusunan Survei Kepuasan Masyarakat Unit Penyelenggara Pelayanan Publik",
        Regulation.RULE_2004: "Keputusan Menteri Pendayagunaan Aparatur Negara Nomor KEP/25/M.PAN/2/2004",
    }
    return ["Undang-Undang Nomor 25 Tahun 2009 tentang Pelayanan Publik", of_survey[instrument.regulation]]


def _collection(found: Findings, about: About) -> Chapter:
    drawn, period = sample_columns(found.sample), found.question.period
    blocks: list[Block] = [
        Heading(gettext("A. Who carried it out")),
        Text(gettext("%(office)s itself.", office=about.office)),
        placeholder(gettext("the team that carried it out, by office, not by name")),
        Heading(gettext("B. Method")),
        Text(
            gettext(
                "Whoever was served got a questionnaire with %(count)s elements, each from 1 to 4: by a link,"
                " anonymously, on paper, or taken over from a file. Answers of the office's own staff and of the poster"
                " are not counted.",
                count=len(found.instrument.elements),
            )
        ),
        Text(_formula(found)),
        Heading(gettext("C. Place")),
        Text(f"{about.office}, {about.address}" if about.address else about.office),
        Heading(gettext("D. Time")),
        Text(days_words(period, found.question.today)),
        Heading(gettext("E. Number of respondents")),
        Grid(
            gettext("Respondents needed and received"),
            [gettext("Served"), gettext("Needed (Krejcie and Morgan)"), gettext("Received")],
            [[*drawn, str(format_decimal(found.tallied.respondents))]],
            (1, 1, 1),
            frozenset({0, 1, 2}),
        ),
    ]
    return Chapter(gettext("II. Collecting the data"), blocks)


def _formula(found: Findings) -> str:
    exact = Fraction(1, len(found.instrument.elements))
    words = gettext(
        "NRR = sum of the scores ÷ answers to the element; IKM = sum of (NRR × weight) × 25, with the %(weight)s. It is"
        " exact until it is shown and rounded once, half up.",
        weight=weight_words(found.index),
    )
    if found.index.weight.name == EXACT or found.index.value is None:
        return words
    value = found.index.value / found.index.weight.value * exact
    more = gettext("With the exact weight %(weight)s it would be %(figure)s.", weight=exact, figure=shown(value))
    return f"{words} {more}"


def _result(found: Findings, about: About) -> Chapter:
    blocks: list[Block] = [Heading(gettext("A. Respondents"))]
    blocks += _profile(found)
    blocks += [Heading(gettext("B. Index by element")), *by_element(found)]
    if found.services:
        blocks += [Heading(gettext("C. Index by service")), *_services(found, about)]
    return Chapter(gettext("III. Result"), blocks)


def profile_rows(found: Findings) -> list[tuple[str, str, str]]:
    """Return (column, value, respondents) of who answered; a dash where a number would tell of single people."""
    return [
        (column, value, "–" if count is None else str(format_decimal(count)))
        for column, value, count in profile_counts(found)
    ]


def profile_counts(found: Findings) -> list[tuple[str, str, int | None]]:
    """Return the same as numbers; None where one would tell of single people."""
    return [
        (
            gettext(PROFILE[column]),
            gettext("not told") if not value else gettext(VALUES[value]) if value in VALUES else value,
            count,
        )
        for column, counts in found.profile.items()
        for value, count in counts.items()
    ]


def _profile(found: Findings) -> list[Block]:
    rows = profile_rows(found)
    if not rows:
        return [Text(gettext("Nobody said anything about themselves; the questions about the person are voluntary."))]
    heads = [gettext("Profile"), gettext("Answer"), gettext("Respondents")]
    note = gettext("–: under 5, or what would reveal such a number. Questions about the person are voluntary.")
    return [Grid(gettext("Who answered"), heads, rows, (3, 4, 2), frozenset({2})), Text(note, muted=True)]


def _services(found: Findings, about: About) -> list[Block]:
    """Return the table of the services; below it why figures are hidden, for which its columns have no room."""
    heads = [
        gettext("Service"),
        gettext("Served"),
        gettext("Needed"),
        gettext("Received"),
        gettext("IKM"),
        gettext("Quality"),
    ]
    rows = []
    for each in found.services:
        figure = "–" if _is_hidden(each) else shown(each.index.value if each.index else None)
        letter = each.index.band.letter.value if each.index and each.index.band else "–"
        name = about.services.get(each.service_id, "–")
        rows.append([name, *sample_columns(each.sample), str(format_decimal(each.respondents)), figure, letter])
    grid = Grid(gettext("Index by service"), heads, rows, (5.4, 2.2, 2.6, 2.2, 2, 1.8), frozenset({1, 2, 3, 4}))
    if not any(_is_hidden(each) for each in found.services):
        return [grid]
    note = gettext(
        "–: too few to tell where fewer than 5 answered; where more did, hidden so that those of fewer than 5 beside it"
        " cannot be worked out."
    )
    return [grid, Text(note, muted=True)]


def _is_hidden(service: ServiceFigures) -> bool:
    return service.hidden or bool(service.index and service.index.hidden)


def _closing(found: Findings, about: About) -> Chapter:
    index = found.index
    figure = gettext(
        "The satisfaction index of %(unit)s, %(period)s, is %(figure)s: quality %(letter)s, %(words)s (%(weight)s).",
        unit=unit_of(found, about),
        period=period_words(found.question.period),
        figure=shown(index.value),
        letter=index.band.letter.value if index.band else "–",
        words=letter_words(index),
        weight=weight_words(index),
    )
    blocks: list[Block] = [
        Text(figure),
        placeholder(gettext("what the office concludes, and thanks to those who answered")),
        placeholder(gettext("place, date, office and name of who signs")),
    ]
    return Chapter(gettext("V. Closing"), blocks)
