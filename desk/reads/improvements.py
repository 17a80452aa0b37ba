"""The follow-up plan of a period, one measure with its history, and what was published."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Exists, select

from desk.domain.elements_together import still_public
from desk.domain.improvement import UNFINISHED, Status, StepKind, left_from
from desk.domain.publication import Figures, read_payload
from desk.domain.skm_period import Period, read_period
from desk.models import ImprovementPlace, ImprovementRow, ImprovementStep, Person, SurveyPublication
from desk.reads.reader import Reader

ROWS: Any = ImprovementRow.__table__
PLACES: Any = ImprovementPlace.__table__
STEPS: Any = ImprovementStep.__table__
PUBLICATIONS: Any = SurveyPublication.__table__


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure as it stands; `program` is empty where the words were erased, `carried_from` the period before."""

    id: int
    element: str
    program: str
    due: Period
    owner_id: int
    owner: str
    status: Status
    words_id: int
    carried_from: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a measure's history."""

    id: int
    kind: StepKind
    before: str | None
    after: str | None
    person: str | None
    at: datetime
    words: str | None


@dataclass(frozen=True, slots=True)
class Publication:
    """A version of what was published of a period, with why it was published anew.

    Not public any more is one from which so few answers of a newer one differ that comparing would tell what they said.
    """

    id: int
    period: Period
    version: int
    figures: Figures
    at: datetime
    by: int | None
    reason: str | None
    is_public: bool = True


def list_plan(reader: Reader, office_id: int, period: Period) -> list[Measure]:
    """Return the plan of a period, in the order in which measures came into it."""
    found = reader.execute(
        _measures(office_id)
        .add_columns(PLACES.c.since)
        .join(PLACES, (PLACES.c.office_id == ROWS.c.office_id) & (PLACES.c.improvement_id == ROWS.c.id))
        .where(PLACES.c.period == str(period))
        .order_by(PLACES.c.since)
    ).all()
    origins = _origins(reader, office_id, period, [row.id for row in found])
    return [_measure(row, origins.get(row.id)) for row in found]


def list_unfinished(reader: Reader, office_id: int, to: Period) -> list[tuple[Measure, Period]]:
    """Return what is unfinished of all plans before a period's, each with the last it is in; the newest first."""
    mine = ROWS.c.status.in_([each.value for each in UNFINISHED])
    rows = reader.execute(_measures(office_id).where(mine).order_by(ROWS.c.id)).all()
    periods: dict[int, list[str]] = {row.id: [] for row in rows}
    query = select(PLACES.c.improvement_id, PLACES.c.period).where(PLACES.c.office_id == office_id)
    for improvement_id, period in reader.execute(query.where(PLACES.c.improvement_id.in_(list(periods)))).tuples():
        periods[improvement_id].append(period)
    left = [(_measure(row, None), left_from(periods[row.id], to)) for row in rows]
    found = [(measure, period) for measure, period in left if period is not None]
    return sorted(found, key=lambda pair: (pair[1].last, pair[1].first), reverse=True)


def lowest_first(plan: Iterable[Measure], lowest: Sequence[str]) -> list[Measure]:
    """Return a plan with the measures about the lowest elements first, in their order, then the others as they came."""
    return sorted(plan, key=lambda each: lowest.index(each.element) if each.element in lowest else len(lowest))


def find_measure(reader: Reader, office_id: int, improvement_id: int) -> tuple[Measure, list[Step], list[str]] | None:
    """Return a measure with its history, the newest first, and the periods of its plans; None for none."""
    row = reader.execute(_measures(office_id).where(ROWS.c.id == improvement_id)).one_or_none()
    if row is None:
        return None
    steps = reader.execute(
        select(STEPS, Person.name.label("person"))
        .outerjoin(Person, Person.id == STEPS.c.person_id)
        .where(STEPS.c.office_id == office_id, STEPS.c.improvement_id == improvement_id)
        .order_by(STEPS.c.id.desc())
    )
    told = [
        Step(each.id, StepKind(each.kind), each.before, each.after, each.person, each.at, each.words) for each in steps
    ]
    mine = (PLACES.c.office_id == office_id) & (PLACES.c.improvement_id == improvement_id)
    periods = reader.execute(select(PLACES.c.period).where(mine).order_by(PLACES.c.since)).scalars().all()
    return _measure(row, None), told, list(periods)


