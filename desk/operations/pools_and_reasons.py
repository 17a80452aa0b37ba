"""Setting up how an office hands on: pools of back-office staff, pick-lists of reasons, the place in another queue."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, delete, func, insert, select, update

from desk.domain.access import SUPERVISORS, SYSTEM, Actor, require
from desk.domain.facts import JSON, EventName, Fact
from desk.domain.handoffs import ReasonKind
from desk.domain.refusals import Reason, Refused
from desk.models import HandoffReasonRow, Membership, Office, Pool, PoolMember
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit
from desk.wording.seeded_reasons import SEEDED

REASONS: Final[Any] = HandoffReasonRow.__table__
LONGEST_LABEL: Final = 120
MOST_REASONS: Final = 60
# Open hours; without any, an offer would be back before it could be seen.
LEAST_HANDOVER_HOURS: Final = 1
MOST_HANDOVER_HOURS: Final = 80


@dataclass(frozen=True, slots=True)
class ReasonPlan:
    """A reason as an office words it; `needs_note` if it says too little by itself, `retired` if no longer chosen."""

    label_id: str
    label_en: str
    needs_note: bool = False
    retired: bool = False


def add_pool(
    streams: Streams, office_id: int, name: str, *, head_id: int, member_ids: Iterable[int], actor: Actor = SYSTEM
) -> int:
    """Create a pool and return its id; raises `Refused(UNKNOWN)` for a head or member who does not work here."""
    with streams.setting_up() as connection:
        members = sorted({head_id, *member_ids})
        _require_staff(connection, office_id, members)
        pool_id = make_pool(connection, office_id, name, head_id=head_id, member_ids=members)
    _tell(streams, office_id, actor, setting="pool", pool=pool_id, head=head_id, members=members)
    return pool_id


def make_pool(connection: Connection, office_id: int, name: str, *, head_id: int, member_ids: Iterable[int]) -> int:
    """Write a pool with its members, in a setting-up that is under way."""
    row = {"office_id": office_id, "name": name, "head_id": head_id, "retired": False}
    pool_id: int = connection.execute(insert(Pool).values(**row).returning(Pool.id)).scalar_one()
    connection.execute(insert(PoolMember), [{"pool_id": pool_id, "person_id": each} for each in {*member_ids}])
    return pool_id


def change_pool(
    streams: Streams,
    office_id: int,
    pool_id: int,
    *,
    head_id: int,
    member_ids: Iterable[int],
    retired: bool = False,
    actor: Actor = SYSTEM,
) -> None:
    """Give a pool another head, other members, or retire it; what lies in it stays with the head it came to."""
    with streams.setting_up() as connection:
        members = sorted({head_id, *member_ids})
        _require_staff(connection, office_id, members)
        mine = (Pool.id == pool_id) & (Pool.office_id == office_id)
        if connection.execute(update(Pool).where(mine).values(head_id=head_id, retired=retired)).rowcount == 0:
            raise Refused(Reason.UNKNOWN, id=pool_id)
        connection.execute(delete(PoolMember).where(PoolMember.pool_id == pool_id))
        connection.execute(insert(PoolMember), [{"pool_id": pool_id, "person_id": each} for each in members])
    _tell(streams, office_id, actor, setting="pool", pool=pool_id, head=head_id, members=members, retired=retired)


def _require_staff(connection: Connection, office_id: int, person_ids: list[int]) -> None:
    query = select(func.count(Membership.person_id.distinct())).where(
        Membership.office_id == office_id,
        Membership.role.in_(("agent", "supervisor")),
        Membership.person_id.in_(person_ids),
    )
    if connection.execute(query).scalar_one() != len(person_ids):
        raise Refused(Reason.UNKNOWN, id=office_id)


def seed_reasons(connection: Connection, office_id: int) -> None:
    """Give a new office the reasons every office begins with."""
    places = dict.fromkeys(ReasonKind, 0)
    for each in SEEDED:
        row = {"kind": each.kind.value, "code": each.code, "needs_note": each.needs_note, "retired": False}
        labels = {"label_id": each.label_id, "label_en": each.label_en}
        connection.execute(
            insert(HandoffReasonRow), {"office_id": office_id, "position": places[each.kind], **row, **labels}
        )
        places[each.kind] += 1


def add_reason(streams: Streams, office_id: int, kind: ReasonKind, plan: ReasonPlan, *, actor: Actor = SYSTEM) -> str:
    """Add a reason to the end of a list and return its code, which never changes.

    Raises `Refused(INVALID)` for an empty or too long label, and when the list is full.
    """
    labels = _checked(plan)
    with streams.setting_up() as connection:
        rows = connection.execute(
            select(REASONS.c.code, REASONS.c.position, REASONS.c.label_id, REASONS.c.label_en).where(
                REASONS.c.office_id == office_id, REASONS.c.kind == kind.value
            )
        ).all()
        same = [row.code for row in rows if (row.label_id, row.label_en) == (labels["label_id"], labels["label_en"])]
        if same:  # pressed twice
            return str(same[0])
        if len(rows) >= MOST_REASONS:
            raise Refused(Reason.INVALID, field="label_id")
        code = _free_code(labels["label_en"], {row.code for row in rows})
        place = 1 + max((row.position for row in rows), default=-1)
        row = {"office_id": office_id, "kind": kind.value, "code": code, "position": place, **labels}
        connection.execute(insert(HandoffReasonRow), row)
    _tell(streams, office_id, actor, setting="handoff_reason", kind=kind.value, code=code)
    return code


def change_reason(
    streams: Streams, office_id: int, kind: ReasonKind, code: str, plan: ReasonPlan, *, actor: Actor = SYSTEM
) -> None:
    """Word a reason otherwise, say whether it needs a note, or retire it; raises `Refused`: INVALID, UNKNOWN."""
    labels = _checked(plan)
    with streams.setting_up() as connection:
        changed = connection.execute(
            update(REASONS)
            .where(REASONS.c.office_id == office_id, REASONS.c.kind == kind.value, REASONS.c.code == code)
            .values(**labels)
        )
        if changed.rowcount == 0:
            raise Refused(Reason.UNKNOWN, id=code)
    _tell(streams, office_id, actor, setting="handoff_reason", kind=kind.value, code=code, retired=plan.retired)


def choose_queue_place(streams: Streams, office_id: int, request: Request, *, keeps_arrival: bool) -> Done:
    """Say whether a visitor handed to another queue keeps the time of arrival there, or queues from then on.

    Who waits already keeps the place they have. Raises `Refused(FORBIDDEN)`.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, SUPERVISORS)
        before = unit.configuration.rules.handoff_keeps_arrival
        return unit.done(changed=_set(unit, "handoff_keeps_arrival", before, keeps_arrival))

    return streams.run(office_id, request, work)


