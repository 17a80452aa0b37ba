"""What visitors thought: the official index and the other scores, read from the tallies of days.

Nothing here scans answers: a period is a few hundred tallies whatever its length, added up exactly.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from fractions import Fraction
from math import sqrt
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Text, cast, extract, func, select

from desk.domain.handlers import WHOLE
from desk.domain.hours import day_bounds
from desk.domain.questionnaires import FULL, Measure
from desk.domain.skm_elements import INSTRUMENTS, Instrument, Regulation
from desk.domain.skm_index import Tallied
from desk.domain.skm_index import Tally as ElementTally
from desk.domain.skm_period import Period
from desk.domain.skm_sample import Sample, sample
from desk.domain.tallies import OFFICIAL, Counts, Origin, Tally, added, merged
from desk.models import Office, SurveyTally, TransactionRow
from desk.reads.reader import Reader
from desk.reports.statistics import Estimate, Interval, student
from desk.reports.telling import FEWEST_OF_OFFICER, load_telling_of_officers

TALLIES: Any = SurveyTally.__table__
TRANSACTIONS: Any = TransactionRow.__table__
REGULATIONS: Final = {Measure.SKM_2017: Regulation.RULE_2017, Measure.SKM_2004: Regulation.RULE_2004}
FEWEST_TO_RANK: Final = 30


@dataclass(frozen=True, slots=True)
class Cell:
    """The answers of a month (named by its first day) about a service, by one measure, of one class."""

    month: date
    service_id: int
    measure: str
    origin: Origin
    tally: Tally


def load_cells(reader: Reader, office_id: int, since: date, until: date, measure: Measure | None = None) -> list[Cell]:
    """Return the tallies of these days, both included, added up by month: of one measure, or of all.

    The database adds the sums; the counts of a month's days come as one text, which is read at once.
    """
    year, month = (extract(part, TALLIES.c.day) for part in ("year", "month"))
    group = (year, month, TALLIES.c.service_id, TALLIES.c.measure, TALLIES.c.origin)
    texts = (func.aggregate_strings(cast(TALLIES.c[name], Text), ",") for name in ("counts", "profile"))
    query = select(*group, *_sums(), *texts).where(*_kept(office_id, since, until), TALLIES.c.holder_id == 0)
    if measure is not None:
        query = query.where(TALLIES.c.measure == measure.value)
    return [
        Cell(
            date(int(year), int(month), 1),
            service_id,
            measured,
            Origin(origin),
            _tally(sums, _all_of(counts), _all_of(profile)),
        )
        for year, month, service_id, measured, origin, *sums, counts, profile in reader.execute(query.group_by(*group))
    ]


def _sums() -> list[Any]:
    """The sums of a tally, in its own order."""
    names = ("answers", "rated", "weight", "weight_square", "total", "square")
    return [func.sum(TALLIES.c[name]) for name in names]


def _tally(sums: Sequence[Any], counts: Counts, profile: Counts) -> Tally:
    answers, rated, weight, weight_square, total, square = (int(each) for each in sums)
    return Tally(answers, rated, weight, weight_square, total, square, counts, profile)


def _kept(office_id: int, since: date, until: date) -> tuple[Any, ...]:
    return TALLIES.c.office_id == office_id, TALLIES.c.day.between(since, until)


def _all_of(texts: str) -> Counts:
    return added(json.loads(f"[{texts}]"))


def official(cells: Iterable[Cell], measure: Measure, service_id: int = 0) -> Tally:
    """Return what counts into the index: everybody who was served, not the poster's answers and not those of staff."""
    return merged(
        each.tally
        for each in cells
        if each.measure == measure and each.origin in OFFICIAL and service_id in (0, each.service_id)
    )


def instrument_of(measure: Measure) -> Instrument:
    """Return the regulation's questionnaire of a measure; raises `KeyError` for one that is not official."""
    return INSTRUMENTS[REGULATIONS[measure]]


def tallied_of(instrument: Instrument, tally: Tally) -> Tallied:
    """Return answers added up as the index takes them."""
    elements = {key: _element(tally.counts.get(key, {})) for key in instrument.keys}
    return Tallied(instrument, tally.answers, elements)


def _element(counts: dict[str, int]) -> ElementTally:
    return ElementTally(sum(int(value) * count for value, count in counts.items()), sum(counts.values()))


