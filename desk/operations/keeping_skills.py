"""Who serves what, for the whole office at once: a table comes back, and what differs becomes an event each."""

from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import delete, insert, select

from desk.domain import services as rule
from desk.domain.access import Role, require
from desk.domain.facts import EventName, Fact
from desk.domain.refusals import Reason, Refused
from desk.domain.services import Pair
from desk.models import Membership, Person, Skill
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit

KEEPERS: Final = frozenset({Role.ADMIN, Role.SUPERVISOR})
SERVERS: Final = (Role.AGENT, Role.SUPERVISOR)
SKILLS: Any = Skill.__table__


def keep_skills(
    streams: Streams, office_id: int, request: Request, *, shown: Collection[Pair], ticked: Collection[Pair]
) -> Done:
    """Let officers be given visitors of services, or no more; answers added, removed (how many).

    `shown` is what the table said, `ticked` what came back: what others changed meanwhile stays. Whoever somebody has
    already stays theirs. Raises `Refused`: FORBIDDEN, UNKNOWN for who or what is not of this office, ALREADY_DONE.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, KEEPERS)
        now = {(who, what) for who, served in unit.configuration.skills.items() for what in served}
        changes = rule.skill_changes(shown=shown, ticked=ticked, now=now)
        if not changes.added and not changes.removed:
            raise Refused(Reason.ALREADY_DONE)
        _require_known(unit, changes.added)
        for officer_id, service_id in changes.added:
            unit.connection.execute(insert(SKILLS), {"person_id": officer_id, "service_id": service_id})
            _tell(unit, officer_id, service_id, before=False)
        for officer_id, service_id in changes.removed:
            mine = (SKILLS.c.person_id == officer_id) & (SKILLS.c.service_id == service_id)
            unit.connection.execute(delete(SKILLS).where(mine))
            _tell(unit, officer_id, service_id, before=True)
        unit.renew_configuration()
        return unit.done(added=len(changes.added), removed=len(changes.removed))

    return streams.run(office_id, request, work)


def _require_known(unit: Unit, pairs: Collection[Pair]) -> None:
    """Refuse a service of another office, and whoever gives out no numbers here or has left."""
    query = (
        select(Person.id)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.office_id == unit.office_id, Membership.role.in_([role.value for role in SERVERS]))
        .where(Person.disabled_at.is_(None))
    )
    people = set(unit.connection.execute(query).scalars())
    for officer_id, service_id in pairs:
        if officer_id not in people:
            raise Refused(Reason.UNKNOWN, id=officer_id)
        if service_id not in unit.configuration.services:
            raise Refused(Reason.UNKNOWN, id=service_id)


def _tell(unit: Unit, officer_id: int, service_id: int, *, before: bool) -> None:
    facts = {"officer": officer_id, "service": service_id, "from": before, "to": not before}
    unit.append(Fact(EventName.SKILL_CHANGED, {**facts}))
