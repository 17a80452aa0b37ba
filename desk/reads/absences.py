"""Who is absent, from when to when, and who stands in; the reason only for those who may know it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import aliased

from desk.models import AbsenceReasonRow, AbsenceRow, Person
from desk.reads.reader import Reader

SHOWN: Final = 300


@dataclass(frozen=True, slots=True)
class AbsenceView:
    """One absence of today or later."""

    id: int
    person_id: int
    person: str
    deputy_id: int
    deputy: str
    begins_on: date
    ends_on: date
    planned_at: datetime
    reason: str | None

    def holds(self, day: date) -> bool:
        """Tell whether the person is absent on a day."""
        return self.begins_on <= day <= self.ends_on


def list_absences(reader: Reader, office_id: int, *, since: date) -> list[AbsenceView]:
    """Return the absences that were not cancelled and last until `since` or longer, the earliest first."""
    person, deputy, found = aliased(Person), aliased(Person), AbsenceRow
    rows = reader.execute(
        select(
            found.id,
            found.person_id,
            person.name,
            found.deputy_id,
            deputy.name,
            found.begins_on,
            found.ends_on,
            found.planned_at,
            AbsenceReasonRow.reason,
        )
        .join(person, person.id == found.person_id)
        .join(deputy, deputy.id == found.deputy_id)
        .outerjoin(
            AbsenceReasonRow,
            (AbsenceReasonRow.office_id == found.office_id) & (AbsenceReasonRow.absence_id == found.id),
        )
        .where(found.office_id == office_id, found.cancelled_at.is_(None), found.ends_on >= since)
        .order_by(found.begins_on, found.id)
        .limit(SHOWN)
    )
    return [AbsenceView(*row) for row in rows.tuples()]


def covers(reader: Reader, office_id: int, *, day: date) -> dict[int, str]:
    """Return who is absent on a day, each with the name of the deputy."""
    found = AbsenceRow
    rows = reader.execute(
        select(found.person_id, Person.name)
        .join(Person, Person.id == found.deputy_id)
        .where(found.office_id == office_id, found.cancelled_at.is_(None))
        .where(found.ends_on >= day, found.begins_on <= day)
    )
    return dict(rows.tuples().all())
