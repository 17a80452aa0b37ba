"""Who begins to work in an office, in which roles, and how they are let in: a link by mail, or a code in the hand.

What lets somebody in may be given by an administrator of all offices they are at home in: else an office could take
over what a colleague may do in another. An office that adds a colleague of another has them as a guest: it says which
roles they have there, and takes them away; how they get in and whether they work at all stays with those at home.
"""

from typing import Any

from sqlalchemy import delete, insert, select, update

from desk.domain import staff as rule
from desk.domain.access import FRONT_LINE, Role, require
from desk.domain.facts import EventName, Fact
from desk.domain.refusals import Reason, Refused
from desk.domain.staff import ADMINISTRATORS, Member, Newcomer
from desk.models import ApiToken, Membership, Person
from desk.operations.accounts.keeping_staff import append_at_home, get_duties, get_member
from desk.operations.accounts.one_time_codes import issue, send_link
from desk.operations.accounts.passwords import end_access
from desk.operations.accounts.second_factors import end_sessions_without
from desk.operations.accounts.server_keepers import end_keeping, find_unattended
from desk.operations.finding import find_post
from desk.operations.requests import Done, Request
from desk.operations.staffing import send_off
from desk.operations.stream import STREAMS, Streams, Unit

PEOPLE: Any = Person.__table__
MEMBERSHIPS: Any = Membership.__table__
TOKENS: Any = ApiToken.__table__


def add_newcomer(streams: Streams, office_id: int, typed: Newcomer, request: Request) -> Done:
    """Enroll somebody who works in no office yet, without a password; answers person.

    Raises `Refused`: FORBIDDEN, USERNAME_UNFIT, USERNAME_TAKEN, NAME_UNFIT, ROLES_MISSING, INVALID (field).
    """

    return streams.run_in_all(office_id, request, lambda unit: add_newcomer_in(unit, typed))


def add_newcomer_in(unit: Unit, typed: Newcomer) -> Done:
    """Enroll somebody in a unit of all offices under way; answers and raises as `add_newcomer`."""
    new = rule.enroll(typed, actor=unit.actor)
    if _find(unit, new.username) is not None:
        raise Refused(Reason.USERNAME_TAKEN)
    row = {"username": new.username, "name": new.name, "language": new.language}
    contact = {"email": new.contact.email, "phone": new.contact.phone}
    query = insert(PEOPLE).values(**row, **contact).returning(PEOPLE.c.id)
    person_id: int = unit.connection.execute(query).scalar_one()
    _begin_here(unit, person_id, new.roles)
    return unit.done(person=person_id)


def add_colleague(streams: Streams, office_id: int, username: str, roles: frozenset[Role], request: Request) -> Done:
    """Let somebody of another office work in this one too, as a guest; answers person.

    Raises `Refused`: FORBIDDEN, UNKNOWN for nobody of this user name, WORKS_HERE, DEACTIVATED, ROLES_MISSING.
    """

    return streams.run_in_all(office_id, request, lambda unit: add_colleague_in(unit, username, roles))


def add_colleague_in(unit: Unit, username: str, roles: frozenset[Role]) -> Done:
    """Let somebody work here too in a unit of all offices under way; answers and raises as `add_colleague`."""
    require(unit.actor, ADMINISTRATORS)
    person = _find(unit, username.strip().lower())
    if person is None:
        raise Refused(Reason.UNKNOWN)
    if not roles:
        raise Refused(Reason.ROLES_MISSING)
    if list_roles_here(unit, person.id):
        raise Refused(Reason.WORKS_HERE)
    if person.disabled_at is not None:
        raise Refused(Reason.DEACTIVATED)
    _begin_here(unit, person.id, roles, is_guest=_is_at_home(unit, person.id))
    end_sessions_without(unit, person.id)
    return unit.done(person=person.id)


def _find(unit: Unit, username: str) -> Any:
    query = select(PEOPLE.c.id, PEOPLE.c.disabled_at).where(PEOPLE.c.username == username)
    return unit.connection.execute(query).one_or_none()


def list_roles_here(unit: Unit, person_id: int) -> frozenset[Role]:
    """Return the roles somebody has in this office."""
    mine = (MEMBERSHIPS.c.person_id == person_id, MEMBERSHIPS.c.office_id == unit.office_id)
    return frozenset(map(Role, unit.connection.execute(select(MEMBERSHIPS.c.role).where(*mine)).scalars()))


def _begin_here(unit: Unit, person_id: int, roles: frozenset[Role], *, is_guest: bool = False) -> None:
    _add_roles(unit, person_id, roles, is_guest=is_guest)
    unit.append(rule.enrolled(person_id, roles))
    unit.renew_configuration()


def _add_roles(unit: Unit, person_id: int, roles: frozenset[Role], *, is_guest: bool) -> None:
    for role in sorted(roles):
        row = {"person_id": person_id, "office_id": unit.office_id, "role": role.value, "is_guest": is_guest}
        unit.connection.execute(insert(MEMBERSHIPS), row)


