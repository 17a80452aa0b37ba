"""Who may leave for good, and come back: nobody who is still responsible for anything; and how staff are reached."""

import re
from dataclasses import dataclass, field
from typing import Final

from desk.domain.access import FRONT_LINE, Actor, ActorKind, Role, acting_person, require
from desk.domain.facts import JSON, EventName, Fact
from desk.domain.phones import read_phone
from desk.domain.refusals import Reason, Refused
from desk.domain.server_keepers import ATTENDED, Unattended, require_attended
from desk.domain.texts import one_line

LONGEST_EMAIL: Final = 254
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+")
_USERNAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{2,79}")
LONGEST_NAME: Final = 200
LANGUAGES: Final = ("id", "en")
KEEPERS_OF_STAFF: Final = frozenset({Role.ADMIN, Role.SUPERVISOR})
ADMINISTRATORS: Final = frozenset({Role.ADMIN})


@dataclass(frozen=True, slots=True)
class Member:
    """A member of staff as the rules see them: roles here and elsewhere, and what they are to whoever acts.

    `within_reach` is who is at home in offices of which all are the actor's to keep, this one among them;
    `is_administered` where the actor administers all of these (`homes`).
    """

    id: int
    roles: frozenset[Role]
    active: bool
    within_reach: bool = True
    is_administered: bool = True
    elsewhere: frozenset[Role] = frozenset()
    is_disabled_by_admin: bool = False
    homes: frozenset[int] = frozenset()
    is_shut_out: bool = False


@dataclass(frozen=True, slots=True)
class Duties:
    """What somebody is still responsible for, in numbers."""

    custody: int = 0
    offers: int = 0
    requests: int = 0
    queues: int = 0
    deputizes: int = 0


@dataclass(frozen=True, slots=True)
class Contact:
    """The e-mail address and phone number (E.164) of a member of staff, by which the office knows its own."""

    email: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody to be enrolled, as an administrator writes them down."""

    username: str
    name: str
    roles: frozenset[Role]
    contact: Contact = Contact()
    language: str = "id"


def enroll(typed: Newcomer, *, actor: Actor) -> Newcomer:
    """Return somebody new as they are kept; raises `Refused`: FORBIDDEN, USERNAME_UNFIT, NAME_UNFIT, ROLES_MISSING,
    INVALID (field).
    """
    require(actor, ADMINISTRATORS)
    username, name = read_username(typed.username), read_name(typed.name)
    if not typed.roles:
        raise Refused(Reason.ROLES_MISSING)
    if typed.language not in LANGUAGES:
        raise Refused(Reason.INVALID, field="language")
    return Newcomer(username, name, typed.roles, tidied(typed.contact), typed.language)


def read_username(typed: str) -> str:
    """Return a user name as it is kept; raises `Refused(USERNAME_UNFIT)`."""
    username = typed.strip().lower()
    if not _USERNAME.fullmatch(username):
        raise Refused(Reason.USERNAME_UNFIT)
    return username


def read_name(typed: str) -> str:
    """Return somebody's name as it is kept; raises `Refused(NAME_UNFIT)`."""
    name = one_line(typed)
    if not 0 < len(name) <= LONGEST_NAME:
        raise Refused(Reason.NAME_UNFIT)
    return name


def enrolled(person_id: int, roles: frozenset[Role]) -> Fact:
    """Return that somebody works here now; the event carries the id, never the name."""
    return Fact(EventName.STAFF_ENROLLED, {"person": person_id, "roles": _codes(roles)})


def change_roles(
    member: Member, wanted: frozenset[Role], duties: Duties, *, actor: Actor, unattended: Unattended, elsewhere: bool
) -> Fact:
    """Give somebody other roles here; they may be left with none where they are a guest, or `elsewhere` works on.

    Raises `Refused`: FORBIDDEN, ALREADY_DONE, ROLES_MISSING, LAST_ADMINISTRATOR, LAST_KEEPER; HEADS_A_QUEUE,
    HANDOVER_FIRST and DEPUTIZES for somebody who would not be at the front any more.
    """
    require(actor, ADMINISTRATORS)
    if wanted == member.roles:
        raise Refused(Reason.ALREADY_DONE)
    if not wanted and not elsewhere:
        raise Refused(Reason.ROLES_MISSING)
    if member.roles - wanted >= ADMINISTRATORS:
        require_attended(unattended)
    if member.roles & FRONT_LINE and not wanted & FRONT_LINE:
        _require_free(member, duties)
    told: dict[str, JSON] = {
        "setting": "roles",
        "person": member.id,
        "from": _codes(member.roles),
        "to": _codes(wanted),
    }
    return Fact(EventName.SETTING_CHANGED, told)


def _codes(roles: frozenset[Role]) -> list[JSON]:
    return list[JSON](sorted(role.value for role in roles))


def require_administrator(member: Member, actor: Actor) -> None:
    """Raise `Refused` unless the actor may change what lets somebody in: FORBIDDEN, DEACTIVATED, WORKS_ELSEWHERE."""
    require(actor, ADMINISTRATORS)
    if not member.active:
        raise Refused(Reason.DEACTIVATED)
    if not member.within_reach:
        raise Refused(Reason.WORKS_ELSEWHERE)


def tidied(typed: Contact) -> Contact:
    """Return a contact as it is kept, from how somebody wrote it; raises `Refused(INVALID)` (field)."""
    email = (typed.email or "").strip() or None
    if email is not None and not (len(email) <= LONGEST_EMAIL and _EMAIL.fullmatch(email)):
        raise Refused(Reason.INVALID, field="email")
    phone = (typed.phone or "").strip()
    return Contact(email, read_phone(phone) if phone else None)


