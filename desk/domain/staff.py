"""Who may leave for good, and come back: nobody who is still responsible for anything; and how staff are reached."""

import re
from dataclasses import dataclass, field
from typing import Final

from desk.domain.access import FRONT_LINE, Actor, Role, acting_person, require
from desk.domain.facts import JSON, EventName, Fact
from desk.domain.phones import read_phone
from desk.domain.refusals import Reason, Refused

LONGEST_EMAIL: Final = 254
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+")
KEEPERS_OF_STAFF: Final = frozenset({Role.ADMIN, Role.SUPERVISOR})


@dataclass(frozen=True, slots=True)
class Member:
    """A member of staff as the rules see them: roles here, and whether all their offices are the actor's to keep."""

    id: int
    roles: frozenset[Role]
    active: bool
    within_reach: bool = True


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


def tidied(typed: Contact) -> Contact:
    """Return a contact as it is kept, from how somebody wrote it; raises `Refused(INVALID)` (field)."""
    email = (typed.email or "").strip() or None
    if email is not None and not (len(email) <= LONGEST_EMAIL and _EMAIL.fullmatch(email)):
        raise Refused(Reason.INVALID, field="email")
    phone = (typed.phone or "").strip()
    return Contact(email, read_phone(phone) if phone else None)


def change_contact(member: Member, before: Contact, wanted: Contact, *, actor: Actor) -> Fact:
    """Set how somebody is reached; the event says what was changed, never to what. One's own may be changed too.

    Raises `Refused`: FORBIDDEN, WORKS_ELSEWHERE, ALREADY_DONE where nothing would change.
    """
    _require_keeper(member, actor)
    changed = [name for name in ("email", "phone") if getattr(before, name) != getattr(wanted, name)]
    if not changed:
        raise Refused(Reason.ALREADY_DONE)
    return Fact(EventName.STAFF_CONTACT_CHANGED, {"person": member.id, "changed": list[JSON](changed)})


def deactivate(member: Member, duties: Duties, *, actor: Actor) -> Fact:
    """End somebody's work here: they sign in no more, and no program acts for them. History is kept.

    Raises `Refused`: FORBIDDEN, NOT_ONESELF, WORKS_ELSEWHERE, ALREADY_DONE, HEADS_A_QUEUE, HANDOVER_FIRST, DEPUTIZES.
    """
    _require_keeper(member, actor)
    if acting_person(actor) == member.id:
        raise Refused(Reason.NOT_ONESELF)
    if not member.active:
        raise Refused(Reason.ALREADY_DONE)
    if duties.queues:
        raise Refused(Reason.HEADS_A_QUEUE)
    if duties.custody or duties.offers or duties.requests:
        open_things = {"custody": duties.custody, "offers": duties.offers, "requests": duties.requests}
        raise Refused(Reason.HANDOVER_FIRST, person=member.id, **open_things)
    if duties.deputizes:
        raise Refused(Reason.DEPUTIZES)
    return Fact(EventName.STAFF_DEACTIVATED, {"person": member.id})


def reactivate(member: Member, *, actor: Actor) -> Fact:
    """Let somebody work here again, with the roles and skills they had."""
    _require_keeper(member, actor)
    if member.active:
        raise Refused(Reason.ALREADY_DONE)
    return Fact(EventName.STAFF_REACTIVATED, {"person": member.id})


def may_keep(member: Member, actor: Actor) -> bool:
    """Tell whether the actor may change something about somebody: a supervisor only about those at the front."""
    if Role.ADMIN in actor.roles:
        return True
    return actor.supervises and member.roles <= FRONT_LINE


def _require_keeper(member: Member, actor: Actor) -> None:
    require(actor, KEEPERS_OF_STAFF)
    if not may_keep(member, actor):
        raise Refused(Reason.FORBIDDEN)
    if not member.within_reach:
        raise Refused(Reason.WORKS_ELSEWHERE)
