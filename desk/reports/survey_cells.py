"""The tallies of the survey by month, service and class, as they are counted now.

Nothing here scans answers: a period is a few hundred tallies whatever its length, added up exactly. What is shown is
taken from `desk.reports.satisfaction`, which leaves out what may not be counted in yet.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Text, cast, extract, func, select

from desk.domain.questionnaires import Measure
from desk.domain.skm_elements import INSTRUMENTS, Instrument, Regulation
from desk.domain.skm_index import Tallied
from desk.domain.skm_index import Tally as ElementTally
from desk.domain.tallies import OFFICIAL, Counts, Origin, Tally, added, merged
from desk.models import SurveyTally
from desk.reads.reader import Reader

TALLIES: Any = SurveyTally.__table__
REGULATIONS: Final = {Measure.SKM_2017: Regulation.RULE_2017, Measure.SKM_2004: Regulation.RULE_2004}


@dataclass(frozen=True, slots=True)
class Cell:
    """The answers of a month (named by its first day) about a service, by one measure, of one class."""

    month: date
    service_id: int
    measure: str
    origin: Origin
    tally: Tally


def load_live(reader: Reader, office_id: int, since: date, until: date, measure: Measure | None = None) -> list[Cell]:
    """Return the tallies of these days, both included, added up by month: of one measure, or of all.

    The database adds the sums; the counts of a month's days come as one text, which is read at once.
    """
    year, month = (extract(part, TALLIES.c.day) for part in ("year", "month"))
    group = (year, month, TALLIES.c.service_id, TALLIES.c.measure, TALLIES.c.origin)
    texts = (func.aggregate_strings(cast(TALLIES.c[name], Text), ",") for name in ("counts", "profile"))
    query = select(*group, *sums_of_tally(), *texts).where(*kept_on(office_id, since, until), TALLIES.c.holder_id == 0)
    if measure is not None:
        query = query.where(TALLIES.c.measure == measure.value)
    return [
        Cell(
            date(int(year), int(month), 1),
            service_id,
            measured,
            Origin(origin),
            as_tally(sums, _all_of(counts), _all_of(profile)),
        )
        for year, month, service_id, measured, origin, *sums, counts, profile in reader.execute(query.group_by(*group))
    ]


def sums_of_tally() -> list[Any]:
    """Return the columns of the sums of a tally, in its own order."""
    names = ("answers", "rated", "weight", "weight_square", "total", "square")
    return [func.sum(TALLIES.c[name]) for name in names]


def as_tally(sums: Sequence[Any], counts: Counts, profile: Counts) -> Tally:
    """Return a tally of its sums as they were read."""
    answers, rated, weight, weight_square, total, square = (int(each) for each in sums)
    return Tally(answers, rated, weight, weight_square, total, square, counts, profile)


def kept_on(office_id: int, since: date, until: date) -> tuple[Any, ...]:
    """Return the condition that a tally is of an office and of these days, both included."""
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