def change_contact(
    member: Member, before: Contact, wanted: Contact, *, actor: Actor, is_newly_vouched: bool = False
) -> Fact:
    """Set how somebody is reached; the event says what was changed, never to what. One's own may be changed too.

    An administrator who keeps the address that a supervisor entered vouches for it: that is a change too.

    Raises `Refused`: FORBIDDEN, WORKS_ELSEWHERE, ALREADY_DONE where nothing would change.
    """
    _require_keeper(member, actor)
    changed = [name for name in ("email", "phone") if getattr(before, name) != getattr(wanted, name)]
    if is_newly_vouched and "email" not in changed:
        changed.append("vouched")
    if not changed:
        raise Refused(Reason.ALREADY_DONE)
    return Fact(EventName.STAFF_CONTACT_CHANGED, {"person": member.id, "changed": list[JSON](changed)})


def correct_name(member: Member, before: str, typed: str, *, actor: Actor) -> tuple[str, Fact]:
    """Return a name as it is kept, and that it was corrected: the event carries no name. One's own may be corrected.

    Raises `Refused`: FORBIDDEN, WORKS_ELSEWHERE, NAME_UNFIT, ALREADY_DONE where nothing would change.
    """
    require(actor, ADMINISTRATORS)
    if not member.is_administered:
        raise Refused(Reason.WORKS_ELSEWHERE)
    name = read_name(typed)
    if name == before:
        raise Refused(Reason.ALREADY_DONE)
    return name, Fact(EventName.SETTING_CHANGED, {"setting": "person_name", "person": member.id})


def deactivate(member: Member, duties: Duties, *, actor: Actor, unattended: Unattended = ATTENDED) -> Fact:
    """End somebody's work here: they sign in no more, and no program acts for them. History is kept.

    Raises `Refused`: FORBIDDEN, NOT_ONESELF, WORKS_ELSEWHERE, ALREADY_DONE, LAST_ADMINISTRATOR of any office,
    LAST_KEEPER, HEADS_A_QUEUE, HANDOVER_FIRST, DEPUTIZES.
    """
    _require_keeper(member, actor)
    if acting_person(actor) == member.id:
        raise Refused(Reason.NOT_ONESELF)
    if not member.active and not member.is_shut_out:
        raise Refused(Reason.ALREADY_DONE)
    require_attended(unattended)
    _require_free(member, duties)
    return Fact(EventName.STAFF_DEACTIVATED, {"person": member.id})


def shut_out(member: Member, *, actor: Actor, unattended: Unattended) -> Fact:
    """Let somebody in nowhere any more, at once, whatever they are responsible for; it stays theirs until it is taken.

    Raises `Refused`: FORBIDDEN, NOT_ONESELF, WORKS_ELSEWHERE, ALREADY_DONE, LAST_ADMINISTRATOR of any office,
    LAST_KEEPER.
    """
    _require_keeper(member, actor)
    if actor.person_id == member.id:
        raise Refused(Reason.NOT_ONESELF)
    if not member.active:
        raise Refused(Reason.ALREADY_DONE)
    require_attended(unattended)
    return _shut(member, was=False)


def let_in(member: Member, *, actor: Actor) -> Fact:
    """Let somebody in again who was shut out; raises `Refused`: FORBIDDEN, WORKS_ELSEWHERE, ALREADY_DONE."""
    require(actor, ADMINISTRATORS)
    if not member.within_reach:
        raise Refused(Reason.WORKS_ELSEWHERE)
    if not member.is_shut_out:
        raise Refused(Reason.ALREADY_DONE)
    return _shut(member, was=True)


def _shut(member: Member, *, was: bool) -> Fact:
    return Fact(EventName.SETTING_CHANGED, {"setting": "shut_out", "person": member.id, "from": was, "to": not was})


def _require_free(member: Member, duties: Duties) -> None:
    """Raise `Refused` while somebody is still responsible for anything."""
    if duties.queues:
        raise Refused(Reason.HEADS_A_QUEUE)
    if duties.custody or duties.offers or duties.requests:
        open_things = {"custody": duties.custody, "offers": duties.offers, "requests": duties.requests}
        raise Refused(Reason.HANDOVER_FIRST, person=member.id, **open_things)
    if duties.deputizes:
        raise Refused(Reason.DEPUTIZES)


def reactivate(member: Member, *, actor: Actor) -> Fact:
    """Let somebody work here again, with the roles and skills they had; an administrator whom one has let go."""
    _require_keeper(member, actor)
    if member.is_disabled_by_admin:
        require(actor, ADMINISTRATORS)
    if member.active or member.is_shut_out:
        raise Refused(Reason.ALREADY_DONE)
    return Fact(EventName.STAFF_REACTIVATED, {"person": member.id})


def may_keep(member: Member, actor: Actor) -> bool:
    """Tell whether the actor may change something about somebody: a supervisor only about those at the front only."""
    if actor.kind is ActorKind.SYSTEM or Role.ADMIN in actor.roles:
        return True
    return actor.supervises and member.roles | member.elsewhere <= FRONT_LINE


def _require_keeper(member: Member, actor: Actor) -> None:
    require(actor, KEEPERS_OF_STAFF)
    if not may_keep(member, actor):
        raise Refused(Reason.FORBIDDEN)
    if not member.within_reach:
        raise Refused(Reason.WORKS_ELSEWHERE)
