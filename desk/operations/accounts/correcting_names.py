"""Correcting what a member of staff is called: a name is personal data, so no event and no remembered answer has it."""

from typing import Any, Final

from sqlalchemy import select, update

from desk.domain import staff as rule
from desk.domain.staff import ADMINISTRATORS
from desk.models import Person
from desk.operations.accounts.keeping_staff import append_at_home, get_member
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit

PEOPLE: Final[Any] = Person.__table__


def correct_name(streams: Streams, office_id: int, person_id: int, request: Request, *, typed: str) -> Done:
    """Correct the name of somebody whose every office of their own the actor administers; answers person.

    Raises `Refused`: UNKNOWN, FORBIDDEN, WORKS_ELSEWHERE, NAME_UNFIT, ALREADY_DONE.
    """

    def work(unit: Unit) -> Done:
        member = get_member(unit, person_id, kept_by=ADMINISTRATORS)
        mine = PEOPLE.c.id == person_id
        before: str = unit.connection.execute(select(PEOPLE.c.name).where(mine)).scalar_one()
        name, fact = rule.correct_name(member, before, typed, actor=unit.actor)
        unit.connection.execute(update(PEOPLE).where(mine).values(name=name))
        append_at_home(unit, member, fact)
        unit.renew_configuration()
        return unit.done(person=person_id)

    return streams.run_in_all(office_id, request, work)
