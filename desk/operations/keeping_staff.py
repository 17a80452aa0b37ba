"""Who works here: somebody leaves for good, or comes back; how they are reached. History, roles and skills are kept."""

from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import func, select, update

from desk.domain import staff as rule
from desk.domain.access import Role, acting_person
from desk.domain.refusals import Reason, Refused
from desk.domain.signing_in import Secured
from desk.domain.staff import ADMINISTRATORS, KEEPERS_OF_STAFF, Contact, Duties, Member
from desk.models import (
    AbsenceRow,
    ApiToken,
    HandoffRow,
    Membership,
    Person,
    Pool,
    RequestRow,
    Service,
    TransactionRow,
)
from desk.models.request import unanswered
from desk.models.transaction import offered
from desk.operations.finding import MAX_SMALL_ID, find_post, today
from desk.operations.passwords import end_access
from desk.operations.requests import Done, Request
from desk.operations.staffing import send_off
from desk.operations.stream import STREAMS, Streams, Unit
from desk.operations.telling_accounts import tell_secured

PEOPLE: Any = Person.__table__
MEMBERSHIPS: Any = Membership.__table__
TOKENS: Any = ApiToken.__table__
_CONTACT: Final = select(PEOPLE.c.email, PEOPLE.c.phone)


def deactivate(streams: Streams, office_id: int, person_id: int, request: Request) -> Done:
    """End somebody's work: their duty, sessions and tokens end at once.

    Answers person. Raises `Refused`: UNKNOWN, FORBIDDEN, NOT_ONESELF, WORKS_ELSEWHERE, ALREADY_DONE, HANDOVER_FIRST
    while they have custody, an offer or a request to answer in any office, HEADS_A_QUEUE, DEPUTIZES.
    """

    def work(unit: Unit) -> Done:  # in all offices, so that nowhere anything is given to the person meanwhile
        unit.connection.execute(update(STREAMS).values(configuration=STREAMS.c.configuration + 1))
        member, duties = get_member(unit, person_id), get_duties(unit, person_id)
        others = others_administer(unit, person_id, _administered(unit, person_id))
        fact = rule.deactivate(member, duties, actor=unit.actor, others_administer=others)
        send_off(unit, find_post(unit, officer_id=person_id))
        unit.connection.execute(update(PEOPLE).where(PEOPLE.c.id == person_id).values(disabled_at=unit.at))
        end_access(unit, person_id)
        live = (TOKENS.c.person_id == person_id) & TOKENS.c.revoked_at.is_(None)
        unit.connection.execute(update(TOKENS).where(live).values(revoked_at=unit.at))
        unit.append(fact)
        return unit.done(person=person_id)

    return streams.run_in_all(office_id, request, work)


def reactivate(streams: Streams, office_id: int, person_id: int, request: Request) -> Done:
    """Let somebody work here again; they sign in with the password they had, tokens are made anew."""

    def work(unit: Unit) -> Done:
        fact = rule.reactivate(get_member(unit, person_id), actor=unit.actor)
        unit.connection.execute(update(PEOPLE).where(PEOPLE.c.id == person_id).values(disabled_at=None))
        unit.connection.execute(update(STREAMS).values(configuration=STREAMS.c.configuration + 1))
        unit.append(fact)
        return unit.done(person=person_id)

    return streams.run_in_all(office_id, request, work)


def change_contact(streams: Streams, office_id: int, person_id: int, request: Request, wanted: Contact) -> Done:
    """Set somebody's e-mail address and phone number, in any spelling; answers person.

    Raises `Refused`: UNKNOWN, FORBIDDEN, WORKS_ELSEWHERE, ALREADY_DONE, INVALID (field).
    """

    return streams.run_in_all(office_id, request, lambda unit: change_contact_in(unit, person_id, wanted))


def change_contact_in(unit: Unit, person_id: int, wanted: Contact) -> Done:
    """Set how somebody is reached in a unit of all offices under way; answers and raises as `change_contact`."""
    kept = rule.tidied(wanted)
    member = get_member(unit, person_id)
    before = Contact(*unit.connection.execute(_CONTACT.where(PEOPLE.c.id == person_id)).one())
    fact = rule.change_contact(member, before, kept, actor=unit.actor)
    values: dict[str, Any] = {"email": kept.email, "phone": kept.phone}
    if kept.email != before.email:  # a supervisor's word is not enough to send links for a new password there
        values["is_email_vouched"] = Role.ADMIN in unit.actor.roles
    unit.connection.execute(update(PEOPLE).where(PEOPLE.c.id == person_id).values(values))
    event = unit.append(fact)
    if kept.email != before.email:
        tell_secured(unit, event.id, person_id, Secured.ADDRESS, address=before.email)
    return unit.done(person=person_id)


def get_member(unit: Unit, person_id: int, *, kept_by: frozenset[Role] = KEEPERS_OF_STAFF) -> Member:
    """Return somebody who works in this office, within reach of who is `kept_by` in all their offices."""
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
    kept = _offices_kept(unit, kept_by) if elsewhere else set()
    return Member(person_id, here, rows[0].disabled_at is None, elsewhere <= kept)


def _offices_kept(unit: Unit, kept_by: frozenset[Role]) -> set[int]:
    query = select(Membership.office_id).where(
        Membership.person_id == acting_person(unit.actor), Membership.role.in_(sorted(kept_by))
    )
    return set(unit.connection.execute(query).scalars())


def _administered(unit: Unit, person_id: int) -> set[int]:
    mine = (MEMBERSHIPS.c.person_id == person_id, MEMBERSHIPS.c.role == Role.ADMIN.value)
    return set(unit.connection.execute(select(MEMBERSHIPS.c.office_id).where(*mine)).scalars())


def others_administer(unit: Unit, person_id: int, offices: Collection[int]) -> bool:
    """Tell whether each of these offices has an administrator beside somebody, who has not left for good."""
    query = (
        select(MEMBERSHIPS.c.office_id)
        .join(PEOPLE, PEOPLE.c.id == MEMBERSHIPS.c.person_id)
        .where(MEMBERSHIPS.c.office_id.in_(offices), MEMBERSHIPS.c.role.in_(sorted(ADMINISTRATORS)))
        .where(PEOPLE.c.id != person_id, PEOPLE.c.disabled_at.is_(None))
    )
    return set(offices) <= set(unit.connection.execute(query).scalars())


def get_duties(unit: Unit, person_id: int) -> Duties:
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