def count_served(reader: Reader, office_id: int, since: date, until: date) -> dict[int, int]:
    """Return how many transactions of visitors who were served ended in these days, by service."""
    office = reader.execute(select(Office.zone, Office.day_starts_at).where(Office.id == office_id)).one()
    zone, starts_at = ZoneInfo(office.zone), time(*divmod(office.day_starts_at, 60))
    begins, _ = day_bounds(since, zone, starts_at=starts_at)
    _, ends = day_bounds(until, zone, starts_at=starts_at)
    query = (
        select(TRANSACTIONS.c.service_id, func.count())
        .where(
            TRANSACTIONS.c.office_id == office_id,
            TRANSACTIONS.c.ended_at.is_not(None),
            TRANSACTIONS.c.served_at.is_not(None),
            TRANSACTIONS.c.ended_at >= begins,
            TRANSACTIONS.c.ended_at < ends,
        )
        .group_by(TRANSACTIONS.c.service_id)
    )
    return dict(reader.execute(query).tuples().all())


def sample_of(served: Mapping[int, int], cells: Iterable[Cell], received: int, service_id: int = 0) -> Sample | None:
    """Return respondents beside those needed of the people served in a period, whose `cells` these are.

    None where nothing is known of who was served: nobody by this desk, and all answers are on paper or from files.
    """
    population = served.get(service_id, 0) if service_id else sum(served.values())
    mine = (each for each in cells if service_id in (0, each.service_id) and each.tally.answers)
    if not population and all(each.origin not in (Origin.LINKED, Origin.ANONYMOUS) for each in mine):
        return None
    return sample(population, received)


def mean_satisfaction(tally: Tally) -> Fraction | None:
    """Return the mean satisfaction from 0 to 1, weighted by share where it is a handler's; None without answers."""
    return Fraction(tally.total, tally.weight * FULL) if tally.weight else None


def satisfaction_estimate(tally: Tally) -> Estimate | None:
    """Return the mean satisfaction (0 to 1) with a 95-percent interval; None below two answers.

    Student's interval of a weighted mean, its number of answers taken as (Σ weight)² ÷ Σ weight² (Kish, L. 1965, Survey
    Sampling, section 8.2), which is the plain number where all weigh alike.
    """
    mean = mean_satisfaction(tally)
    if mean is None or tally.rated < 2 or not tally.weight_square:
        return None
    effective = tally.weight**2 / tally.weight_square
    if effective <= 1:
        return None
    square = Fraction(tally.square, tally.weight * FULL * FULL)
    variance = max(0.0, float(square - mean * mean)) * effective / (effective - 1)
    half = student(effective - 1) * sqrt(variance / effective)
    value = float(mean)
    return Estimate(value, Interval(max(0.0, value - half), min(1.0, value + half)), tally.rated)


@dataclass(frozen=True, slots=True)
class HandlerScore:
    """What visitors thought of the transactions somebody had a share in.

    The score is hidden (None) below ten answers, and where together with the officer's other services or periods it
    would tell what fewer than ten said.
    """

    holder_id: int
    answers: int
    share: Fraction  # of a whole answer, on average
    score: Estimate | None


def load_shares(reader: Reader, office_id: int, period: Period, service_id: int = 0) -> Sequence[HandlerScore]:
    """Return the score of each handler in a period, in no order of merit; only answers tied to a transaction."""
    query = select(TALLIES.c.holder_id, *_sums()).where(
        *_kept(office_id, period.first, period.last), TALLIES.c.holder_id > 0, TALLIES.c.origin == Origin.LINKED.value
    )
    if service_id:
        query = query.where(TALLIES.c.service_id == service_id)
    telling = load_telling_of_officers(reader, office_id, period.first, period.last)
    found = []
    for holder_id, *sums in reader.execute(query.group_by(TALLIES.c.holder_id)):
        group = (holder_id, service_id) if service_id else (holder_id,)
        found.append(_share(holder_id, _tally(sums, {}, {}), is_told=telling.told(period, group)))
    return found


def _share(holder_id: int, tally: Tally, *, is_told: bool) -> HandlerScore:
    return HandlerScore(
        holder_id,
        tally.answers,
        Fraction(tally.weight, max(1, tally.rated) * WHOLE),
        satisfaction_estimate(tally) if is_told and tally.answers >= FEWEST_OF_OFFICER else None,
    )
