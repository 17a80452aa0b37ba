"""All that the documents of a survey tell of a period, read once: figures, trend, services, who answered, the plan.

Small parts are hidden here already, so that no document can tell them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import select

from desk.domain.publication import Counts, Figures, Planned
from desk.domain.questionnaires import Measure as Asked
from desk.domain.questionnaires import Questionnaire
from desk.domain.skm_elements import Instrument, weight_of
from desk.domain.skm_index import Index, Tallied
from desk.domain.skm_period import Period
from desk.domain.skm_sample import Sample
from desk.domain.skm_warnings import (
    ReportWarning,
    warn_of_answers,
    warn_of_copies,
    warn_of_few_since,
    warn_of_published,
    warn_of_running,
)
from desk.domain.tallies import Tally
from desk.models import Office
from desk.operations.survey.publishing import Ready
from desk.reads.improvements import Measure, Publication, list_plan, list_publications, lowest_first
from desk.reads.questionnaires import newest_measuring
from desk.reads.reader import Reader
from desk.reports.profiles import Profile, profile_of
from desk.reports.satisfaction import Cell, count_served, instrument_of, load_survey, official, sample_of
from desk.reports.satisfaction import tallied_of as add_up
from desk.reports.score_intervals import IndexInterval, index_interval
from desk.reports.since_published import Since, snapshot_of
from desk.reports.telling import ALL, FEWEST, Group, Telling, Untold
from desk.reports.telling_elements import ElementTelling, element_telling, whole_years

TREND: Final = 8  # periods


@dataclass(frozen=True, slots=True)
class Question:
    """Which period, of which office and service (0: all), by which regulation, with which weight."""

    office_id: int
    period: Period
    measure: Asked
    weight: str
    service_id: int = 0
    today: date = field(kw_only=True)  # what runs still is told later than what is over

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
    who: Profile
    trend: Sequence[tuple[Period, int, Index | None]]
    services: Sequence[ServiceFigures]
    warnings: Sequence[ReportWarning]
    plan: Sequence[Measure]
    plan_before: Sequence[Measure]
    questionnaire: Questionnaire
    published: Publication | None  # the newest version of this very period
    untold: Untold | None = None  # why none of it may be told, though enough answered
    is_held: bool = False  # something that changed since a period was published is not counted in yet
    cells: Sequence[Any] = ()  # what is counted, as it is kept beside what is published
    profile_anew: Counts = field(default_factory=dict)  # as it would be published now
    tally: Tally = field(default_factory=Tally)  # what `tallied` was taken of

    @property
    def instrument(self) -> Instrument:
        """The regulation's questionnaire."""
        return self.tallied.instrument

    @property
    def too_few(self) -> bool:
        """Whether so few answered that their figures would tell what each of them said."""
        return self.tallied.respondents < FEWEST

    @property
    def profile(self) -> Counts:
        """Column to value ("" where it was not told) to respondents, None where they are hidden."""
        return self.who.counts

    @property
    def interval(self) -> IndexInterval | None:
        """The interval of the index; None where that is not told, or nobody knows how much answers differ."""
        return None if self.too_few or self.untold else index_interval(self.index, self.tally)

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
            self.profile_anew,
            plan,
        )
        is_told = self.untold in (None, Untold.FEW)  # too few is refused by what is published itself
        warned = [each.kind.value for each in self.warnings]
        return Ready(figures, warned, self.cells, is_told=is_told, is_whole=not self.index.hidden)


def find(reader: Reader, question: Question) -> Findings:
    """Return what there is to tell of a period; nothing is worked out of nothing: `too_few` then."""
    instrument, period = instrument_of(question.measure), question.period
    periods = _back(period)
    cells, telling = _read(reader, question, periods[-1])
    since = telling.telling.since
    by_period = {each: _added(question, instrument, cells, each) for each in periods}
    tallied = by_period[period]
    index = telling.index_of(tallied, weight_of(instrument, question.weight), period, question.group)
    served = count_served(reader, question.office_id, period.first, period.last)
    now = [each for each in cells if each.month in period]
    drawn = sample_of(served, now, tallied.respondents, question.service_id)
    published = _published(reader, question)
    who = profile_of(cells, telling.telling, question.measure, period, question.group)
    compared = {each: found for each, found in by_period.items() if telling.told(each, question.group)}
    return Findings(
        question,
        tallied,
        index,
        drawn,
        who,
        _trend(by_period, question, telling),
        _services(question, instrument, now, served, telling),
        [
            *warn_of_running(period, question.today),
            *_warnings(index, tallied, drawn, compared, published, period),
            *warn_of_held(since, period, _zone(reader, question.office_id)),
        ],
        _plan(reader, question, period, _told(tallied, question, period, telling)),
        _plan(reader, question, period.before, _told(by_period[period.before], question, period.before, telling)),
        newest_measuring(reader, question.office_id, question.measure),
        published,
        telling.telling.why_not(period, question.group),
        bool(since and since.held_in(period)),
        snapshot_of(cells, question.measure, period),
        _anew(cells, telling.telling, question, who),
        official(now, question.measure, question.service_id),
    )


