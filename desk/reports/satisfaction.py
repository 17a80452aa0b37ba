"""What visitors thought: the official index and the other scores, read from the tallies of days.

Nothing here scans answers: a period is a few hundred tallies whatever its length, added up exactly.
"""

from collections.abc import Iterable, Sequence
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
from desk.domain.skm_elements import INSTRUMENTS, Instrument, Regulation
from desk.domain.skm_index import Tallied
from desk.domain.skm_index import Tally as ElementTally
from desk.domain.skm_profile import DATE, VALUES, ProfileCount
from desk.domain.tallies import OFFICIAL, Origin, Tally, merged
from desk.models import Office, SurveyTally, TransactionRow
from desk.reads.reader import Reader
from desk.reports.statistics import Estimate, Interval, student

TALLIES: Any = SurveyTally.__table__
TRANSACTIONS: Any = TransactionRow.__table__
REGULATIONS: Final = {Measure.SKM_2017: Regulation.RULE_2017, Measure.SKM_2004: Regulation.RULE_2004}
# Of fewer answers no figures are shown: they would be recognized by what they said.
FEWEST: Final = 5
FEWEST_OF_OFFICER: Final = 10
FEWEST_TO_RANK: Final = 30


@dataclass(frozen=True, slots=True)
class Cell:
    """The answers of a day about a service, by one measure, of one class; a handler's share unless `holder_id` is 0."""

    day: date
    service_id: int
    measure: str
    origin: Origin
    holder_id: int
    tally: Tally


def load_cells(reader: Reader, office_id: int, since: date, until: date, *, of_holders: bool = False) -> list[Cell]:
    """Return the tallies of these days, both included: of all together, or those of each handler instead."""
    query = select(TALLIES).where(
        TALLIES.c.office_id == office_id,
        TALLIES.c.holder_id > 0 if of_holders else TALLIES.c.holder_id == 0,
        TALLIES.c.day.between(since, until),
    )
    return [
        Cell(
            row.day,
            row.service_id,
            row.measure,
            Origin(row.origin),
            row.holder_id,
            Tally(
                row.answers, row.rated, row.weight, row.weight_square, row.total, row.square, row.counts, row.profile
            ),
        )
        for row in reader.execute(query)
    ]


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


def profiles_of(tally: Tally) -> tuple[ProfileCount, ...]:
    """Return how often each value of the profile was given, in the order of the regulation."""
    found = []
    for column, listed in VALUES.items():
        given = tally.profile.get(column, {})
        if not given or column == DATE:
            continue
        others = sorted(given.keys() - set(listed))
        counts = {value: given[value] for value in (*listed, *others) if given.get(value)}
        missing = tally.answers - sum(given.values())
        found.append(ProfileCount(column, counts, missing, tuple(others) if listed else ()))
    return tuple(found)


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
    """What visitors thought of the transactions somebody had a share in; hidden (None) below ten answers."""

    holder_id: int
    answers: int
    share: Fraction  # of a whole answer, on average
    score: Estimate | None


def by_handler(cells: Iterable[Cell], service_id: int = 0) -> list[HandlerScore]:
    """Return the score of each handler, in no order of merit; only answers tied to a transaction."""
    tallies: dict[int, Tally] = {}
    for each in cells:
        if each.origin is Origin.LINKED and service_id in (0, each.service_id):
            tallies.setdefault(each.holder_id, Tally()).merge(each.tally)
    return [
        HandlerScore(
            holder_id,
            tally.answers,
            Fraction(tally.weight, max(1, tally.rated) * WHOLE),
            satisfaction_estimate(tally) if tally.answers >= FEWEST_OF_OFFICER else None,
        )
        for holder_id, tally in tallies.items()
    ]


def hide_small(counts: Sequence[int], fewest: int = FEWEST) -> list[bool]:
    """Return which parts of a whole must be hidden: those too small, and one more that would reveal a single one.

    Where exactly one part is hidden, anybody could work it out from the whole; the next smallest goes with it.
    """
    hidden = [0 < count < fewest for count in counts]
    if sum(hidden) == 1:
        others = [place for place, count in enumerate(counts) if not hidden[place] and count]
        if others:
            hidden[min(others, key=lambda place: counts[place])] = True
    return hidden