def find_words(reader: Reader, office_id: int, ids: Iterable[int]) -> dict[int, str]:
    """Return the words of steps by id; erased ones are not among them."""
    query = select(STEPS.c.id, STEPS.c.words).where(STEPS.c.office_id == office_id, STEPS.c.id.in_(list(ids)))
    return {step_id: words for step_id, words in reader.execute(query).tuples() if words}


def find_statuses(reader: Reader, office_id: int, ids: Iterable[int]) -> dict[int, Status]:
    """Return how far measures are now, by id."""
    query = select(ROWS.c.id, ROWS.c.status).where(ROWS.c.office_id == office_id, ROWS.c.id.in_(list(ids)))
    return {each: Status(status) for each, status in reader.execute(query).tuples()}


def list_publications(reader: Reader, office_id: int) -> list[Publication]:
    """Return every version of everything published: the latest period first, of each the newest version first."""
    columns = [each for each in PUBLICATIONS.c if each.name != "cells"]
    is_known = PUBLICATIONS.c.cells.is_not(None).label("is_known")
    query = select(*columns, is_known).where(PUBLICATIONS.c.office_id == office_id)
    found = [(_publication(row), bool(row.is_known)) for row in reader.execute(query)]
    found.sort(key=lambda pair: (pair[0].period.last, pair[0].period.first, pair[0].version))
    return [
        each for _, versions in groupby(found, key=lambda pair: pair[0].period) for each in _as_public(list(versions))
    ][::-1]


def _publication(row: Any) -> Publication:
    return Publication(
        row.id,
        read_period(row.period),
        row.version,
        read_payload(row.figures),
        row.published_at,
        row.published_by,
        row.words,
    )


def _as_public(versions: Sequence[tuple[Publication, bool]]) -> Iterator[Publication]:
    """Yield the versions of a period, the oldest first, each with whether it is public.

    One of which nobody knows any more what was counted into it is withdrawn by whatever follows and says otherwise.
    """
    newest = versions[-1][0].figures.tallied
    public = still_public([each.figures for each, _ in versions])
    for (each, is_known), may_stay in zip(versions, public, strict=True):
        yield replace(each, is_public=may_stay and (is_known or each.figures.tallied == newest))


def is_published(office_id: int) -> Exists:
    """Return the condition that the page for everybody has something to show."""
    return select(PUBLICATIONS.c.id).where(PUBLICATIONS.c.office_id == office_id).exists()


def is_anything_published(reader: Reader, office_id: int) -> bool:
    """Tell whether the page for everybody has something to show."""
    return bool(reader.execute(select(is_published(office_id))).scalar())


def _measures(office_id: int) -> Any:
    words = (STEPS.c.office_id == ROWS.c.office_id) & (STEPS.c.id == ROWS.c.words_id)
    return (
        select(ROWS, STEPS.c.words, Person.name.label("owner"))
        .select_from(ROWS)
        .outerjoin(STEPS, words)
        .outerjoin(Person, Person.id == ROWS.c.owner_id)
        .where(ROWS.c.office_id == office_id)
    )


def _measure(row: Any, carried_from: str | None) -> Measure:
    due = read_period(row.due)
    return Measure(
        row.id,
        row.element,
        row.words or "",
        due,
        row.owner_id,
        row.owner or "–",
        Status(row.status),
        row.words_id,
        carried_from,
    )


def _origins(reader: Reader, office_id: int, period: Period, ids: list[int]) -> dict[int, str]:
    """Return from which period each of these measures was taken along to this one."""
    query = select(STEPS.c.improvement_id, STEPS.c.before).where(
        STEPS.c.office_id == office_id,
        STEPS.c.improvement_id.in_(ids),
        STEPS.c.kind == StepKind.CARRIED.value,
        STEPS.c.after == str(period),
    )
    return dict(reader.execute(query).tuples().all()) if ids else {}