def choose_handover_hours(streams: Streams, office_id: int, request: Request, *, hours: int) -> Done:
    """Say after how many open hours an unanswered offer of an end of shift or of an absence goes back to its giver.

    Offers that are open keep the time they were given. Answers changed. Raises `Refused`: FORBIDDEN, INVALID out of
    bounds.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, SUPERVISORS)
        if not LEAST_HANDOVER_HOURS <= hours <= MOST_HANDOVER_HOURS:
            raise Refused(Reason.INVALID, field="hours")
        before, seconds = unit.configuration.rules.handover_expires_s, hours * 3600
        return unit.done(changed=_set(unit, "handover_expires_s", before, seconds))

    return streams.run(office_id, request, work)


def _set(unit: Unit, setting: str, before: int, value: int) -> bool:
    """Change a setting of the office and tell it, unless it is so already; return whether it was changed."""
    if before == value:
        return False
    unit.connection.execute(update(Office).where(Office.id == unit.office_id).values({setting: value}))
    unit.renew_configuration()
    facts: dict[str, JSON] = {"setting": setting, "from": before, "to": value}
    unit.append(Fact(EventName.SETTING_CHANGED, facts))
    return True


def _checked(plan: ReasonPlan) -> dict[str, Any]:
    labels = {"label_id": plan.label_id.strip(), "label_en": plan.label_en.strip()}
    for field, label in labels.items():
        if not 0 < len(label) <= LONGEST_LABEL:
            raise Refused(Reason.INVALID, field=field)
    return {**labels, "needs_note": plan.needs_note, "retired": plan.retired}


def _free_code(label: str, taken: set[str]) -> str:
    """Return a code made from the label that is not taken: ids and codes only go into events."""
    stem = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")[:24] or "reason"
    return next(code for code in (stem, *(f"{stem}_{number}" for number in range(2, 1000))) if code not in taken)


def _tell(streams: Streams, office_id: int, actor: Actor, **facts: Any) -> None:
    fact = Fact(EventName.SETTING_CHANGED, facts)
    streams.run(office_id, Request(actor, "set_up", {}), lambda unit: unit.done(event=unit.append(fact).number))
