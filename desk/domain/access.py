"""Who may do what: roles per office, and the one who acts."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from desk.domain.refusals import Reason, Refused


class Role(StrEnum):
    """What a person may do in one office; a person can hold several."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"
    AUDITOR = "auditor"


class ActorKind(StrEnum):
    """In which capacity somebody acts."""

    STAFF = "staff"
    VISITOR = "visitor"
    KIOSK = "kiosk"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts in an office: a member of staff with the roles held there, a visitor, a kiosk or the system itself."""

    kind: ActorKind
    person_id: int | None = None
    roles: frozenset[Role] = frozenset()

    @classmethod
    def staff(cls, person_id: int, *roles: Role) -> Self:
        """Return a member of staff."""
        return cls(ActorKind.STAFF, person_id, frozenset(roles))

    @property
    def supervises(self) -> bool:
        """Whether the actor is a supervisor here."""
        return Role.SUPERVISOR in self.roles


SYSTEM: Final = Actor(ActorKind.SYSTEM)
KIOSK: Final = Actor(ActorKind.KIOSK)
VISITOR: Final = Actor(ActorKind.VISITOR)

FRONT_LINE: Final = frozenset({Role.AGENT, Role.SUPERVISOR})
SUPERVISORS: Final = frozenset({Role.SUPERVISOR})
READERS: Final = frozenset({Role.SUPERVISOR, Role.AUDITOR})


def require(actor: Actor, allowed: frozenset[Role]) -> None:
    """Raise `Refused(FORBIDDEN)` unless the actor is staff with one of the allowed roles, or the system."""
    if actor.kind is ActorKind.SYSTEM:
        return
    if actor.kind is not ActorKind.STAFF or not actor.roles & allowed:
        raise Refused(Reason.FORBIDDEN)


def acting_person(actor: Actor) -> int:
    """Return the id of the member of staff who acts; raise `Refused(FORBIDDEN)` when nobody in particular does."""
    if actor.person_id is None:
        raise Refused(Reason.FORBIDDEN)
    return actor.person_id


def require_custodian(actor: Actor, holder_id: int | None) -> None:
    """Raise `Refused(NOT_CUSTODIAN)` unless the actor holds custody or supervises."""
    if actor.kind is ActorKind.SYSTEM or actor.supervises:
        return
    if actor.person_id is None or actor.person_id != holder_id:
        raise Refused(Reason.NOT_CUSTODIAN, holder=holder_id)


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may use a route: anybody, any signed-in person, or holders of one of the roles in the office it names."""

    public: bool = False
    signed_in: bool = False
    roles: frozenset[Role] = frozenset()


PUBLIC: Final = Rule(public=True)
