"""Who works here: somebody leaves for good, or comes back; how they are reached. History, roles and skills are kept."""

from typing import Any, Final

from sqlalchemy import func, select, update

from desk.domain import staff as rule
from desk.domain.access import Role, acting_person
from desk.domain.refusals import Reason, Refused
from desk.domain.staff import KEEPERS_OF_STAFF, Contact, Duties, Member
from desk.models import (
    AbsenceRow,
    ApiToken,
    HandoffRow,
    Membership,
    Person,
    Pool,
    RequestRow,
    Service,
    StaffSession,
    TransactionRow,
)
from desk.models.request import unanswered
from desk.models.transaction import offered
from desk.operations.finding import MAX_SMALL_ID, find_post, today
from desk.operations.requests import Done, Request
from desk.operations.staffing import send_off
from desk.operations.stream import STREAMS, Streams, Unit

PEOPLE: Any = Person.__table__
SESSIONS: Any = StaffSession.__table__
TOKENS: Any = ApiToken.__table__
_CONTACT: Final = select(PEOPLE.c.email, PEOPLE.c.phone)


def deactivate(streams: Streams, office_id: int, person_id: int, request: Request) -> Done:
    """End somebody's work: their duty, sessions and tokens end at once.

    Answers person. Raises `Refused`: UNKNOWN, FORBIDDEN, NOT_ONESELF, WORKS_ELSEWHERE, ALREADY_DONE, HANDOVER_FIRST
    while they have custody, an offer or a request to answer in any office, HEADS_A_QUEUE, DEPUTIZES.
    """

    def work(unit: Unit) -> Done:  # in all offices, so that nowhere anything is given to the person meanwhile
        unit.connection.execute(update(STREAMS).values(configuration=STREAMS.c.configuration + 1))
        fact = rule.deactivate(_member(unit, person_id), _duties(unit, person_id), actor=unit.actor)
        send_off(unit, find_post(unit, officer_id=person_id))
        unit.connection.execute(update(PEOPLE).where(PEOPLE.c.id == person_id).values(disabled_at=unit.at))
        mine = (SESSIONS.c.person_id == person_id) & SESSIONS.c.ended_at.is_(None)
        unit.connection.execute(update(SESSIONS).where(mine).values(ended_at=unit.at))
        live = (TOKENS.c.person_id == person_id) & TOKENS.c.revoked_at.is_(None)
        unit.connection.execute(update(TOKENS).where(live).values(revoked_at=unit.at))
        unit.append(fact)
        return unit.done(person=person_id)

    return streams.run_in_all(office_id, request, work)


def reactivate(streams: Streams, office_id: int, person_id: int, request: Request) -> Done:
    """Let somebody work here again; they sign in with the password they had, tokens are made anew."""

    def work(unit: Unit) -> Done:
        fact = rule.reactivate(_member(unit, person_id), actor=unit.actor)
        unit.connection.execute(update(PEOPLE).where(PEOPLE.c.id == person_id).values(disabled_at=None))
        unit.connection.execute(update(STREAMS).values(configuration=STREAMS.c.configuration + 1))
        unit.append(fact)
        return unit.done(person=person_id)

    return streams.run_in_all(office_id, request, work)


def change_contact(streams: Streams, office_id: int, person_id: int, request: Request, wanted: Contact) -> Done:
    """Set somebody's e-mail address and phone number, in any spelling; answers person.

    Raises `Refused`: UNKNOWN, FORBIDDEN, WORKS_ELSEWHERE, ALREADY_DONE, INVALID (field).
    """

    def work(unit: Unit) -> Done:
        kept = rule.tidied(wanted)
        member = _member(unit, person_id)
        before = Contact(*unit.connection.execute(_CONTACT.where(PEOPLE.c.id == person_id)).one())
        fact = rule.change_contact(member, before, kept, actor=unit.actor)
        values = {"email": kept.email, "phone": kept.phone}
        unit.connection.execute(update(PEOPLE).where(PEOPLE.c.id == person_id).values(values))
        unit.append(fact)
        return unit.done(person=person_id)

    return streams.run_in_all(office_id, request, work)


def _member(unit: Unit, person_id: int) -> Member:
    """Return somebody who works in this office; whoever acts must keep the staff of all their offices."""
    if not 0 < person_id <= MAX_SMALL_ID:
        raise Refused(Reason.UNKNOWN, id=person_id)
    rows = unit.connection.execute(
        select(Membership.office_id, Membership.role, Person.disabled_at)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.person_id == person_id)
    ).all()
    here = frozenset(Role(row.role) for row in rows if row.office_id == unit.office_id)
    if not here:
        raise Refused(Reason.UNKNOWN, id=person_id)
    elsewhere = {row.office_id for row in rows} - {unit.office_id}
    kept = _offices_kept(unit) if elsewhere else set()
    return Member(person_id, here, rows[0].disabled_at is None, elsewhere <= kept)


def _offices_kept(unit: Unit) -> set[int]:
    query = select(Membership.office_id).where(
        Membership.person_id == acting_person(unit.actor), Membership.role.in_(sorted(KEEPERS_OF_STAFF))
    )
    return set(unit.connection.execute(query).scalars())


def _duties(unit: Unit, person_id: int) -> Duties:
    """Count what somebody is responsible for, in all offices they work in."""
    offices = select(Membership.office_id).where(Membership.person_id == person_id).distinct().scalar_subquery()
    held, to_answer, asked, covered = TransactionRow, HandoffRow, RequestRow, AbsenceRow
    return Duties(
        _count(unit, held.office_id.in_(offices), held.ended_at.is_(None), held.holder_id == person_id),
        _count(unit, to_answer.office_id.in_(offices), offered(), to_answer.receiver_id == person_id),
        _count(unit, asked.office_id.in_(offices), unanswered(), asked.asked_id == person_id),
        _count(unit, Service.office_id.in_(offices), Service.head_id == person_id, Service.retired.is_(False))
        + _count(unit, Pool.office_id.in_(offices), Pool.head_id == person_id, Pool.retired.is_(False)),
        _count(
            unit,
            covered.office_id.in_(offices),
            covered.cancelled_at.is_(None),
            covered.deputy_id == person_id,
            covered.ends_on >= today(unit),
        ),
    )


def _count(unit: Unit, *conditions: Any) -> int:
    found: int = unit.connection.execute(select(func.count()).where(*conditions)).scalar_one()
    return found
