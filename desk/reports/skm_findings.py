"""All that the documents of a survey tell of a period, read once: figures, trend, services, who answered, the plan.

Small parts are hidden here already, so that no document can tell them.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select

from desk.domain.publication import UNTOLD, Figures, Planned
from desk.domain.questionnaire_json import read
from desk.domain.questionnaires import Measure as Asked
from desk.domain.questionnaires import Questionnaire
from desk.domain.shipped_questionnaires import SHIPPED
from desk.domain.skm_elements import Instrument, weight_of
from desk.domain.skm_index import Index, Tallied, index_of
from desk.domain.skm_period import Period
from desk.domain.skm_profile import VALUES
from desk.domain.skm_sample import Sample
from desk.domain.skm_warnings import (
    ReportWarning,
    warn_of_answers,
    warn_of_copies,
    warn_of_few_since,
    warn_of_published,
)
from desk.domain.tallies import Tally
from desk.models import QuestionnaireRow
from desk.operations.publishing import Ready
from desk.reads.improvements import Measure, Publication, list_plan, list_publications, lowest_first
from desk.reads.reader import Reader
from desk.reports.satisfaction import Cell, count_served, instrument_of, load_cells, official, sample_of
from desk.reports.satisfaction import tallied_of as add_up
from desk.reports.telling import ALL, FEWEST, Group, Telling, Untold, hide_small, load_telling

TREND: Final = 8  # periods
# Whose values are few and listed by the regulation; what people write freely is published nowhere.
TOLD: Final = ("jenis_kelamin", "pendidikan", "pekerjaan")


@dataclass(frozen=True, slots=True)
class Question:
    """Which period, of which office and service (0: all), by which regulation, with which weight."""

    office_id: int
    period: Period
    measure: Asked
    weight: str
    service_id: int = 0

    @property
    def group(self) -> Group:
        """Whose figures are asked for."""
        return (self.service_id,) if self.service_id else ALL


@dataclass(frozen=True, slots=True)
class ServiceFigures:
    """A service in the period: served, needed, received, and its index; `hidden` where too few answered to tell."""

    service_id: int
    sample: Sample | None
    respondents: int
    index: Index | None
    hidden: bool


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found. `trend` goes from the oldest period to this one, its index None where it may not be told."""

    question: Question
    tallied: Tallied
    index: Index
    sample: Sample | None  # None: nothing is known of who was served
    profile: Mapping[str, Mapping[str, int | None]]  # column to value ("" where it was not told) to respondents
    trend: Sequence[tuple[Period, int, Index | None]]
    services: Sequence[ServiceFigures]
    warnings: Sequence[ReportWarning]
    plan: Sequence[Measure]
    plan_before: Sequence[Measure]
    questionnaire: Questionnaire
    published: Publication | None  # the newest version of this very period
    untold: Untold | None = None  # why none of it may be told, though enough answered

    @property
    def instrument(self) -> Instrument:
        """The regulation's questionnaire."""
        return self.tallied.instrument

    @property
    def too_few(self) -> bool:
        """Whether so few answered that their figures would tell what each of them said."""
        return self.tallied.respondents < FEWEST

    @property
    def ready(self) -> Ready:
        """What could be published now."""
        question, planned = self.question, self.plan
        plan = tuple(Planned(each.id, each.element, each.due, each.status, each.words_id) for each in planned)
        figures = Figures(
            question.period,
            self.tallied,
            question.weight,
            None if self.sample is None else self.sample.population,
            None if self.sample is None else self.sample.needed,
            self.profile,
            plan,
        )
        is_told = self.untold in (None, Untold.FEW)  # too few is refused by what is published itself
        return Ready(figures, [each.kind.value for each in self.warnings], is_told=is_told)


def find(reader: Reader, question: Question) -> Findings:
    """Return what there is to tell of a period; nothing is worked out of nothing: `too_few` then."""
    instrument, period = instrument_of(question.measure), question.period
    periods = _back(period)
    cells = load_cells(reader, question.office_id, periods[-1].first, period.last, question.measure)
    by_period = {each: _added(question, instrument, cells, each) for each in periods}
    tallied = by_period[period]
    index = index_of(tallied, weight_of(instrument, question.weight))
    served = count_served(reader, question.office_id, period.first, period.last)
    now = [each for each in cells if each.month in period]
    drawn = sample_of(served, now, tallied.respondents, question.service_id)
    published = _published(reader, question)
    telling = load_telling(reader, question.office_id, periods[-1].first, period.last, question.measure)
    return Findings(
        question,
        tallied,
        index,
        drawn,
        suppressed(official(now, question.measure, question.service_id)),
        [
            (each, by_period[each].respondents, _told(by_period[each], question, each, telling))
            for each in periods[::-1]
        ],
        _services(question, instrument, now, served, telling),
        _warnings(index, tallied, drawn, by_period, published, period),
        _plan(reader, question, period, _told(tallied, question, period, telling)),
        _plan(reader, question, period.before, _told(by_period[period.before], question, period.before, telling)),
        _questionnaire(reader, question),
        published,
        telling.why_not(period, question.group),
    )


