"""Planned changes of an office's settings: what waits, what became of the others, and what is overdue."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import exists, func, select

from desk.domain.access import Role
from desk.domain.refusals import Reason, Refused
from desk.models import Counter, Membership, Person, PlannedChange, Pool, Service
from desk.reads.reader import Reader

PLANNED: Any = PlannedChange.__table__
WAITING: Final = "planned"
REFUSED: Final = "refused"
MOST_ENDED: Final = 50
LATELY: Final = timedelta(days=7)  # so long a refused change is pointed at


@dataclass(frozen=True, slots=True)
class Change:
    """A planned change; `refused` says why it was not carried out.

    One that waits is in danger where whoever planned it administers the office no more: then it will be refused.
    """

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
    in_danger: bool


def list_waiting(reader: Reader, office_id: int) -> list[Change]:
    """Return what is planned and not yet carried out, the earliest first."""
    return _list(reader, office_id, PLANNED.c.state == WAITING, (PLANNED.c.due, PLANNED.c.id))


def list_ended(reader: Reader, office_id: int) -> list[Change]:
    """Return what was carried out, cancelled or refused lately, the latest first."""
    return _list(reader, office_id, PLANNED.c.state != WAITING, (PLANNED.c.ended_at.desc(), PLANNED.c.id), MOST_ENDED)


def holding_on(
    reader: Reader, office_id: int, current: Mapping[str, Any], day: date, *, kind: str, subject: int, code: str = ""
) -> dict[str, Any]:
    """Return what will hold at the end of a day of what holds now: what is planned until then overlaid.

    `code` is what the subject is known by where it has no id.
    """
    found = dict(current)
    for each in list_coming(reader, office_id, kind, day):
        if each.subject == subject and each.values.get("code", "") == code:
            found |= {name: value for name, value in each.values.items() if name in found}
    return found


def list_coming(reader: Reader, office_id: int, kind: str, day: date) -> list[Change]:
    """Return what of a kind will be carried out until the end of a day, in that order."""
    which = (PLANNED.c.state == WAITING) & (PLANNED.c.kind == kind) & (PLANNED.c.due <= day)
    return _list(reader, office_id, which, (PLANNED.c.due, PLANNED.c.id))


def count_refused(reader: Reader, office_id: int, *, since: datetime) -> int:
    """Return how many changes were refused when their day came, since then."""
    lately = (PLANNED.c.office_id == office_id, PLANNED.c.state == REFUSED, PLANNED.c.ended_at >= since)
    found: int = reader.execute(select(func.count()).select_from(PLANNED).where(*lately)).scalar_one()
    return found


def count_in_danger(reader: Reader, office_id: int) -> int:
    """Return how many changes wait that will be refused, since whoever planned them administers the office no more."""
    waiting = (PLANNED.c.office_id == office_id, PLANNED.c.state == WAITING, ~_still_administers())
    query = select(func.count()).select_from(PLANNED).where(*waiting, PLANNED.c.planned_by.is_not(None))
    found: int = reader.execute(query).scalar_one()
    return found


def count_to_look_at(reader: Reader, office_id: int, *, now: datetime) -> int:
    """Return how many changes an administrator should look at: refused lately, or in danger of it."""
    return count_refused(reader, office_id, since=now - LATELY) + count_in_danger(reader, office_id)


def _still_administers() -> Any:
    return exists(
        select(Membership.person_id)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.person_id == PLANNED.c.planned_by, Membership.office_id == PLANNED.c.office_id)
        .where(Membership.role == Role.ADMIN.value, Person.disabled_at.is_(None))
    )


def count_overdue(reader: Reader, office_id: int, *, before: date) -> int:
    """Return how many changes were due before a day and still wait: then no worker runs."""
    late = (PLANNED.c.office_id == office_id, PLANNED.c.state == WAITING, PLANNED.c.due < before)
    found: int = reader.execute(select(func.count()).select_from(PLANNED).where(*late)).scalar_one()
    return found


def _list(reader: Reader, office_id: int, which: Any, order: Any, most: int | None = None) -> list[Change]:
    query = (
        select(PLANNED, Person.name.label("name"), _still_administers().label("administers"))
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
        row.state == WAITING and row.planned_by is not None and not row.administers,
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
    letters = {row.id: row.series for row in reader.execute(services)}
    return found | {(kind, each): letter for kind in ("service", "service_retired") for each, letter in letters.items()}
