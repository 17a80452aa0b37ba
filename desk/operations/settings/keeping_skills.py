"""Who serves what, for the whole office at once: a table comes back, and what differs becomes an event each.

At once, or from a later day on; then the plan says what differs from what will hold on that day.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import delete, insert, select

from desk.domain import services as rule
from desk.domain.access import Role, require
from desk.domain.facts import JSON, EventName, Fact
from desk.domain.planning import SUPERVISORS_TOO
from desk.domain.refusals import Reason, Refused
from desk.domain.services import Pair, SkillChanges
from desk.models import Membership, Person, Skill
from desk.operations.finding import today
from desk.operations.requests import Done, Request
from desk.operations.settings import planned
from desk.operations.settings.last_to_serve import find_left, holding, require_none_waits, require_sure
from desk.operations.stream import Streams, Unit
from desk.reads.planned_skills import KIND, pairs_on, read_written

KEEPERS: Final = SUPERVISORS_TOO
WHOLE_OFFICE: Final = 0
SERVERS: Final = (Role.AGENT, Role.SUPERVISOR)
SKILLS: Any = Skill.__table__


def keep_skills(
    streams: Streams,
    office_id: int,
    request: Request,
    *,
    shown: Collection[Pair],
    ticked: Collection[Pair],
    due: date | None = None,
    sure_of: Collection[int] = (),
) -> Done:
    """Let officers be given visitors of services, or no more; at once, or as a later business day begins.

    `shown` is what the table said, `ticked` what came back: what others changed meanwhile stays, and on a later day
    what other plans have by then. Whoever somebody has already stays theirs. `sure_of` are the services of which it
    was confirmed that nobody serves them from then on. Answers added, removed (how many), planned (None: it is made).

    Raises `Refused`: FORBIDDEN, UNKNOWN for who or what is not of this office, ALREADY_DONE, STILL_WAITED_FOR,
    LAST_TO_SERVE unless confirmed, and as `desk.operations.settings.planned.plan`.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, KEEPERS)
        is_later = due is not None and due != today(unit)
        now = holding(unit)
        by_then = now if due is None or not is_later else pairs_on(unit.connection, unit.office_id, now, due)
        changes = rule.skill_changes(shown=shown, ticked=ticked, now=by_then)
        if not changes.added and not changes.removed:
            raise Refused(Reason.ALREADY_DONE)
        values, left = _written(changes), find_left(unit, changes, by_then)
        change_id = None
        if not is_later:
            require_none_waits(unit, left)
        require_sure(unit, left, sure_of)
        if due is not None and is_later:
            change_id = planned.plan_in(unit, KIND, WHOLE_OFFICE, values, due)
        else:
            apply(unit, WHOLE_OFFICE, values)
        return unit.done(added=len(changes.added), removed=len(changes.removed), planned=change_id)

    return streams.run(office_id, request, work)


def apply(unit: Unit, subject: int, values: Mapping[str, JSON]) -> None:
    """Carry out what `values` adds and removes (pairs of an officer and a service); what is so already stays.

    Raises `Refused`: FORBIDDEN, INVALID, UNKNOWN for who or what is not of this office, or not any more, and
    STILL_WAITED_FOR.
    """
    changes, now = _checked(unit, values), holding(unit)
    require_none_waits(unit, find_left(unit, changes, now))
    for officer_id, service_id in changes.added:
        if (officer_id, service_id) not in now:
            unit.connection.execute(insert(SKILLS), {"person_id": officer_id, "service_id": service_id})
            _tell(unit, officer_id, service_id, before=False)
    for officer_id, service_id in changes.removed:
        if (officer_id, service_id) in now:
            mine = (SKILLS.c.person_id == officer_id) & (SKILLS.c.service_id == service_id)
            unit.connection.execute(delete(SKILLS).where(mine))
            _tell(unit, officer_id, service_id, before=True)
    unit.renew_configuration()


def _written(changes: SkillChanges) -> dict[str, JSON]:
    return {name: [[*pair] for pair in getattr(changes, name)] for name in ("added", "removed")}


def _checked(unit: Unit, values: Mapping[str, JSON]) -> SkillChanges:
    require(unit.actor, KEEPERS)
    if values.keys() != {"added", "removed"}:
        raise Refused(Reason.INVALID, field="serves")
    changes = SkillChanges(*(_read(values[name]) for name in ("added", "removed")))
    _require_known(unit, changes.added)
    return changes


def _read(pairs: JSON) -> tuple[Pair, ...]:
    try:
        return read_written(pairs)
    except (TypeError, ValueError) as error:
        raise Refused(Reason.INVALID, field="serves") from error


def _check(unit: Unit, subject: int, values: Mapping[str, JSON]) -> None:
    _checked(unit, values)


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


planned.register(KIND, apply, _check)
