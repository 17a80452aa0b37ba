"""Planned changes of an office's settings: what waits, what became of the others, and what is overdue."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import func, select

from desk.domain.refusals import Reason, Refused
from desk.models import Counter, Person, PlannedChange, Pool, Service
from desk.reads.reader import Reader

PLANNED: Any = PlannedChange.__table__
WAITING: Final = "planned"
MOST_ENDED: Final = 50


@dataclass(frozen=True, slots=True)
class Change:
    """A planned change; `refused` says why it was not carried out."""

    id: int
    kind: str
    subject: int
    values: Mapping[str, Any]
    due: date
    planned_by: str | None
    planned_at: datetime
    state: str
    ended_at: datetime | None
    refused: Refused | None


def list_waiting(reader: Reader, office_id: int) -> list[Change]:
    """Return what is planned and not yet carried out, the earliest first."""
    return _list(reader, office_id, PLANNED.c.state == WAITING, (PLANNED.c.due, PLANNED.c.id))


def list_ended(reader: Reader, office_id: int) -> list[Change]:
    """Return what was carried out, cancelled or refused lately, the latest first."""
    return _list(reader, office_id, PLANNED.c.state != WAITING, (PLANNED.c.ended_at.desc(), PLANNED.c.id), MOST_ENDED)


def count_overdue(reader: Reader, office_id: int, *, before: date) -> int:
    """Return how many changes were due before a day and still wait: then no worker runs."""
    late = (PLANNED.c.office_id == office_id, PLANNED.c.state == WAITING, PLANNED.c.due < before)
    found: int = reader.execute(select(func.count()).select_from(PLANNED).where(*late)).scalar_one()
    return found


def _list(reader: Reader, office_id: int, which: Any, order: Any, most: int | None = None) -> list[Change]:
    query = (
        select(PLANNED, Person.name.label("name"))
        .outerjoin(Person, Person.id == PLANNED.c.planned_by)
        .where(PLANNED.c.office_id == office_id, which)
        .order_by(*order)
        .limit(most)
    )
    return [_change(row) for row in reader.execute(query)]


def _change(row: Any) -> Change:
    return Change(
        row.id,
        row.kind,
        row.subject,
        json.loads(row.wanted),
        row.due,
        row.name,
        row.planned_at,
        row.state,
        row.ended_at,
        _refused(row.why),
    )


def _refused(why: str | None) -> Refused | None:
    if why is None:
        return None
    told = json.loads(why)
    try:
        return Refused(Reason(told["reason"]), **told["details"])
    except ValueError:  # what a newer version of the program refuses for
        return Refused(Reason.INVALID)


def name_subjects(reader: Reader, office_id: int) -> dict[tuple[str, int], str]:
    """Return what the subjects of planned changes are called today, by kind and id."""
    found: dict[tuple[str, int], str] = {}
    for kind, model, name in (("counter", Counter, Counter.name), ("pool", Pool, Pool.name)):
        rows = reader.execute(select(model.id, name).where(model.office_id == office_id))
        found |= {(kind, row.id): row.name for row in rows}
    services = select(Service.id, Service.series).where(Service.office_id == office_id)
    return found | {("service", row.id): row.series for row in reader.execute(services)}
