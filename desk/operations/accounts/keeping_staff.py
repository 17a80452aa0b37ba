"""Who works here: somebody leaves for good, or comes back; how they are reached. History, roles and skills are kept."""

from typing import Any, Final

from sqlalchemy import func, select, update

from desk.domain import staff as rule
from desk.domain.access import FRONT_LINE, ActorKind, Role, acting_person
from desk.domain.facts import Event, Fact
from desk.domain.refusals import Reason, Refused
from desk.domain.signing_in import How, Secured
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
from desk.operations.accounts.passwords import end_access
from desk.operations.accounts.server_keepers import find_unattended
from desk.operations.accounts.signing_in import record_changed
from desk.operations.accounts.telling_accounts import tell_secured
from desk.operations.finding import MAX_SMALL_ID, find_post, today
from desk.operations.requests import Done, Request
from desk.operations.staffing import send_off
from desk.operations.stream import STREAMS, Streams, Unit

PEOPLE: Any = Person.__table__
TOKENS: Any = ApiToken.__table__
_CONTACT: Final = select(PEOPLE.c.email, PEOPLE.c.phone, PEOPLE.c.is_email_vouched)


def deactivate(streams: Streams, office_id: int, person_id: int, request: Request) -> Done:
    """End somebody's work: their duty, sessions and tokens end at once.

    Answers person. Raises `Refused`: UNKNOWN, FORBIDDEN, NOT_ONESELF, WORKS_ELSEWHERE, ALREADY_DONE, HANDOVER_FIRST
    while they have custody, an offer or a request to answer in any office, HEADS_A_QUEUE, DEPUTIZES,
    LAST_ADMINISTRATOR with the office, LAST_KEEPER.
    """

    def work(unit: Unit) -> Done:  # in all offices, so that nowhere anything is given to the person meanwhile
        unit.connection.execute(update(STREAMS).values(configuration=STREAMS.c.configuration + 1))
        member, duties = get_member(unit, person_id), get_duties(unit, person_id)
        unattended = find_unattended(unit, person_id)
        fact = rule.deactivate(member, duties, actor=unit.actor, unattended=unattended)
        send_off(unit, find_post(unit, officer_id=person_id))
        by_admin = not ADMINISTRATORS.isdisjoint(unit.actor.roles)
        gone = {"disabled_at": unit.at, "is_disabled_by_admin": by_admin, "is_shut_out": False}
        unit.connection.execute(update(PEOPLE).where(PEOPLE.c.id == person_id).values(gone))
        end_access(unit, person_id)
        end_tokens(unit, person_id)
        append_at_home(unit, member, fact)
        return unit.done(person=person_id)

    return streams.run_in_all(office_id, request, work)


def end_tokens(unit: Unit, person_id: int) -> None:
    """Let no program act for somebody any more, in any office."""
    live = (TOKENS.c.person_id == person_id) & TOKENS.c.revoked_at.is_(None)
    unit.connection.execute(update(TOKENS).where(live).values(revoked_at=unit.at))


def reactivate(streams: Streams, office_id: int, person_id: int, request: Request) -> Done:
    """Let somebody work here again; they sign in with the password they had, tokens are made anew.

    Answers person. Raises `Refused`: UNKNOWN, FORBIDDEN (a supervisor, of whom an administrator let go too),
    WORKS_ELSEWHERE, ALREADY_DONE.
    """

    def work(unit: Unit) -> Done:
        member = get_member(unit, person_id)
        fact = rule.reactivate(member, actor=unit.actor)
        unit.connection.execute(
            update(PEOPLE).where(PEOPLE.c.id == person_id).values(disabled_at=None, is_disabled_by_admin=False)
        )
        unit.connection.execute(update(STREAMS).values(configuration=STREAMS.c.configuration + 1))
        append_at_home(unit, member, fact)
        return unit.done(person=person_id)

    return streams.run_in_all(office_id, request, work)


def change_contact(streams: Streams, office_id: int, person_id: int, request: Request, wanted: Contact) -> Done:
    """Set somebody's e-mail address and phone number, in any spelling; answers person.

    Raises `Refused`: UNKNOWN, FORBIDDEN, WORKS_ELSEWHERE, ALREADY_DONE, INVALID (field).
    """

    return streams.run_in_all(
        office_id, request, lambda unit: change_contact_in(unit, person_id, wanted, looked_at=True)
    )


