"""Counters and back-office desks: added, renamed, numbered anew, retired, brought back; now or from a later day on.

A number is given once among those in use. What is a counter stays one, and what is a desk in the back office too, since
what was done there is told by it.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import func, insert, select, update

from desk.domain.access import require
from desk.domain.facts import JSON
from desk.domain.handoffs import HandoffState
from desk.domain.refusals import Reason, Refused
from desk.models import Counter, Duty, HandoffRow, Person, TransactionRow, Visit
from desk.models.transaction import at_counter
from desk.operations.settings import planned
from desk.operations.settings.planned import ADMINISTRATORS
from desk.operations.settings.setting_changes import number_of, tell, words_of
from desk.operations.stream import Unit
from desk.reads.planned import list_coming

COUNTERS: Any = Counter.__table__
DUTIES: Any = Duty.__table__
HANDOFFS: Any = HandoffRow.__table__
TRANSACTIONS: Any = TransactionRow.__table__
KIND: Final = "counter"
LONGEST_NAME: Final = 80
MOST_NUMBER: Final = 999
MOST_COUNTERS: Final = 400
LONGEST_LOCATION: Final = 80
# What may be left empty, and how long each may be.
OPTIONAL: Final = {"name_en": LONGEST_NAME, "location_id": LONGEST_LOCATION, "location_en": LONGEST_LOCATION}
COLUMNS: Final = frozenset({"number", "name", "retired", *OPTIONAL})
NEW: Final = frozenset({"number", "name", "back_office"})


def apply(unit: Unit, counter_id: int, values: Mapping[str, JSON]) -> None:
    """Add a counter (id 0: `NEW`, maybe some of `OPTIONAL`), or change what `values` names of `COLUMNS`.

    Raises `Refused`: FORBIDDEN, INVALID with the field, UNKNOWN, COUNTER_NUMBER_TAKEN, COUNTER_IN_USE, LAST_COUNTER.
    """
    wanted = _checked(unit, counter_id, values)
    if counter_id == 0:
        _add(unit, wanted)
        return
    current = _get(unit, counter_id)
    changed = {column: value for column, value in wanted.items() if current[column] != value}
    if changed.get("retired"):
        _require_unused(unit, current)
    after = {**current, **changed}
    if changed and not after["retired"]:
        _require_free(unit, after["number"], but=counter_id)
    if not changed:
        return
    unit.connection.execute(update(Counter).where(Counter.id == counter_id).values(**changed))
    for column, value in changed.items():
        tell(unit, f"counter_{column}", current[column], value, counter=counter_id)


def _add(unit: Unit, wanted: Mapping[str, Any]) -> None:
    _require_free(unit, wanted["number"])
    counted = select(func.count()).select_from(COUNTERS).where(COUNTERS.c.office_id == unit.office_id)
    if unit.connection.execute(counted).scalar_one() >= MOST_COUNTERS:
        raise Refused(Reason.INVALID, field="number")
    row = {"office_id": unit.office_id, "retired": False, **wanted}
    made: int = unit.connection.execute(insert(Counter).values(**row).returning(Counter.id)).scalar_one()
    tell(unit, "counter", None, {**wanted}, counter=made)


def _check(unit: Unit, counter_id: int, values: Mapping[str, JSON]) -> None:
    _checked(unit, counter_id, values)
    if counter_id:
        _get(unit, counter_id)


def _foresee(unit: Unit, counter_id: int, values: Mapping[str, JSON], due: date) -> None:
    """Refuse a number that another counter in use will have on that day, by what is planned until then."""
    query = select(COUNTERS.c.id, COUNTERS.c.number, COUNTERS.c.name, COUNTERS.c.retired)
    rows = unit.connection.execute(query.where(COUNTERS.c.office_id == unit.office_id)).mappings()
    on_that_day: dict[int, dict[str, Any]] = {row["id"]: dict(row) for row in rows}
    for each in list_coming(unit.connection, unit.office_id, KIND, due):
        # One that is only to come is known by its plan.
        place = each.subject or each.id
        on_that_day[place] = {"retired": False, **on_that_day.get(place, {}), **each.values}
    after = {"retired": False, **on_that_day.pop(counter_id, {}), **values}
    for each_one in on_that_day.values():
        if not after["retired"] and not each_one["retired"] and each_one["number"] == after["number"]:
            raise Refused(Reason.COUNTER_NUMBER_TAKEN, number=after["number"], name=each_one["name"])


def _checked(unit: Unit, counter_id: int, values: Mapping[str, JSON]) -> dict[str, Any]:
    require(unit.actor, ADMINISTRATORS)
    fits = values.keys() <= COLUMNS if counter_id else NEW <= values.keys() <= NEW | OPTIONAL.keys()
    if not fits or not all(isinstance(values.get(flag, False), bool) for flag in ("retired", "back_office")):
        raise Refused(Reason.INVALID, field="number")
    wanted: dict[str, Any] = dict(values)
    if "number" in wanted:
        wanted["number"] = number_of(wanted["number"], "number", least=1, most=MOST_NUMBER)
    if "name" in wanted:
        wanted["name"] = words_of(wanted["name"], "name", most=LONGEST_NAME)
    for name, most in OPTIONAL.items():
        if wanted.get(name, "") != "":
            wanted[name] = words_of(wanted[name], name, most=most)
    return wanted


def _get(unit: Unit, counter_id: int) -> dict[str, Any]:
    mine = (COUNTERS.c.office_id == unit.office_id) & (COUNTERS.c.id == counter_id)
    row = unit.connection.execute(select(COUNTERS).where(mine)).mappings().one_or_none()
    if row is None:
        raise Refused(Reason.UNKNOWN, id=counter_id)
    return dict(row)


def _require_free(unit: Unit, number: int, *, but: int = 0) -> None:
    same = (COUNTERS.c.office_id == unit.office_id, COUNTERS.c.number == number, COUNTERS.c.retired.is_(False))
    query = select(COUNTERS.c.name).where(*same, COUNTERS.c.id != but)
    name = unit.connection.execute(query).scalars().first()
    if name is not None:
        raise Refused(Reason.COUNTER_NUMBER_TAKEN, number=number, name=name)


def _require_unused(unit: Unit, counter: Mapping[str, Any]) -> None:
    """Refuse to retire a counter with somebody on duty, a visitor or an open offer there, and the last one of all."""
    who = _on_duty(unit, counter["id"]) or _visitor(unit, counter["id"])
    if who is not None:
        raise Refused(Reason.COUNTER_IN_USE, who=who)
    offered = (
        HANDOFFS.c.office_id == unit.office_id,
        HANDOFFS.c.to_counter_id == counter["id"],
        HANDOFFS.c.state == HandoffState.OFFERED.value,
    )
    if unit.connection.execute(select(HANDOFFS.c.id).where(*offered).limit(1)).first() is not None:
        raise Refused(Reason.COUNTER_OFFERED_TO)
    others = (COUNTERS.c.office_id == unit.office_id, COUNTERS.c.back_office.is_(False), COUNTERS.c.retired.is_(False))
    left = select(func.count()).select_from(COUNTERS).where(*others, COUNTERS.c.id != counter["id"])
    if not counter["back_office"] and unit.connection.execute(left).scalar_one() == 0:
        raise Refused(Reason.LAST_COUNTER)


def _on_duty(unit: Unit, counter_id: int) -> str | None:
    query = (
        select(Person.name)
        .join(DUTIES, DUTIES.c.officer_id == Person.id)
        .where(DUTIES.c.office_id == unit.office_id, DUTIES.c.counter_id == counter_id, DUTIES.c.ended_at.is_(None))
    )
    return unit.connection.execute(query).scalars().first()


def _visitor(unit: Unit, counter_id: int) -> str | None:
    here = (TRANSACTIONS.c.office_id == unit.office_id, TRANSACTIONS.c.counter_id == counter_id, at_counter())
    query = (
        select(Visit.label)
        .join(TRANSACTIONS, (TRANSACTIONS.c.office_id == Visit.office_id) & (TRANSACTIONS.c.visit_id == Visit.id))
        .where(*here)
    )
    return unit.connection.execute(query).scalars().first()


planned.register(KIND, apply, _check, foresee=_foresee)
