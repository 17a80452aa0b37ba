"""The facilities of an office: what visitors may say something about, and who looks after each."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select, update

from desk.domain.access import Role, require
from desk.domain.facts import JSON, EventName, Fact
from desk.domain.planning import ADMINISTRATORS
from desk.domain.refusals import Reason, Refused
from desk.models import Facility, Membership, Person
from desk.operations.settings import planned
from desk.operations.settings.setting_changes import words_of
from desk.operations.stream import Unit
from desk.wording.facilities import SEEDED

FACILITIES: Any = Facility.__table__
KIND: Final = "facility"
NAMES: Final = ("name_id", "name_en")
NEW: Final = frozenset({*NAMES, "owner_id"})
# Who can be in charge of a facility; an auditor looks on.
OWNERS: Final = (Role.AGENT, Role.SUPERVISOR, Role.ADMIN)
LONGEST_NAME: Final = 120
MOST_FACILITIES: Final = 40


def seed_facilities(connection: Connection, office_id: int) -> None:
    """Give a new office the facilities every office begins with."""
    for place, (code, indonesian, english) in enumerate(SEEDED):
        names = {"name_id": indonesian, "name_en": english}
        row = {"office_id": office_id, "code": code, "position": place, "retired": False, **names}
        connection.execute(insert(Facility), row)


def apply(unit: Unit, facility_id: int, values: Mapping[str, JSON]) -> None:
    """Add a facility at the end (id 0: name_id, name_en, owner_id), or change what `values` names (and retired).

    Nobody need look after one, and a retired one is offered no more. Raises `Refused`: FORBIDDEN, INVALID (field) for
    names, an owner who does not work here and when there are too many, UNKNOWN.
    """
    wanted = _checked(unit, facility_id, values)
    _require_staff(unit, wanted.get("owner_id"))
    if facility_id == 0:
        _add(unit, wanted)
        return
    current = _get(unit, facility_id)
    changed = {name: value for name, value in wanted.items() if current[name] != value}
    if not changed:
        return
    unit.connection.execute(update(Facility).where(FACILITIES.c.id == facility_id).values(**changed))
    _tell(unit, facility_id, current["owner_id"], {**current, **changed})


def _add(unit: Unit, wanted: Mapping[str, Any]) -> None:
    mine = FACILITIES.c.office_id == unit.office_id
    counted = select(func.count(), func.max(FACILITIES.c.position)).where(mine)
    count, last = unit.connection.execute(counted).tuples().one()
    if count >= MOST_FACILITIES:
        raise Refused(Reason.INVALID, field="name_id")
    place = {"code": f"own_{count + 1}", "position": (last or 0) + 1}
    row = {"office_id": unit.office_id, "retired": False, **place, **wanted}
    made: int = unit.connection.execute(insert(Facility).values(**row).returning(Facility.id)).scalar_one()
    _tell(unit, made, None, row)


def _checked(unit: Unit, facility_id: int, values: Mapping[str, JSON]) -> dict[str, Any]:
    require(unit.actor, ADMINISTRATORS)
    fits = values.keys() <= NEW | {"retired"} if facility_id else values.keys() == NEW
    owner = values.get("owner_id")
    if not fits or not isinstance(values.get("retired", False), bool):
        raise Refused(Reason.INVALID, field="name_id")
    if owner is not None and type(owner) is not int:
        raise Refused(Reason.INVALID, field="owner")
    wanted: dict[str, Any] = dict(values)
    return wanted | {name: words_of(wanted[name], name, most=LONGEST_NAME) for name in NAMES if name in wanted}


def _check(unit: Unit, facility_id: int, values: Mapping[str, JSON]) -> None:
    _require_staff(unit, _checked(unit, facility_id, values).get("owner_id"))
    if facility_id:
        _get(unit, facility_id)


def _get(unit: Unit, facility_id: int) -> dict[str, Any]:
    mine = (FACILITIES.c.office_id == unit.office_id) & (FACILITIES.c.id == facility_id)
    row = unit.connection.execute(select(FACILITIES).where(mine)).mappings().one_or_none()
    if row is None:
        raise Refused(Reason.UNKNOWN, id=facility_id)
    return dict(row)


def _tell(unit: Unit, facility_id: int, before: int | None, row: Mapping[str, Any]) -> None:
    facts: dict[str, JSON] = {"setting": KIND, "facility": facility_id, "retired": row["retired"]}
    unit.append(Fact(EventName.SETTING_CHANGED, {**facts, "from": before, "to": row["owner_id"]}))
    unit.renew_configuration()


def _require_staff(unit: Unit, person_id: int | None) -> None:
    if person_id is None:
        return
    query = (
        select(Person.id)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.office_id == unit.office_id,
            Membership.role.in_([role.value for role in OWNERS]),
            Person.id == person_id,
            Person.disabled_at.is_(None),
        )
    )
    if unit.connection.execute(query).first() is None:
        raise Refused(Reason.INVALID, field="owner")


planned.register(KIND, apply, _check)
