"""What visitors thought: the official index and the other scores, read from the tallies of days.

Nothing here scans answers: a period is a few hundred tallies whatever its length, added up exactly. What came in, was
corrected or taken back since a period was published is counted in once it is of enough people
(`desk.domain.since_published`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from fractions import Fraction
from math import sqrt
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from desk.domain.handlers import WHOLE
from desk.domain.hours import day_bounds
from desk.domain.questionnaires import FULL, Measure
from desk.domain.skm_period import Period
from desk.domain.skm_sample import Sample, sample
from desk.domain.tallies import Origin, Tally
from desk.models import Office, TransactionRow
from desk.reads.reader import Reader
from desk.reports.since_published import counted_cells, load_since
from desk.reports.statistics import Estimate, Interval, student, wilson
from desk.reports.survey_cells import (
    REGULATIONS,
    TALLIES,
    Cell,
    as_tally,
    instrument_of,
    kept_on,
    load_live,
    official,
    sums_of_tally,
    tallied_of,
)
from desk.reports.telling import FEWEST_OF_OFFICER, Telling
from desk.reports.telling_chain import ChainTelling, Of
from desk.reports.telling_services import telling_of

__all__ = [
    "FEWEST_TO_RANK",
    "REGULATIONS",
    "Cell",
    "HandlerScore",
    "count_served",
    "instrument_of",
    "list_served",
    "load_cells",
    "load_shares",
    "load_survey",
    "mean_satisfaction",
    "official",
    "sample_of",
    "satisfaction_estimate",
    "tallied_of",
]
TRANSACTIONS: Any = TransactionRow.__table__
FEWEST_TO_RANK: Final = 30


def load_cells(reader: Reader, office_id: int, since: date, until: date, measure: Measure | None = None) -> list[Cell]:
    """Return the tallies of whole years, added up by month: of one measure, or of all.

    Without what changed since a period was published, as long as that is of a few people.
    """
    cells = load_live(reader, office_id, since, until, measure)
    for each in REGULATIONS:
        if measure in (None, each):
            mine = [cell for cell in cells if cell.measure == each]
            others = [cell for cell in cells if cell.measure != each]
            known = load_since(reader, office_id, each, (since, until), mine) if mine else None
            cells = [*others, *counted_cells(mine, each, known)]
    return cells


def load_survey(
    reader: Reader, office_id: int, days: tuple[date, date], today: date, measure: Measure
) -> tuple[list[Cell], Telling]:
    """Return the tallies of whole years by a measure of the regulations, and what of them may be told."""
    live = load_live(reader, office_id, *days, measure)
    since = load_since(reader, office_id, measure, days, live)
    cells = counted_cells(live, measure, since)
    return cells, telling_of(cells, measure, since, today)


def count_served(reader: Reader, office_id: int, since: date, until: date) -> dict[int, int]:
    """Return how many transactions of visitors who were served ended in these days, by service."""
    return {service_id: count for service_id, count, _ in list_served(reader, office_id, since, until)}


def list_served(reader: Reader, office_id: int, since: date, until: date) -> Sequence[tuple[int, int, int]]:
    """Return each service with how many such transactions ended in these days, and the newest of them."""
    office = reader.execute(select(Office.zone, Office.day_starts_at).where(Office.id == office_id)).one()
    zone, starts_at = ZoneInfo(office.zone), time(*divmod(office.day_starts_at, 60))
    begins, _ = day_bounds(since, zone, starts_at=starts_at)
    _, ends = day_bounds(until, zone, starts_at=starts_at)
    query = (
        select(TRANSACTIONS.c.service_id, func.count(), func.max(TRANSACTIONS.c.id))
        .where(
            TRANSACTIONS.c.office_id == office_id,
            TRANSACTIONS.c.ended_at.is_not(None),
            TRANSACTIONS.c.served_at.is_not(None),
            TRANSACTIONS.c.ended_at >= begins,
            TRANSACTIONS.c.ended_at < ends,
        )
        .group_by(TRANSACTIONS.c.service_id)
    )
    return reader.execute(query).tuples().all()


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
    value = float(mean)
    if not variance:  # all said the same, which is no certainty (`desk.reports.score_intervals`)
        others = 1 - wilson(int(effective), int(effective)).low
        return Estimate(value, Interval(value * (1 - others), value + others * (1 - value)), tally.rated)
    half = student(effective - 1) * sqrt(variance / effective)
    return Estimate(value, Interval(max(0.0, value - half), min(1.0, value + half)), tally.rated)


@dataclass(frozen=True, slots=True)
class HandlerScore:
    """What visitors thought of the transactions somebody had a share in.

    The score is hidden (None) below ten answers, where together with the officer's other services or periods it would
    tell what fewer than ten said, and where beside the scores, legs and other officers it would of fewer than five.
    """

    holder_id: int
    answers: int
    share: Fraction  # of a whole answer, on average
    score: Estimate | None


def load_shares(
    reader: Reader, office_id: int, period: Period, measure: Measure, telling: ChainTelling, service_id: int = 0
) -> Sequence[HandlerScore]:
    """Return the score of each handler in a period by one measure, in no order of merit; only answers tied to a
    transaction.
    """
    where = (TALLIES.c.holder_id > 0, TALLIES.c.origin == Origin.LINKED.value, TALLIES.c.measure == measure.value)
    query = select(TALLIES.c.holder_id, *sums_of_tally()).where(*kept_on(office_id, period.first, period.last), *where)
    if service_id:
        query = query.where(TALLIES.c.service_id == service_id)
    found = []
    for holder_id, *sums in reader.execute(query.group_by(TALLIES.c.holder_id)):
        group = (holder_id, service_id) if service_id else (holder_id,)
        is_told = telling.told(period, Of.OFFICER, group)
        found.append(_share(holder_id, as_tally(sums, {}, {}), is_told=is_told))
    return found


def _share(holder_id: int, tally: Tally, *, is_told: bool) -> HandlerScore:
    return HandlerScore(
        holder_id,
        tally.answers,
        Fraction(tally.weight, max(1, tally.rated) * WHOLE),
        satisfaction_estimate(tally) if is_told and tally.answers >= FEWEST_OF_OFFICER else None,
    )
