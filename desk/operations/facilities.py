"""The facilities of an office: what visitors may say something about, and who looks after each."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select, update

from desk.domain.access import Role, require
from desk.domain.facts import JSON, EventName, Fact
from desk.domain.refusals import Reason, Refused
from desk.models import Facility, Membership, Person
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit
from desk.wording.facilities import SEEDED

FACILITIES: Any = Facility.__table__
ADMINISTRATORS: Final = frozenset({Role.ADMIN})
# Who can be in charge of a facility; an auditor looks on.
OWNERS: Final = (Role.AGENT, Role.SUPERVISOR, Role.ADMIN)
LONGEST_NAME: Final = 120
MOST_FACILITIES: Final = 40


@dataclass(frozen=True, slots=True)
class FacilityPlan:
    """A facility as an office words it; nobody need look after it, and a retired one is offered no more."""

    name_id: str
    name_en: str
    owner_id: int | None = None
    retired: bool = False

    @property
    def values(self) -> dict[str, Any]:
        """The columns; raises `Refused(INVALID)` for a name that is empty or too long."""
        names = {"name_id": self.name_id.strip(), "name_en": self.name_en.strip()}
        for field, name in names.items():
            if not 0 < len(name) <= LONGEST_NAME:
                raise Refused(Reason.INVALID, field=field)
        return {**names, "owner_id": self.owner_id, "retired": self.retired}


def seed_facilities(connection: Connection, office_id: int) -> None:
    """Give a new office the facilities every office begins with."""
    for place, (code, indonesian, english) in enumerate(SEEDED):
        names = {"name_id": indonesian, "name_en": english}
        row = {"office_id": office_id, "code": code, "position": place, "retired": False, **names}
        connection.execute(insert(Facility), row)


def add(streams: Streams, office_id: int, plan: FacilityPlan, request: Request) -> Done:
    """Add a facility at the end; answers facility. Raises `Refused`: FORBIDDEN, INVALID, UNKNOWN owner."""

    def work(unit: Unit) -> Done:
        require(unit.actor, ADMINISTRATORS)
        values = plan.values
        _require_staff(unit, plan.owner_id)
        mine = FACILITIES.c.office_id == unit.office_id
        counted = select(func.count(), func.max(FACILITIES.c.position)).where(mine)
        count, last = unit.connection.execute(counted).tuples().one()
        if count >= MOST_FACILITIES:
            raise Refused(Reason.INVALID, field="name_id")
        row = {"office_id": unit.office_id, "code": f"own_{count + 1}", "position": (last or 0) + 1, **values}
        made: int = unit.connection.execute(insert(Facility).values(**row).returning(Facility.id)).scalar_one()
        _tell(unit, made, None, plan)
        return unit.done(facility=made)

    return streams.run(office_id, request, work)


def change(streams: Streams, office_id: int, facility_id: int, plan: FacilityPlan, request: Request) -> Done:
    """Reword a facility, name who looks after it, or retire it; answers facility."""

    def work(unit: Unit) -> Done:
        require(unit.actor, ADMINISTRATORS)
        values = plan.values
        _require_staff(unit, plan.owner_id)
        mine = (FACILITIES.c.office_id == unit.office_id) & (FACILITIES.c.id == facility_id)
        before = unit.connection.execute(select(FACILITIES.c.owner_id).where(mine)).one_or_none()
        if before is None:
            raise Refused(Reason.UNKNOWN, id=facility_id)
        unit.connection.execute(update(Facility).where(mine).values(**values))
        _tell(unit, facility_id, before.owner_id, plan)
        return unit.done(facility=facility_id)

    return streams.run(office_id, request, work)


def _tell(unit: Unit, facility_id: int, before: int | None, plan: FacilityPlan) -> None:
    facts: dict[str, JSON] = {"setting": "facility", "facility": facility_id, "retired": plan.retired}
    unit.append(Fact(EventName.SETTING_CHANGED, {**facts, "from": before, "to": plan.owner_id}))


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