def _anew(cells: Sequence[Cell], telling: Telling, question: Question, who: Profile) -> Counts:
    """Return who answered as it would be published now; nothing else than what is shown where nothing was published."""
    if telling.since is None:
        return who.counts
    return profile_of(cells, telling, question.measure, question.period, question.group, anew=True).counts


def find_lowest(reader: Reader, question: Question) -> list[str]:
    """Return the elements that come first in a follow-up plan: the lowest of a period, none while too few answered."""
    instrument, period = instrument_of(question.measure), question.period
    cells, telling = _read(reader, question, period)
    index = _told(_added(question, instrument, cells, period), question, period, telling)
    return [] if index is None else [each.element.key for each in index.lowest()]


def _read(reader: Reader, question: Question, first: Period) -> tuple[list[Cell], ElementTelling]:
    """Return the answers of the whole years from a period on, and what may be told of them."""
    days = whole_years(first.first, question.period.last)
    cells, telling = load_survey(reader, question.office_id, days, question.today, question.measure)
    return cells, element_telling(cells, telling, instrument_of(question.measure), question.today)


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


def _trend(
    by_period: Mapping[Period, Tallied], question: Question, telling: ElementTelling
) -> list[tuple[Period, int, Index | None]]:
    """Return the periods, the oldest first, each with its respondents and its index as far as it may be told."""
    found = list(by_period.items())[::-1]
    return [(each, added.respondents, _told(added, question, each, telling)) for each, added in found]


def _told(tallied: Tallied, question: Question, period: Period, telling: ElementTelling) -> Index | None:
    """Return an index that may be told, without what must be hidden of it."""
    weight = weight_of(tallied.instrument, question.weight)
    is_told = tallied.respondents >= FEWEST and telling.telling.told(period, question.group)
    return telling.index_of(tallied, weight, period, question.group) if is_told else None


def _services(
    question: Question,
    instrument: Instrument,
    cells: Sequence[Cell],
    served: Mapping[int, int],
    telling: ElementTelling,
) -> list[ServiceFigures]:
    ids = sorted({*served, *(each.service_id for each in cells)} - {0})
    if question.service_id:
        return []
    weight = weight_of(instrument, question.weight)
    found = []
    for each in ids:
        tallied = add_up(instrument, official(cells, question.measure, each))
        is_told = telling.telling.told(question.period, (each,))
        place = question.period, (each,)
        index = telling.index_of(tallied, weight, *place) if tallied.respondents and is_told else None
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
    """Return what to look at; `by_period` are those that may be told, so that no warning tells of others."""
    others = {str(each): found for each, found in by_period.items() if each != period}
    warnings = warn_of_answers(tallied, drawn)
    if period in by_period:
        warnings += warn_of_copies(tallied, others)
    same_rule = published is not None and published.figures.tallied.instrument is tallied.instrument
    if published is not None and same_rule and period in by_period and not index.hidden:
        warnings += warn_of_published(tallied, index, published.figures.stated)
    return warnings


def warn_of_held(since: Since | None, period: Period, zone: ZoneInfo) -> list[ReportWarning]:
    """Return a warning for each published period since when a few changed that are not counted in yet.

    It names the day of the publication in the office's `zone`, as the published page does.
    """
    found = [] if since is None else since.held_in(period)
    return [warn_of_few_since(str(each), at.astimezone(zone).date().isoformat()) for each, at in found]


def _zone(reader: Reader, office_id: int) -> ZoneInfo:
    return ZoneInfo(reader.execute(select(Office.zone).where(Office.id == office_id)).scalar_one())


def _published(reader: Reader, question: Question) -> Publication | None:
    """Return what was published of this period; of one service nothing is."""
    if question.service_id:
        return None
    found = list_publications(reader, question.office_id)
    return next((each for each in found if each.period == question.period), None)
