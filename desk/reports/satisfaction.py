"""What visitors thought: the official index and the other scores, read from the tallies of days.

Nothing here scans answers: a period is a few hundred tallies whatever its length, added up exactly.
"""

import json
from collections.abc import Iterable, Sequence
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
from desk.domain.skm_profile import DATE, VALUES, ProfileCount
from desk.domain.tallies import OFFICIAL, Counts, Origin, Tally, added, merged
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


def load_shares(
    reader: Reader, office_id: int, since: date, until: date, service_id: int = 0
) -> Sequence[HandlerScore]:
    """Return the score of each handler in these days, in no order of merit; only answers tied to a transaction."""
    query = select(TALLIES.c.holder_id, *_sums()).where(
        *_kept(office_id, since, until), TALLIES.c.holder_id > 0, TALLIES.c.origin == Origin.LINKED.value
    )
    if service_id:
        query = query.where(TALLIES.c.service_id == service_id)
    rows = reader.execute(query.group_by(TALLIES.c.holder_id))
    return [_share(holder_id, _tally(sums, {}, {})) for holder_id, *sums in rows]


def _share(holder_id: int, tally: Tally) -> HandlerScore:
    return HandlerScore(
        holder_id,
        tally.answers,
        Fraction(tally.weight, max(1, tally.rated) * WHOLE),
        satisfaction_estimate(tally) if tally.answers >= FEWEST_OF_OFFICER else None,
    )


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