def change_contact_in(unit: Unit, person_id: int, wanted: Contact, *, looked_at: bool = False) -> Done:
    """Set how somebody is reached in a unit of all offices under way; answers and raises as `change_contact`.

    Whoever administers them and had the address before their eyes (`looked_at`) vouches for it by keeping it.
    """
    kept = rule.tidied(wanted)
    member = get_member(unit, person_id)
    email, phone, is_vouched = unit.connection.execute(_CONTACT.where(PEOPLE.c.id == person_id)).one()
    before, is_new = Contact(email, phone), kept.email != email
    vouches = bool(kept.email) and member.is_administered and (is_new or looked_at)
    fact = rule.change_contact(
        member, before, kept, actor=unit.actor, is_newly_vouched=vouches and not is_new and not is_vouched
    )
    values: dict[str, Any] = {"email": kept.email, "phone": kept.phone}
    if is_new or vouches:  # a supervisor's word is not enough to send links for a new password there
        values["is_email_vouched"] = vouches
    if is_new or (vouches and not is_vouched):  # links for a new password go there, or go nowhere any more
        record_changed(unit, person_id, How.SESSION)
    unit.connection.execute(update(PEOPLE).where(PEOPLE.c.id == person_id).values(values))
    event = append_at_home(unit, member, fact)
    if is_new:
        tell_secured(unit, event.id, person_id, Secured.ADDRESS, address=before.email)
    return unit.done(person=person_id)


def get_member(unit: Unit, person_id: int, *, kept_by: frozenset[Role] = KEEPERS_OF_STAFF) -> Member:
    """Return somebody who works in this office, with whether they are within reach.

    That is who is at home here, if whoever acts administers every office in which they are; where supervisors keep
    them too (`kept_by`), also who has only roles of the front, anywhere, in offices that the actor keeps.
    """
    if not 0 < person_id <= MAX_SMALL_ID:
        raise Refused(Reason.UNKNOWN, id=person_id)
    held = (Membership.office_id, Membership.role, Membership.is_guest)
    rows = unit.connection.execute(
        select(*held, Person.disabled_at, Person.is_disabled_by_admin, Person.is_shut_out)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.person_id == person_id)
    ).all()
    here = frozenset(Role(row.role) for row in rows if row.office_id == unit.office_id)
    if not here:
        raise Refused(Reason.UNKNOWN, id=person_id)
    elsewhere = frozenset(Role(row.role) for row in rows if row.office_id != unit.office_id)
    homes = {row.office_id for row in rows if not row.is_guest}
    is_home = unit.office_id in homes
    administered = is_home and _keeps_all(unit, homes, ADMINISTRATORS)
    kept = is_home and here | elsewhere <= FRONT_LINE and _keeps_all(unit, homes, kept_by)
    who = rows[0]
    return Member(
        person_id, here, who.disabled_at is None, administered or kept, administered, elsewhere,
        who.is_disabled_by_admin, frozenset(homes), who.is_shut_out,
    )  # fmt: skip


def append_at_home(unit: Unit, member: Member, fact: Fact) -> Event:
    """Write down what was done about somebody, here and in every other office they are at home in."""
    event = unit.append(fact)
    for office_id in sorted(member.homes - {unit.office_id}):
        unit.append_in(office_id, fact)
    return event


def _keeps_all(unit: Unit, offices: set[int], kept_by: frozenset[Role]) -> bool:
    """Tell whether whoever acts has one of these roles in all these offices; here in the roles they act in."""
    if unit.actor.kind is ActorKind.SYSTEM:
        return True
    if not unit.actor.roles & kept_by:
        return False
    others = offices - {unit.office_id}
    if not others:
        return True
    query = select(Membership.office_id).where(
        Membership.person_id == acting_person(unit.actor), Membership.role.in_(sorted(kept_by))
    )
    return others <= set(unit.connection.execute(query).scalars())


def get_duties(unit: Unit, person_id: int, *, only: int | None = None) -> Duties:
    """Count what somebody is responsible for, in all offices they work in, or in one of them `only`."""
    theirs = select(Membership.office_id).where(Membership.person_id == person_id)
    if only is not None:
        theirs = theirs.where(Membership.office_id == only)
    offices = theirs.distinct().scalar_subquery()
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