def change_roles(streams: Streams, office_id: int, person_id: int, wanted: frozenset[Role], request: Request) -> Done:
    """Give somebody these roles here and no others; answers person. Tokens in a role they lose end at once.

    So do the sessions of whoever has no second factor and gets a role of which one is demanded. Who is at home here
    and left without a role is at home where they were a guest.

    Raises `Refused`: UNKNOWN, FORBIDDEN, ALREADY_DONE, ROLES_MISSING, LAST_ADMINISTRATOR, LAST_KEEPER,
    HEADS_A_QUEUE, HANDOVER_FIRST, DEPUTIZES.
    """

    return streams.run_in_all(office_id, request, lambda unit: change_roles_in(unit, person_id, wanted))


def change_roles_in(unit: Unit, person_id: int, wanted: frozenset[Role]) -> Done:
    """Give somebody these roles in a unit of all offices under way; answers and raises as `change_roles`."""
    member = get_member(unit, person_id)
    is_guest = not _is_at_home(unit, person_id, here=True)
    fact = rule.change_roles(
        member,
        wanted,
        get_duties(unit, person_id, only=unit.office_id),
        actor=unit.actor,
        unattended=find_unattended(unit, person_id, only=unit.office_id),
        elsewhere=bool(member.elsewhere),
    )
    if not wanted & FRONT_LINE:
        send_off(unit, find_post(unit, officer_id=person_id))
    _remove_roles(unit, person_id, member.roles - wanted)
    _add_roles(unit, person_id, wanted - member.roles, is_guest=is_guest)
    if not _is_at_home(unit, person_id):
        unit.connection.execute(update(MEMBERSHIPS).where(MEMBERSHIPS.c.person_id == person_id).values(is_guest=False))
    if wanted - member.roles:
        end_sessions_without(unit, person_id)
    unit.append(fact)
    end_keeping(unit, person_id)
    # Processes that know a token from earlier requests look it up anew.
    unit.connection.execute(update(STREAMS).values(configuration=STREAMS.c.configuration + 1))
    return unit.done(person=person_id)


def _is_at_home(unit: Unit, person_id: int, *, here: bool = False) -> bool:
    """Tell whether somebody is at home in an office, or in this one (`here`)."""
    mine = [MEMBERSHIPS.c.person_id == person_id, MEMBERSHIPS.c.is_guest.is_(False)]
    if here:
        mine.append(MEMBERSHIPS.c.office_id == unit.office_id)
    return unit.connection.execute(select(MEMBERSHIPS.c.office_id).where(*mine).limit(1)).first() is not None


def _remove_roles(unit: Unit, person_id: int, roles: frozenset[Role]) -> None:
    codes = [role.value for role in roles]
    for table in (MEMBERSHIPS, TOKENS):
        mine = (table.c.person_id == person_id) & (table.c.office_id == unit.office_id) & table.c.role.in_(codes)
        if table is MEMBERSHIPS:
            unit.connection.execute(delete(table).where(mine))
        else:
            live = mine & table.c.revoked_at.is_(None)
            unit.connection.execute(update(table).where(live).values(revoked_at=unit.at))


def invite(streams: Streams, office_id: int, person_id: int, request: Request) -> Done:
    """Mail somebody a link to choose a password; answers person, purpose.

    Raises `Refused`: UNKNOWN, FORBIDDEN, WORKS_ELSEWHERE, DEACTIVATED, NO_MAIL_ADDRESS.
    """

    def work(unit: Unit) -> Done:
        _require_administrator(unit, person_id)
        return unit.done(person=person_id, purpose=send_link(unit, person_id).value)

    return streams.run_in_all(office_id, request, work)


def hand_code(streams: Streams, office_id: int, person_id: int, code: str, request: Request) -> Done:
    """Let somebody choose a password with a code that they are given by hand; answers person, purpose, never the code.

    Raises `Refused`: UNKNOWN, FORBIDDEN, WORKS_ELSEWHERE, DEACTIVATED.
    """

    def work(unit: Unit) -> Done:
        _require_administrator(unit, person_id)
        return unit.done(person=person_id, purpose=issue(unit, person_id, code).value)

    return streams.run_in_all(office_id, request, work)


def end_sessions(streams: Streams, office_id: int, person_id: int, request: Request) -> Done:
    """End every session of somebody, and every code they have; answers person.

    Raises `Refused`: UNKNOWN, FORBIDDEN, WORKS_ELSEWHERE, DEACTIVATED.
    """

    def work(unit: Unit) -> Done:
        member = _require_administrator(unit, person_id)
        end_access(unit, person_id)
        fact = Fact(EventName.SETTING_CHANGED, {"setting": "sessions_ended", "person": person_id})
        append_at_home(unit, member, fact)
        return unit.done(person=person_id)

    return streams.run_in_all(office_id, request, work)


def _require_administrator(unit: Unit, person_id: int) -> Member:
    member = get_member(unit, person_id, kept_by=ADMINISTRATORS)
    rule.require_administrator(member, unit.actor)
    return member
