"""The other scores of a period: by questionnaire, service, month and officer."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from flask_babel import format_date, format_decimal, gettext
from sqlalchemy import Connection

from desk.domain.questionnaires import Measure
from desk.domain.skm_period import Period
from desk.domain.tallies import Origin, Tally, merged
from desk.reads.report_names import find_people
from desk.reports.chain_scores import load_chain_telling
from desk.reports.lasting import Lasting, Moment, RestsOn, get_moment
from desk.reports.satisfaction import (
    FEWEST_TO_RANK,
    REGULATIONS,
    Cell,
    HandlerScore,
    instrument_of,
    load_cells,
    load_shares,
    satisfaction_estimate,
)
from desk.reports.statistics import Estimate
from desk.reports.telling import FEWEST, FEWEST_OF_OFFICER, Telling, Untold, period_of
from desk.reports.telling_chain import ChainTelling
from desk.reports.telling_elements import ElementTelling, element_telling, whole_years
from desk.reports.telling_services import load_telling
from desk.web.reports.sheets import Column, Hidden, Kind, Row, Sheet
from desk.web.satisfaction.legs import by_leg
from desk.web.satisfaction.measures import measures_sheet, nps_figure
from desk.web.satisfaction.page import (
    Answer,
    filled,
    in_percent,
    mean_satisfaction_of,
    only_measure,
    service_words,
    why_untold,
)
from desk.web.satisfaction.question import Asked
from desk.wording.skm import MEASURES

# Worked out anew only when something happened that may change an answer of the year.
COUNTED: Final = Lasting[list[Cell]](12)
TOLD: Final = Lasting[ElementTelling](24)


def scores(reader: Connection, bare: Answer, office_id: int) -> Answer:
    """Work the scores of the period asked for out; the tables are of one questionnaire, as scales are never mixed."""
    asked = bare.asked
    now = get_moment(reader, office_id)
    every = _every(reader, now, asked.period)
    within = [each for each in every if each.month in asked.period and asked.service_id in (0, each.service_id)]
    counted = [each for each in within if each.origin is not Origin.POSTER]
    poster = _poster(every, asked)
    if not any(each.tally.answers for each in counted):
        return filled(bare, sheets=[poster], hidden=_only_poster()) if poster.rows else filled(bare, nothing=True)
    bare = _with_questionnaire(bare, counted)
    measure = bare.asked.measure
    tellings = {each: _telling(reader, now, every, each, asked) for each, _ in bare.questionnaires}
    told = _told_measures(counted, tellings, bare)
    respondents = sum(each.tally.answers for each in counted)
    untold = _why_none(tellings, bare)
    if not told and untold:
        return filled(bare, respondents=respondents, sheets=[poster] if poster.rows else [], hidden=untold)
    sheets = [measures_sheet(counted, told)]
    if measure in told:
        sheets += _tables(reader, bare, office_id, [each for each in counted if each.measure == measure], tellings)
    sheets.append(poster)
    return filled(
        bare,
        respondents=respondents,
        sheets=[each for each in sheets if each.rows],
        figures=_headline(counted, told),
        hidden="" if measure in told else _too_few_of(measure),
    )


def _every(reader: Connection, now: Moment, period: Period) -> list[Cell]:
    """Return all that is counted in the year of a period, but what staff answered."""

    def load() -> list[Cell]:
        cells = load_cells(reader, now.office_id, *whole_years(period.first, period.last))
        return [each for each in cells if each.origin is not Origin.STAFF]

    return COUNTED.find(reader, now, period.year, load, lambda _: RestsOn(date(period.year, 12, 31)))


def _with_questionnaire(bare: Answer, counted: list[Cell]) -> Answer:
    """Return the page with the questionnaires to choose from: without a choice the one that most answered."""
    answers = {each: sum(cell.tally.answers for cell in counted if cell.measure == each) for each in Measure}
    most = max(answers, key=lambda each: answers[each])
    asked = bare.asked if bare.asked.chosen else replace(bare.asked, measure=most, chosen=True)
    offered = [(each, gettext(MEASURES[each])) for each in Measure if answers[each] or each is asked.measure]
    return replace(bare, asked=asked, questionnaires=offered)


def _telling(reader: Connection, now: Moment, cells: list[Cell], measure: Measure, asked: Asked) -> ElementTelling:
    """Return what may be told by a questionnaire in a year; by one of the regulations only with all its elements."""
    year = asked.period.year

    def judge() -> ElementTelling:
        telling = load_telling(reader, now.office_id, (date(year, 1, 1), date(year, 12, 31)), asked.today, measure)
        if measure not in REGULATIONS:
            return ElementTelling(telling, {})
        mine = [each for each in cells if each.measure == measure]
        return element_telling(mine, telling, instrument_of(measure), asked.today)

    return TOLD.find(reader, now, (year, asked.today, measure), judge, lambda _: RestsOn(date(year, 12, 31)))


def _told_measures(cells: list[Cell], tellings: Mapping[Measure, ElementTelling], bare: Answer) -> dict[Measure, Tally]:
    """Return the answers by questionnaire of which figures may be told; nothing adds questionnaires up."""
    found = {measure: merged(each.tally for each in cells if each.measure == measure) for measure in Measure}
    return {
        measure: tally
        for measure, tally in found.items()
        if tally.answers and tellings[measure].told(bare.asked.period, bare.asked.group)
    }


def _why_none(tellings: Mapping[Measure, ElementTelling], bare: Answer) -> str:
    """Return why nothing is told though enough answered; empty where too few did."""
    asked = bare.asked
    untold = tellings[asked.measure].telling.why_not(asked.period, asked.group)
    return "" if untold in (None, Untold.FEW) else why_untold(untold)


def _too_few_of(measure: Measure) -> str:
    return gettext(
        "Too few to tell by service, month or officer: %(measure)s. Choose another questionnaire or a longer period.",
        measure=gettext(MEASURES[measure]),
    )


def _only_poster() -> str:
    return gettext(
        "In this period only posters were answered: nobody answered by the survey link, on paper or from a file."
    )


def _tables(
    reader: Connection, bare: Answer, office_id: int, cells: list[Cell], tellings: Mapping[Measure, ElementTelling]
) -> list[Sheet]:
    """Return the tables of the questionnaire asked for."""
    telling = tellings[bare.asked.measure]
    sheets = [_by_service(cells, bare, telling), _by_month(cells, bare, telling)]
    if any(each.origin is Origin.LINKED for each in cells):
        asked = bare.asked
        chain = load_chain_telling(reader, office_id, asked.period, asked.today, asked.measure, asked.service_id)
        sheets += [_officers(reader, bare, office_id, chain), by_leg(reader, bare, office_id, chain)]
    return sheets


def _headline(cells: list[Cell], told: dict[Measure, Tally]) -> list[tuple[str, str]]:
    """Return how many answered, and the satisfaction by questionnaire: those of two regulations are never mixed."""
    figures = [(str(format_decimal(sum(each.tally.answers for each in cells))), gettext("answers"))]
    for measure, tally in told.items():
        if measure is Measure.NPS and (found := nps_figure(tally)) is not None:
            figures.append(found)
            continue
        estimate = satisfaction_estimate(tally)
        if estimate is not None:
            low, high = (in_percent(each) for each in (estimate.interval.low, estimate.interval.high))
            words = gettext(
                "%(measure)s: satisfaction (between %(low)s and %(high)s)",
                measure=gettext(MEASURES[measure]),
                low=low,
                high=high,
            )
            figures.append((in_percent(estimate.value), words))
    return figures


def _by_service(cells: list[Cell], bare: Answer, telling: ElementTelling) -> Sheet:
    period = bare.asked.period
    rows = []
    for service_id in dict.fromkeys([*bare.names.services, 0]):
        tally = merged(cell.tally for cell in cells if cell.service_id == service_id)
        if tally.answers:
            told = telling.told(period, (service_id,))
            rows.append(_satisfied(service_words(bare, service_id), tally, is_told=told))
    return _satisfaction("service", gettext("By service"), gettext("Service"), rows, bare.asked.measure)


def _by_month(cells: list[Cell], bare: Answer, telling: ElementTelling) -> Sheet:
    months: dict[date, Tally] = {}
    for each in cells:
        months.setdefault(each.month, Tally()).merge(each.tally)
    rows = [
        _satisfied(
            str(format_date(month, "MMMM y")), tally, is_told=telling.told(period_of(month, 1), bare.asked.group)
        )
        for month, tally in sorted(months.items())
    ]
    return _satisfaction("month", gettext("By month"), gettext("Month"), rows, bare.asked.measure)


def _satisfied(words: str, tally: Tally, *, is_told: bool) -> Row:
    hidden = Hidden.BESIDE if tally.answers >= FEWEST else None
    return Row((words, tally.answers, satisfaction_estimate(tally) if is_told else hidden))


def _satisfaction(name: str, caption: str, subject: str, rows: list[Row], measure: Measure) -> Sheet:
    columns = (
        Column(subject, Kind.TEXT),
        Column(gettext("Answers"), Kind.COUNT),
        Column(mean_satisfaction_of(measure), Kind.SHARE),
    )
    return Sheet(name, caption, columns, rows, notes=(only_measure(measure),))


def _officers(reader: Connection, bare: Answer, office_id: int, chain: ChainTelling) -> Sheet:
    asked = bare.asked
    found = load_shares(reader, office_id, asked.period, asked.measure, chain, asked.service_id)
    people = {**bare.names.people, **find_people(reader, [each.holder_id for each in found])}
    columns = (
        Column(gettext("Officer"), Kind.TEXT),
        Column(gettext("Answers"), Kind.COUNT),
        Column(gettext("Mean share of the work"), Kind.PART),
        Column(mean_satisfaction_of(asked.measure), Kind.SHARE),
    )
    rows = [
        Row((people.get(each.holder_id, "–"), each.answers, float(each.share), _score(each)))
        for each in sorted(found, key=lambda each: people.get(each.holder_id, "").casefold())
    ]
    few = sum(each.score is not None and each.answers < FEWEST_TO_RANK for each in found)
    notes = [gettext("Officers stand by name and are not ranked.")]
    if few:
        notes.append(gettext("Under 30 answers an interval is wide: compare nobody by it."))
    return Sheet("officers", gettext("By officer, by share of the work"), columns, rows, notes=tuple(notes))


def _score(found: HandlerScore) -> Estimate | Hidden | None:
    return Hidden.BESIDE if found.score is None and found.answers >= FEWEST_OF_OFFICER else found.score


def _poster(cells: list[Cell], asked: Asked) -> Sheet:
    """Return a line for each questionnaire that posters ask; `cells` are those of whole years.

    Whoever answers a poster is counted nowhere else, so the rule holds for them by themselves: for those whose answers
    make the figure.
    """
    rows = []
    for measure in Measure:
        mine = [each for each in cells if each.measure == measure and each.origin is Origin.POSTER]
        shown = [each for each in mine if each.month in asked.period and asked.service_id in (0, each.service_id)]
        tally = merged(each.tally for each in shown)
        if tally.answers:
            telling = Telling(((each.month, (each.service_id,), each.tally.rated) for each in mine), asked.today)
            is_told = telling.told(asked.period, asked.group)
            rows.append(_satisfied(gettext(MEASURES[measure]), tally, is_told=is_told))
    columns = (
        Column(gettext("Questionnaire"), Kind.TEXT),
        Column(gettext("Answers"), Kind.COUNT),
        Column(gettext("Mean satisfaction, 0 to 100%%") % (), Kind.SHARE),
    )
    return Sheet("poster", gettext("From the poster, never mixed with the others"), columns, rows)