def find_lowest(reader: Reader, question: Question) -> list[str]:
    """Return the elements that come first in a follow-up plan: the lowest of a period, none while too few answered."""
    instrument, period = instrument_of(question.measure), question.period
    cells = load_cells(reader, question.office_id, period.first, period.last, question.measure)
    telling = load_telling(reader, question.office_id, period.first, period.last, question.measure)
    index = _told(_added(question, instrument, cells, period), question, period, telling)
    return [] if index is None else [each.element.key for each in index.lowest()]


def _plan(reader: Reader, question: Question, period: Period, index: Index | None) -> list[Measure]:
    """Return the plan of a period, what is done about its lowest elements first, as far as these may be told."""
    lowest = [] if index is None else [each.element.key for each in index.lowest()]
    return lowest_first(list_plan(reader, question.office_id, period), lowest)


def _back(period: Period) -> list[Period]:
    found = [period]
    while len(found) < TREND:
        found.append(found[-1].before)
    return found


def _added(question: Question, instrument: Instrument, cells: Sequence[Cell], period: Period) -> Tallied:
    mine = [each for each in cells if each.month in period]
    return add_up(instrument, official(mine, question.measure, question.service_id))


def _told(tallied: Tallied, question: Question, period: Period, telling: Telling) -> Index | None:
    """Return an index that may be told."""
    weight = weight_of(tallied.instrument, question.weight)
    is_told = tallied.respondents >= FEWEST and telling.told(period, question.group)
    return index_of(tallied, weight) if is_told else None


def suppressed(tally: Tally) -> dict[str, dict[str, int | None]]:
    """Return how many gave each listed value, "" for those who did not say; None for what would tell of single people.

    Values that the regulation does not list count as not told, as they may be anything that somebody wrote.
    """
    found: dict[str, dict[str, int | None]] = {}
    for column in TOLD:
        given = tally.profile.get(column, {})
        counts = {value: given[value] for value in VALUES[column] if given.get(value)}
        if not counts:
            continue
        untold = tally.answers - sum(counts.values())
        parts = {**counts, UNTOLD: untold} if untold else counts
        hidden = hide_small(list(parts.values()))
        found[column] = {
            value: None if hide else count for (value, count), hide in zip(parts.items(), hidden, strict=True)
        }
    return found


def _services(
    question: Question, instrument: Instrument, cells: Sequence[Cell], served: Mapping[int, int], telling: Telling
) -> list[ServiceFigures]:
    ids = sorted({*served, *(each.service_id for each in cells)} - {0})
    if question.service_id:
        return []
    weight = weight_of(instrument, question.weight)
    found = []
    for each in ids:
        tallied = add_up(instrument, official(cells, question.measure, each))
        is_told = telling.told(question.period, (each,))
        index = index_of(tallied, weight) if tallied.respondents and is_told else None
        drawn = sample_of(served, cells, tallied.respondents, each)
        found.append(ServiceFigures(each, drawn, tallied.respondents, index, not is_told))
    return found


def _warnings(
    index: Index,
    tallied: Tallied,
    drawn: Sample | None,
    by_period: Mapping[Period, Tallied],
    published: Publication | None,
    period: Period,
) -> list[ReportWarning]:
    others = {str(each): found for each, found in by_period.items() if each != period}
    warnings = [*warn_of_answers(tallied, drawn), *warn_of_copies(tallied, others)]
    same_rule = published is not None and published.figures.tallied.instrument is tallied.instrument
    if published is not None and same_rule:
        warnings += warn_of_few_since(tallied, published.figures.tallied)
        warnings += warn_of_published(tallied, index, published.figures.stated)
    return warnings


def _published(reader: Reader, question: Question) -> Publication | None:
    """Return what was published of this period; of one service nothing is."""
    if question.service_id:
        return None
    found = list_publications(reader, question.office_id)
    return next((each for each in found if each.period == question.period), None)


def _questionnaire(reader: Reader, question: Question) -> Questionnaire:
    """Return the newest questionnaire of the office that measures this, else the one that comes with the desk."""
    versions: Any = QuestionnaireRow.__table__
    newest = (
        select(versions.c.definition)
        .where(versions.c.office_id == question.office_id, versions.c.measure == question.measure.value)
        .order_by(versions.c.id.desc())
        .limit(1)
    )
    definition = reader.execute(newest).scalar()
    return SHIPPED[question.measure.value] if definition is None else read(json.loads(definition))
