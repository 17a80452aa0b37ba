"""Planned changes of an office's settings: what waits, what became of the others, and what is overdue."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import and_, exists, func, or_, select

from desk.domain.access import Role
from desk.domain.counter_names import CounterName
from desk.domain.planning import KEPT_BY_SUPERVISORS
from desk.domain.refusals import Reason, Refused
from desk.models import Counter, Facility, Membership, Person, PlannedChange, Pool, Service
from desk.reads.counter_names import NAMED
from desk.reads.reader import Reader

PLANNED: Any = PlannedChange.__table__
WAITING: Final = "planned"
REFUSED: Final = "refused"
TAKEN_OVER: Final = "taken_over"  # cancelled, and planned by somebody else in its place at the same moment
MOST_ENDED: Final = 50
# Kinds whose subject is a service.
OF_A_SERVICE: Final = ("service", "service_limits", "service_retired")
LATELY: Final = timedelta(days=7)  # so long a refused change is pointed at
Kinds = Collection[str] | None
"""Which kinds of changes are meant; None for all."""


@dataclass(frozen=True, slots=True)
class Change:
    """A planned change; `refused` says why it was not carried out.

    One that waits is in danger where whoever planned it has no role any more in which it may be made: then it will be
    refused, unless somebody takes it over.
    """

    id: int
    kind: str
    subject: int
    values: Mapping[str, Any]
    due: date
    planned_by: str | None
    planner_id: int | None
    planned_at: datetime
    state: str
    ended_at: datetime | None
    refused: Refused | None
    in_danger: bool


def list_waiting(reader: Reader, office_id: int) -> list[Change]:
    """Return what is planned and not yet carried out, the earliest first."""
    return _list(reader, office_id, PLANNED.c.state == WAITING, (PLANNED.c.due, PLANNED.c.id))


def list_waiting_of(reader: Reader, office_id: int, person_id: int) -> list[Change]:
    """Return what somebody planned in an office that is not yet carried out, the earliest first."""
    which = (PLANNED.c.state == WAITING) & (PLANNED.c.planned_by == person_id)
    return _list(reader, office_id, which, (PLANNED.c.due, PLANNED.c.id))


def count_waiting_by_planner(reader: Reader, office_id: int) -> dict[int, int]:
    """Return how many changes wait, by who planned them."""
    waiting = (PLANNED.c.office_id == office_id, PLANNED.c.state == WAITING, PLANNED.c.planned_by.is_not(None))
    query = select(PLANNED.c.planned_by, func.count()).where(*waiting).group_by(PLANNED.c.planned_by)
    return dict(reader.execute(query).tuples().all())


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


def count_refused(reader: Reader, office_id: int, *, since: datetime, kinds: Kinds = None) -> int:
    """Return how many changes were refused when their day came, since then."""
    return _count(reader, office_id, kinds, PLANNED.c.state == REFUSED, PLANNED.c.ended_at >= since)


def count_in_danger(reader: Reader, office_id: int, *, kinds: Kinds = None) -> int:
    """Return how many changes wait that will be refused, since whoever planned them may not make them any more."""
    lost = (PLANNED.c.state == WAITING, PLANNED.c.planned_by.is_not(None), ~_may_still())
    return _count(reader, office_id, kinds, *lost)


def count_to_look_at(reader: Reader, office_id: int, *, now: datetime, kinds: Kinds = None) -> int:
    """Return how many changes somebody should look at: refused lately, or in danger of it."""
    refused = count_refused(reader, office_id, since=now - LATELY, kinds=kinds)
    return refused + count_in_danger(reader, office_id, kinds=kinds)


def _count(reader: Reader, office_id: int, kinds: Kinds, *which: Any) -> int:
    query = select(func.count()).select_from(PLANNED).where(PLANNED.c.office_id == office_id, *which)
    if kinds is not None:
        query = query.where(PLANNED.c.kind.in_(sorted(kinds)))
    found: int = reader.execute(query).scalar_one()
    return found


def _may_still() -> Any:
    """Return the condition of a plan whose maker may still make it."""
    supervises = and_(Membership.role == Role.SUPERVISOR.value, PLANNED.c.kind.in_(sorted(KEPT_BY_SUPERVISORS)))
    return exists(
        select(Membership.person_id)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.person_id == PLANNED.c.planned_by, Membership.office_id == PLANNED.c.office_id)
        .where(or_(Membership.role == Role.ADMIN.value, supervises), Person.disabled_at.is_(None))
    )


def _is_taken_over() -> Any:
    """Return the condition of a plan that somebody else has made their own."""
    later = PLANNED.alias()
    alike = [later.c[name] == PLANNED.c[name] for name in ("office_id", "kind", "subject", "due", "wanted")]
    return exists().where(*alike, later.c.id > PLANNED.c.id, later.c.planned_at == PLANNED.c.ended_at)


def count_overdue(reader: Reader, office_id: int, *, before: date) -> int:
    """Return how many changes were due before a day and still wait: then no worker runs."""
    return _count(reader, office_id, None, PLANNED.c.state == WAITING, PLANNED.c.due < before)


def _list(reader: Reader, office_id: int, which: Any, order: Any, most: int | None = None) -> list[Change]:
    query = (
        select(
            PLANNED,
            Person.name.label("name"),
            _may_still().label("may_still"),
            _is_taken_over().label("taken_over"),
        )
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
        row.planned_by,
        row.planned_at,
        TAKEN_OVER if row.taken_over else row.state,
        row.ended_at,
        _refused(row.why),
        row.state == WAITING and row.planned_by is not None and not row.may_still,
    )


def _refused(why: str | None) -> Refused | None:
    if why is None:
        return None
    told = json.loads(why)
    try:
        return Refused(Reason(told["reason"]), **told["details"])
    except ValueError:  # what a newer version of the program refuses for
        return Refused(Reason.INVALID)


def name_subjects(reader: Reader, office_id: int, *, language: str) -> dict[tuple[str, int], CounterName | str]:
    """Return what the subjects of planned changes are called today, by kind and id."""
    found: dict[tuple[str, int], CounterName | str] = {}
    named: tuple[tuple[str, Any, Any], ...] = (("counter", Counter, NAMED), ("pool", Pool, Pool.name))
    for kind, model, column in named:
        rows = reader.execute(select(model.id, column).where(model.office_id == office_id)).tuples()
        found |= {(kind, subject): name for subject, name in rows}
    services = select(Service.id, Service.series).where(Service.office_id == office_id)
    letters = {row.id: row.series for row in reader.execute(services)}
    word = Facility.name_id if language == "id" else Facility.name_en
    facilities = reader.execute(select(Facility.id, word).where(Facility.office_id == office_id)).tuples()
    found |= {("facility", facility_id): name for facility_id, name in facilities}
    return found | {(kind, each): letter for kind in OF_A_SERVICE for each, letter in letters.items()}
